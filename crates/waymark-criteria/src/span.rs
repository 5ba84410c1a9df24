//! A length of time, as files say it.

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Days of 24 hours.
    Days(u32),
    /// Months of the criteria's calendar; a day that the month lacks is taken as its last (29 February and
    /// 12 months is 28 February).
    Months(u32),
}
