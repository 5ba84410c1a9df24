//! Reading titles and their terms.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity as title;
use super::lifecycle::{Phase, State};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{FactId, MemberId, TitleTermId, TrackId};
use crate::members;

/// One term of a title, from its proposal on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleTerm {
    pub id: TitleTermId,
    pub track: TrackId,
    pub member: MemberId,
    pub state: State,
    pub from: Timestamp,
    /// Held before this moment, not at it.
    pub until: Timestamp,
    /// For staff only.
    pub reason: String,
    /// For the member, and for whoever sees the credential.
    pub public_reason: Option<String>,
    pub proposed: By,
    /// Who confirmed, refused or withdrew it.
    pub decided: Option<By>,
    /// Why it was refused.
    pub decision_reason: Option<String>,
    pub fact: Option<FactId>,
    pub ended: Option<By>,
    pub end_reason: Option<String>,
}

/// Who did a thing, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    pub person: MemberId,
    pub at: Timestamp,
}

impl TitleTerm {
    pub fn phase(&self, on_hold: bool, now: Timestamp) -> Phase {
        Phase::of(self.state, (self.from, self.until), on_hold, now)
    }
}

pub async fn find(db: &impl Read, id: TitleTermId) -> Result<TitleTerm> {
    read(title::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// Which terms a list asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub track: Option<TrackId>,
    pub member: Option<MemberId>,
    pub state: Option<State>,
}

/// The terms that are asked for, the latest proposal first, before `before`.
pub async fn list(db: &impl Read, wanted: Wanted, before: Option<TitleTermId>, limit: u64) -> Result<Vec<TitleTerm>> {
    let mut find = title::Entity::find().order_by_desc(title::Column::Id).limit(limit);
    if let Some(track) = wanted.track {
        find = find.filter(title::Column::Track.eq(track.to_string()));
    }
    if let Some(member) = wanted.member {
        find = find.filter(title::Column::Member.eq(members::resolve(db, member).await?.to_string()));
    }
    if let Some(state) = wanted.state {
        find = find.filter(title::Column::State.eq(state.as_str()));
    }
    if let Some(before) = before {
        find = find.filter(title::Column::Id.lt(before.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

/// What the member was given, the earliest term first; what was never decided is not theirs to see.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<TitleTerm>> {
    let member = members::resolve(db, member).await?;
    let rows = title::Entity::find()
        .filter(title::Column::Member.eq(member.to_string()))
        .filter(title::Column::State.is_in([State::Confirmed.as_str(), State::Ended.as_str()]))
        .order_by_asc(title::Column::FromAt)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The terms that are decided and not over, of one member and track; the earliest first.
pub(super) async fn running(
    db: &impl Read,
    member: MemberId,
    track: TrackId,
    now: Timestamp,
) -> Result<Vec<TitleTerm>> {
    let rows = title::Entity::find()
        .filter(title::Column::Member.eq(member.to_string()))
        .filter(title::Column::Track.eq(track.to_string()))
        .filter(title::Column::State.eq(State::Confirmed.as_str()))
        .filter(title::Column::UntilAt.gt(millis(now)))
        .order_by_asc(title::Column::FromAt)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The terms behind these facts.
pub(super) async fn by_facts(db: &impl Read, facts: &[FactId]) -> Result<HashMap<FactId, TitleTerm>> {
    if facts.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = facts.iter().map(ToString::to_string);
    let rows = title::Entity::find().filter(title::Column::Fact.is_in(ids)).all(db).await?;
    let terms = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(terms.into_iter().filter_map(|term| Some((term.fact?, term))).collect())
}

/// How many proposals wait for a second person.
pub async fn count_waiting(db: &impl Read) -> Result<u64> {
    Ok(title::Entity::find().filter(title::Column::State.eq(State::Proposed.as_str())).count(db).await?)
}

/// How many members hold a term of the track at `now`, on hold or not.
pub(super) async fn count_current(db: &impl Read, track: TrackId, now: Timestamp) -> Result<u64> {
    let current = title::Entity::find()
        .filter(title::Column::Track.eq(track.to_string()))
        .filter(title::Column::State.eq(State::Confirmed.as_str()))
        .filter(title::Column::FromAt.lte(millis(now)))
        .filter(title::Column::UntilAt.gt(millis(now)));
    Ok(current.count(db).await?)
}

pub(super) fn read(row: title::Model) -> Result<TitleTerm> {
    let by = |person: Option<String>, at: Option<i64>| match (person, at) {
        (Some(person), Some(at)) => {
            Ok::<_, Error>(Some(By { person: person.parse().map_err(Error::internal)?, at: from_millis(at) }))
        }
        _ => Ok(None),
    };
    Ok(TitleTerm {
        id: row.id.parse().map_err(Error::internal)?,
        track: row.track.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        state: State::parse(&row.state).ok_or_else(|| Error::internal("a title has an unknown state"))?,
        from: from_millis(row.from_at),
        until: from_millis(row.until_at),
        reason: row.reason,
        public_reason: row.public_reason,
        proposed: By { person: row.proposed_by.parse().map_err(Error::internal)?, at: from_millis(row.proposed_at) },
        decided: by(row.decided_by, row.decided_at)?,
        decision_reason: row.decision_reason,
        fact: row.fact.map(|fact| fact.parse().map_err(Error::internal)).transpose()?,
        ended: by(row.ended_by, row.ended_at)?,
        end_reason: row.end_reason,
    })
}
