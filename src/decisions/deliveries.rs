//! Facts that came or went, tracks that were published, and time that passed: each leads to a recount.

use std::collections::HashSet;

use super::service::{due, recount, recount_and_tell};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{Change, Kind};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::Result;
use crate::ids::{FactId, MemberId};
use crate::{facts, tracks};

const PAGE: u64 = 200;

/// Who was counted in one change: once there is enough, for it sees all that the events tell of.
#[derive(Debug, Default)]
pub struct Counted {
    members: HashSet<MemberId>,
    /// Whether a track of today limits what goes both ways; none until it was asked.
    both_ways: Option<bool>,
    /// The givers who were told to be counted.
    woken: HashSet<MemberId>,
}

/// What is about one member is counted here; what is about everyone comes apart.
pub async fn hear(ch: &mut Change<'_>, counted: &mut Counted, event: &DomainEvent) -> Result<Heard> {
    match event {
        DomainEvent::FactRecorded { member, .. }
        | DomainEvent::FactVoided { member, .. }
        | DomainEvent::WakeUp { member } => {
            if counted.members.insert(*member) {
                recount_and_tell(ch, *member).await?;
            }
            if let DomainEvent::FactRecorded { fact, .. } | DomainEvent::FactVoided { fact, .. } = event {
                wake_giver(ch, counted, *fact).await?;
            }
            Ok(Heard::Whole)
        }
        DomainEvent::TrackPublished { .. } => Ok(Heard::Apart),
        _ => Ok(Heard::Whole),
    }
}

/// What one member received changes what may count for the one who gave it, where a track limits what goes both ways. They are counted on an
/// event of their own, so that each member's order is kept.
async fn wake_giver(ch: &mut Change<'_>, counted: &mut Counted, fact: FactId) -> Result<()> {
    let both_ways = match counted.both_ways {
        Some(known) => known,
        None => {
            let versions = tracks::current(ch.tx()).await?;
            let trees =
                versions.iter().flat_map(|version| [Some(version.requirements()), version.renewal_requirements()]);
            let known = trees.flatten().any(|tree| !tree.reads().given_types.is_empty());
            *counted.both_ways.insert(known)
        }
    };
    if both_ways
        && let Some(giver) = facts::giver_of(ch.tx(), fact).await?
        && counted.woken.insert(giver)
    {
        ch.tell(&DomainEvent::WakeUp { member: giver }).await?;
    }
    Ok(())
}

pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    match event {
        DomainEvent::TrackPublished { .. } => everyone(app).await,
        _ => Ok(()),
    }
}

/// Recounts the members whom time alone may have moved; answers how many there were.
pub async fn wake_due(app: &App) -> Result<usize> {
    let members = due(app.db.read(), app.db.now(), PAGE).await?;
    for member in &members {
        one(app, *member).await?;
    }
    Ok(members.len())
}

async fn one(app: &App, member: MemberId) -> Result<()> {
    let mut ch = app.db.change(Actor::System("decisions"), Kind::Ordinary).await?;
    recount(&mut ch, member).await?;
    ch.commit().await
}

async fn everyone(app: &App) -> Result<()> {
    let mut after = None;
    loop {
        let page = facts::members_with_facts(app.db.read(), after, PAGE).await?;
        let Some(last) = page.last().copied() else { return Ok(()) };
        for member in page {
            one(app, member).await?;
        }
        after = Some(last);
    }
}
