//! The life of an attempt as pure steps: given what is stored and what was asked at a time, what is to be written or
//! answered. The caller does the storage, all of a step in one transaction, and passes in the time of that transaction.
//!
//! ```text
//! created ─start─► in_progress ─submit─► submitted ─► scored
//!                       └─ deadline and grace over ─► expired ─► scored
//! ```
//! An attempt closes at its effective deadline however late somebody notices.

use crate::{
    canonical::{hash, hex},
    form::Form,
    mistake::Mistake,
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{Duration, UtcDateTime as Timestamp};

/// Longest `client_op_id`, in bytes.
pub const MAX_OPERATION_ID: usize = 100;

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Created,
    InProgress,
    Submitted,
    Expired,
    Scored,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Created, Self::InProgress, Self::Submitted, Self::Expired, Self::Scored];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Expired => "expired",
            Self::Scored => "scored",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// An attempt as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    Created,
    InProgress(Sitting),
    Closed(Closed),
}

/// The clock of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    pub started_at: Timestamp,
    /// What the candidate is shown. It can only move later.
    pub deadline: Timestamp,
    /// How long after the deadline answers still on their way are taken.
    pub grace: Duration,
}

impl Sitting {
    /// The last moment at which an answer counts.
    pub fn effective_deadline(&self) -> Timestamp {
        self.deadline.checked_add(self.grace).unwrap_or(Timestamp::MAX)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now > self.effective_deadline()
    }
}

/// A closed attempt. `at` is the moment of submitting, or the effective deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub sitting: Sitting,
    pub how: Closing,
    pub at: Timestamp,
    pub scored: bool,
}

/// What closed an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    Submitted,
    Expired,
}

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
    #[error("the new deadline is not later than the old one")]
    NotLater,
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
            Self::NotLater => "deadline_not_later",
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

/// What to do about a start or a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Write the attempt as given.
    Write(Attempt),
    /// Write nothing: it happened before. Answer as then.
    Already,
}

impl Attempt {
    /// Where the attempt stands at `now`: one whose time is over is expired even if that is not written yet.
    pub fn state(&self, now: Timestamp) -> State {
        match self {
            Self::Created => State::Created,
            Self::InProgress(sitting) if sitting.is_over(now) => State::Expired,
            Self::InProgress(_) => State::InProgress,
            Self::Closed(closed) if closed.scored => State::Scored,
            Self::Closed(Closed { how: Closing::Submitted, .. }) => State::Submitted,
            Self::Closed(Closed { how: Closing::Expired, .. }) => State::Expired,
        }
    }

    pub fn sitting(&self) -> Option<&Sitting> {
        match self {
            Self::Created => None,
            Self::InProgress(sitting) | Self::Closed(Closed { sitting, .. }) => Some(sitting),
        }
    }

    /// Time left until the deadline that the candidate is shown; zero when it is over or the attempt is closed.
    pub fn remaining(&self, now: Timestamp) -> Duration {
        match self {
            Self::InProgress(sitting) => {
                (sitting.deadline - now).clamp(Duration::ZERO, sitting.deadline - sitting.started_at)
            }
            _ => Duration::ZERO,
        }
    }

    /// Starts the clock. Starting again changes nothing.
    pub fn start(&self, now: Timestamp, limit: Duration, grace: Duration) -> Step {
        match self {
            Self::Created => {
                let deadline = now.checked_add(limit).unwrap_or(Timestamp::MAX);
                Step::Write(Self::InProgress(Sitting { started_at: now, deadline, grace }))
            }
            _ => Step::Already,
        }
    }

    /// Whether the candidate can work at `now`: look at positions, flag them, answer.
    ///
    /// # Errors
    /// Not started; closed; late.
    pub fn at_work(&self, now: Timestamp) -> Result<(), Refused> {
        match self {
            Self::Created => Err(Refused::NotStarted),
            Self::Closed(Closed { how: Closing::Submitted, .. }) => Err(Refused::Closed(self.state(now))),
            Self::Closed(Closed { sitting, .. }) => Err(Refused::Late(sitting.effective_deadline())),
            Self::InProgress(sitting) if sitting.is_over(now) => Err(Refused::Late(sitting.effective_deadline())),
            Self::InProgress(_) => Ok(()),
        }
    }

    /// Decides about a save at `now`. An operation that was taken before is answered as then, whatever happened since:
    /// a client that missed the answer learns that its work is safe.
    ///
    /// # Errors
    /// In this order: a bad or reused `client_op_id`; not started; closed; late; no such position; a response that does
    /// not fit; a revision other than the stored one.
    pub fn save(&self, form: &Form, before: Before<'_>, save: &Save, now: Timestamp) -> Result<SaveStep, Refused> {
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
        let response = Response::check(&save.response, position).map_err(Refused::Response)?;
        if save.revision != before.saved.revision {
            return Err(Refused::Stale { stored: before.saved.clone(), sent: save.revision });
        }
        let revision = save.revision + 1;
        let receipt = Receipt { seq: before.seq + 1, saved_at: now, revision };
        Ok(SaveStep::Write { saved: Saved { response, revision }, operation: Operation { digest, receipt } })
    }

    /// Hands the attempt in. After the effective deadline it closes as expired instead, at that deadline.
    pub fn submit(&self, now: Timestamp) -> Result<Step, Refused> {
        match self {
            Self::Created => Err(Refused::NotStarted),
            Self::Closed(_) => Ok(Step::Already),
            Self::InProgress(sitting) => Ok(Step::Write(self.expire(now).unwrap_or(Self::Closed(Closed {
                sitting: *sitting,
                how: Closing::Submitted,
                at: now,
                scored: false,
            })))),
        }
    }

    /// The attempt closed at its effective deadline, if it is open and that is over.
    pub fn expire(&self, now: Timestamp) -> Option<Self> {
        match self {
            Self::InProgress(sitting) if sitting.is_over(now) => Some(Self::Closed(Closed {
                sitting: *sitting,
                how: Closing::Expired,
                at: sitting.effective_deadline(),
                scored: false,
            })),
            _ => None,
        }
    }

    /// Moves the deadline later.
    ///
    /// # Errors
    /// Not started, closed or over; a deadline that is not later.
    pub fn extend(&self, now: Timestamp, deadline: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Created => Err(Refused::NotStarted),
            Self::Closed(_) => Err(Refused::Closed(self.state(now))),
            Self::InProgress(sitting) if sitting.is_over(now) => Err(Refused::Late(sitting.effective_deadline())),
            Self::InProgress(sitting) if deadline <= sitting.deadline => Err(Refused::NotLater),
            Self::InProgress(sitting) => Ok(Self::InProgress(Sitting { deadline, ..*sitting })),
        }
    }

    /// The closed attempt marked as scored; `None` while it is open, or when it is already.
    pub fn scored(&self) -> Option<Self> {
        match self {
            Self::Closed(closed) if !closed.scored => Some(Self::Closed(Closed { scored: true, ..*closed })),
            _ => None,
        }
    }

    /// Whether an answer saved at `saved_at` counts.
    pub fn counts(&self, saved_at: Timestamp) -> bool {
        self.sitting().is_some_and(|sitting| saved_at <= sitting.effective_deadline())
    }
}
