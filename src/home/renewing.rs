//! What renews a credential that is held: until when it holds, what is missing for the next term, and until when that can be caught up.

use time::Duration;

use super::requirement::{Reach, Row, Teller};
use crate::clock::Timestamp;
use crate::decisions::TrackProgress;
use crate::web::zone::Zone;

/// The renewal of what is held, as a part of its track's card.
pub(super) struct RenewalCard {
    /// When the credential ends, in a sentence.
    pub until: String,
    /// Until when it can still be renewed after that.
    pub grace: Option<String>,
    /// That it is renewed, where it is.
    pub met: Option<String>,
    pub percent: u32,
    pub rule: Option<String>,
    pub rows: Vec<Row>,
}

pub(super) fn renewal_card(teller: &Teller<'_>, p: &TrackProgress, zone: &Zone) -> Option<RenewalCard> {
    let (w, renewal) = (teller.w, p.renewal.as_ref()?);
    let asked = p.version.renewal_requirements()?;
    let (rule, rows) = teller.rows(&asked, &renewal.decision);
    let late = renewal.renewable_until > renewal.until;
    // Both moments are the first at which it is too late: people read the day before.
    let last_day = |at: Timestamp| zone.date(w, at - Duration::milliseconds(1));
    Some(RenewalCard {
        until: w.with1("renewal-until", "date", last_day(renewal.until)),
        grace: late.then(|| w.with1("renewal-grace", "date", last_day(renewal.renewable_until))),
        met: renewal.decision.decided_at().map(|at| w.with1("renewal-met", "date", zone.date(w, at))),
        percent: Reach::of(&renewal.decision).percent(),
        rule: rule.or_else(|| Some(w.t("asked-any")).filter(|_| rows.len() > 1)),
        rows,
    })
}
