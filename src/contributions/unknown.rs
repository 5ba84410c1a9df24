//! What is held because nobody knows yet whose it is: with the member it is credited, without anybody's decision.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use super::entity::contribution;
use super::lifecycle::{HeldBecause, State};
use crate::database::Read;
use crate::error::Result;

/// How many contributions wait for their member to become known.
pub async fn count_unknown(db: &impl Read) -> Result<u64> {
    Ok(of_unknown().count(db).await?)
}

pub(super) fn of_unknown() -> Select<contribution::Entity> {
    let decided = HeldBecause::ALL.into_iter().filter(|why| why.waits_for_a_person()).map(HeldBecause::as_str);
    contribution::Entity::find().filter(contribution::Column::State.eq(State::Held.as_str())).filter(
        Condition::any()
            .add(contribution::Column::HeldBecause.is_null())
            .add(contribution::Column::HeldBecause.is_not_in(decided)),
    )
}
