//! The calendar of the sums: days since 1970-01-01 in UTC.

use crate::clock::{Timestamp, from_millis};
use crate::web::zone::Zone;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Days since 1970-01-01 in UTC. One calendar for all: a program that moves to another zone has no day twice and none too few.
pub fn day_of(t: Timestamp) -> i32 {
    i32::try_from(t.unix_timestamp().div_euclid(DAY_SECONDS)).expect("a UtcDateTime spans 20,000 years of days")
}

/// The first moment of a day.
pub fn start_of(day: i32) -> Timestamp {
    from_millis(i64::from(day) * DAY_SECONDS * 1000)
}

/// `2026-11-21`.
pub fn written(day: i32) -> String {
    let (year, month, day) = Zone::utc().calendar(start_of(day));
    format!("{year:04}-{month:02}-{day:02}")
}
