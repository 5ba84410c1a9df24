//! The life of a question: open for a week, answered once, gone after a month.

use time::Duration;

use crate::clock::Timestamp;

/// How long a holder can answer.
pub const OPEN_FOR: Duration = Duration::days(7);
/// How long the one who asked can read the answer; then the question is forgotten.
pub const KEPT_FOR: Duration = Duration::days(30);
/// Questions that reach one holder in a day, whoever asks.
pub const MOST_A_DAY: u64 = 5;
/// The most characters of what the one who asks says of themselves.
pub const LONGEST_NOTE: usize = 120;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// "It is mine."
    Confirmed,
    /// "I do not answer."
    Declined,
}

impl Answer {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Confirmed, Self::Declined].into_iter().find(|answer| answer.as_str() == text)
    }
}

/// How a question stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Answered(Answer, Timestamp),
    /// Nobody answered in time.
    Ended,
}

impl Standing {
    pub fn at(now: Timestamp, asked_at: Timestamp, answered: Option<(Answer, Timestamp)>) -> Self {
        match answered {
            Some((answer, at)) => Self::Answered(answer, at),
            None if now < asked_at + OPEN_FOR => Self::Waiting,
            None => Self::Ended,
        }
    }
}
