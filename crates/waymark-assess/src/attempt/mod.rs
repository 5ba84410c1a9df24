//! The life of an attempt as pure steps: given what is stored and what was asked at a time, what is to be written or
//! answered. The caller does the storage, all of a step in one transaction, and passes in the time of that transaction.
//!
//! ```text
//! created ─start─► in_progress ─submit─► submitted ─► scored      any ─void─► voided
//!                       ├─ deadline and grace over ─► expired ─► scored
//!                       └─ ended by staff ─► ended ─► scored
//! ```
//! An attempt closes at its effective deadline however late somebody notices. Time is only ever added to it.

mod allotted;
mod course;
mod saving;
mod sitting;
mod steps;

pub use allotted::{Allowance, MOST_MINUTES, MOST_PERCENT, Pause, PauseKind, Silence, Terms};
pub use course::{Course, Navigation, Section, Shut};
pub use saving::{Before, MAX_OPERATION_ID, Operation, Receipt, Refused, Save, SaveStep, Saved};
pub use sitting::{Connection, LOST_AFTER, Place, Sitting};

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
    Ended,
    Scored,
    Voided,
}

impl State {
    pub const ALL: [Self; 7] =
        [Self::Created, Self::InProgress, Self::Submitted, Self::Expired, Self::Ended, Self::Scored, Self::Voided];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::Scored => "scored",
            Self::Voided => "voided",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// An attempt as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time is held, and it is written and read far more often than moved"
)]
pub enum Attempt {
    Created,
    InProgress(Sitting),
    Closed(Closed),
    /// It counts for nothing: not as an attempt, and its result not at all.
    Voided(Voided),
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
    /// By staff.
    Ended,
}

impl Closing {
    pub fn state(self) -> State {
        match self {
            Self::Submitted => State::Submitted,
            Self::Expired => State::Expired,
            Self::Ended => State::Ended,
        }
    }
}

/// A voided attempt, and how it had been closed before, if it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voided {
    pub at: Timestamp,
    pub sitting: Option<Sitting>,
    pub closed: Option<Closed>,
}

/// What to do about a start or a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made")]
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
            Self::Closed(closed) => closed.how.state(),
            Self::Voided(_) => State::Voided,
        }
    }

    pub fn sitting(&self) -> Option<&Sitting> {
        match self {
            Self::Created => None,
            Self::InProgress(sitting) | Self::Closed(Closed { sitting, .. }) => Some(sitting),
            Self::Voided(voided) => voided.sitting.as_ref(),
        }
    }

    /// Whether it is over and done with: closed, or voided.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed(_) | Self::Voided(_))
    }

    /// Time left until the deadline that the candidate is shown; zero when it is over or the attempt is closed.
    pub fn remaining(&self, now: Timestamp) -> Duration {
        match self {
            Self::InProgress(sitting) => {
                (sitting.deadline_at(now) - now).clamp(Duration::ZERO, sitting.deadline - sitting.started_at)
            }
            _ => Duration::ZERO,
        }
    }

    /// Time left of the clock of the section that stands open, where it has one.
    pub fn section_remaining(&self, now: Timestamp) -> Option<Duration> {
        let Self::InProgress(sitting) = self else { return None };
        Some((sitting.section_ends_at(now)? - now).max(Duration::ZERO).min(self.remaining(now)))
    }

    /// Whether an answer saved at `saved_at` counts.
    pub fn counts(&self, saved_at: Timestamp) -> bool {
        !matches!(self, Self::Voided(_)) && self.sitting().is_some_and(|s| saved_at <= s.effective_deadline())
    }

    /// The closed attempt marked as scored; `None` while it is open, or when it is already.
    pub fn scored(&self) -> Option<Self> {
        match self {
            Self::Closed(closed) if !closed.scored => Some(Self::Closed(Closed { scored: true, ..*closed })),
            _ => None,
        }
    }
}
