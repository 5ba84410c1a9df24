//! Counting, deciding, explaining.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_criteria::{Decision, Fact, Outcome};

use super::entity::{decision, wake};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{DecisionId, MemberId, TrackId, TrackVersionId};
use crate::tracks::TrackVersion;
use crate::{facts, issuer, members, tracks};

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
}

/// Where a member stands on one track, now.
#[derive(Debug, Clone)]
pub struct TrackProgress {
    pub version: TrackVersion,
    pub decision: Decision,
    /// The decision on record, where the track was reached.
    pub decided: Option<Decided>,
}

/// Where the member stands on every track that is published. A reached track shows the version and the facts that decided it.
pub async fn progress_of(db: &impl Read, member: MemberId, now: Timestamp) -> Result<Vec<TrackProgress>> {
    let member = members::resolve(db, member).await?;
    let facts = facts::of_member(db, member).await?;
    let standing = of_member(db, member).await?;
    let mut all = vec![];
    for version in tracks::current(db).await? {
        let decided = standing.iter().find(|d| d.track == version.track).cloned();
        let progress = match decided {
            Some(d) => TrackProgress {
                version: tracks::version(db, d.track_version).await?,
                decision: d.explanation.clone(),
                decided: Some(d),
            },
            None => TrackProgress { decision: decide(db, &version, &facts, now).await?, version, decided: None },
        };
        all.push(progress);
    }
    Ok(all)
}

/// The pure decision, its days counted on the issuer's calendar.
async fn decide(db: &impl Read, version: &TrackVersion, facts: &[Fact], now: Timestamp) -> Result<Decision> {
    let offset = issuer::find(db, version.issuer).await?.profile.zone().offset_minutes(now);
    Ok(waymark_criteria::decide(&version.definition.requirements(offset), facts, now))
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

/// Decides every track for one member anew: writes what was reached, supersedes what no longer holds, sets the wake-ups. Doing it twice
/// changes nothing.
pub async fn recount(ch: &mut Change<'_>, member: MemberId) -> Result<()> {
    let member = members::resolve(ch.tx(), member).await?;
    let facts = facts::of_member(ch.tx(), member).await?;
    let standing = of_member(ch.tx(), member).await?;
    for version in tracks::current(ch.tx()).await? {
        let mut holding = vec![];
        let mut held = None;
        for decided in standing.iter().filter(|d| d.track == version.track) {
            let under = tracks::version(ch.tx(), decided.track_version).await?;
            let again = decide(ch.tx(), &under, &facts, ch.now).await?;
            match again.outcome {
                Outcome::Met { term, .. } if term >= decided.term => {
                    holding.push(decided.term);
                    held = Some(again);
                }
                _ => {
                    let by = write(ch, member, &under, &again, false).await?;
                    supersede(ch, decided, by).await?;
                }
            }
        }
        let decision = match held {
            Some(decision) => decision,
            None => decide(ch.tx(), &version, &facts, ch.now).await?,
        };
        set_wake(ch, member, version.track, decision.wake_at).await?;
        if let Outcome::Met { term, .. } = decision.outcome
            && !holding.contains(&term)
        {
            let id = write(ch, member, &version, &decision, true).await?;
            ch.tell(&DomainEvent::DecisionReached { decision: id, member }).await?;
        }
    }
    Ok(())
}

async fn write(
    ch: &mut Change<'_>,
    member: MemberId,
    version: &TrackVersion,
    decision: &Decision,
    stands: bool,
) -> Result<DecisionId> {
    let id: DecisionId = ch.id();
    let (met, decided_at, term) = match decision.outcome {
        Outcome::Met { at, term } => (true, at, term),
        Outcome::NotYet => (false, ch.now, 1),
    };
    let row = decision::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        track: Set(version.track.to_string()),
        track_version: Set(version.id.to_string()),
        term: Set(i32::try_from(term).unwrap_or(i32::MAX)),
        met: Set(met),
        decided_at: Set(millis(decided_at)),
        made_at: Set(millis(ch.now)),
        explanation: Set(serde_json::to_string(decision)?),
        stands: Set(stands.then(|| format!("{member} {} {term}", version.track))),
        superseded_by: Set(None),
    };
    decision::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

async fn supersede(ch: &mut Change<'_>, decided: &Decided, by: DecisionId) -> Result<()> {
    decision::Entity::update_many()
        .col_expr(decision::Column::Stands, Expr::value(Option::<String>::None))
        .col_expr(decision::Column::SupersededBy, Expr::value(by.to_string()))
        .filter(decision::Column::Id.eq(decided.id.to_string()))
        .exec(ch.tx())
        .await?;
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
    })
}
