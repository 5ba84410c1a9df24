//! Deliveries that were signed rightly and could not be counted: kept as they came, for a person who has them counted once more or discards them.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity::dead_letter as row;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::{Code, Error, Result};
use crate::ids::DeadLetterId;

pub(super) const WAITING: &str = "waiting";

/// One that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub id: DeadLetterId,
    pub source: String,
    /// The sender's name for the delivery, and for the event.
    pub delivery: String,
    pub event: String,
    /// `unreadable` or `accepted_again`.
    pub reason: String,
    pub detail: String,
    pub body: String,
    pub received_at: Timestamp,
}

/// What is to be kept.
pub(super) struct NewDeadLetter<'a> {
    pub source: &'a str,
    pub delivery: &'a str,
    pub content_hash: &'a str,
    pub event: &'a str,
    pub reason: &'static str,
    pub detail: String,
    pub body: String,
}

/// Keeps it; the same content waits once.
pub(super) async fn keep(ch: &Change<'_>, new: NewDeadLetter<'_>) -> Result<DeadLetterId> {
    let known = row::Entity::find()
        .filter(row::Column::Source.eq(new.source))
        .filter(row::Column::State.eq(WAITING))
        .filter(row::Column::ContentHash.eq(new.content_hash))
        .one(ch.tx())
        .await?;
    if let Some(known) = known {
        return known.id.parse().map_err(Error::internal);
    }
    let id: DeadLetterId = ch.id();
    let made = row::ActiveModel {
        id: Set(id.to_string()),
        source: Set(new.source.to_owned()),
        delivery: Set(new.delivery.to_owned()),
        content_hash: Set(new.content_hash.to_owned()),
        event: Set(new.event.to_owned()),
        reason: Set(new.reason.to_owned()),
        detail: Set(new.detail),
        body: Set(new.body),
        state: Set(WAITING.to_owned()),
        received_at: Set(millis(ch.now)),
        closed_at: Set(None),
        closed_by: Set(None),
    };
    row::Entity::insert(made).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

/// One that waits; what was closed is not found any more.
pub async fn find(db: &impl Read, id: DeadLetterId) -> Result<DeadLetter> {
    let found = row::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    if found.state == WAITING { read(found) } else { Err(Error::not_found()) }
}

/// What waits of a source, oldest first.
pub async fn of_source(db: &impl Read, source: &str, limit: u64) -> Result<Vec<DeadLetter>> {
    let rows = row::Entity::find()
        .filter(row::Column::Source.eq(source))
        .filter(row::Column::State.eq(WAITING))
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many wait for a person, of all sources.
pub async fn count_dead_letters(db: &impl Read) -> Result<u64> {
    Ok(waiting(db).await?.values().sum())
}

/// How many wait, by source.
pub(super) async fn waiting(db: &impl Read) -> Result<HashMap<String, u64>> {
    let rows: Vec<(String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::Source)
        .column_as(row::Column::Id.count(), "n")
        .filter(row::Column::State.eq(WAITING))
        .group_by(row::Column::Source)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(source, n)| (source, u64::try_from(n).unwrap_or_default())).collect())
}

/// Closes one that waits, as `counted` or `discarded`; its body is not kept longer. The caller writes the audit row.
pub(super) async fn close(ch: &Change<'_>, id: DeadLetterId, state: &'static str) -> Result<()> {
    let closed = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(state))
        .col_expr(row::Column::Body, Expr::value(""))
        .col_expr(row::Column::ClosedAt, Expr::value(millis(ch.now)))
        .col_expr(row::Column::ClosedBy, Expr::value(ch.actor.to_string()))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::State.eq(WAITING))
        .exec(ch.tx())
        .await?;
    if closed.rows_affected == 1 { Ok(()) } else { Err(Error::new(Code::Conflict)) }
}

fn read(row: row::Model) -> Result<DeadLetter> {
    Ok(DeadLetter {
        id: row.id.parse().map_err(Error::internal)?,
        source: row.source,
        delivery: row.delivery,
        event: row.event,
        reason: row.reason,
        detail: row.detail,
        body: row.body,
        received_at: from_millis(row.received_at),
    })
}
