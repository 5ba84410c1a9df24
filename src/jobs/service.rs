//! Preparing, starting, cancelling and finding long work.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect};
use serde_json::Value;
use time::Duration;

use super::entity::{job, row};
use super::lifecycle::{JobKind, JobState, RowState};
use super::rows::{NewRow, insert};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Kind, Read};
use crate::error::{Code, Error, Result};
use crate::ids::JobId;

/// What was prepared and never started is forgotten after this long: it holds addresses.
const PREPARED: Duration = Duration::days(7);

/// Work to be prepared.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub kind: JobKind,
    /// Whatever the kind needs to know about all rows.
    pub input: Value,
    /// The file from which the rows will be made; forgotten once the work starts.
    pub attachment: Option<Vec<u8>>,
    /// What makes it the same work: at most one that has not ended has this key.
    pub key: Option<String>,
}

/// Long work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub state: JobState,
    pub input: Value,
    /// Who does what the rows do.
    pub created_by: String,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

impl Job {
    /// In whose name the rows are worked on.
    pub fn actor(&self) -> Actor {
        Actor::parse(&self.created_by).unwrap_or(Actor::System("jobs"))
    }
}

/// How much work has begun and not ended.
pub async fn count_running(db: &impl Read) -> Result<u64> {
    Ok(job::Entity::find().filter(job::Column::State.eq(JobState::Running.as_str())).count(db).await?)
}

/// How many rows stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub total: u64,
    pub waiting: u64,
    pub done: u64,
    pub failed: u64,
    pub cancelled: u64,
}

/// Stores what was handed in. Work with the same key that has not ended is a conflict.
pub async fn prepare(ch: &Change<'_>, new: NewJob) -> Result<JobId> {
    let id: JobId = ch.id();
    let made = job::ActiveModel {
        id: Set(id.to_string()),
        kind: Set(new.kind.as_str().to_owned()),
        state: Set(JobState::Prepared.as_str().to_owned()),
        input: Set(new.input.to_string()),
        attachment: Set(new.attachment),
        open_key: Set(new.key.map(|key| open_key(new.kind, &key))),
        created_by: Set(ch.actor.to_string()),
        created_at: Set(millis(ch.now)),
        started_at: Set(None),
        ended_at: Set(None),
    };
    job::Entity::insert(made).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

fn open_key(kind: JobKind, key: &str) -> String {
    format!("{}:{key}", kind.as_str())
}

/// Replaces what is known about all rows, while nothing has started.
pub async fn change_input(ch: &Change<'_>, id: JobId, input: &Value) -> Result<()> {
    let changed = job::Entity::update_many()
        .col_expr(job::Column::Input, Expr::value(input.to_string()))
        .filter(job::Column::Id.eq(id.to_string()))
        .filter(job::Column::State.eq(JobState::Prepared.as_str()))
        .exec(ch.tx())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(Error::new(Code::Conflict)) }
}

/// Starts what was prepared, with these rows, in the name of the change's actor. Answers false where it was started before: nothing is added then.
pub async fn start(ch: &Change<'_>, id: JobId, input: &Value, rows: &[NewRow]) -> Result<bool> {
    let begun = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Running.as_str()))
        .col_expr(job::Column::Input, Expr::value(input.to_string()))
        .col_expr(job::Column::Attachment, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(job::Column::CreatedBy, Expr::value(ch.actor.to_string()))
        .col_expr(job::Column::StartedAt, Expr::value(millis(ch.now)))
        .filter(job::Column::Id.eq(id.to_string()))
        .filter(job::Column::State.eq(JobState::Prepared.as_str()))
        .exec(ch.tx())
        .await?;
    if begun.rows_affected == 0 {
        return Ok(false);
    }
    insert(ch, id, rows).await?;
    Ok(true)
}

/// Stops it: rows that wait are not worked on any more. Answers false where it had ended before.
pub async fn cancel(ch: &Change<'_>, id: JobId) -> Result<bool> {
    let stopped = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Cancelled.as_str()))
        .col_expr(job::Column::Attachment, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(job::Column::OpenKey, Expr::value(Option::<String>::None))
        .col_expr(job::Column::EndedAt, Expr::value(millis(ch.now)))
        .filter(job::Column::Id.eq(id.to_string()))
        .filter(job::Column::State.is_in([JobState::Prepared.as_str(), JobState::Running.as_str()]))
        .exec(ch.tx())
        .await?;
    if stopped.rows_affected == 0 {
        find(ch.tx(), id).await?;
        return Ok(false);
    }
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(RowState::Cancelled.as_str()))
        .filter(row::Column::Job.eq(id.to_string()))
        .filter(row::Column::State.eq(RowState::Waiting.as_str()))
        .exec(ch.tx())
        .await?;
    Ok(true)
}

/// The work with this id; not found otherwise.
pub async fn find(db: &impl Read, id: JobId) -> Result<Job> {
    let found = without_attachment().filter(job::Column::Id.eq(id.to_string())).into_model::<Bare>().one(db).await?;
    found.ok_or_else(Error::not_found)?.read()
}

/// The file that was handed in; none once the work has started.
pub async fn attachment(db: &impl Read, id: JobId) -> Result<Option<Vec<u8>>> {
    Ok(job::Entity::find_by_id(id.to_string()).one(db).await?.and_then(|found| found.attachment))
}

/// The work with this key that has not ended.
pub async fn by_open_key(db: &impl Read, kind: JobKind, key: &str) -> Result<Option<Job>> {
    let same = without_attachment().filter(job::Column::OpenKey.eq(open_key(kind, key)));
    same.into_model::<Bare>().one(db).await?.map(Bare::read).transpose()
}

/// The newest work of a kind.
pub async fn recent(db: &impl Read, kind: JobKind, limit: u64) -> Result<Vec<Job>> {
    let of_kind = without_attachment().filter(job::Column::Kind.eq(kind.as_str())).order_by_desc(job::Column::Id);
    of_kind.limit(limit).into_model::<Bare>().all(db).await?.into_iter().map(Bare::read).collect()
}

/// The oldest running work that has a row to be worked on now, or none left at all, so that it can be closed.
pub async fn next(db: &impl Read, now: Timestamp) -> Result<Option<Job>> {
    let now = millis(now);
    without_attachment()
        .filter(job::Column::State.eq(JobState::Running.as_str()))
        .filter(Expr::cust(format!(
            "(EXISTS (SELECT 1 FROM job_row WHERE job_row.job = job.id AND job_row.state = 'waiting' AND job_row.due_at <= {now}) \
             OR NOT EXISTS (SELECT 1 FROM job_row WHERE job_row.job = job.id AND job_row.state = 'waiting'))"
        )))
        .order_by_asc(job::Column::StartedAt)
        .order_by_asc(job::Column::Id)
        .into_model::<Bare>()
        .one(db)
        .await?
        .map(Bare::read)
        .transpose()
}

/// How many rows stand where.
pub async fn counts(db: &impl Read, id: JobId) -> Result<Counts> {
    let by_state: Vec<(String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::State)
        .column_as(row::Column::Position.count(), "n")
        .filter(row::Column::Job.eq(id.to_string()))
        .group_by(row::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = Counts::default();
    for (state, n) in by_state {
        let n = n.unsigned_abs();
        counts.total += n;
        match RowState::parse(&state) {
            Some(RowState::Waiting) => counts.waiting += n,
            Some(RowState::Done) => counts.done += n,
            Some(RowState::Failed) => counts.failed += n,
            Some(RowState::Cancelled) => counts.cancelled += n,
            None => return Err(Error::internal(format!("a row of {id} has the unknown state {state}"))),
        }
    }
    Ok(counts)
}

/// At start and every minute: forgets what was prepared and left.
pub async fn tend(app: &App) -> Result<()> {
    let ch = app.db.change(Actor::System("jobs"), Kind::Ordinary).await?;
    let gone = job::Entity::delete_many()
        .filter(job::Column::State.eq(JobState::Prepared.as_str()))
        .filter(job::Column::CreatedAt.lt(millis(ch.now - PREPARED)))
        .exec(ch.tx())
        .await?;
    if gone.rows_affected > 0 { ch.commit().await } else { Ok(()) }
}

/// A job without its attachment, which may be large.
#[derive(FromQueryResult)]
struct Bare {
    id: String,
    kind: String,
    state: String,
    input: String,
    created_by: String,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
}

fn without_attachment() -> Select<job::Entity> {
    job::Entity::find().select_only().columns([
        job::Column::Id,
        job::Column::Kind,
        job::Column::State,
        job::Column::Input,
        job::Column::CreatedBy,
        job::Column::CreatedAt,
        job::Column::StartedAt,
        job::Column::EndedAt,
    ])
}

impl Bare {
    fn read(self) -> Result<Job> {
        let unknown = |what: &str| Error::internal(format!("the job {} has an unknown {what}", self.id));
        Ok(Job {
            id: self.id.parse().map_err(Error::internal)?,
            kind: JobKind::parse(&self.kind).ok_or_else(|| unknown("kind"))?,
            state: JobState::parse(&self.state).ok_or_else(|| unknown("state"))?,
            input: serde_json::from_str(&self.input)?,
            created_at: from_millis(self.created_at),
            started_at: self.started_at.map(from_millis),
            ended_at: self.ended_at.map(from_millis),
            created_by: self.created_by,
        })
    }
}
