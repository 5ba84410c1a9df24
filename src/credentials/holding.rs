//! How many hold a track's credential now.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QuerySelect};

use super::entity::credential;
use super::lifecycle::{Stage, Status};
use crate::clock::{Timestamp, millis};
use crate::database::Read;
use crate::error::Result;
use crate::ids::TrackId;

/// Members with a released credential of this track that is valid and has not expired, each once.
pub async fn count_held(db: &impl Read, track: TrackId, now: Timestamp) -> Result<u64> {
    let lasts = Condition::any()
        .add(credential::Column::ValidUntil.is_null())
        .add(credential::Column::ValidUntil.gte(millis(now)));
    let holders = credential::Entity::find()
        .select_only()
        .column(credential::Column::Member)
        .distinct()
        .filter(credential::Column::Track.eq(track.to_string()))
        .filter(credential::Column::Stage.eq(Stage::Released.as_str()))
        .filter(credential::Column::Status.eq(Status::Valid.as_str()))
        .filter(lasts);
    Ok(holders.count(db).await?)
}
