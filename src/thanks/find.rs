//! What pages, calls and other rooms read of thanks.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, Order, QueryOrder, QuerySelect};

use super::calendar::Span;
use super::entity::thanks;
use super::lifecycle::{Before, State};
use super::service::Thanks;
use crate::clock::{Timestamp, from_millis, millis};
use crate::contributions;
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{FactId, MemberId, ThanksId};
use crate::members;

/// Words that one page shows to others.
const MOST_SHOWN: u64 = 60;

pub async fn find(db: &impl Read, id: ThanksId) -> Result<Thanks> {
    read(thanks::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// What the giver used of their limits.
pub(super) struct Used {
    pub counted: Before,
    /// The places of this week that are taken.
    pub slots: BTreeSet<String>,
}

/// What limits a further word of thanks from one member to another.
pub(super) async fn before(db: &impl Read, giver: MemberId, to: MemberId, week: Span) -> Result<Used> {
    let given = of_week(db, giver, week).await?;
    let slots: BTreeSet<String> = given.iter().filter_map(|row| row.slot.clone()).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let counted = Before {
        week: count(slots.len()),
        written: count(given.len()),
        there: moments(db, giver, to).await?,
        back: moments(db, to, giver).await?,
    };
    Ok(Used { counted, slots })
}

async fn of_week(db: &impl Read, giver: MemberId, week: Span) -> Result<Vec<thanks::Model>> {
    Ok(thanks::Entity::find()
        .filter(thanks::Column::Giver.eq(giver.to_string()))
        .filter(thanks::Column::GivenAt.between(millis(week.first), millis(week.last)))
        .all(db)
        .await?)
}

/// How many places of the week the member has taken.
pub(super) async fn taken(db: &impl Read, giver: MemberId, week: Span) -> Result<u32> {
    let taken = of_week(db, giver, week).await?.iter().filter(|row| row.slot.is_some()).count();
    Ok(u32::try_from(taken).unwrap_or(u32::MAX))
}

/// When the one thanked the other, without what was withdrawn, oldest first.
async fn moments(db: &impl Read, giver: MemberId, to: MemberId) -> Result<Vec<Timestamp>> {
    let rows: Vec<i64> = thanks::Entity::find()
        .select_only()
        .column(thanks::Column::GivenAt)
        .filter(thanks::Column::Giver.eq(giver.to_string()))
        .filter(thanks::Column::Receiver.eq(to.to_string()))
        .filter(thanks::Column::State.ne(State::Withdrawn.as_str()))
        .order_by_asc(thanks::Column::GivenAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(from_millis).collect())
}

/// Which of two sides of a member's thanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Received,
    Given,
}

/// What the member received or gave, the newest first, before the id `before`. What was withdrawn is read by its giver alone.
pub(super) async fn of_member(
    db: &impl Read,
    member: MemberId,
    side: Side,
    before: Option<ThanksId>,
    limit: u64,
) -> Result<Vec<Thanks>> {
    let member = members::resolve(db, member).await?;
    let own = match side {
        Side::Received => Condition::all()
            .add(thanks::Column::Receiver.eq(member.to_string()))
            .add(thanks::Column::State.ne(State::Withdrawn.as_str())),
        Side::Given => Condition::all().add(thanks::Column::Giver.eq(member.to_string())),
    };
    page(db, own, before, limit).await
}

/// All thanks, the newest first, before the id `before`.
pub(super) async fn list(db: &impl Read, before: Option<ThanksId>, limit: u64) -> Result<Vec<Thanks>> {
    page(db, Condition::all(), before, limit).await
}

async fn page(db: &impl Read, of: Condition, before: Option<ThanksId>, limit: u64) -> Result<Vec<Thanks>> {
    let mut found = thanks::Entity::find().filter(of).order_by_desc(thanks::Column::Id).limit(limit);
    if let Some(before) = before {
        found = found.filter(thanks::Column::Id.lt(before.to_string()));
    }
    found.all(db).await?.into_iter().map(read).collect()
}

/// A word of thanks as others read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub reason: String,
    /// Who said it, where they let their name stand; the program's own words have none.
    pub by: Option<String>,
    /// Whether the program said it.
    pub program: bool,
    pub given_at: Timestamp,
}

/// What the member lets others read, the newest first.
pub async fn shown_of(db: &impl Read, receiver: MemberId) -> Result<Vec<Shown>> {
    opened(db, receiver, None).await
}

/// The same, of what counts for something: those whose fact is among `facts`.
pub async fn shown_among(db: &impl Read, receiver: MemberId, facts: &[FactId]) -> Result<Vec<Shown>> {
    opened(db, receiver, Some(facts)).await
}

async fn opened(db: &impl Read, receiver: MemberId, among: Option<&[FactId]>) -> Result<Vec<Shown>> {
    let receiver = members::resolve(db, receiver).await?;
    let rows = thanks::Entity::find()
        .filter(thanks::Column::Receiver.eq(receiver.to_string()))
        .filter(thanks::Column::Shown.eq(true))
        .order_by_desc(thanks::Column::Id)
        .limit(MOST_SHOWN)
        .all(db)
        .await?;
    let mut shown = vec![];
    for row in rows {
        let known = read(row)?;
        // A contribution can be taken back by staff on its own page, too, and one that a person looked at first was credited later than the word was said.
        let counted = contributions::find(db, known.contribution).await?;
        let stands = counted.state == contributions::State::Accepted;
        let wanted = among.is_none_or(|facts| counted.fact.is_some_and(|fact| facts.contains(&fact)));
        if !known.is_open() || !stands || !wanted {
            continue;
        }
        let by = match known.giver.filter(|_| known.named) {
            Some(giver) => Some(members::find(db, giver).await?.name),
            None => None,
        };
        shown.push(Shown { by, program: known.giver.is_none(), reason: known.reason, given_at: known.given_at });
    }
    Ok(shown)
}

/// How often one thanked another, and was thanked back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub giver: MemberId,
    pub receiver: MemberId,
    pub times: u64,
    pub back: u64,
}

/// Pairs that are read: beyond, nobody would look.
const MOST_PAIRS: u64 = 5_000;

/// Who thanked whom most since then, at most `limit`.
pub(super) async fn pairs_since(db: &impl Read, since: Timestamp, limit: usize) -> Result<Vec<Pair>> {
    let rows: Vec<(String, String, i64)> = thanks::Entity::find()
        .select_only()
        .column(thanks::Column::Giver)
        .column(thanks::Column::Receiver)
        .column_as(thanks::Column::Id.count(), "n")
        .filter(thanks::Column::Giver.is_not_null())
        .filter(thanks::Column::State.eq(State::Standing.as_str()))
        .filter(thanks::Column::GivenAt.gte(millis(since)))
        .group_by(thanks::Column::Giver)
        .group_by(thanks::Column::Receiver)
        .order_by(thanks::Column::Id.count(), Order::Desc)
        .order_by_asc(thanks::Column::Giver)
        .limit(MOST_PAIRS)
        .into_tuple()
        .all(db)
        .await?;
    let all: BTreeMap<(&str, &str), u64> =
        rows.iter().map(|(giver, to, n)| ((giver.as_str(), to.as_str()), n.unsigned_abs())).collect();
    let mut pairs = vec![];
    for (giver, to, n) in &rows {
        let back = all.get(&(to.as_str(), giver.as_str())).copied().unwrap_or_default();
        // One word is no habit.
        if n.unsigned_abs() + back < 2 {
            continue;
        }
        let id = |text: &String| text.parse().map_err(Error::internal);
        pairs.push(Pair { giver: id(giver)?, receiver: id(to)?, times: n.unsigned_abs(), back });
        if pairs.len() == limit {
            break;
        }
    }
    Ok(pairs)
}

/// Everybody who was thanked since then, by a member or by the program.
pub(super) async fn thanked_since(db: &impl Read, since: Timestamp) -> Result<BTreeSet<MemberId>> {
    let rows: Vec<String> = thanks::Entity::find()
        .select_only()
        .column(thanks::Column::Receiver)
        .distinct()
        .filter(thanks::Column::State.eq(State::Standing.as_str()))
        .filter(thanks::Column::GivenAt.gte(millis(since)))
        .into_tuple()
        .all(db)
        .await?;
    rows.iter().map(|id| id.parse().map_err(Error::internal)).collect()
}

fn read(row: thanks::Model) -> Result<Thanks> {
    let state = State::parse(&row.state)
        .ok_or_else(|| Error::internal(format!("the thanks {} stand in an unknown state", row.id)))?;
    Ok(Thanks {
        id: row.id.parse().map_err(Error::internal)?,
        giver: row.giver.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        by: row.by,
        receiver: row.receiver.parse().map_err(Error::internal)?,
        called: row.called,
        reason: row.reason,
        url: row.url,
        named: row.named,
        state,
        shown: row.shown,
        withheld: row.withheld,
        contribution: row.contribution.parse().map_err(Error::internal)?,
        given_at: from_millis(row.given_at),
        end_reason: row.end_reason,
    })
}
