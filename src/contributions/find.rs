//! What other rooms and the pages read of contributions.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity::contribution;
use super::lifecycle::{HeldBecause, State};
use crate::clock::{Timestamp, from_millis};
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

/// What is held, oldest first, after `after`, at most `limit`.
pub async fn held(db: &impl Read, after: Option<ContributionId>, limit: u64) -> Result<Vec<Contribution>> {
    let mut find = contribution::Entity::find()
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .order_by_asc(contribution::Column::Id)
        .limit(limit);
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
