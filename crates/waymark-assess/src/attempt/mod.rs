//! The life of an attempt as pure steps: given what is stored and what was asked at a time, what is to be written or
//! answered. The caller does the storage, all of a step in one transaction, and passes in the time of that transaction.
//!
//! ```text
//! created ─start─► in_progress ─submit─► submitted ─► scored
//!                       └─ deadline and grace over ─► expired ─► scored
//! ```
//! An attempt closes at its effective deadline however late somebody notices.

mod saving;

pub use saving::{Before, MAX_OPERATION_ID, Operation, Receipt, Refused, Save, SaveStep, Saved};

use serde::{Deserialize, Serialize};
use time::{Duration, UtcDateTime as Timestamp};

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
