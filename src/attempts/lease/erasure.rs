//! What was said to candidates, what came late, and what their windows said of themselves, taken away: on request, or when nobody needs it any more.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, SelectStatement};

use super::entity::{late_answer, lease, message};
use crate::attempts::entity::attempt;
use crate::clock::{Timestamp, millis};
use crate::database::Change;
use crate::error::Result;
use crate::ids::AttemptId;

/// Empties the messages of an attempt and drops its late answers and its lease. Answers how many messages and late answers there were.
pub async fn erase(ch: &Change<'_>, id: AttemptId) -> Result<(u64, u64)> {
    let messages = message::Entity::update_many()
        .col_expr(message::Column::Content, Expr::value(""))
        .filter(message::Column::Attempt.eq(id.to_string()))
        .filter(message::Column::Content.ne(""))
        .exec(ch.tx())
        .await?;
    let of_attempt = late_answer::Entity::delete_many().filter(late_answer::Column::Attempt.eq(id.to_string()));
    let late = of_attempt.exec(ch.tx()).await?;
    lease::Entity::delete_many().filter(lease::Column::Attempt.eq(id.to_string())).exec(ch.tx()).await?;
    Ok((messages.rows_affected, late.rows_affected))
}

/// Drops late answers and leases of attempts that were over by `then`; answers how many.
pub async fn forget(ch: &Change<'_>, then: Timestamp) -> Result<u64> {
    let late = late_answer::Entity::delete_many().filter(late_answer::Column::Attempt.in_subquery(over(then)));
    let leases = lease::Entity::delete_many().filter(lease::Column::Attempt.in_subquery(over(then)));
    Ok(late.exec(ch.tx()).await?.rows_affected + leases.exec(ch.tx()).await?.rows_affected)
}

fn over(then: Timestamp) -> SelectStatement {
    Query::select()
        .column(attempt::Column::Id)
        .from(attempt::Entity)
        .and_where(attempt::Column::ClosedAt.lt(millis(then)))
        .to_owned()
}
