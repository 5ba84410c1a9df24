//! The picture of an achievement: its template filled with the title and the issuer's name, drawn once and kept.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use waymark_rendering::{Fonts, Template};

use super::service::{self, TrackVersion};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::issuer::IssuerProfile;
use crate::web::i18n::{Locale, Words};

#[derive(RustEmbed)]
#[folder = "badge_templates"]
#[include = "*.svg"]
#[include = "fonts/*.ttf"]
struct Files;

/// One badge, before anything is baked into it.
#[derive(Debug, PartialEq, Eq)]
pub struct Badge {
    /// Needs no font.
    pub svg: String,
    /// 512 pixels square.
    pub png: Vec<u8>,
}

const PIXELS: u32 = 512;
/// More badges than a program has; beyond it, all are drawn anew.
const KEPT: usize = 256;

static FONTS: LazyLock<std::result::Result<Fonts, String>> = LazyLock::new(|| {
    let mut files = vec![];
    for name in ["fonts/NotoSansJP-Regular.ttf", "fonts/NotoSansJP-Bold.ttf"] {
        files.push(Files::get(name).ok_or_else(|| format!("{name} is not embedded"))?.data);
    }
    Fonts::load(files).map_err(|e| e.to_string())
});

/// Drawn badges by the hash of what they were drawn from.
static DRAWN: LazyLock<Mutex<HashMap<[u8; 32], Arc<Badge>>>> = LazyLock::new(Mutex::default);

/// The badge of a track version in one language.
pub async fn picture(
    db: &impl Read,
    version: &TrackVersion,
    profile: &IssuerProfile,
    locale: Locale,
) -> Result<Arc<Badge>> {
    let words = Words::new(locale);
    let name = &version.definition.template;
    let template = match service::badge(db, name).await? {
        Some(own) => own,
        None => built_in(name).ok_or_else(|| Error::internal(format!("there is no badge template {name}")))?,
    };
    let (title, by) = (words.pick(&version.definition.title).to_owned(), words.pick(&profile.name).to_owned());
    let mut hash = Sha256::new();
    for part in [&template, &title, &by] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let key: [u8; 32] = hash.finalize().into();
    if let Some(drawn) = kept().get(&key) {
        return Ok(drawn.clone());
    }
    let drawn = tokio::task::spawn_blocking(move || draw(&template, &title, &by)).await.map_err(Error::internal)??;
    let drawn = Arc::new(drawn);
    let mut kept = kept();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(key, drawn.clone());
    Ok(drawn)
}

fn kept() -> std::sync::MutexGuard<'static, HashMap<[u8; 32], Arc<Badge>>> {
    DRAWN.lock().expect("no thread panics while it holds this lock")
}

fn built_in(name: &str) -> Option<String> {
    let file = Files::get(&format!("{name}.svg"))?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

fn draw(template: &str, title: &str, issuer: &str) -> Result<Badge> {
    let fonts = FONTS.as_ref().map_err(Error::internal)?;
    let template = Template::parse(template).map_err(Error::internal)?;
    let values: Vec<(&str, &str)> =
        [("title", title), ("issuer", issuer)].into_iter().filter(|(slot, _)| template.takes(slot)).collect();
    let picture = template.fill(&values, fonts).map_err(Error::internal)?;
    let png = picture.png(PIXELS).map_err(Error::internal)?;
    Ok(Badge { svg: picture.svg, png })
}
