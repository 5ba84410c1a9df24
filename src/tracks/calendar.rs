//! The calendar that a version counts days by. It is fixed when the version is published: a zone that changes its rules later, or a program
//! that moves to another zone, changes no count and no date of what was published before.

use serde::{Deserialize, Serialize};
use waymark_criteria::Calendar;

use crate::clock::Timestamp;
use crate::web::zone::Zone;

/// How far ahead the turns of daylight saving are written down; after that the last offset stays.
const YEARS_AHEAD: i64 = 50;

/// A time zone by name, with its offsets as they were known when the version was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCalendar {
    /// `Asia/Tokyo`.
    pub zone: String,
    pub table: Calendar,
}

impl KeptCalendar {
    /// What is known of the zone at `now`.
    pub fn of(zone: &str, now: Timestamp) -> Self {
        let until = now.saturating_add(time::Duration::days(YEARS_AHEAD * 366));
        Self { zone: zone.to_owned(), table: Zone::named(zone).unwrap_or_else(Zone::utc).table(until) }
    }
}
