//! What rooms above, and through them others outside, may be told of an attempt: ids, times and how it ended. Never an answer, a key or a score.

use waymark_assess::attempt::{Attempt as Life, Closing};

use super::service::find_for_staff;
use crate::clock::Timestamp;
use crate::database::Read;
use crate::error::Result;
use crate::exams;
use crate::ids::{AttemptId, MemberId};

/// An attempt without what its candidate did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub attempt: AttemptId,
    pub member: MemberId,
    /// The slug of the exam.
    pub exam: String,
    /// Counts the member's attempts at this exam from 1.
    pub ordinal: u32,
    pub practice: bool,
    pub started_at: Option<Timestamp>,
    /// The deadline that the candidate is shown.
    pub deadline: Option<Timestamp>,
    /// How it ended and when, where it did; what was voided later keeps that.
    pub end: Option<(Closing, Timestamp)>,
}

/// Tells of an attempt.
///
/// # Errors
/// No such attempt.
pub async fn told(db: &impl Read, id: AttemptId) -> Result<Told> {
    let attempt = find_for_staff(db, id).await?;
    let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
    let closed = match &attempt.life {
        Life::Closed(closed) => Some(closed),
        Life::Voided(voided) => voided.closed.as_ref(),
        _ => None,
    };
    Ok(Told {
        attempt: attempt.id,
        member: attempt.member,
        exam: exam.spec.slug,
        ordinal: attempt.ordinal,
        practice: exam.spec.sitting.practice,
        started_at: attempt.life.sitting().map(|sitting| sitting.started_at),
        deadline: attempt.life.sitting().map(|sitting| sitting.deadline),
        end: closed.map(|closed| (closed.how, closed.at)),
    })
}
