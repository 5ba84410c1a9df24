//! Who has come near to a track: told the first time, once for each member and track.

use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use super::entity::near;
use crate::clock::millis;
use crate::database::Change;
use crate::domain_event::DomainEvent;
use crate::error::Result;
use crate::ids::{MemberId, TrackId};

/// Tells of those among the tracks of which the member was not told before. The caller holds the member's turn.
pub(super) async fn tell(ch: &mut Change<'_>, member: MemberId, tracks: &[TrackId]) -> Result<()> {
    if tracks.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = near::Entity::find()
        .select_only()
        .column(near::Column::Track)
        .filter(near::Column::Member.eq(member.to_string()))
        .filter(near::Column::Track.is_in(tracks.iter().map(ToString::to_string)))
        .into_tuple()
        .all(ch.tx())
        .await?;
    for track in tracks.iter().filter(|track| !told.contains(&track.to_string())) {
        let row = near::ActiveModel {
            member: Set(member.to_string()),
            track: Set(track.to_string()),
            at: Set(millis(ch.now)),
        };
        near::Entity::insert(row).exec_without_returning(ch.tx()).await?;
        ch.tell(&DomainEvent::GoalNear { track: *track, member }).await?;
    }
    Ok(())
}
