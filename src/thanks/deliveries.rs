//! A fact that was taken back: where it is that of a word of thanks, by the contribution's own call, the word is over, too.

use super::service;
use crate::contributions::{self, FROM_THANKS};
use crate::database::Change;
use crate::domain_event::{DomainEvent, Heard};
use crate::error::Result;

/// Takes out the word of thanks whose contribution staff took back. One that ended by itself stays as it ended.
pub async fn hear(ch: &Change<'_>, event: &DomainEvent) -> Result<Heard> {
    let DomainEvent::FactVoided { fact, .. } = event else { return Ok(Heard::Whole) };
    for known in contributions::of_facts(ch.tx(), &[*fact]).await? {
        if known.source == FROM_THANKS && known.state == contributions::State::Voided {
            service::follow(ch, known.id, known.void_reason.as_deref().unwrap_or_default()).await?;
        }
    }
    Ok(Heard::Whole)
}
