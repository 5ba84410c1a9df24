//! Decisions on record: read, written, and superseded.

use std::collections::HashSet;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_criteria::Decision;

use super::entity::decision;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{DecisionId, FactId, MemberId, TrackId, TrackVersionId};
use crate::tracks::TrackVersion;

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
