//! Who received from whom.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_criteria::Fact;

use super::entity::fact;
use crate::clock::{Timestamp, millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::MemberId;

/// One page of facts that have a giver.
pub struct GivenPage {
    /// Giver and receiver, one pair a fact.
    pub pairs: Vec<(MemberId, MemberId)>,
    /// Where to go on; None at the end.
    pub next: Option<String>,
}

/// Up to `limit` facts after the id `after` that happened at `since` or later, were not taken back, and name a giver.
pub async fn given_since(db: &impl Read, since: Timestamp, after: Option<&str>, limit: u64) -> Result<GivenPage> {
    let rows = fact::Entity::find()
        .filter(fact::Column::HappenedAt.gte(millis(since)))
        .filter(fact::Column::VoidedBy.is_null())
        .filter(fact::Column::Id.gt(after.unwrap_or_default()))
        // Most facts have none: those are not read at all.
        .filter(fact::Column::Document.contains("\"giver\":\""))
        .order_by_asc(fact::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let full = u64::try_from(rows.len()).is_ok_and(|n| n == limit);
    let next = rows.last().map(|row| row.id.clone()).filter(|_| full);
    let mut pairs = vec![];
    for row in rows {
        let fact: Fact = serde_json::from_str(&row.document)?;
        if let Some(giver) = fact.giver {
            pairs.push((giver, row.member.parse().map_err(Error::internal)?));
        }
    }
    Ok(GivenPage { pairs, next })
}
