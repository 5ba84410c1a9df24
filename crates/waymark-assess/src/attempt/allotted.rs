//! How long an attempt lasts: a pure function of its start, its limit, what the person is allowed, what staff added, what
//! was credited for pauses, and the window.

use serde::{Deserialize, Serialize};
use time::{Duration, UtcDateTime as Timestamp};

/// Most that a multiplier can be: four times the limit.
pub const MOST_PERCENT: u32 = 400;
/// Most minutes that a person can be allowed beyond the multiplier, and most minutes of breaks.
pub const MOST_MINUTES: u32 = 600;

/// What a person is allowed beyond others: accommodations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// Of the limit: 100 is the limit itself, 150 half as much again.
    pub percent: u32,
    /// On top of that.
    pub minutes: u32,
    /// Breaks that the candidate takes when they need them, in all.
    pub break_minutes: u32,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { percent: 100, minutes: 0, break_minutes: 0 }
    }
}

impl Allowance {
    /// A limit as this person has it. Exact to the millisecond: nothing is floored to minutes.
    pub fn of(self, limit: Duration) -> Duration {
        limit * self.percent.max(100) / 100 + minutes(self.minutes)
    }

    /// The same for a part of the limit: the multiplier, and of the minutes the share that the part has of the whole.
    pub fn of_part(self, part: Duration, whole: Duration) -> Duration {
        let (part_ms, whole_ms) = (part.whole_milliseconds(), whole.whole_milliseconds().max(1));
        let share = minutes(self.minutes).whole_milliseconds() * part_ms.min(whole_ms) / whole_ms;
        part * self.percent.max(100) / 100 + milliseconds(share)
    }

    /// The better of two in each respect: an allowance in force is never taken back from a running attempt.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            percent: self.percent.max(other.percent),
            minutes: self.minutes.max(other.minutes),
            break_minutes: self.break_minutes.max(other.break_minutes),
        }
    }
}

pub(super) fn minutes(count: u32) -> Duration {
    Duration::minutes(count.into())
}

fn milliseconds(count: i128) -> Duration {
    Duration::milliseconds(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What the time of an attempt is made of. Each part only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What the exam gives everybody.
    pub limit: Duration,
    pub allowance: Allowance,
    /// By staff, during the attempt.
    pub added: Duration,
    /// Time that passed while the clock stood: pauses, breaks, silence and downtime, as far as they are credited.
    pub credited: Duration,
    /// The end of the window, where it cuts the time of whoever begins late.
    pub cut: Option<Timestamp>,
    /// How long after the deadline answers still on their way are taken.
    pub grace: Duration,
}

impl Terms {
    /// The limit and the grace of an exam, and nothing else.
    pub fn of(limit: Duration, grace: Duration) -> Self {
        let none = Duration::ZERO;
        Self { limit, allowance: Allowance::default(), added: none, credited: none, cut: None, grace }
    }

    /// The deadline of an attempt that began then. What a person is allowed, and what was added or credited, moves the end of
    /// the window as well: a window cuts late starters, never accommodations.
    pub fn deadline(&self, started_at: Timestamp) -> Timestamp {
        let own = self.allowance.of(self.limit) + self.added + self.credited;
        let end = started_at.checked_add(own).unwrap_or(Timestamp::MAX);
        let Some(cut) = self.cut else { return end };
        end.min(cut.checked_add(own - self.limit).unwrap_or(Timestamp::MAX))
    }
}

/// Why a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseKind {
    /// By staff, who also end it.
    Staff,
    /// Between two sections; the candidate may end it early.
    Break,
    /// One of the breaks that the candidate is allowed.
    Own,
}

impl PauseKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Break => "break",
            Self::Own => "own",
        }
    }
}

/// A clock that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub kind: PauseKind,
    pub since: Timestamp,
    /// After this long the clock runs again by itself.
    pub at_most: Option<Duration>,
}

impl Pause {
    /// How long the clock has stood by `now`.
    pub fn credit(&self, now: Timestamp) -> Duration {
        let stood = (now - self.since).max(Duration::ZERO);
        self.at_most.map_or(stood, |most| stood.min(most))
    }

    /// When the clock runs again by itself.
    pub fn ends(&self) -> Option<Timestamp> {
        self.since.checked_add(self.at_most?)
    }

    pub(super) fn stands(&self, now: Timestamp) -> bool {
        self.ends().is_none_or(|end| now < end)
    }
}

/// An exam that credits lost connections: when the candidate was last heard of, and how much can still be credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    pub last: Timestamp,
    /// Longer than this without a sign is a lost connection, from the last sign on.
    pub after: Duration,
    pub left: Duration,
}

impl Silence {
    /// What a silence until `now` is worth.
    pub fn credit(&self, now: Timestamp) -> Duration {
        let silent = now - self.last;
        if silent > self.after { silent.min(self.left) } else { Duration::ZERO }
    }
}
