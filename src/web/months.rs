//! The months of a period on a program's calendar: what figures are summed by.

use super::i18n::Words;
use super::zone::Zone;
use crate::clock::Timestamp;

/// From the month of one moment to the month of another, both counted.
#[derive(Debug, Clone)]
pub struct Months {
    zone: Zone,
    year: i16,
    /// From 1.
    month: i8,
    n: usize,
}

impl Months {
    pub fn between(zone: &Zone, first: Timestamp, last: Timestamp) -> Self {
        let (year, month, _) = zone.calendar(first);
        let mut months = Self { zone: zone.clone(), year, month, n: 0 };
        months.n = months.distance(last).map_or(1, |distance| distance + 1);
        months
    }

    /// The `n` months of which that of `last` is the last.
    pub fn last(n: usize, zone: &Zone, last: Timestamp) -> Self {
        let (year, month, _) = zone.calendar(last);
        let back = i32::try_from(n.max(1) - 1).unwrap_or_default();
        let all = i32::from(year) * 12 + i32::from(month) - 1 - back;
        let of = |number: i32| i16::try_from(number.div_euclid(12)).unwrap_or(year);
        Self {
            zone: zone.clone(),
            year: of(all),
            month: i8::try_from(all.rem_euclid(12)).unwrap_or_default() + 1,
            n: n.max(1),
        }
    }

    pub fn count(&self) -> usize {
        self.n
    }

    /// So many months after the first one; none before it.
    fn distance(&self, t: Timestamp) -> Option<usize> {
        let (year, month, _) = self.zone.calendar(t);
        let months = |year: i16, month: i8| i32::from(year) * 12 + i32::from(month);
        usize::try_from(months(year, month) - months(self.year, self.month)).ok()
    }

    /// Which of them the moment lies in.
    pub fn place(&self, t: Timestamp) -> Option<usize> {
        self.distance(t).filter(|place| *place < self.n)
    }

    /// `2026-11`, for each.
    pub fn written(&self) -> Vec<String> {
        let first = i32::from(self.year) * 12 + i32::from(self.month) - 1;
        let months = (first..).take(self.n);
        months.map(|number| format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1)).collect()
    }

    /// The first moment of the first month.
    pub fn begins(&self) -> Option<Timestamp> {
        self.zone.day(&format!("{:04}-{:02}-01", self.year, self.month)).map(|(begins, _)| begins)
    }

    /// `2026年11月` or `Nov 2026`, for each.
    pub fn names(&self, words: Words) -> Vec<String> {
        let begun = |written: String| self.zone.day(&format!("{written}-01")).map(|(begins, _)| begins);
        let name = |written: String| match begun(written.clone()) {
            Some(begins) => self.zone.month(words, begins),
            None => written,
        };
        self.written().into_iter().map(name).collect()
    }

    /// How many of these moments lie in each.
    pub fn sums(&self, moments: impl IntoIterator<Item = Timestamp>) -> Vec<u64> {
        let mut sums = vec![0; self.n];
        for place in moments.into_iter().filter_map(|t| self.place(t)) {
            sums[place] += 1;
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;
    use crate::web::i18n::Locale;

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).expect("a literal time")
    }

    #[test]
    fn months_are_those_of_the_zone_and_cross_the_year() {
        let tokyo = Zone::named("Asia/Tokyo").expect("bundled");
        // In Tokyo it is the first of December already.
        let months = Months::between(&tokyo, at("2026-11-30T15:00:00Z"), at("2027-02-10T00:00:00Z"));
        assert_eq!(months.written(), ["2026-12", "2027-01", "2027-02"]);
        assert_eq!(months.names(Words::new(Locale::En)), ["Dec 2026", "Jan 2027", "Feb 2027"]);
        assert_eq!(months.names(Words::new(Locale::Ja))[0], "2026年12月");
        assert_eq!(months.place(at("2026-11-30T14:59:59Z")), None);
        assert_eq!(months.place(at("2027-02-28T14:59:59Z")), Some(2));
        assert_eq!(months.place(at("2027-02-28T15:00:00Z")), None);
        assert_eq!(
            months.sums([at("2027-01-01T00:00:00Z"), at("2027-01-31T14:00:00Z"), at("2030-01-01T00:00:00Z")]),
            [0, 2, 0]
        );
    }

    #[test]
    fn the_last_months_end_with_that_of_the_moment() {
        let last = Months::last(12, &Zone::utc(), at("2026-03-31T00:00:00Z"));
        assert_eq!((last.count(), last.written()[0].as_str(), last.written()[11].as_str()), (12, "2025-04", "2026-03"));
        assert_eq!(Months::last(0, &Zone::utc(), at("2026-01-31T00:00:00Z")).written(), ["2026-01"]);
    }
}
