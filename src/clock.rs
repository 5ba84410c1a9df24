//! Time as an argument. A [`Timestamp`] is always UTC and always whole milliseconds, so that SQLite and PostgreSQL store the same instant.

use std::sync::Mutex;

pub use time::UtcDateTime as Timestamp;
use time::{Duration, UtcDateTime};

/// Where the present comes from. The only reader of the system clock is [`SystemClock`].
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> Timestamp {
        truncate(UtcDateTime::now())
    }
}

/// A clock that stands still until it is moved: for tests and for building the demo's past.
pub struct StoppedClock(Mutex<Timestamp>);

impl StoppedClock {
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(truncate(now)))
    }

    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().expect("no thread panics while it holds this lock");
        *now += by;
    }

    pub fn set(&self, to: Timestamp) {
        *self.0.lock().expect("no thread panics while it holds this lock") = truncate(to);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no thread panics while it holds this lock")
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z: the stored form of every time column.
pub fn millis(t: Timestamp) -> i64 {
    i64::try_from(t.unix_timestamp_nanos() / 1_000_000)
        .expect("a UtcDateTime spans 20,000 years, which fit into i64 milliseconds")
}

/// The inverse of [`millis`]; values out of range (a damaged row) are pulled to the epoch.
pub fn from_millis(ms: i64) -> Timestamp {
    UtcDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).unwrap_or(UtcDateTime::UNIX_EPOCH)
}

fn truncate(t: Timestamp) -> Timestamp {
    from_millis(millis(t))
}

/// RFC 3339 in UTC with seconds, and milliseconds only where there are any: `2026-11-21T09:05:07Z`.
pub fn rfc3339(t: Timestamp) -> String {
    t.format(&time::format_description::well_known::Rfc3339).unwrap_or_else(|_| "0000-01-01T00:00:00Z".to_owned())
}

/// Parses RFC 3339 with any offset into UTC milliseconds; nothing where that lies outside the years 0000 to 9999, which [`rfc3339`] can write.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let t = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
    t.checked_to_utc().filter(|t| (0..=9999).contains(&t.year())).map(truncate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_survive_the_round_trip_and_more_is_cut_off() {
        let t = parse_rfc3339("2026-04-01T00:00:00.123456+09:00").expect("valid");
        assert_eq!(rfc3339(t), "2026-03-31T15:00:00.123Z");
        assert_eq!(from_millis(millis(t)), t);
    }

    #[test]
    fn an_offset_does_not_lead_out_of_the_calendar() {
        for (text, utc) in [
            ("9999-12-31T23:59:59-23:59", None),
            ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z")),
            ("0000-01-01T00:00:00+23:59", None),
            ("0000-01-01T00:00:00-23:59", Some("0000-01-01T23:59:00Z")),
        ] {
            assert_eq!(parse_rfc3339(text).map(rfc3339).as_deref(), utc, "{text}");
        }
    }
}
