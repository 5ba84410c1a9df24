//! The rows of long work: claimed, worked on and settled in one change.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ConnectionTrait, DbBackend, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use time::Duration;

use super::entity::{job, row};
use super::lifecycle::{JobState, RowState};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::millis;
use crate::database::{Change, Kind, Read};
use crate::error::{Code, Error, Result};
use crate::ids::JobId;

/// A row that fails for a reason of ours this often is given up.
const ATTEMPTS: i32 = 8;
const FIRST_RETRY: Duration = Duration::seconds(1);
const LAST_RETRY: Duration = Duration::MINUTE;
/// Rows in one statement: 999 variables is the smallest limit among the databases.
const AT_ONCE: usize = 100;

/// One row to begin with.
#[derive(Debug, Clone)]
pub struct NewRow {
    pub input: Value,
    /// Why it will not be worked on, where that is known beforehand.
    pub refused: Option<Value>,
}

/// A row that this change holds.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub job: JobId,
    /// From 1. Together with the job it names the row for ever.
    pub position: u32,
    pub input: Value,
    attempts: i32,
}

/// How a row ended; the value is shown in the report.
#[derive(Debug, Clone)]
pub enum Outcome {
    Done(Value),
    Failed(Value),
}

/// A row as the report shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    pub position: u32,
    pub state: RowState,
    pub input: Value,
    pub outcome: Option<Value>,
}

pub(super) async fn insert(ch: &Change<'_>, job: JobId, rows: &[NewRow]) -> Result<()> {
    for (part, chunk) in rows.chunks(AT_ONCE).enumerate() {
        let made = chunk.iter().enumerate().map(|(n, new)| {
            let state = if new.refused.is_some() { RowState::Failed } else { RowState::Waiting };
            row::ActiveModel {
                job: Set(job.to_string()),
                position: Set(i32::try_from(part * AT_ONCE + n + 1).unwrap_or(i32::MAX)),
                state: Set(state.as_str().to_owned()),
                input: Set(new.input.to_string()),
                outcome: Set(new.refused.as_ref().map(Value::to_string)),
                attempts: Set(0),
                due_at: Set(millis(ch.now)),
            }
        });
        row::Entity::insert_many(made).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Takes the next row that waits, for as long as this change is open. None where all that wait are held by others or are not due yet.
pub async fn claim(ch: &Change<'_>, job: JobId) -> Result<Option<Claimed>> {
    let mut find = row::Entity::find()
        .filter(row::Column::Job.eq(job.to_string()))
        .filter(row::Column::State.eq(RowState::Waiting.as_str()))
        .filter(row::Column::DueAt.lte(millis(ch.now)))
        .order_by_asc(row::Column::Position)
        .limit(1);
    if ch.tx().get_database_backend() == DbBackend::Postgres {
        find = find.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let Some(found) = find.one(ch.tx()).await? else { return Ok(None) };
    Ok(Some(Claimed {
        job,
        position: u32::try_from(found.position).map_err(Error::internal)?,
        input: serde_json::from_str(&found.input)?,
        attempts: found.attempts,
    }))
}

/// Notes how the row ended, in the change that did its work.
///
/// # Errors
/// Somebody settled it in the meantime, or it was cancelled: then this change must not be committed.
pub async fn settle(ch: &Change<'_>, row: &Claimed, outcome: Outcome) -> Result<()> {
    let (state, outcome) = match outcome {
        Outcome::Done(value) => (RowState::Done, value),
        Outcome::Failed(value) => (RowState::Failed, value),
    };
    let settled = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(state.as_str()))
        .col_expr(row::Column::Outcome, Expr::value(outcome.to_string()))
        .filter(row::Column::Job.eq(row.job.to_string()))
        .filter(row::Column::Position.eq(i64::from(row.position)))
        .filter(row::Column::State.eq(RowState::Waiting.as_str()))
        .exec(ch.tx())
        .await?;
    if settled.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::new(Code::Conflict).because("the row was settled before"))
    }
}

/// Notes how a row ended that changed nothing else.
pub async fn settle_alone(app: &App, row: &Claimed, outcome: Outcome) -> Result<()> {
    let ch = app.db.change(Actor::System("jobs"), Kind::Ordinary).await?;
    match settle(&ch, row, outcome).await {
        Ok(()) => ch.commit().await,
        Err(e) if e.code() == Code::Conflict => Ok(()),
        Err(e) => Err(e),
    }
}

/// The row could not be worked on for a reason that is not its own: it is tried again later, each time after twice as long, and given up in the
/// end. What waits for a signing key is never given up.
pub async fn put_off(app: &App, row: &Claimed, why: &Error) -> Result<()> {
    let waits = why.code() == Code::IssuingOff;
    if row.attempts + 1 >= ATTEMPTS && !waits {
        tracing::error!(job = %row.job, row = row.position, error = %why, "a row was given up");
        let gave_up = json!({"errors": [{"code": why.code().as_str(), "detail": "it failed again and again; the server's log says why"}]});
        return settle_alone(app, row, Outcome::Failed(gave_up)).await;
    }
    tracing::warn!(job = %row.job, row = row.position, error = %why, "a row is put off");
    let ch = app.db.change(Actor::System("jobs"), Kind::Ordinary).await?;
    let doubled: Duration = FIRST_RETRY * (1_i32 << row.attempts.clamp(0, 10));
    let wait = if waits { LAST_RETRY } else { doubled.min(LAST_RETRY) };
    row::Entity::update_many()
        .col_expr(row::Column::Attempts, Expr::value(row.attempts + i32::from(!waits)))
        .col_expr(row::Column::DueAt, Expr::value(millis(ch.now + wait)))
        .filter(row::Column::Job.eq(row.job.to_string()))
        .filter(row::Column::Position.eq(i64::from(row.position)))
        .filter(row::Column::State.eq(RowState::Waiting.as_str()))
        .exec(ch.tx())
        .await?;
    ch.commit().await
}

/// Ends the work where no row waits any more. Answers whether it did.
pub async fn close(app: &App, id: JobId) -> Result<bool> {
    let ch = app.db.change(Actor::System("jobs"), Kind::Ordinary).await?;
    let closed = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Done.as_str()))
        .col_expr(job::Column::OpenKey, Expr::value(Option::<String>::None))
        .col_expr(job::Column::EndedAt, Expr::value(millis(ch.now)))
        .filter(job::Column::Id.eq(id.to_string()))
        .filter(job::Column::State.eq(JobState::Running.as_str()))
        .filter(Expr::cust(
            "NOT EXISTS (SELECT 1 FROM job_row WHERE job_row.job = job.id AND job_row.state = 'waiting')",
        ))
        .exec(ch.tx())
        .await?;
    ch.commit().await?;
    Ok(closed.rows_affected == 1)
}

/// Up to `limit` rows after the position `after`, in order.
pub async fn rows(db: &impl Read, id: JobId, after: u32, limit: u64) -> Result<Vec<JobRow>> {
    let found = row::Entity::find()
        .filter(row::Column::Job.eq(id.to_string()))
        .filter(row::Column::Position.gt(i64::from(after)))
        .order_by_asc(row::Column::Position)
        .limit(limit)
        .all(db)
        .await?;
    found
        .into_iter()
        .map(|found| {
            Ok(JobRow {
                position: u32::try_from(found.position).map_err(Error::internal)?,
                state: RowState::parse(&found.state)
                    .ok_or_else(|| Error::internal(format!("a row of {id} has an unknown state")))?,
                input: serde_json::from_str(&found.input)?,
                outcome: found.outcome.as_deref().map(serde_json::from_str).transpose()?,
            })
        })
        .collect()
}
