//! Counting, deciding, explaining.

use std::collections::HashSet;
use std::sync::Arc;

use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use waymark_criteria::{Decision, Detail, Fact, Outcome, Standing, Tally};

use super::entity::wake;
use super::near;
use super::reach::Reach;
use super::record::{Decided, Verdict, Written, of_member, supersede, verdict, write};
use super::renewal::{self, RenewalProgress};
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{FactId, MemberId, TrackId};
use crate::tracks::TrackVersion;
use crate::{facts, members, tracks};

/// Where a member stands on one track, now.
#[derive(Debug, Clone)]
pub struct TrackProgress {
    pub version: TrackVersion,
    pub decision: Decision,
    /// The decision on record, where the track was reached.
    pub decided: Option<Decided>,
    /// What renews the credential held, and how far that is.
    pub renewal: Option<RenewalProgress>,
}

/// Where the member stands on every track that is published. A reached track shows the version and the facts that decided it.
pub async fn progress_of(db: &impl Read, member: MemberId, now: Timestamp) -> Result<Vec<TrackProgress>> {
    let facts = facts::of_member(db, member).await?;
    progress_over(db, member, &facts, now).await
}

/// The same, over all of the member's facts, for a caller who has them already.
pub async fn progress_over(
    db: &impl Read,
    member: MemberId,
    facts: &[Fact],
    now: Timestamp,
) -> Result<Vec<TrackProgress>> {
    let member = members::resolve(db, member).await?;
    let standing = of_member(db, member).await?;
    let mut all = vec![];
    for version in tracks::current(db).await? {
        let mut reached = None;
        let earned = standing.iter().filter(|d| d.track == version.track && d.renews.is_none());
        if let Some(latest) = earned.max_by_key(|d| d.term) {
            let under = tracks::version(db, latest.track_version).await?;
            if still_runs(latest, &under, facts, now) {
                reached = Some((under, latest.clone()));
            }
        }
        let renewal = renewal::progress(&version, facts, now);
        let progress = match reached {
            Some((version, decided)) => {
                TrackProgress { version, decision: decided.explanation.clone(), decided: Some(decided), renewal }
            }
            None => TrackProgress { decision: count(&version, facts).decision(now), version, decided: None, renewal },
        };
        all.push(progress);
    }
    Ok(all)
}

/// The same with the facts that were read, for a page that names few of them: where every track is reached for good, what decided it is on record, and the
/// ledger is not read at all. What renews a credential is not told then.
pub async fn progress_sparing(
    app: &App,
    member: MemberId,
    now: Timestamp,
) -> Result<(Vec<TrackProgress>, Arc<Vec<Fact>>)> {
    let db = app.db.read();
    let member = members::resolve(db, member).await?;
    let standing = of_member(db, member).await?;
    let mut on_record = true;
    for version in tracks::current(db).await? {
        let earned = standing.iter().filter(|d| d.track == version.track && d.renews.is_none());
        on_record &= match earned.max_by_key(|d| d.term) {
            None => false,
            Some(latest) => {
                let under = tracks::version(db, latest.track_version).await?;
                !matches!(under.requirements().standing(), Standing::Term { .. } | Standing::Decided)
            }
        };
    }
    let facts = if on_record { Arc::default() } else { facts::kept_of_member(app, member).await? };
    Ok((progress_over(db, member, &facts, now).await?, facts))
}

/// Whether what was reached is so now: a term that is over stays on record, but is no longer held.
fn still_runs(decided: &Decided, under: &TrackVersion, facts: &[Fact], now: Timestamp) -> bool {
    match under.requirements().standing() {
        Standing::Earned | Standing::Current => true,
        Standing::Term { .. } | Standing::Decided => {
            let outcome = count(under, facts).decision(now).outcome;
            matches!(outcome, Outcome::Met { term, .. } if term == decided.term)
        }
    }
}

/// The member's facts counted for a version, by its own calendar.
pub(super) fn count(version: &TrackVersion, facts: &[Fact]) -> Tally {
    Tally::replay(&version.requirements(), facts)
}

/// A term of a title as people decided on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecidedTerm {
    /// Held before this moment, not at it.
    pub until: Timestamp,
    /// When they decided.
    pub decided_at: Timestamp,
}

/// The term behind a decision on a title, as the fact says that it rests on; none for any other decision, and where nothing ends.
pub async fn term_of(db: &impl Read, decided: &Decided) -> Result<Option<DecidedTerm>> {
    let under = tracks::version(db, decided.track_version).await?;
    if !under.definition.is_decided_title() {
        return Ok(None);
    }
    let counted = decided.explanation.facts();
    let facts = facts::of_member(db, decided.member).await?;
    let terms = facts.iter().filter(|fact| counted.contains(&fact.id)).filter_map(|fact| match &fact.detail {
        Detail::Panel { title, until: Some(until), .. } if *title == under.definition.slug => {
            Some(DecidedTerm { until: *until, decided_at: fact.known_at })
        }
        _ => None,
    });
    // Where two terms overlap, the one that ends first comes first.
    Ok(terms.filter(|term| term.until > decided.decided_at).min_by_key(|term| term.until))
}

/// Decides every track for one member anew: writes what was reached, supersedes what the facts no longer say, sets the wake-ups. Doing it
/// twice changes nothing.
pub async fn recount(ch: &mut Change<'_>, member: MemberId) -> Result<()> {
    recounted(ch, member).await.map(drop)
}

/// The same on an event of the member's own: they are told of the tracks that they have come near to.
pub(super) async fn recount_and_tell(ch: &mut Change<'_>, member: MemberId) -> Result<()> {
    let (member, tracks) = recounted(ch, member).await?;
    near::tell(ch, member, &tracks).await
}

/// Answers whom it counted, and which tracks they are near to.
async fn recounted(ch: &mut Change<'_>, member: MemberId) -> Result<(MemberId, Vec<TrackId>)> {
    let member = members::resolve(ch.tx(), member).await?;
    ch.take_turn(&format!("decisions {member}")).await?;
    let facts = facts::of_member(ch.tx(), member).await?;
    let taken_back: HashSet<FactId> = facts.iter().filter(|f| f.voided_by.is_some()).map(|f| f.id).collect();
    let standing = of_member(ch.tx(), member).await?;
    let mut near = vec![];
    for version in tracks::current(ch.tx()).await? {
        let mut holding = vec![];
        let mut held = None;
        for decided in standing.iter().filter(|d| d.track == version.track && d.renews.is_none()) {
            let under = tracks::version(ch.tx(), decided.track_version).await?;
            let tally = count(&under, &facts);
            let now = tally.decision(ch.now);
            let again = of_term(&tally, decided.term, &now, ch.now);
            match verdict(decided, again.as_ref(), &taken_back) {
                Verdict::Stands => {}
                Verdict::Undone => {
                    supersede(ch, decided, &under, &now, false).await?;
                    continue;
                }
                Verdict::Altered(again) => supersede(ch, decided, &under, again, true).await?,
            }
            holding.push(decided.term);
            held = Some(now);
        }
        let decision = match held {
            Some(decision) => decision,
            None => {
                let decision = count(&version, &facts).decision(ch.now);
                if Reach::is_near(&decision) {
                    near.push(version.track);
                }
                decision
            }
        };
        let of_version = standing.iter().filter(|d| d.track == version.track && d.renews.is_some());
        let renewed: Vec<&Decided> = of_version.collect();
        let renewal_wakes = renewal::recount(ch, member, &version, (&facts, &taken_back), &renewed).await?;
        let wake_at = decision.wake_at.into_iter().chain(renewal_wakes).min();
        set_wake(ch, member, version.track, wake_at).await?;
        if let Outcome::Met { at, term } = decision.outcome
            && !holding.contains(&term)
        {
            let reached =
                Written { member, version: &version, term, explanation: &decision, met: Some(at), renews: None };
            let id = ch.id();
            write(ch, id, reached).await?;
            ch.tell(&DomainEvent::DecisionReached { decision: id, member }).await?;
        }
    }
    Ok((member, near))
}

/// The decision of one term as the facts say it today; none where there is no such term.
pub(super) fn of_term(tally: &Tally, term: u32, latest: &Decision, now: Timestamp) -> Option<Decision> {
    if matches!(latest.outcome, Outcome::Met { term: of, .. } if of == term) {
        return Some(latest.clone());
    }
    let place = usize::try_from(term).ok()?.checked_sub(1)?;
    // A standing without terms knows one moment, and only while it is met.
    let begun = tally.terms(now).get(place).copied()?;
    let decision = tally.decision(begun);
    matches!(decision.outcome, Outcome::Met { term: of, .. } if of == term).then_some(decision)
}

async fn set_wake(ch: &mut Change<'_>, member: MemberId, track: TrackId, at: Option<Timestamp>) -> Result<()> {
    wake::Entity::delete_by_id((member.to_string(), track.to_string())).exec(ch.tx()).await?;
    if let Some(at) = at {
        let row =
            wake::ActiveModel { member: Set(member.to_string()), track: Set(track.to_string()), at: Set(millis(at)) };
        wake::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Members of whom something may change by time alone until `now`, at most `limit`.
pub(super) async fn due(db: &impl Read, now: Timestamp, limit: u64) -> Result<Vec<MemberId>> {
    let ids: Vec<String> = wake::Entity::find()
        .select_only()
        .column(wake::Column::Member)
        .distinct()
        .filter(wake::Column::At.lte(millis(now)))
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    ids.iter().map(|id| id.parse().map_err(Error::internal)).collect()
}
