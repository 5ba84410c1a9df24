//! Taking part, leaving, counting, reading a page.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_criteria::{Detail, Fact, Tally};

use super::entity::{counted, place};
use super::season::Season;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Kind, Read};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::{Code, Error, Result};
use crate::ids::{MemberId, TrackId};
use crate::tracks::{self, TrackVersion};
use crate::web::zone::Zone;
use crate::{facts, issuer, members};

/// Rows of a page.
pub const ON_A_PAGE: u64 = 100;
/// Places that are counted again in one go.
const AT_ONCE: u64 = 200;

/// Whether the track counts contributions, and so has a board.
pub fn has_board(version: &TrackVersion) -> bool {
    !version.definition.requirements().reads().contribution_types.is_empty()
}

/// Takes the member onto the board of a track; answers whether that is new. What they gave is counted at once, for every season.
///
/// # Errors
/// The track has no board.
pub async fn join(ch: &mut Change<'_>, member: MemberId, track: &TrackVersion) -> Result<bool> {
    if !has_board(track) {
        return Err(Error::not_found());
    }
    let member = members::resolve(ch.tx(), member).await?;
    ch.take_turn(&turn(member)).await?;
    if place::Entity::find_by_id(key(track.track, member)).one(ch.tx()).await?.is_some() {
        return Ok(false);
    }
    let row = place::ActiveModel {
        id: Set(key(track.track, member)),
        track: Set(track.track.to_string()),
        member: Set(member.to_string()),
        since: Set(millis(ch.now)),
        // Counted once more when this is committed: what comes in meanwhile does not see the row yet.
        due_at: Set(Some(millis(ch.now))),
    };
    place::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    write_down(ch, member, track.track).await?;
    Ok(true)
}

/// Takes the member off the board, out of every season; answers whether they stood there.
pub async fn leave(ch: &mut Change<'_>, member: MemberId, track: TrackId) -> Result<bool> {
    let member = members::resolve(ch.tx(), member).await?;
    ch.take_turn(&turn(member)).await?;
    forget(ch, member, track).await?;
    Ok(place::Entity::delete_by_id(key(track, member)).exec(ch.tx()).await?.rows_affected == 1)
}

/// The tracks on whose boards the member stands.
pub async fn joined(db: &impl Read, member: MemberId) -> Result<BTreeSet<TrackId>> {
    let member = members::resolve(db, member).await?;
    let rows = place::Entity::find().filter(place::Column::Member.eq(member.to_string())).all(db).await?;
    rows.iter().map(|row| row.track.parse().map_err(Error::internal)).collect()
}

fn key(track: TrackId, member: MemberId) -> String {
    format!("{track} {member}")
}

fn turn(member: MemberId) -> String {
    format!("boards {member}")
}

async fn forget(ch: &Change<'_>, member: MemberId, track: TrackId) -> Result<()> {
    counted::Entity::delete_many()
        .filter(counted::Column::Member.eq(member.to_string()))
        .filter(counted::Column::Track.eq(track.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Notes that something is to be counted again: what a member gave, or what a track asks.
pub async fn hear(ch: &Change<'_>, event: &DomainEvent) -> Result<Heard> {
    let of = match event {
        DomainEvent::FactRecorded { member, .. } | DomainEvent::FactVoided { member, .. } => {
            place::Column::Member.eq(member.to_string())
        }
        DomainEvent::TrackPublished { version } => match tracks::version(ch.tx(), *version).await {
            Ok(version) => place::Column::Track.eq(version.track.to_string()),
            Err(e) if e.code() == Code::NotFound => return Ok(Heard::Whole),
            Err(e) => return Err(e),
        },
        _ => return Ok(Heard::Whole),
    };
    place::Entity::update_many()
        .col_expr(place::Column::DueAt, Expr::value(millis(ch.now)))
        .filter(of)
        .exec(ch.tx())
        .await?;
    Ok(Heard::Whole)
}

/// Counts again what is due, each member in a change of their own; answers how many there were.
pub async fn recount_due(app: &App) -> Result<usize> {
    let due = place::Entity::find()
        .filter(place::Column::DueAt.lte(millis(app.db.now())))
        .order_by_asc(place::Column::DueAt)
        .limit(AT_ONCE)
        .all(app.db.read())
        .await?;
    for row in &due {
        let (member, track) =
            (row.member.parse().map_err(Error::internal)?, row.track.parse().map_err(Error::internal)?);
        let mut ch = app.db.change(Actor::System("boards"), Kind::Ordinary).await?;
        ch.take_turn(&turn(member)).await?;
        // They may have left meanwhile.
        if place::Entity::find_by_id(&row.id).one(ch.tx()).await?.is_some() {
            recount(&mut ch, member, track).await?;
        }
        ch.commit().await?;
    }
    Ok(due.len())
}

/// Counts a member again, and notes when that is due the next time.
async fn recount(ch: &mut Change<'_>, member: MemberId, track: TrackId) -> Result<()> {
    // This comes first: whoever notes something meanwhile waits for the row, and is not forgotten.
    note_due(ch, member, track, None).await?;
    match write_down(ch, member, track).await? {
        Some(due) => note_due(ch, member, track, Some(due)).await,
        None => Ok(()),
    }
}

async fn note_due(ch: &Change<'_>, member: MemberId, track: TrackId, due: Option<Timestamp>) -> Result<()> {
    place::Entity::update_many()
        .col_expr(place::Column::DueAt, Expr::value(due.map(millis)))
        .filter(place::Column::Id.eq(key(track, member)))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Writes what counts for a member who takes part, season by season; answers when more of it will.
async fn write_down(ch: &Change<'_>, member: MemberId, track: TrackId) -> Result<Option<Timestamp>> {
    let versions = tracks::versions(ch.tx(), track).await?;
    let known = facts::of_member(ch.tx(), member).await?;
    let (counts, due) = count(&versions, &known, &issuer::zone(ch.tx()).await?, ch.now);
    forget(ch, member, track).await?;
    let row = |(season, count): (&Season, &u32)| counted::ActiveModel {
        id: Set(format!("{track} {season} {member}")),
        track: Set(track.to_string()),
        season: Set(season.to_string()),
        member: Set(member.to_string()),
        count: Set(i32::try_from(*count).unwrap_or(i32::MAX)),
    };
    if !counts.is_empty() {
        counted::Entity::insert_many(counts.iter().map(row)).exec_without_returning(ch.tx()).await?;
    }
    Ok(due)
}

/// How many contributions the track counts in each season, by the version that stood when the season ended (or stands, while it runs), and when
/// one that is held back will count. Versions come the newest first.
fn count(
    versions: &[TrackVersion],
    facts: &[Fact],
    zone: &Zone,
    now: Timestamp,
) -> (BTreeMap<Season, u32>, Option<Timestamp>) {
    let given = facts.iter().filter(|fact| matches!(fact.detail, Detail::Contribution { .. }));
    let seasons: BTreeSet<Season> = given.map(|fact| Season::of(zone, fact.happened_at)).collect();
    // By which version, as its place among them, each season is counted.
    let mut by_version: BTreeMap<usize, BTreeSet<Season>> = BTreeMap::new();
    for season in seasons {
        let Some((_, until)) = season.span(zone) else { continue };
        if let Some(stood) = versions.iter().position(|version| version.published_at < until) {
            by_version.entry(stood).or_default().insert(season);
        }
    }
    let (mut counts, mut due) = (BTreeMap::new(), None::<Timestamp>);
    for (stood, seasons) in by_version {
        let Some(version) = versions.get(stood) else { continue };
        for given in Tally::replay(&version.requirements(), facts).contributions() {
            let season = Season::of(zone, given.happened_at);
            if !seasons.contains(&season) {
                continue;
            }
            if given.from <= now {
                *counts.entry(season).or_insert(0) += 1;
            } else {
                due = Some(due.map_or(given.from, |due| due.min(given.from)));
            }
        }
    }
    (counts, due)
}

/// One place on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// From 1; who gave as much as another stands at the same place.
    pub place: u64,
    pub member: MemberId,
    pub name: String,
    pub count: u32,
}

/// A page of a board, from 0; and whether another follows.
pub async fn page(db: &impl Read, track: TrackId, season: Season, page: u64) -> Result<(Vec<Placed>, bool)> {
    let of_season = || {
        counted::Entity::find()
            .filter(counted::Column::Track.eq(track.to_string()))
            .filter(counted::Column::Season.eq(season.to_string()))
    };
    let before = page.saturating_mul(ON_A_PAGE);
    let mut rows = of_season()
        .order_by_desc(counted::Column::Count)
        .order_by_asc(counted::Column::Member)
        .offset(before)
        .limit(ON_A_PAGE + 1)
        .all(db)
        .await?;
    let most = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let Some(first) = rows.first() else { return Ok((vec![], false)) };
    let mut at = 1 + of_season().filter(counted::Column::Count.gt(first.count)).count(db).await?;
    let mut last = first.count;
    let ids = rows.iter().map(|row| row.member.parse().map_err(Error::internal)).collect::<Result<Vec<MemberId>>>()?;
    let names = members::names_of(db, &ids).await?;
    let mut placed = vec![];
    for ((row, member), number) in rows.iter().zip(ids).zip(before + 1..) {
        if row.count < last {
            (at, last) = (number, row.count);
        }
        let name = names.get(&member).cloned().unwrap_or_default();
        placed.push(Placed { place: at, member, name, count: u32::try_from(row.count).unwrap_or_default() });
    }
    Ok((placed, more))
}
