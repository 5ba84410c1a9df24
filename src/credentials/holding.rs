//! How many hold a track's credential now, and which of them end soon.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use super::entity::credential;
use super::find::{self, Credential};
use super::lifecycle::{Stage, Status};
use crate::clock::{Timestamp, millis};
use crate::database::Read;
use crate::error::Result;
use crate::ids::{CredentialId, TrackId};

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

/// Up to `limit` released credentials that stand and end after `from`, at `until` at the latest; in order of id, above `above`.
pub async fn ending(
    db: &impl Read,
    (from, until): (Timestamp, Timestamp),
    above: Option<CredentialId>,
    limit: u64,
) -> Result<Vec<Credential>> {
    let mut among = credential::Entity::find()
        .filter(credential::Column::ValidUntil.gt(millis(from)))
        .filter(credential::Column::ValidUntil.lte(millis(until)))
        .filter(credential::Column::Stage.eq(Stage::Released.as_str()))
        .filter(credential::Column::Status.eq(Status::Valid.as_str()))
        .order_by_asc(credential::Column::Id)
        .limit(limit);
    if let Some(above) = above {
        among = among.filter(credential::Column::Id.gt(above.to_string()));
    }
    among.all(db).await?.into_iter().map(find::read).collect()
}
