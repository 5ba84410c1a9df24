//! The clock of an attempt, told to the other rooms.

use waymark_assess::attempt::{Attempt as Life, PauseKind};

use crate::clock::millis;
use crate::database::Change;
use crate::domain_event::DomainEvent;
use crate::error::Result;
use crate::ids::AttemptId;

/// Tells the other rooms of a clock that stopped or runs again, between where an attempt stood and where it stands. Each pause is told of
/// once: one that ended by itself when that is written, with the moment at which it did.
pub(super) async fn tell_of_clock(ch: &mut Change<'_>, id: AttemptId, before: &Life, after: &Life) -> Result<()> {
    let pause = |life: &Life| match life {
        Life::InProgress(sitting) => sitting.pause,
        _ => None,
    };
    let (before, now_open) = (pause(before), pause(after));
    if before == now_open || after.is_closed() {
        return Ok(());
    }
    if let Some(pause) = before {
        let over = pause.ends().filter(|end| *end <= ch.now);
        ch.tell(&DomainEvent::AttemptResumed { attempt: id, over: over.map(millis) }).await?;
    }
    if let Some(pause) = now_open {
        let by_staff = pause.kind == PauseKind::Staff;
        ch.tell(&DomainEvent::AttemptPaused { attempt: id, by_staff, until: pause.ends().map(millis) }).await?;
    }
    Ok(())
}
