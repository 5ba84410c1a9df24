//! Intents: stored before anything is signed, read back when it is.

use sea_orm::entity::prelude::*;

use super::entity::intent;
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::IntentId;

/// The signed text of an intent: not found until it is sealed.
pub async fn signed(db: &impl Read, id: IntentId) -> Result<String> {
    let row = intent::Entity::find_by_id(id.to_string()).one(db).await?;
    row.and_then(|row| row.signed).ok_or_else(Error::not_found)
}
