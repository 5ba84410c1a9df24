//! Who gave how much within a time: what asks for one row a member, however many contributions there are.

use std::collections::BTreeSet;

use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait as _, Order, QueryOrder, QuerySelect};

use super::entity::contribution;
use super::lifecycle::State;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::MemberId;

/// What one member gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gave {
    pub member: MemberId,
    pub contributions: u64,
    pub latest: Timestamp,
}

/// Members to whom an accepted contribution of this type came that happened at `since` or later, whichever source told of it. What somebody did to their own is none.
pub async fn received_since(db: &impl Read, kind: &str, since: Timestamp) -> Result<BTreeSet<MemberId>> {
    let rows: Vec<String> = contribution::Entity::find()
        .select_only()
        .column(contribution::Column::Member)
        .distinct()
        .filter(contribution::Column::State.eq(State::Accepted.as_str()))
        .filter(contribution::Column::Type.eq(kind))
        .filter(contribution::Column::Member.is_not_null())
        .filter(contribution::Column::HappenedAt.gte(millis(since)))
        .filter(contribution::Column::Own.eq(false))
        .into_tuple()
        .all(db)
        .await?;
    rows.iter().map(|id| id.parse().map_err(Error::internal)).collect()
}

/// Members with at least `least` accepted contributions that happened from `first` to `last`, those who gave most first, at most `limit`. What they did to objects
/// of their own, and contributions of the type `except`, are not counted.
pub async fn gave_between(
    db: &impl Read,
    (first, last): (Timestamp, Timestamp),
    except: &str,
    least: u64,
    limit: u64,
) -> Result<Vec<Gave>> {
    let count = || contribution::Column::Id.count();
    let rows: Vec<(String, i64, i64)> = contribution::Entity::find()
        .select_only()
        .column(contribution::Column::Member)
        .column_as(count(), "n")
        .column_as(contribution::Column::HappenedAt.max(), "latest")
        .filter(contribution::Column::State.eq(State::Accepted.as_str()))
        .filter(contribution::Column::Member.is_not_null())
        .filter(contribution::Column::HappenedAt.between(millis(first), millis(last)))
        .filter(contribution::Column::Own.eq(false))
        .filter(contribution::Column::Type.ne(except))
        .group_by(contribution::Column::Member)
        .having(count().gte(i64::try_from(least).unwrap_or(i64::MAX)))
        .order_by(count(), Order::Desc)
        .order_by_asc(contribution::Column::Member)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(member, n, latest)| {
            let member = member.parse().map_err(Error::internal)?;
            Ok(Gave { member, contributions: n.unsigned_abs(), latest: from_millis(latest) })
        })
        .collect()
}
