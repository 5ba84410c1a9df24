//! Who bears a name.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use super::entity::member;
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::MemberId;

/// Up to `most` members who appear under exactly this name.
pub async fn bearers_of(db: &impl Read, name: &str, most: u64) -> Result<Vec<MemberId>> {
    let rows = member::Entity::find().filter(member::Column::Name.eq(name)).limit(most).all(db).await?;
    rows.into_iter().map(|row| row.id.parse().map_err(Error::internal)).collect()
}
