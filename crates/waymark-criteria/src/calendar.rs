//! Days and months at a fixed offset from UTC. What would leave the calendar stays at its edge: nothing here fails.

use time::{Date, Duration, Month, UtcDateTime, util::days_in_month};

use crate::{Span, Timestamp};

/// The day on which `at` falls, so many minutes east of UTC.
pub(crate) fn local_day(at: Timestamp, offset_minutes: i16) -> Date {
    shift(at, offset_minutes).date()
}

/// `at` and `span`, months counted at the offset; a day that the month lacks is taken as its last.
pub(crate) fn after(at: Timestamp, span: Span, offset_minutes: i16) -> Timestamp {
    match span {
        Span::Days(days) => at.saturating_add(Duration::days(days.into())),
        Span::Months(months) => {
            let local = shift(at, offset_minutes);
            let month = i64::from(local.year()) * 12 + i64::from(u8::from(local.month())) - 1 + i64::from(months);
            match day_of(month, local.day()) {
                Some(day) => shift(UtcDateTime::new(day, local.time()), -offset_minutes),
                None => UtcDateTime::MAX,
            }
        }
    }
}

/// How many whole days or months lie between the two, at most as many as `span` has.
pub(crate) fn elapsed(from: Timestamp, to: Timestamp, span: Span, offset_minutes: i16) -> u32 {
    let (most, unit): (u32, fn(u32) -> Span) = match span {
        Span::Days(days) => (days, Span::Days),
        Span::Months(months) => (months, Span::Months),
    };
    let (mut whole, mut beyond) = (0, most + 1);
    while beyond - whole > 1 {
        let middle = whole + (beyond - whole) / 2;
        if after(from, unit(middle), offset_minutes) <= to {
            whole = middle;
        } else {
            beyond = middle;
        }
    }
    whole
}

fn shift(at: Timestamp, minutes: i16) -> Timestamp {
    at.saturating_add(Duration::minutes(minutes.into()))
}

/// The day, or the last one, of the month counted from year 0.
fn day_of(month: i64, day: u8) -> Option<Date> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(month.rem_euclid(12) + 1).ok()?).ok()?;
    Date::from_calendar_date(year, month, day.min(days_in_month(month, year))).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::{date, utc_datetime};

    use super::*;

    #[test]
    fn days_turn_at_the_offset() {
        assert_eq!(local_day(utc_datetime!(2026-05-01 14:59:59), 540), date!(2026 - 05 - 01));
        assert_eq!(local_day(utc_datetime!(2026-05-01 15:00), 540), date!(2026 - 05 - 02));
        assert_eq!(local_day(utc_datetime!(2026-05-01 04:59:59), -300), date!(2026 - 04 - 30));
    }

    #[test]
    fn months_end_where_the_month_does() {
        let months = |at, months| after(at, Span::Months(months), 0);
        assert_eq!(months(utc_datetime!(2028-02-29 10:00), 12), utc_datetime!(2029-02-28 10:00));
        assert_eq!(months(utc_datetime!(2028-02-29 10:00), 48), utc_datetime!(2032-02-29 10:00));
        assert_eq!(months(utc_datetime!(2026-12-31 0:00), 2), utc_datetime!(2027-02-28 0:00));
        // 20:00 UTC is the next morning in Tokyo, where it is the first of March already.
        assert_eq!(after(utc_datetime!(2028-02-29 20:00), Span::Months(12), 540), utc_datetime!(2029-02-28 20:00));
        assert_eq!(after(utc_datetime!(2028-02-28 20:00), Span::Months(12), 540), utc_datetime!(2029-02-27 20:00));
    }

    #[test]
    fn a_leap_day_makes_the_year_longer() {
        let days = after(utc_datetime!(2028-02-28 0:00), Span::Days(365), 0);
        assert_eq!(days, utc_datetime!(2029-02-27 0:00));
    }

    #[test]
    fn elapsed_counts_whole_ones_and_no_more_than_asked() {
        let joined = utc_datetime!(2028-01-31 10:00);
        let count = |to, span| elapsed(joined, to, span, 0);
        assert_eq!(count(utc_datetime!(2028-02-29 9:59), Span::Months(6)), 0);
        assert_eq!(count(utc_datetime!(2028-02-29 10:00), Span::Months(6)), 1);
        assert_eq!(count(utc_datetime!(2038-02-28 10:00), Span::Months(6)), 6);
        assert_eq!(count(utc_datetime!(2028-02-02 9:59), Span::Days(30)), 1);
        assert_eq!(count(utc_datetime!(2027-01-01 0:00), Span::Days(30)), 0);
    }

    #[test]
    fn the_edge_of_the_calendar_is_not_crossed() {
        for span in [Span::Days(36_525), Span::Months(1_200)] {
            assert_eq!(after(UtcDateTime::MAX, span, 540), UtcDateTime::MAX);
            assert!(after(UtcDateTime::MIN, span, -840) > UtcDateTime::MIN);
        }
        local_day(UtcDateTime::MAX, 840);
        local_day(UtcDateTime::MIN, -840);
    }
}
