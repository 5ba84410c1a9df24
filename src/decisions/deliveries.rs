//! Facts that came or went, tracks that were published, and time that passed: each leads to a recount.

use std::collections::HashSet;

use super::service::{due, recount};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{Change, Kind};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::Result;
use crate::facts;
use crate::ids::MemberId;

const PAGE: u64 = 200;

/// Who was counted in one change: once there is enough, for it sees all that the events tell of.
#[derive(Debug, Default)]
pub struct Counted(HashSet<MemberId>);

/// What is about one member is counted here; what is about everyone comes apart.
pub async fn hear(ch: &mut Change<'_>, counted: &mut Counted, event: &DomainEvent) -> Result<Heard> {
    match event {
        DomainEvent::FactRecorded { member, .. }
        | DomainEvent::FactVoided { member, .. }
        | DomainEvent::WakeUp { member } => {
            if counted.0.insert(*member) {
                recount(ch, *member).await?;
            }
            Ok(Heard::Whole)
        }
        DomainEvent::TrackPublished { .. } => Ok(Heard::Apart),
        _ => Ok(Heard::Whole),
    }
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
