//! Answers that a player could not send before the end. They are never scored by themselves: kept as evidence, or refused.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};

use super::delivery::{Late, delivery_of};
use super::entity::late_answer;
use crate::attempts::log::{self, Kind};
use crate::attempts::service::lock;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::{Code, Error, Result};
use crate::ids::{AttemptId, MemberId};

/// Late answers of one attempt; more than a form has positions.
const MOST: u64 = 1_000;
/// Bytes of all of them: a whole form of essays, and an end for a program that never stops.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct LateAnswer {
    pub position: u32,
    /// As it was sent: nobody checked it against the form.
    pub response: Value,
    pub client_op_id: String,
    /// By the clock of the device.
    pub client_at: Option<Timestamp>,
    pub received_at: Timestamp,
}

/// A late answer as it comes in.
#[derive(Debug, Clone)]
pub struct Sent {
    pub position: u32,
    pub response: Value,
    pub client_op_id: String,
    pub client_at: Option<Timestamp>,
}

/// Takes answers of an attempt that is over; answers what the exam does with them. The same ones again change nothing.
///
/// # Errors
/// A foreign attempt; one that is still open, where answers are saved the ordinary way; too many.
pub async fn take(ch: &mut Change<'_>, id: AttemptId, member: MemberId, sent: &[Sent]) -> Result<Late> {
    let attempt = lock(ch, id, member).await?;
    if !attempt.life.is_closed() {
        return Err(Error::new(Code::AttemptOpen));
    }
    let policy = delivery_of(ch.tx(), attempt.exam).await?.late;
    let of_attempt = late_answer::Entity::find().filter(late_answer::Column::Attempt.eq(id.to_string()));
    let known = of_attempt.all(ch.tx()).await?;
    let new: Vec<&Sent> =
        sent.iter().filter(|one| !known.iter().any(|row| row.client_op_id == one.client_op_id)).collect();
    let kept: usize = known.iter().map(|row| row.response.len()).sum();
    let bytes = kept + new.iter().map(|one| one.response.to_string().len()).sum::<usize>();
    if known.len() as u64 + new.len() as u64 > MOST || bytes > MOST_BYTES {
        return Err(Error::new(Code::TooMany));
    }
    if new.is_empty() {
        return Ok(policy);
    }
    if policy == Late::Keep {
        for one in &new {
            let row = late_answer::ActiveModel {
                attempt: Set(id.to_string()),
                client_op_id: Set(one.client_op_id.clone()),
                position: Set(i32::try_from(one.position).map_err(|_| Error::not_found())?),
                response: Set(one.response.to_string()),
                client_at: Set(one.client_at.map(millis)),
                received_at: Set(millis(ch.now)),
            };
            late_answer::Entity::insert(row).exec_without_returning(ch.tx()).await?;
        }
    }
    let positions: Vec<u32> = new.iter().map(|one| one.position).collect();
    let outcome = policy.as_str();
    log::append(ch, id, Kind::LateAnswers, json!({"positions": positions, "policy": outcome})).await?;
    Ok(policy)
}

/// The late answers that were kept, in the order in which they came.
pub async fn late_of(db: &impl Read, id: AttemptId) -> Result<Vec<LateAnswer>> {
    let rows = late_answer::Entity::find()
        .filter(late_answer::Column::Attempt.eq(id.to_string()))
        .order_by_asc(late_answer::Column::ReceivedAt)
        .order_by_asc(late_answer::Column::Position)
        .all(db)
        .await?;
    let late = |row: late_answer::Model| {
        Ok(LateAnswer {
            position: row.position.unsigned_abs(),
            response: serde_json::from_str(&row.response)?,
            client_op_id: row.client_op_id,
            client_at: row.client_at.map(from_millis),
            received_at: from_millis(row.received_at),
        })
    };
    rows.into_iter().map(late).collect()
}
