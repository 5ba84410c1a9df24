//! Words of thanks as others read them: on a profile, and beside a badge of thanks.

use crate::credentials::{Basis, Credential};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::tracks::{Kind, TrackDefinition};
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{credentials, decisions, thanks};

/// One word of thanks that its receiver lets others read.
pub struct Spoken {
    pub reason: String,
    /// Who said it, or that they did not want their name here.
    pub by: String,
    pub date: String,
}

fn spoken(w: Words, zone: &Zone, shown: thanks::Shown) -> Spoken {
    let by = match (shown.by, shown.program) {
        (Some(name), _) => name,
        (None, true) => w.t("thanks-from-program"),
        (None, false) => w.t("thanks-from-somebody"),
    };
    Spoken { reason: shown.reason, by, date: zone.date(w, shown.given_at) }
}

/// What stands on the member's profile.
pub async fn on_profile(db: &impl Read, w: Words, zone: &Zone, member: MemberId) -> Result<Vec<Spoken>> {
    Ok(thanks::shown_of(db, member).await?.into_iter().map(|shown| spoken(w, zone, shown)).collect())
}

/// What stands beside a badge of thanks: of the words that count for it those that its holder shows. None for any other credential.
pub async fn beside(
    db: &impl Read,
    w: Words,
    zone: &Zone,
    of: &Credential,
    definition: &TrackDefinition,
) -> Result<Option<Vec<Spoken>>> {
    if definition.kind != Kind::Thanks {
        return Ok(None);
    }
    let Basis::Decided(decision) = credentials::resting_on(db, of).await? else { return Ok(Some(vec![])) };
    let facts = decisions::find(db, decision).await?.explanation.facts();
    let shown = thanks::shown_among(db, of.member, &facts).await?;
    Ok(Some(shown.into_iter().map(|shown| spoken(w, zone, shown)).collect()))
}
