//! Whether what a member did in the term of a credential renews it.

use std::collections::HashSet;

use waymark_criteria::{Decision, Fact, HeldTerm, Outcome};

use super::record::{Decided, Verdict, Written, supersede, verdict, write};
use crate::clock::Timestamp;
use crate::database::Change;
use crate::domain_event::DomainEvent;
use crate::error::Result;
use crate::ids::{DecisionId, FactId, MemberId};
use crate::tracks::{self, TrackVersion};

/// How far a member is on renewing what they hold.
#[derive(Debug, Clone)]
pub struct RenewalProgress {
    /// The credential that runs out, as the ledger names it.
    pub credential: String,
    /// When it does; the new end counts from here.
    pub until: Timestamp,
    /// Up to when, but not at which, it can still be renewed.
    pub renewable_until: Timestamp,
    pub decision: Decision,
}

/// The renewal of the term that ends last; none where the track knows no renewal, nothing is held, or it is too late.
pub(super) fn progress(version: &TrackVersion, facts: &[Fact], now: Timestamp) -> Option<RenewalProgress> {
    let renewal = version.definition.renewal.as_ref()?;
    let asked = version.renewal_requirements()?;
    let term = HeldTerm::of(&version.definition.slug, facts).pop()?;
    let renewable_until = term.renewable_until(renewal.grace_days);
    let decision = term.renewal(&asked, facts, renewal.grace_days, now);
    (decision.is_met() || now < renewable_until).then_some(RenewalProgress {
        credential: term.credential,
        until: term.until,
        renewable_until,
        decision,
    })
}

/// Holds the renewals on record against the facts, and decides on that of the term which ends last. Answers when time alone may change that.
pub(super) async fn recount(
    ch: &mut Change<'_>,
    member: MemberId,
    version: &TrackVersion,
    (facts, taken_back): (&[Fact], &HashSet<FactId>),
    standing: &[&Decided],
) -> Result<Option<Timestamp>> {
    let terms = HeldTerm::of(&version.definition.slug, facts);
    for decided in standing {
        // What was replaced or ended meanwhile is no longer among the terms: its renewal stays as it is.
        let Some(term) = terms.iter().find(|term| Some(&term.credential) == decided.renews.as_ref()) else { continue };
        let under = tracks::version(ch.tx(), decided.track_version).await?;
        let (Some(renewal), Some(asked)) = (&under.definition.renewal, under.renewal_requirements()) else { continue };
        let now = term.renewal(&asked, facts, renewal.grace_days, ch.now);
        match verdict(decided, Some(&now).filter(|now| now.is_met()), taken_back) {
            Verdict::Stands => {}
            Verdict::Undone => supersede(ch, decided, &under, &now, false).await?,
            Verdict::Altered(again) => supersede(ch, decided, &under, again, true).await?,
        }
    }
    let (Some(term), Some(renewal), Some(asked)) =
        (terms.last(), &version.definition.renewal, version.renewal_requirements())
    else {
        return Ok(None);
    };
    if standing.iter().any(|decided| decided.renews.as_ref() == Some(&term.credential)) {
        return Ok(None);
    }
    let decision = term.renewal(&asked, facts, renewal.grace_days, ch.now);
    if let Outcome::Met { at, .. } = decision.outcome {
        let id: DecisionId = ch.id();
        let new = Written {
            member,
            version,
            term: term.number + 1,
            explanation: &decision,
            met: Some(at),
            renews: Some(&term.credential),
        };
        write(ch, id, new).await?;
        ch.tell(&DomainEvent::DecisionReached { decision: id, member }).await?;
    }
    Ok(decision.wake_at)
}
