//! What came before and after a credential, as its page and its holder's page say it.

use crate::app::App;
use crate::credentials::{self, Credential, Visibility};
use crate::error::Result;
use crate::web::i18n::Words;
use crate::web::zone::Zone;

/// One sentence, with a link where there is something that the reader may open.
pub struct Around {
    pub text: String,
    /// The address and the words of the link.
    pub link: Option<(String, String)>,
}

/// For whoever sees the page: links lead only to what its holder shows.
pub async fn for_readers(app: &App, w: Words, known: &Credential, zone: &Zone) -> Result<Vec<Around>> {
    let shown = |other: &Credential| {
        (other.is_released() && other.visibility != Visibility::Private).then(|| format!("/c/{}", other.share_id))
    };
    told(app, w, known, zone, "reader", shown).await
}

/// For its holder: links lead to their own pages.
pub async fn for_holder(app: &App, w: Words, known: &Credential, zone: &Zone) -> Result<Vec<Around>> {
    let own = |other: &Credential| other.is_released().then(|| format!("/me/credentials/{}", other.id));
    told(app, w, known, zone, "holder", own).await
}

async fn told(
    app: &App,
    w: Words,
    known: &Credential,
    zone: &Zone,
    to: &str,
    address: impl Fn(&Credential) -> Option<String>,
) -> Result<Vec<Around>> {
    let found = credentials::succession(app.db.read(), known).await?;
    let day = |of: &Credential| zone.date(w, of.released_at.unwrap_or(of.intended_at));
    let mut lines = vec![];
    for (how, other) in [("replaced", found.replaced_by), ("renewed", found.renewed_by)] {
        if let Some(other) = other {
            let text = w.with1(&format!("around-{to}-{how}"), "date", day(&other));
            let link = address(&other).map(|href| (href, w.t(&format!("around-open-{how}"))));
            lines.push(Around { text, link });
        }
    }
    for (how, other) in [("replaces", found.replaces), ("renews", found.renews)] {
        // What nobody can open is nobody's business.
        if let Some(other) = other
            && let Some(href) = address(&other)
        {
            let link = Some((href, w.t(&format!("around-open-{how}"))));
            lines.push(Around { text: w.with1(&format!("around-{to}-{how}"), "date", day(&other)), link });
        }
    }
    Ok(lines)
}
