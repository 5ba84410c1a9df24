//! What became of a member's credentials lately, told on their page.

use crate::clock::Timestamp;
use crate::credentials::{Credential, Status, Succession};
use crate::web::i18n::Words;
use crate::web::zone::Zone;

/// What became of a credential lately, for its holder.
pub(super) struct News {
    pub text: String,
    pub href: String,
    pub words: String,
}

/// News are told for so long.
const TOLD_FOR: time::Duration = time::Duration::days(30);

/// A replacement, a renewal or a revocation of the last weeks.
pub(super) fn of(
    w: Words,
    known: &Credential,
    found: &Succession,
    title: &str,
    zone: &Zone,
    now: Timestamp,
) -> Option<News> {
    let lately = |at: Timestamp| now - at < TOLD_FOR;
    let (what, at, id) = match (&found.replaced_by, &found.renewed_by) {
        (Some(by), _) => ("replaced", known.status_changed_at?, if by.is_released() { by.id } else { known.id }),
        (None, Some(by)) => ("renewed", by.released_at?, by.id),
        (None, None) if known.status == Status::Revoked => ("revoked", known.status_changed_at?, known.id),
        (None, None) => return None,
    };
    lately(at).then(|| News {
        text: w.with2(&format!("news-{what}"), "title", title, "date", zone.date(w, at)),
        href: format!("/me/credentials/{id}"),
        words: w.t(&format!("news-{what}-open")),
    })
}
