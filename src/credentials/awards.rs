//! When what was awarded: what goals are held against.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity::credential;
use super::lifecycle::Stage;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::TrackId;

/// One award that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awarding {
    pub track: TrackId,
    pub at: Timestamp,
    /// Whether it renews an earlier one.
    pub renews: bool,
}

/// The awards at `since` or later, in their order: each member, track and term once, whatever took the place of what. What was revoked is none.
pub async fn awards_since(db: &impl Read, since: Timestamp) -> Result<Vec<Awarding>> {
    use credential::Column as C;
    let rows: Vec<(String, i64, i32)> = credential::Entity::find()
        .select_only()
        .columns([C::Track, C::AwardedAt, C::Term])
        .filter(C::Live.is_not_null())
        .filter(C::Stage.eq(Stage::Released.as_str()))
        .filter(C::CancelledAt.is_null())
        .filter(C::AwardedAt.gte(millis(since)))
        .order_by_asc(C::AwardedAt)
        .into_tuple()
        .all(db)
        .await?;
    let award = |(track, at, term): (String, i64, i32)| {
        Ok(Awarding { track: track.parse().map_err(Error::internal)?, at: from_millis(at), renews: term > 1 })
    };
    rows.into_iter().map(award).collect()
}
