//! Terms as people write them, in days of the program's calendar, and as the ledger keeps them, in moments.

use time::Duration;

use crate::clock::Timestamp;
use crate::error::{Error, Fault, Result};
use crate::web::zone::Zone;

/// No title is given for longer, in days.
const LONGEST: i64 = 36_525;

/// From the first moment of a day up to, but not at, the first moment after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Term {
    /// Reads the first and the last day. What is missing is taken from `usual`; `now` says which day is today.
    ///
    /// # Errors
    /// What is no day, begins in the past, or ends before it begins; each at its field.
    pub fn read(zone: &Zone, now: Timestamp, (from, to): (Option<&str>, Option<&str>), usual: &Usual) -> Result<Self> {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let mut faults = vec![];
        let day = |pointer: &str, text: &str, faults: &mut Vec<Fault>| {
            let read = zone.day(text);
            if read.is_none() {
                faults.push(Fault::new(pointer, "invalid_day", "write a day as 2026-04-01"));
            }
            read
        };
        let first = given(from).unwrap_or_else(|| usual.from.clone());
        let first = day("/from", &first, &mut faults).map(|(begin, _)| begin);
        let last = match given(to).or_else(|| first.and_then(|first| usual.to_after(zone, first))) {
            Some(text) => day("/to", &text, &mut faults).map(|(_, end)| end + Duration::milliseconds(1)),
            None => {
                let detail = "the track does not say how long a term is (`validity`): say until when this one lasts";
                faults.push(Fault::new("/to", "missing_field", detail));
                None
            }
        };
        let today = zone.day(&day_of(zone, now)).map_or(now, |(begin, _)| begin);
        if first.is_some_and(|first| first < today) {
            faults.push(Fault::new(
                "/from",
                "in_the_past",
                "nobody is given a title into the past: begin today or later",
            ));
        }
        match (first, last) {
            (Some(from), Some(until)) if until <= from || until <= now => {
                faults.push(Fault::new("/to", "too_early", "the last day lies before the first, or in the past"));
            }
            (Some(from), Some(until)) if (until - from).whole_days() > LONGEST => {
                faults.push(Fault::new("/to", "too_late", "a term lasts at most a hundred years"));
            }
            (Some(from), Some(until)) if faults.is_empty() => return Ok(Self { from, until }),
            _ => {}
        }
        Err(Error::invalid(faults))
    }

    /// The last day of the term, as forms write it.
    pub fn last_day(&self, zone: &Zone) -> String {
        day_of(zone, self.until - Duration::milliseconds(1))
    }
}

/// The term that is proposed where nobody says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usual {
    /// The first day.
    pub from: String,
    months: Option<u32>,
}

impl Usual {
    /// From the end of the term before, where that lies ahead, else from today; as long as the track's validity says.
    pub fn of(zone: &Zone, now: Timestamp, before: Option<Timestamp>, months: Option<u32>) -> Self {
        Self { from: day_of(zone, before.map_or(now, |end| end.max(now))), months }
    }

    /// The last day, as forms write it.
    pub fn to(&self, zone: &Zone) -> Option<String> {
        self.to_after(zone, zone.day(&self.from)?.0)
    }

    fn to_after(&self, zone: &Zone, first: Timestamp) -> Option<String> {
        // The day so many months later is the first that is no longer part of it.
        let after = day_of(zone, zone.end_after_months(first, self.months?)?);
        Some(day_of(zone, zone.day(&after)?.0 - Duration::milliseconds(1)))
    }
}

/// A day as forms write it.
pub fn day_of(zone: &Zone, at: Timestamp) -> String {
    let (year, month, day) = zone.calendar(at);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    fn tokyo() -> Zone {
        Zone::named("Asia/Tokyo").expect("bundled")
    }

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).expect("a time")
    }

    fn codes(read: Result<Term>) -> Vec<(String, &'static str)> {
        let refused = read.expect_err("refused");
        refused.faults().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
    }

    #[test]
    fn a_year_from_the_first_of_april_ends_with_march() {
        let now = at("2026-03-10T00:00:00Z");
        let usual = Usual::of(&tokyo(), now, Some(at("2026-03-31T15:00:00Z")), Some(12));
        assert_eq!((usual.from.as_str(), usual.to(&tokyo()).as_deref()), ("2026-04-01", Some("2027-03-31")));
        let term = Term::read(&tokyo(), now, (None, None), &usual).expect("a term");
        assert_eq!(
            (rfc3339(term.from), rfc3339(term.until)),
            ("2026-03-31T15:00:00Z".into(), "2027-03-31T15:00:00Z".into())
        );
        assert_eq!(term.last_day(&tokyo()), "2027-03-31");
        let leap = Usual::of(&tokyo(), at("2027-02-28T15:00:00Z"), None, Some(12));
        assert_eq!((leap.from.as_str(), leap.to(&tokyo()).as_deref()), ("2027-03-01", Some("2028-02-29")));
    }

    #[test]
    fn what_is_no_term_is_told_at_its_field() {
        let now = at("2026-03-10T00:00:00Z");
        let usual = Usual::of(&tokyo(), now, None, None);
        let read = |from, to| Term::read(&tokyo(), now, (from, to), &usual);
        assert!(read(None, Some("2026-03-10")).is_ok(), "today alone is a term");
        assert_eq!(codes(read(None, None)), [("/to".into(), "missing_field")]);
        assert_eq!(codes(read(Some("2026-03-09"), Some("2026-05-01"))), [("/from".into(), "in_the_past")]);
        assert_eq!(
            codes(read(Some("soon"), Some("2026-02-30"))),
            [("/from".into(), "invalid_day"), ("/to".into(), "invalid_day")]
        );
        assert_eq!(codes(read(Some("2026-05-01"), Some("2026-04-30"))), [("/to".into(), "too_early")]);
        assert_eq!(codes(read(None, Some("2926-04-30"))), [("/to".into(), "too_late")]);
    }
}
