//! What a count of contributions asks: how much of what, within which window, and what guards it.

use serde::{Deserialize, Serialize};

/// Counts contributions. Each fact is admitted or refused once, in the order in which they happened, by what was
/// admitted before it; an admitted fact then counts until the window has left it behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributions {
    /// The event types that count, in the author's order.
    pub types: Vec<String>,
    /// The sources whose events count, in the author's order; empty: all.
    pub sources: Vec<String>,
    /// What is counted, and how much of it is needed.
    pub measure: Measure,
    /// How long each counts; none: for ever.
    pub window: Option<Window>,
    /// At most so many of one day of the criteria's calendar.
    pub per_day: Option<u32>,
    /// At most so many from one giver within the window. Facts without a giver are not limited.
    pub per_giver: Option<u32>,
    /// At most so many of one object, ever. A fact without an object stands for an object of its own.
    pub per_object: Option<u32>,
    /// Of what each counts once: of an object once ever, of a type or a source once at a time.
    pub distinct: Option<Distinct>,
    /// Each counts only so many days after it happened, if it was not taken back meanwhile; its window begins and ends
    /// so much later. 0: at once.
    pub hold_days: u32,
    /// Only what somebody else accepted, or gave, counts.
    pub peer_accepted: bool,
    /// What the member did to an object of their own counts, too.
    pub own: bool,
    /// Of what goes both ways between the member and one giver, at most so many within the window.
    pub reciprocal: Option<u32>,
}

/// What is counted, and how much of it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// So many contributions; with [`Distinct::Type`] or [`Distinct::Source`] so many types or sources.
    AtLeast(u32),
    /// So much, added up. A fact adds its amount, rounded down to thousandths, and a billion at most.
    Sum(u32),
    /// So many days of the criteria's calendar with a contribution.
    ActiveDays(u32),
    /// So many days, weeks or months in a row, each with a contribution. It holds until one has gone by without.
    Streak(Cycle, u32),
}

/// How long a contribution counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// So many days of 24 hours: one of moment h counts at h and up to, but not at, h + D days.
    Days(u32),
    /// Until the month, quarter or year of the criteria's calendar in which it happened is over.
    Calendar(Cycle),
    /// Only what came after the latest of these counts; with the next one counting begins anew.
    Since(Anchor),
}

/// From what on contributions count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// The joining; the first one only.
    Joining,
    /// The award of a credential of this track.
    Award(String),
    /// A contribution of this type.
    Event(String),
}

/// A day, or a stretch of days, of the criteria's calendar. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// Three months: from January, April, July or October.
    Quarter,
    /// A year.
    Year,
}

/// Of what each is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distinct {
    /// The object.
    Object,
    /// The type of the contribution.
    Type,
    /// The source it came from. Facts without a source are of one and the same.
    Source,
}
