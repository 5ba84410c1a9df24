//! Weeks and months of the program's calendar.

use time::{Date, Duration};

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::web::zone::Zone;

/// From the first to the last millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: Timestamp,
    pub last: Timestamp,
}

impl Span {
    /// When the next one begins.
    pub fn next(self) -> Timestamp {
        self.last + Duration::milliseconds(1)
    }
}

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    /// 1 to 12.
    month: i8,
}

impl Month {
    /// The month in which `t` lies.
    pub fn of(zone: &Zone, t: Timestamp) -> Self {
        let (year, month, _) = zone.calendar(t);
        Self { year, month }
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-').filter(|_| text.len() == "2026-11".len())?;
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let month = month.parse().ok().filter(|m| (1..=12).contains(m) && digits(year))?;
        Some(Self { year: year.parse().ok().filter(|y| *y >= 1970)?, month })
    }

    pub fn before(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { month: month - 1, ..self },
        }
    }

    pub fn after(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    pub fn span(self, zone: &Zone) -> Result<Span> {
        let first = |month: Self| zone.day(&format!("{month}-01")).map(|(first, _)| first);
        match (first(self), first(self.after())) {
            (Some(first), Some(next)) => Ok(Span { first, last: next - Duration::milliseconds(1) }),
            _ => Err(Error::not_found()),
        }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// From Monday to Sunday, on the calendar of the zone.
pub fn week(zone: &Zone, now: Timestamp) -> Result<Span> {
    let (year, month, day) = zone.calendar(now);
    let month = time::Month::try_from(month.unsigned_abs()).map_err(Error::internal)?;
    let today = Date::from_calendar_date(year.into(), month, day.unsigned_abs()).map_err(Error::internal)?;
    let monday = today - Duration::days(i64::from(today.weekday().number_days_from_monday()));
    let of = |day: Date| {
        let text = format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day());
        zone.day(&text).ok_or_else(|| Error::internal(format!("the calendar has no {text}")))
    };
    Ok(Span { first: of(monday)?.0, last: of(monday + Duration::days(6))?.1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    #[test]
    fn a_week_begins_on_monday_of_the_zone() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        for inside in ["2026-11-15T15:00:00Z", "2026-11-21T09:00:00Z", "2026-11-22T14:59:59Z"] {
            let week = week(&zone, parse_rfc3339(inside).expect("valid")).expect("a week");
            assert_eq!(
                (rfc3339(week.first), rfc3339(week.next())),
                ("2026-11-15T15:00:00Z".into(), "2026-11-22T15:00:00Z".into())
            );
        }
    }

    #[test]
    fn months_follow_one_another() {
        let read = |text| Month::parse(text).expect("a month");
        assert_eq!(
            (read("2026-01").before().to_string(), read("2026-12").after().to_string()),
            ("2025-12".into(), "2027-01".into())
        );
        for wrong in ["2026-13", "2026-00", "2026-1", "1969-12", "+026-01", "2026/01", ""] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        let span = read("2026-02").span(&zone).expect("a month");
        assert_eq!(
            (rfc3339(span.first), rfc3339(span.next())),
            ("2026-01-31T15:00:00Z".into(), "2026-02-28T15:00:00Z".into())
        );
        assert_eq!(Month::of(&zone, span.last), read("2026-02"));
    }
}
