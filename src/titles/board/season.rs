//! Seasons: the quarters of the calendar, in the program's time zone.

use std::fmt;

use crate::clock::Timestamp;
use crate::web::zone::Zone;

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Season {
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
}

impl Season {
    /// The season in which a moment lies.
    pub fn of(zone: &Zone, at: Timestamp) -> Self {
        let (year, month, _) = zone.calendar(at);
        Self { year, quarter: (month - 1) / 3 + 1 }
    }

    /// Reads `2026-q4`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, quarter) = text.split_once("-q")?;
        let digits = |text: &str, n| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(quarter, 1) {
            return None;
        }
        let season = Self { year: year.parse().ok()?, quarter: quarter.parse().ok()? };
        (season.year >= 1970 && (1..=4).contains(&season.quarter)).then_some(season)
    }

    /// From its first moment up to, but not at, another; none beyond the calendar.
    pub fn span(self, zone: &Zone) -> Option<(Timestamp, Timestamp)> {
        let begins = |season: Self| {
            let month = (season.quarter - 1) * 3 + 1;
            zone.day(&format!("{:04}-{month:02}-01", season.year)).map(|(first, _)| first)
        };
        Some((begins(self)?, begins(self.next())?))
    }

    fn next(self) -> Self {
        if self.quarter == 4 {
            Self { year: self.year + 1, quarter: 1 }
        } else {
            Self { quarter: self.quarter + 1, ..self }
        }
    }

    fn before(self) -> Self {
        if self.quarter == 1 {
            Self { year: self.year - 1, quarter: 4 }
        } else {
            Self { quarter: self.quarter - 1, ..self }
        }
    }

    /// This one and those before it, back to `first`, at most `most`.
    pub fn back_to(self, first: Self, most: usize) -> Vec<Self> {
        let line = std::iter::successors(Some(self), |season| Some(season.before()));
        line.take_while(|season| *season >= first).take(most).collect()
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-q{}", self.year, self.quarter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    #[test]
    fn a_quarter_is_that_of_the_zone() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        let at = |text: &str| Season::of(&zone, parse_rfc3339(text).expect("a time")).to_string();
        assert_eq!((at("2026-12-31T14:59:59Z"), at("2026-12-31T15:00:00Z")), ("2026-q4".into(), "2027-q1".into()));
        let (from, until) = Season { year: 2026, quarter: 4 }.span(&zone).expect("in the calendar");
        assert_eq!((rfc3339(from), rfc3339(until)), ("2026-09-30T15:00:00Z".into(), "2026-12-31T15:00:00Z".into()));
    }

    #[test]
    fn what_is_no_season_is_not_read() {
        assert_eq!(Season::parse("2026-q4"), Some(Season { year: 2026, quarter: 4 }));
        for text in ["2026-q5", "2026-q0", "2026", "26-q1", "2026-q11", "1969-q4", "+026-q1", "2026-Q1", ""] {
            assert_eq!(Season::parse(text), None, "{text}");
        }
        let line = Season { year: 2026, quarter: 2 }.back_to(Season { year: 2025, quarter: 4 }, 9);
        assert_eq!(line.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-q2", "2026-q1", "2025-q4"]);
    }
}
