//! What other sites show of a link: the badge, what was achieved, by whom it is issued; the name only where the holder made it public.

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};
use waymark_rendering::Preview;

use super::picture::picture;
use crate::app::{App, Kept};
use crate::credentials::{Credential, Visibility};
use crate::error::{Error, Result};
use crate::web::i18n::Words;
use crate::{badges, issuer, tracks};

/// Previews that were drawn lately, by all that stands on them; about 80 KiB each.
static DRAWN: LazyLock<Kept<Vec<u8>>> = LazyLock::new(|| Kept::new(128));

/// 1200 × 630 pixels as PNG.
pub async fn png(app: &App, credential: &Credential) -> Result<Vec<u8>> {
    let db = app.db.read();
    let version = tracks::version(db, credential.track_version).await?;
    let issuer = issuer::find(db, credential.issuer).await?;
    let words = Words::new(credential.locale);
    let is_public = credential.visibility == Visibility::Public;
    let preview = Preview {
        title: words.pick(&version.definition.title).to_owned(),
        holder: if is_public { credential.name.clone() } else { String::new() },
        issuer: words.pick(&issuer.profile.name).to_owned(),
        host: app.links.host().to_owned(),
        badge: picture(app, credential).await?.svg.clone(),
    };
    let name: String = Sha256::digest(format!("{preview:?}")).iter().map(|b| format!("{b:02x}")).collect();
    if let Some(kept) = DRAWN.get(&name) {
        return Ok(kept.to_vec());
    }
    let fonts = badges::fonts()?;
    let drawn = Arc::new(app.workbench.run(move || preview.png(fonts)).await?.map_err(Error::internal)?);
    DRAWN.keep(name, drawn.clone());
    Ok(drawn.to_vec())
}
