//! Saving an answer: exactly once per operation, never over a change that the sender has not seen, never late.

use super::{Attempt, Course, PauseKind, State};
use crate::{
    canonical::{hash, hex},
    form::Form,
    mistake::Mistake,
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::UtcDateTime as Timestamp;

/// Longest `client_op_id`, in bytes.
pub const MAX_OPERATION_ID: usize = 100;

/// Why a step is not taken. Nothing is to be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the attempt has not started: start it first")]
    NotStarted,
    #[error("the attempt is closed: answers can no longer change")]
    Closed(State),
    #[error("the time is over since {0}")]
    Late(Timestamp),
    #[error("the form has no position {asked}: positions count from 1 to {positions}")]
    NoSuchPosition { asked: u32, positions: usize },
    #[error("the response does not fit the position")]
    Response(Vec<Mistake>),
    #[error("the answer was changed elsewhere: revision {} is stored, {sent} was sent", stored.revision)]
    Stale { stored: Saved, sent: u64 },
    #[error("client_op_id is to be 1 to {MAX_OPERATION_ID} printable ASCII characters")]
    OperationId,
    #[error("this client_op_id was used for another answer: draw a new one for each")]
    OperationReused,
    #[error("the clock stands: nothing is shown or taken until it runs again")]
    Paused(PauseKind),
    #[error("the clock is not standing")]
    NotPaused,
    #[error("there is no break left")]
    NoBreakLeft,
    #[error("this section is not open yet")]
    SectionUnopened,
    #[error("this section is closed")]
    SectionClosed,
    #[error("this is the last section: hand in instead")]
    LastSection,
}

impl Refused {
    /// Stable code for problem documents.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotStarted => "attempt_not_started",
            Self::Closed(_) => "attempt_closed",
            Self::Late(_) => "attempt_over",
            Self::NoSuchPosition { .. } => "no_such_position",
            Self::Response(_) => "response_invalid",
            Self::Stale { .. } => "response_stale",
            Self::OperationId => "client_op_id_invalid",
            Self::OperationReused => "client_op_id_reused",
            Self::Paused(_) => "attempt_paused",
            Self::NotPaused => "attempt_not_paused",
            Self::NoBreakLeft => "no_break_left",
            Self::SectionUnopened => "section_not_open",
            Self::SectionClosed => "section_closed",
            Self::LastSection => "last_section",
        }
    }
}

/// The stored answer at a position; revision 0 and no response before the first save.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub response: Response,
    pub revision: u64,
}

/// A request to save.
#[derive(Debug, Clone, PartialEq)]
pub struct Save {
    pub position: u32,
    /// As sent: checked against the form here.
    pub response: Value,
    /// The last revision that the client saw.
    pub revision: u64,
    /// Drawn by the client, new for each change, the same when it tries again.
    pub client_op_id: String,
}

impl Save {
    /// Stands for the request in [`Operation`]: same id and other digest means another request.
    pub fn digest(&self) -> String {
        hex(&hash(&json!([self.position, self.response, self.revision])))
    }
}

/// The answer to a save that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Counts the saves of the attempt.
    pub seq: u64,
    pub saved_at: Timestamp,
    pub revision: u64,
}

/// A save taken earlier in this attempt under some `client_op_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub digest: String,
    pub receipt: Receipt,
}

/// What the caller reads before a save.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// The answer stored at the position.
    pub saved: &'a Saved,
    /// What the attempt did under this `client_op_id`, if anything.
    pub operation: Option<&'a Operation>,
    /// The highest `seq` of the attempt, 0 at first.
    pub seq: u64,
}

/// What to do about a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveStep {
    /// Write this answer and the operation, then answer with its receipt.
    Write { saved: Saved, operation: Operation },
    /// Write nothing; answer as before.
    Replay(Receipt),
}

impl Attempt {
    /// Decides about a save at `now`. An operation that was taken before is answered as then, whatever happened since:
    /// a client that missed the answer learns that its work is safe.
    ///
    /// # Errors
    /// In this order: a bad or reused `client_op_id`; not started; closed; late; paused; no such position; a section that does
    /// not stand open; a response that does not fit; a revision other than the stored one.
    pub fn save(
        &self,
        form: &Form,
        course: &Course,
        before: Before<'_>,
        save: &Save,
        now: Timestamp,
    ) -> Result<SaveStep, Refused> {
        let id = &save.client_op_id;
        if id.is_empty() || id.len() > MAX_OPERATION_ID || !id.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refused::OperationId);
        }
        let digest = save.digest();
        if let Some(earlier) = before.operation {
            return if earlier.digest == digest {
                Ok(SaveStep::Replay(earlier.receipt))
            } else {
                Err(Refused::OperationReused)
            };
        }
        self.at_work(now)?;
        let positions = form.positions().len();
        let position =
            form.position(save.position).ok_or(Refused::NoSuchPosition { asked: save.position, positions })?;
        self.may_answer(course, save.position, now)?;
        let response = Response::check(&save.response, position).map_err(Refused::Response)?;
        if save.revision != before.saved.revision {
            return Err(Refused::Stale { stored: before.saved.clone(), sent: save.revision });
        }
        let revision = save.revision + 1;
        let receipt = Receipt { seq: before.seq + 1, saved_at: now, revision };
        Ok(SaveStep::Write { saved: Saved { response, revision }, operation: Operation { digest, receipt } })
    }
}
