//! What other rooms and the pages read of contributions.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use super::entity::contribution;
use super::lifecycle::{HeldBecause, State};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{ContributionId, FactId, MemberId};

/// One contribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    pub id: ContributionId,
    pub source: String,
    /// The id of the event that brought it.
    pub event: String,
    /// The event type: `change.merged`.
    pub kind: String,
    /// As its source named the member.
    pub subject: String,
    pub state: State,
    pub held_because: Option<HeldBecause>,
    pub member: Option<MemberId>,
    pub object: String,
    pub url: Option<String>,
    /// By language tag; may be empty.
    pub titles: BTreeMap<String, String>,
    /// The organization to which the member belonged when it happened.
    pub organization: Option<String>,
    pub fact: Option<FactId>,
    pub happened_at: Timestamp,
    pub received_at: Timestamp,
    pub voided_at: Option<Timestamp>,
    pub void_reason: Option<String>,
}

pub async fn find(db: &impl Read, id: ContributionId) -> Result<Contribution> {
    read(contribution::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// The contributions that an event of this id brought, one per source that used the id.
pub async fn by_event(db: &impl Read, event: &str) -> Result<Vec<Contribution>> {
    let rows = contribution::Entity::find()
        .filter(contribution::Column::Event.eq(event))
        .order_by_asc(contribution::Column::Id)
        .limit(2)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// What is credited to the member or was taken back from them, the latest to happen first, at most `limit`.
pub async fn of_member(db: &impl Read, member: MemberId, limit: u64) -> Result<Vec<Contribution>> {
    let rows = contribution::Entity::find()
        .filter(contribution::Column::Member.eq(member.to_string()))
        .order_by_desc(contribution::Column::HappenedAt)
        .order_by_desc(contribution::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Where a page of a member's contributions goes on: after the one that happened then.
pub type After = (Timestamp, ContributionId);

/// One page of what is the member's or was taken back from them, the latest to happen first: between two moments, both counted, where they are given.
pub async fn page_of_member(
    db: &impl Read,
    member: MemberId,
    between: Option<(Timestamp, Timestamp)>,
    after: Option<After>,
    limit: u64,
) -> Result<Vec<Contribution>> {
    use contribution::Column as C;
    let mut find = contribution::Entity::find().filter(C::Member.eq(member.to_string()));
    if let Some((from, to)) = between {
        find = find.filter(C::HappenedAt.between(millis(from), millis(to)));
    }
    if let Some((at, id)) = after {
        // The first condition alone narrows the index; the second tells apart what happened at one moment.
        let earlier = Condition::any().add(C::HappenedAt.lt(millis(at))).add(C::Id.lt(id.to_string()));
        find = find.filter(C::HappenedAt.lte(millis(at))).filter(earlier);
    }
    let rows = find.order_by_desc(C::HappenedAt).order_by_desc(C::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// What is the member's and waits for a person, the latest first, at most `limit`.
pub async fn held_of_member(db: &impl Read, member: MemberId, limit: u64) -> Result<Vec<Contribution>> {
    let rows = contribution::Entity::find()
        .filter(contribution::Column::Member.eq(member.to_string()))
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .order_by_desc(contribution::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many contributions are the member's or were taken back from them; when the first and the last of them happened.
pub async fn extent_of_member(db: &impl Read, member: MemberId) -> Result<Option<(u64, Timestamp, Timestamp)>> {
    use contribution::Column as C;
    let of = || contribution::Entity::find().filter(C::Member.eq(member.to_string())).select_only();
    let found: Option<(i64, Option<i64>, Option<i64>)> = of()
        .column_as(C::HappenedAt.count(), "n")
        .column_as(C::HappenedAt.min(), "first")
        .column_as(C::HappenedAt.max(), "last")
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.and_then(|(n, first, last)| Some((n.unsigned_abs(), from_millis(first?), from_millis(last?)))))
}

/// The contributions that these facts are of.
pub async fn of_facts(db: &impl Read, facts: &[FactId]) -> Result<Vec<Contribution>> {
    let named = facts.iter().map(ToString::to_string);
    let rows = contribution::Entity::find().filter(contribution::Column::Fact.is_in(named)).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// What is held, oldest first, after `after`, at most `limit`.
/// Only what waits for its member to become known: the rest waits for a decision.
pub async fn held(db: &impl Read, after: Option<ContributionId>, limit: u64) -> Result<Vec<Contribution>> {
    let mut find = super::unknown::of_unknown().order_by_asc(contribution::Column::Id).limit(limit);
    if let Some(after) = after {
        find = find.filter(contribution::Column::Id.gt(after.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

/// How many contributions are in this state.
pub async fn count(db: &impl Read, state: State) -> Result<u64> {
    Ok(contribution::Entity::find().filter(contribution::Column::State.eq(state.as_str())).count(db).await?)
}

pub(super) fn read(row: contribution::Model) -> Result<Contribution> {
    let state = State::parse(&row.state)
        .ok_or_else(|| Error::internal(format!("the contribution {} is in an unknown state", row.id)))?;
    let affiliation: Option<serde_json::Value> = row.affiliation.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Contribution {
        id: row.id.parse().map_err(Error::internal)?,
        source: row.source,
        event: row.event,
        kind: row.r#type,
        subject: row.subject,
        state,
        held_because: row.held_because.as_deref().and_then(HeldBecause::parse),
        member: row.member.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        object: row.object,
        url: row.url,
        titles: serde_json::from_str(&row.titles)?,
        organization: affiliation.and_then(|tie| tie["organization"].as_str().map(str::to_owned)),
        fact: row.fact.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        happened_at: from_millis(row.happened_at),
        received_at: from_millis(row.received_at),
        voided_at: row.voided_at.map(from_millis),
        void_reason: row.void_reason,
    })
}
