//! Counting a member anew: the sum, and which ranks stand. Doing it twice changes nothing.
//!
//! A rank that stands is held against the version under which it was reached: only facts take it back or move its date, never a later version.
//! What the version of today reaches besides is added, under a name that the member has not reached yet.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use waymark_criteria::{Climb, Crossing, Fact};

use super::counting::keep;
use super::entity::{climb, rank};
use super::service::{self, LadderVersion};
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::facts;
use crate::ids::{MemberId, RankId};

/// What has to become of the ranks of one member on one ladder.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    climb: Climb,
    /// Ranks that the facts no longer say so, by id.
    gone: Vec<String>,
    /// What was reached, with its version.
    reached: Vec<(i32, Crossing)>,
}

/// Compares what stands with what the facts say.
async fn weigh(db: &impl Read, member: MemberId, today: &LadderVersion, facts: &[Fact]) -> Result<Outcome> {
    let (climb, crossings) = Climb::replay(&today.definition.ladder(), facts);
    let mut outcome = Outcome { climb, ..Outcome::default() };
    let mut by_version = BTreeMap::from([(today.number, crossings.clone())]);
    let mut held = HashSet::new();
    for row in standing(db, member, today.slug()).await? {
        if let Entry::Vacant(place) = by_version.entry(row.version) {
            let under = service::version(db, today.slug(), row.version).await?;
            place.insert(Climb::replay(&under.definition.ladder(), facts).1);
        }
        let of_version = by_version.get(&row.version).map_or(&[][..], Vec::as_slice);
        let crossing = of_version.iter().find(|crossing| i64::from(crossing.step) == i64::from(row.step));
        match crossing {
            Some(crossing) if millis(crossing.at) == row.reached_at => {
                held.insert(row.titles);
            }
            moved => {
                outcome.gone.push(row.id);
                if let Some(crossing) = moved {
                    outcome.reached.push((row.version, *crossing));
                    held.insert(row.titles);
                }
            }
        }
    }
    for crossing in crossings {
        if held.insert(title_of(today, crossing)?) {
            outcome.reached.push((today.number, crossing));
        }
    }
    Ok(outcome)
}

/// Counts the member anew on the ladder as it is today.
pub(super) async fn settle(ch: &mut Change<'_>, member: MemberId, today: &LadderVersion, facts: &[Fact]) -> Result<()> {
    let outcome = weigh(ch.tx(), member, today, facts).await?;
    keep(ch, member, today, &outcome.climb).await?;
    if !outcome.gone.is_empty() {
        rank::Entity::update_many()
            .col_expr(rank::Column::Stands, Expr::value(Option::<String>::None))
            .col_expr(rank::Column::GoneAt, Expr::value(millis(ch.now)))
            .filter(rank::Column::Id.is_in(outcome.gone))
            .exec(ch.tx())
            .await?;
    }
    for (number, crossing) in outcome.reached {
        if number == today.number {
            reach(ch, member, today, crossing).await?;
        } else {
            let under = service::version(ch.tx(), today.slug(), number).await?;
            reach(ch, member, &under, crossing).await?;
        }
    }
    Ok(())
}

/// Writes a rank down, unless the member has one of this name on this ladder.
pub(super) async fn reach(
    ch: &mut Change<'_>,
    member: MemberId,
    version: &LadderVersion,
    crossing: Crossing,
) -> Result<()> {
    let titles = title_of(version, crossing)?;
    let stands = stands(member, version.slug(), &titles);
    if rank::Entity::find().filter(rank::Column::Stands.eq(&stands)).one(ch.tx()).await?.is_some() {
        return Ok(());
    }
    let points = version.definition.ladder().points_of(crossing.step).unwrap_or_default();
    let beyond = version.definition.beyond_of(crossing.step).unwrap_or_default();
    let row = rank::ActiveModel {
        id: Set(ch.id::<RankId>().to_string()),
        member: Set(member.to_string()),
        ladder: Set(version.slug().to_owned()),
        version: Set(version.number),
        step: Set(i32::try_from(crossing.step).unwrap_or(i32::MAX)),
        beyond: Set(i32::try_from(beyond).unwrap_or(i32::MAX)),
        titles: Set(titles),
        at_points: Set(i64::try_from(points).unwrap_or(i64::MAX)),
        reached_at: Set(millis(crossing.at)),
        recorded_at: Set(millis(ch.now)),
        gone_at: Set(None),
        stands: Set(Some(stands)),
    };
    rank::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

fn title_of(version: &LadderVersion, crossing: Crossing) -> Result<String> {
    let titles = version.definition.title_of(crossing.step);
    let titles = titles.ok_or_else(|| Error::internal("a step was reached that the ladder does not have"))?;
    Ok(serde_json::to_string(&titles)?)
}

/// The hash keeps the index small.
fn stands(member: MemberId, ladder: &str, titles: &str) -> String {
    let hash = Sha256::digest(titles);
    let hash: String = hash[..16].iter().map(|b| format!("{b:02x}")).collect();
    format!("{member} {ladder} {hash}")
}

pub(super) async fn standing(db: &impl Read, member: MemberId, ladder: &str) -> Result<Vec<rank::Model>> {
    let found = rank::Entity::find()
        .filter(rank::Column::Member.eq(member.to_string()))
        .filter(rank::Column::Ladder.eq(ladder))
        .filter(rank::Column::Stands.is_not_null())
        .order_by_asc(rank::Column::ReachedAt)
        .order_by_asc(rank::Column::Id);
    Ok(found.all(db).await?)
}

/// What was held against the ledger.
#[derive(Debug, Default, Serialize)]
pub struct Replayed {
    pub members: u64,
    pub ladders: u64,
    pub differing: Vec<Difference>,
}

/// Where what is kept is not what the facts say.
#[derive(Debug, Serialize)]
pub struct Difference {
    pub member: String,
    pub ladder: String,
    pub problem: String,
}

const PAGE: u64 = 200;

/// Counts everybody anew, without writing, and names what is kept otherwise.
pub async fn replay(db: &impl Read) -> Result<Replayed> {
    let ladders = service::current(db).await?;
    let mut found = Replayed { ladders: ladders.len() as u64, ..Replayed::default() };
    if ladders.is_empty() {
        return Ok(found);
    }
    let mut after = None;
    loop {
        let page = facts::members_with_facts(db, after, PAGE).await?;
        let Some(last) = page.last().copied() else { return Ok(found) };
        for member in page {
            let facts = facts::of_member(db, member).await?;
            found.members += 1;
            for today in &ladders {
                if let Some(problem) = differs(db, member, today, &facts).await? {
                    let (member, ladder) = (member.to_string(), today.slug().to_owned());
                    found.differing.push(Difference { member, ladder, problem });
                }
            }
        }
        after = Some(last);
    }
}

async fn differs(db: &impl Read, member: MemberId, today: &LadderVersion, facts: &[Fact]) -> Result<Option<String>> {
    let outcome = weigh(db, member, today, facts).await?;
    let row = climb::Entity::find_by_id((member.to_string(), today.slug().to_owned())).one(db).await?;
    let (version, points) = row.map_or((today.number, 0), |row| (row.version, row.points));
    let counted = i64::try_from(outcome.climb.points()).unwrap_or(i64::MAX);
    Ok(if version != today.number {
        Some(format!("its points are those of version {version}, not of {}", today.number))
    } else if points != counted {
        Some(format!("{points} points are kept, and the facts say {counted}"))
    } else if !outcome.gone.is_empty() || !outcome.reached.is_empty() {
        Some("its ranks are not those that the facts say".to_owned())
    } else {
        None
    })
}
