//! Where a member stands on each ladder, and whether others may see it.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use super::definition::Texts;
use super::entity::{climb, rank, shown};
use super::service::{self, LadderVersion};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::Result;
use crate::ids::MemberId;
use crate::members;

/// A rank that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rank {
    /// What it was called when it was reached.
    pub titles: Texts,
    /// The version of the ladder under which it was reached.
    pub version: i32,
    /// Its step in that version, from 1.
    pub step: u32,
    /// The points at which it lay.
    pub points: u64,
    pub reached_at: Timestamp,
    /// When the facts took it back, or moved its date.
    pub gone_at: Option<Timestamp>,
    beyond: u32,
}

/// The next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub titles: Texts,
    pub at: u64,
    pub missing: u64,
}

/// Where a member stands on one ladder.
#[derive(Debug, Clone)]
pub struct OnLadder {
    pub version: LadderVersion,
    pub points: u64,
    /// The rank that the member has: of those reached the highest of today's ladder, else the latest.
    pub rank: Option<Rank>,
    /// None where the ladder ends below.
    pub next: Option<Next>,
    /// Every rank, the latest first, also what the facts took back.
    pub history: Vec<Rank>,
}

/// Where the member stands on every ladder of today.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<OnLadder>> {
    let ladders = service::current(db).await?;
    if ladders.is_empty() {
        return Ok(vec![]);
    }
    let member = members::resolve(db, member).await?.to_string();
    let climbs = climb::Entity::find().filter(climb::Column::Member.eq(&member)).all(db).await?;
    let ranks = rank::Entity::find()
        .filter(rank::Column::Member.eq(&member))
        .order_by_desc(rank::Column::ReachedAt)
        .order_by_desc(rank::Column::Version)
        .order_by_desc(rank::Column::Step)
        .order_by_desc(rank::Column::Id)
        .all(db)
        .await?;
    let mut all = vec![];
    for version in ladders {
        let of_ladder = climbs.iter().find(|row| row.ladder == version.slug());
        let points = of_ladder.map_or(0, |row| u64::try_from(row.points).unwrap_or_default());
        let history = ranks.iter().filter(|row| row.ladder == version.slug()).map(read).collect::<Result<Vec<_>>>()?;
        all.push(stand(version, points, history));
    }
    Ok(all)
}

/// What follows from points and ranks.
fn stand(version: LadderVersion, points: u64, history: Vec<Rank>) -> OnLadder {
    let (definition, ladder) = (&version.definition, version.definition.ladder());
    let held = || history.iter().filter(|rank| rank.gone_at.is_none());
    let today = |rank: &Rank| step_today(&version, rank).map(|step| (step, rank.clone()));
    let highest = held().filter_map(today).max_by_key(|(step, _)| *step);
    let reached = highest.as_ref().map_or(0, |(step, _)| *step).max(ladder.step_at(points));
    let next = reached.checked_add(1).and_then(|step| {
        let (titles, at) = (definition.title_of(step)?, ladder.points_of(step)?);
        Some(Next { titles, at, missing: at.saturating_sub(points) })
    });
    let rank = highest.map(|(_, rank)| rank).or_else(|| held().next().cloned());
    OnLadder { points, rank, next, version, history }
}

/// Which step of today's ladder has the name of this rank.
fn step_today(today: &LadderVersion, rank: &Rank) -> Option<u32> {
    let definition = &today.definition;
    if rank.version == today.number {
        return Some(rank.step);
    }
    let named = definition.steps.iter().position(|step| step.title == rank.titles);
    let named = named.and_then(|place| u32::try_from(place + 1).ok());
    named.or_else(|| {
        let step = u32::try_from(definition.steps.len()).ok()?.checked_add(rank.beyond).filter(|_| rank.beyond > 0)?;
        (definition.title_of(step).as_ref() == Some(&rank.titles)).then_some(step)
    })
}

fn read(row: &rank::Model) -> Result<Rank> {
    Ok(Rank {
        titles: serde_json::from_str(&row.titles)?,
        version: row.version,
        step: u32::try_from(row.step).unwrap_or_default(),
        points: u64::try_from(row.at_points).unwrap_or_default(),
        reached_at: from_millis(row.reached_at),
        gone_at: row.gone_at.map(from_millis),
        beyond: u32::try_from(row.beyond).unwrap_or_default(),
    })
}

/// Whether the member shows points and ranks to others.
pub async fn is_shown(db: &impl Read, member: MemberId) -> Result<bool> {
    Ok(shown::Entity::find_by_id(member.to_string()).one(db).await?.is_some())
}

/// Shows them to others, or hides them again. Doing it twice changes nothing.
pub async fn show(ch: &mut Change<'_>, member: MemberId, visible: bool) -> Result<()> {
    ch.take_turn(&format!("ranks shown {member}")).await?;
    let known = is_shown(ch.tx(), member).await?;
    if visible && !known {
        let row = shown::ActiveModel { member: Set(member.to_string()), since: Set(millis(ch.now)) };
        shown::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    } else if !visible && known {
        shown::Entity::delete_by_id(member.to_string()).exec(ch.tx()).await?;
    }
    Ok(())
}
