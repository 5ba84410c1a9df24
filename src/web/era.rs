//! Japanese era years (和暦): 令和 from 1 May 2019, 平成 from 8 January 1989, 昭和 from 25 December 1926.

/// The first day of each era, newest first: year, month, day on the Gregorian calendar.
const ERAS: [((i16, i8, i8), &str); 3] = [((2019, 5, 1), "令和"), ((1989, 1, 8), "平成"), ((1926, 12, 25), "昭和")];

/// Era and year within it, from 1, of a day in Japan; none before 昭和.
pub fn era(day: (i16, i8, i8)) -> Option<(&'static str, i16)> {
    ERAS.iter().find(|(first, _)| day >= *first).map(|((year, ..), name)| (*name, day.0 - year + 1))
}

/// `令和8年`, `令和元年`; the Western year where there is no era.
pub fn year(day: (i16, i8, i8)) -> String {
    match era(day) {
        Some((name, 1)) => format!("{name}元年"),
        Some((name, year)) => format!("{name}{year}年"),
        None => format!("{}年", day.0),
    }
}

/// `令和8年4月`.
pub fn month(day: (i16, i8, i8)) -> String {
    format!("{}{}月", year(day), day.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_era_begins_with_its_day() {
        for (day, written) in [
            ((2026, 4, 1), "令和8年4月"),
            ((2020, 1, 1), "令和2年1月"),
            ((2019, 5, 1), "令和元年5月"),
            ((2019, 4, 30), "平成31年4月"),
            ((1990, 1, 1), "平成2年1月"),
            ((1989, 1, 8), "平成元年1月"),
            ((1989, 1, 7), "昭和64年1月"),
            ((1926, 12, 25), "昭和元年12月"),
            ((1926, 12, 24), "1926年12月"),
        ] {
            assert_eq!(month(day), written, "{day:?}");
        }
    }
}
