//! Which exams a person sat, and how each came out: for the staff's page about them.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_assess::Rational;

use super::closing::WAITING;
use super::entity::{attempt, score_run};
use super::outcome::released;
use crate::clock::{Timestamp, from_millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{AttemptId, ExamId, MemberId};

/// One attempt of a person, whatever became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitting {
    pub attempt: AttemptId,
    pub exam: ExamId,
    pub exam_version: i32,
    pub ordinal: u32,
    pub began_at: Timestamp,
    /// `created`, `in_progress`, `submitted`, `expired`, `ended`, `scored`, `voided`.
    pub state: String,
    /// Points, their maximum, and whether it was passed: where it is scored and waits for nobody.
    pub came_out: Option<(Rational, Rational, bool)>,
    /// Whether its candidate may see that.
    pub is_released: bool,
}

/// The attempts of a member at all exams, the latest first, below `before`.
pub async fn sittings_of(
    db: &impl Read,
    member: MemberId,
    before: Option<AttemptId>,
    limit: u64,
) -> Result<Vec<Sitting>> {
    let mut find = attempt::Entity::find().filter(attempt::Column::Member.eq(member.to_string()));
    if let Some(before) = before {
        find = find.filter(attempt::Column::Id.lt(before.to_string()));
    }
    let attempts = find.order_by_desc(attempt::Column::Id).limit(limit).all(db).await?;
    let runs = score_run::Entity::find()
        .filter(score_run::Column::ReplacedBy.is_null())
        .filter(score_run::Column::Attempt.is_in(attempts.iter().map(|row| row.id.as_str())))
        .all(db)
        .await?;
    let runs: BTreeMap<String, score_run::Model> = runs.into_iter().map(|run| (run.attempt.clone(), run)).collect();
    let sitting = |row: attempt::Model| {
        let run = runs.get(&row.id).filter(|run| run.state != WAITING);
        let scored = run.map(|run| released(&run.stored)).transpose()?;
        Ok(Sitting {
            attempt: row.id.parse().map_err(Error::internal)?,
            exam: row.exam.parse().map_err(Error::internal)?,
            exam_version: row.exam_version,
            ordinal: u32::try_from(row.ordinal).map_err(Error::internal)?,
            began_at: from_millis(row.started_at.unwrap_or(row.created_at)),
            state: row.state,
            came_out: scored.map(|scored| (scored.points, scored.max, scored.passed)),
            is_released: run.is_some_and(|run| run.released_at.is_some()),
        })
    };
    attempts.into_iter().map(sitting).collect()
}
