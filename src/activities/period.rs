//! The days that are asked for.

use crate::clock::Timestamp;
use crate::error::{Error, Fault, Result};
use crate::web::months::Months;
use crate::web::zone::Zone;

/// From one day to another on the program's calendar, both counted.
#[derive(Debug, Clone)]
pub struct Period {
    pub first: Timestamp,
    /// The last millisecond of the last day.
    pub last: Timestamp,
    pub zone: Zone,
    pub months: Months,
}

/// What is shown where nothing else is asked for: these months, that of today among them.
const USUAL_MONTHS: usize = 12;

impl Period {
    /// The longest, in days.
    pub const LONGEST: i64 = 366;

    /// Reads `from` and `to`, days as `2026-11-21`; to the end of today, and twelve months where `from` is not given.
    ///
    /// # Errors
    /// What is no day, days in the wrong order, and a period that is too long, each with its place.
    pub fn read(zone: &Zone, from: Option<&str>, to: Option<&str>, now: Timestamp) -> Result<Self> {
        let mut faults = vec![];
        let mut day = |name: &str, text: Option<&str>| {
            let text = text.map(str::trim).filter(|text| !text.is_empty())?;
            let found = zone.day(text);
            if found.is_none() {
                let detail = "write a day as year-month-day, for example 2026-11-21";
                faults.push(Fault::new(format!("/{name}"), "invalid_value", detail));
            }
            found
        };
        let (first, last) = (day("from", from), day("to", to));
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let last = match last {
            Some((_, last)) => last,
            None => zone.day(&written(zone, now)).map_or(now, |(_, last)| last),
        };
        let usual = || Months::last(USUAL_MONTHS, zone, last).begins().unwrap_or(last);
        let first = first.map_or_else(usual, |(first, _)| first);
        // Some days have 23 or 25 hours.
        let days = ((last - first).whole_hours() + 12) / 24;
        if last < first || days > Self::LONGEST {
            let detail = format!("`from` lies before `to`, and both within {} days", Self::LONGEST);
            return Err(Error::invalid(vec![Fault::new("/from", "out_of_range", detail)]));
        }
        Ok(Self { first, last, months: Months::between(zone, first, last), zone: zone.clone() })
    }

    /// Both ends as they would be asked for.
    pub fn written(&self) -> (String, String) {
        (written(&self.zone, self.first), written(&self.zone, self.last))
    }

    pub fn holds(&self, t: Timestamp) -> bool {
        self.first <= t && t <= self.last
    }
}

/// `2026-11-21`.
fn written(zone: &Zone, t: Timestamp) -> String {
    let (year, month, day) = zone.calendar(t);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    fn read(from: Option<&str>, to: Option<&str>) -> Result<Period> {
        let tokyo = Zone::named("Asia/Tokyo").expect("bundled");
        Period::read(&tokyo, from, to, parse_rfc3339("2026-11-21T09:00:00Z").expect("a literal time"))
    }

    #[test]
    fn a_period_is_read_strictly_on_the_programs_calendar() {
        let usual = read(None, None).expect("twelve months");
        assert_eq!(usual.written(), ("2025-12-01".to_owned(), "2026-11-21".to_owned()));
        assert_eq!((usual.months.count(), rfc3339(usual.first).as_str()), (12, "2025-11-30T15:00:00Z"));
        let day = read(Some("2026-11-20"), Some("2026-11-20")).expect("one day");
        assert!(day.holds(parse_rfc3339("2026-11-20T14:59:59.999Z").expect("a time")));
        assert!(!day.holds(parse_rfc3339("2026-11-20T15:00:00Z").expect("a time")));
        assert_eq!(read(Some("2025-11-21"), Some("2026-11-21")).expect("a year and a day").months.count(), 13);
        for (from, to, at) in [
            (Some("yesterday"), None, "/from"),
            (None, Some("2026-02-30"), "/to"),
            (Some("2026-11-22"), Some("2026-11-21"), "/from"),
            (Some("2025-11-20"), Some("2026-11-21"), "/from"),
        ] {
            let error = read(from, to).expect_err("refused");
            assert_eq!(error.faults()[0].pointer, at, "{from:?} {to:?}");
        }
    }
}
