//! Facts that came or went, and ladders that were published: each moves points, and may reach or take back a rank.

use std::collections::HashSet;
use std::slice;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use waymark_criteria::{Climb, Climbed, Fact};

use super::entity::climb;
use super::recount;
use super::service::{LadderVersion, are_current, current, find};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::millis;
use crate::database::{Change, Kind};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::Result;
use crate::ids::MemberId;
use crate::{facts, members};

const PAGE: u64 = 200;

/// What one change has learned already, so that it is asked once.
#[derive(Debug, Default)]
pub struct Counted {
    /// The ladders of today; none until somebody asked.
    ladders: Option<Vec<LadderVersion>>,
    /// Whose turn the change has: nobody else counts them until it ends.
    turns: HashSet<MemberId>,
    /// Who was counted anew on which ladder: that saw everything that the events of the change tell of.
    anew: HashSet<(MemberId, String)>,
}

/// What is about one member is counted here; what is about everyone comes apart.
pub async fn hear(ch: &mut Change<'_>, counted: &mut Counted, event: &DomainEvent) -> Result<Heard> {
    let (fact, member) = match event {
        DomainEvent::FactRecorded { fact, member } | DomainEvent::FactVoided { fact, member } => (*fact, *member),
        DomainEvent::LadderPublished { .. } => return Ok(Heard::Apart),
        _ => return Ok(Heard::Whole),
    };
    let Counted { ladders, turns, anew } = counted;
    let mut today = match ladders.take() {
        Some(known) => known,
        None => current(ch.tx()).await?,
    };
    let told = if today.is_empty() { None } else { facts::find(ch.tx(), fact).await? };
    // A ladder that is not among these yet needs nothing here: whoever publishes it counts everybody after that, and finds this fact in the ledger.
    let Some(told) = told.filter(|told| today.iter().any(|version| reads(version, told))) else {
        *ladders = Some(today);
        return Ok(Heard::Whole);
    };
    let member = members::resolve(ch.tx(), member).await?;
    if turns.insert(member) {
        ch.take_turn(&turn(member)).await?;
        // Another process may have published one since, and have counted this member by it: an older version would take the place of what it
        // wrote. What is published from here on waits for the turn.
        if !are_current(ch.tx(), &today).await? {
            today = current(ch.tx()).await?;
        }
    }
    let mut all: Option<Vec<Fact>> = None;
    for version in today.iter().filter(|version| reads(version, &told)) {
        let key = (member, version.slug().to_owned());
        if anew.contains(&key) || onwards(ch, member, version, &told).await? {
            continue;
        }
        if all.is_none() {
            all = Some(facts::of_member(ch.tx(), member).await?);
        }
        recount::settle(ch, member, version, all.as_deref().unwrap_or_default()).await?;
        anew.insert(key);
    }
    *ladders = Some(today);
    Ok(Heard::Whole)
}

/// Held by whoever counts the member.
fn turn(member: MemberId) -> String {
    format!("ranks {member}")
}

fn reads(version: &LadderVersion, fact: &Fact) -> bool {
    version.definition.ladder().reads(&fact.detail)
}

/// Counts one more fact without looking back; answers whether that could be done.
async fn onwards(ch: &mut Change<'_>, member: MemberId, version: &LadderVersion, fact: &Fact) -> Result<bool> {
    let key = (member.to_string(), version.slug().to_owned());
    let Some(row) = climb::Entity::find_by_id(key).one(ch.tx()).await? else { return Ok(false) };
    if row.version != version.number {
        return Ok(false);
    }
    let before: Climb = serde_json::from_str(&row.counted)?;
    let mut climb = before.clone();
    let Climbed::Counted(reached) = climb.add(&version.definition.ladder(), fact) else { return Ok(false) };
    if climb != before {
        keep(ch, member, version, &climb).await?;
    }
    for crossing in reached {
        recount::reach(ch, member, version, crossing).await?;
    }
    Ok(true)
}

/// Keeps what was counted, for the next fact to go on from.
pub(super) async fn keep(ch: &Change<'_>, member: MemberId, version: &LadderVersion, climb: &Climb) -> Result<()> {
    let row = climb::ActiveModel {
        member: Set(member.to_string()),
        ladder: Set(version.slug().to_owned()),
        version: Set(version.number),
        points: Set(i64::try_from(climb.points()).unwrap_or(i64::MAX)),
        counted: Set(serde_json::to_string(climb)?),
        changed_at: Set(millis(ch.now)),
    };
    let changed = [climb::Column::Version, climb::Column::Points, climb::Column::Counted, climb::Column::ChangedAt];
    let again = OnConflict::columns([climb::Column::Member, climb::Column::Ladder]).update_columns(changed).to_owned();
    climb::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Counts everybody by a ladder that was published, each in a change of their own.
pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    let DomainEvent::LadderPublished { ladder } = event else { return Ok(()) };
    let Some(version) = find(app.db.read(), ladder).await? else { return Ok(()) };
    let mut after = None;
    loop {
        let page = facts::members_with_facts(app.db.read(), after, PAGE).await?;
        let Some(last) = page.last().copied() else { return Ok(()) };
        for member in page {
            let mut ch = app.db.change(Actor::System("ranks"), Kind::Ordinary).await?;
            ch.take_turn(&turn(member)).await?;
            if !are_current(ch.tx(), slice::from_ref(&version)).await? {
                // A later one was published meanwhile: its own event counts everybody, and may have counted this member already.
                return Ok(());
            }
            let facts = facts::of_member(ch.tx(), member).await?;
            recount::settle(&mut ch, member, &version, &facts).await?;
            ch.commit().await?;
        }
        after = Some(last);
    }
}
