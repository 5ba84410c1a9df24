//! Filling and drawing a template.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use rust_embed::RustEmbed;
use waymark_rendering::{Fonts, Template};

use crate::database::Read;
use crate::error::{Error, Result};
use crate::issuer::Issuer;
use crate::tracks::{self, TrackVersion};
use crate::web::i18n::{Locale, Words};

#[derive(RustEmbed)]
#[folder = "badge_templates"]
#[include = "*.svg"]
#[include = "fonts/*.ttf"]
struct Embedded;

static FONTS: LazyLock<std::result::Result<Fonts, String>> = LazyLock::new(|| {
    let files = ["fonts/NotoSansJP-Regular.ttf", "fonts/NotoSansJP-Bold.ttf"].into_iter().filter_map(Embedded::get);
    Fonts::load(files.map(|file| file.data)).map_err(|e| e.to_string())
});

/// The fonts that everything is drawn with.
pub fn fonts() -> Result<&'static Fonts> {
    FONTS.as_ref().map_err(Error::internal)
}

/// The characters of `text` that no font here can draw, each once: what would stand as a gap on a certificate.
pub fn missing_glyphs(text: &str) -> Result<Vec<char>> {
    Ok(fonts()?.missing_glyphs(text))
}

/// A drawn badge.
#[derive(Debug)]
pub struct Picture {
    pub svg: String,
    /// 512 × 512, without metadata.
    pub png: Vec<u8>,
    /// Characters that no font has.
    pub missing: Vec<char>,
}

type Cache = Mutex<HashMap<(String, Locale), Arc<Picture>>>;
static CACHE: LazyLock<Cache> = LazyLock::new(Cache::default);
/// Pictures kept in memory, about 150 KiB each.
const KEPT: usize = 128;
const PIXELS: u32 = 512;

/// The badge of a track version in a language.
pub async fn picture(db: &impl Read, issuer: &Issuer, version: &TrackVersion, locale: Locale) -> Result<Arc<Picture>> {
    let key = (version.id.to_string(), locale);
    if let Some(kept) = CACHE.lock().expect("no thread panics while it holds this lock").get(&key) {
        return Ok(kept.clone());
    }
    let own = tracks::badge(db, &version.definition.template).await?;
    let words = Words::new(locale);
    let title = words.pick(&version.definition.title).to_owned();
    let name = words.pick(&issuer.profile.name).to_owned();
    let template = version.definition.template.clone();
    let drawn =
        tokio::task::spawn_blocking(move || draw(own, &template, &title, &name)).await.map_err(Error::internal)??;
    let drawn = Arc::new(drawn);
    let mut cache = CACHE.lock().expect("no thread panics while it holds this lock");
    if cache.len() >= KEPT {
        cache.clear();
    }
    cache.insert(key, drawn.clone());
    Ok(drawn)
}

/// Draws a template of the program (`own`) or a built-in one.
pub fn draw(own: Option<String>, template: &str, title: &str, issuer: &str) -> Result<Picture> {
    let svg = match own {
        Some(svg) => svg,
        None => {
            let file = Embedded::get(&format!("{template}.svg"))
                .ok_or_else(|| Error::internal(format!("there is no badge template {template}")))?;
            String::from_utf8(file.data.into_owned()).map_err(Error::internal)?
        }
    };
    let template = Template::parse(&svg).map_err(Error::internal)?;
    let values: Vec<(&str, &str)> =
        [("title", title), ("issuer", issuer)].into_iter().filter(|(name, _)| template.takes(name)).collect();
    let picture = template.fill(&values, fonts()?).map_err(Error::internal)?;
    let png = picture.png(PIXELS).map_err(Error::internal)?;
    Ok(Picture { svg: picture.svg, png, missing: picture.missing })
}
