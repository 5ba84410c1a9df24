//! Counting, deciding, explaining.

use std::collections::HashSet;
use std::sync::Arc;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_criteria::{Decision, Detail, Fact, Outcome, Standing, Tally};

use super::entity::{decision, wake};
use super::near;
use super::reach::Reach;
use super::renewal::{self, RenewalProgress};
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{DecisionId, FactId, MemberId, TrackId, TrackVersionId};
use crate::tracks::TrackVersion;
use crate::{facts, members, tracks};

/// A decision on record.
#[derive(Debug, Clone)]
pub struct Decided {
    pub id: DecisionId,
    pub member: MemberId,
    pub track: TrackId,
    pub track_version: TrackVersionId,
    /// From 1; always 1 where the standing is not a term.
    pub term: u32,
    pub decided_at: Timestamp,
    pub explanation: Decision,
    pub met: bool,
    pub superseded_by: Option<DecisionId>,
    /// The credential that it renews, as the ledger names it; none where it earns the track.
    pub renews: Option<String>,
}

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

/// The decisions that stand for a member, oldest first.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Decided>> {
    let rows = decision::Entity::find()
        .filter(decision::Column::Member.eq(member.to_string()))
        .filter(decision::Column::Stands.is_not_null())
        .order_by_asc(decision::Column::DecidedAt)
        .order_by_asc(decision::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The decisions that stand, in order of id, after `after`.
pub async fn standing(db: &impl Read, after: Option<DecisionId>, limit: u64) -> Result<Vec<Decided>> {
    let mut find = decision::Entity::find()
        .filter(decision::Column::Stands.is_not_null())
        .order_by_asc(decision::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        find = find.filter(decision::Column::Id.gt(after.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

pub async fn find(db: &impl Read, id: DecisionId) -> Result<Decided> {
    read(decision::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// The decision itself and those that it took the place of, the latest first.
pub async fn line_of(db: &impl Read, id: DecisionId) -> Result<Vec<DecisionId>> {
    let mut line = vec![id];
    let mut next = Some(id);
    while let Some(by) = next {
        let before = decision::Entity::find()
            .filter(decision::Column::SupersededBy.eq(by.to_string()))
            .order_by_desc(decision::Column::Id)
            .one(db)
            .await?;
        next = before.map(|row| row.id.parse().map_err(Error::internal)).transpose()?;
        next = next.filter(|known| !line.contains(known));
        line.extend(next);
    }
    Ok(line)
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

/// What becomes of a decision that stands.
pub(super) enum Verdict<'d> {
    Stands,
    /// Another decision takes its place: it was met at another moment, or what it counted was taken back.
    Altered(&'d Decision),
    /// It is no longer met.
    Undone,
}

pub(super) fn verdict<'d>(decided: &Decided, again: Option<&'d Decision>, taken_back: &HashSet<FactId>) -> Verdict<'d> {
    let Some(again) = again else { return Verdict::Undone };
    let moved = again.decided_at().map(millis) != Some(millis(decided.decided_at));
    if moved || decided.explanation.facts().iter().any(|fact| taken_back.contains(fact)) {
        return Verdict::Altered(again);
    }
    Verdict::Stands
}

/// A decision about to be put on record.
pub(super) struct Written<'w> {
    pub member: MemberId,
    pub version: &'w TrackVersion,
    pub term: u32,
    pub explanation: &'w Decision,
    /// When it was met, for one that stands; none for one that says that it is not met.
    pub met: Option<Timestamp>,
    /// The credential that it renews, if it does.
    pub renews: Option<&'w str>,
}

pub(super) async fn write(ch: &Change<'_>, id: DecisionId, new: Written<'_>) -> Result<()> {
    let Written { member, version, term, explanation, met, renews } = new;
    let stands = match renews {
        Some(credential) => format!("{member} {} renews {credential}", version.track),
        None => format!("{member} {} {term}", version.track),
    };
    let row = decision::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        track: Set(version.track.to_string()),
        track_version: Set(version.id.to_string()),
        term: Set(i32::try_from(term).unwrap_or(i32::MAX)),
        met: Set(met.is_some()),
        decided_at: Set(millis(met.unwrap_or(ch.now))),
        made_at: Set(millis(ch.now)),
        explanation: Set(serde_json::to_string(explanation)?),
        stands: Set(met.map(|_| stands)),
        superseded_by: Set(None),
        renews: Set(renews.map(str::to_owned)),
    };
    decision::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Puts a decision in the place of one that stands; with `met` false, one that says that it is not met.
pub(super) async fn supersede(
    ch: &mut Change<'_>,
    decided: &Decided,
    under: &TrackVersion,
    says: &Decision,
    met: bool,
) -> Result<()> {
    let by: DecisionId = ch.id();
    let freed = decision::Entity::update_many()
        .col_expr(decision::Column::Stands, Expr::value(Option::<String>::None))
        .col_expr(decision::Column::SupersededBy, Expr::value(by.to_string()))
        .filter(decision::Column::Id.eq(decided.id.to_string()))
        .filter(decision::Column::Stands.is_not_null())
        .exec(ch.tx())
        .await?;
    if freed.rows_affected != 1 {
        return Err(Error::internal(format!("the decision {} was superseded in the meantime", decided.id)));
    }
    let met = says.decided_at().filter(|_| met);
    let Decided { member, term, .. } = *decided;
    let renews = decided.renews.as_deref();
    let new = Written { member, version: under, term, explanation: says, met, renews };
    write(ch, by, new).await?;
    ch.tell(&DomainEvent::DecisionSuperseded { decision: decided.id, by, member: decided.member }).await
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

fn read(row: decision::Model) -> Result<Decided> {
    Ok(Decided {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        track: row.track.parse().map_err(Error::internal)?,
        track_version: row.track_version.parse().map_err(Error::internal)?,
        term: u32::try_from(row.term).unwrap_or(1),
        decided_at: from_millis(row.decided_at),
        explanation: serde_json::from_str(&row.explanation)?,
        met: row.met,
        superseded_by: row.superseded_by.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        renews: row.renews,
    })
}
