//! The calendar by which days and months are counted: a table of offsets from UTC, so that the same facts are counted
//! alike for ever. What would leave the range of dates stays at its edge: nothing here fails but a bad table.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, Time, UtcDateTime, util::days_in_month};

use crate::{Cycle, Span, Timestamp};

/// How many minutes a place's days lie east of UTC, and the moments at which that changed or will change.
///
/// It is a copy of what was known of a time zone when it was made. A later change of the zone's rules changes nothing
/// here; whoever wants it makes a new track version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Calendar {
    minutes: i16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    turns: Vec<Turn>,
}

/// From this moment, in seconds since 1970, the offset is so many minutes. Written `[1679792400, 120]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Turn(i64, i16);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    minutes: i16,
    #[serde(default)]
    turns: Vec<Turn>,
}

/// Why a table is not a [`Calendar`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a calendar has offsets within 14 hours of UTC and at most 2000 turns, each later than the one before")]
pub struct InvalidCalendar;

impl TryFrom<Written> for Calendar {
    type Error = InvalidCalendar;

    fn try_from(Written { minutes, turns }: Written) -> Result<Self, InvalidCalendar> {
        Self::of(minutes, turns)
    }
}

impl Calendar {
    /// The farthest that days may lie from UTC's.
    pub const MAX_OFFSET_MINUTES: i16 = 14 * 60;
    /// The longest table.
    pub const MAX_TURNS: usize = 2000;
    /// Days as UTC counts them.
    pub const UTC: Self = Self { minutes: 0, turns: Vec::new() };

    /// One offset for ever; what lies beyond 14 hours is taken as 14 hours.
    #[must_use]
    pub fn fixed(minutes: i16) -> Self {
        let most = Self::MAX_OFFSET_MINUTES;
        Self { minutes: minutes.clamp(-most, most), turns: Vec::new() }
    }

    /// So many minutes east of UTC at first, then from each moment on as many as stand beside it. Moments count in whole
    /// seconds.
    ///
    /// # Errors
    /// Offsets beyond 14 hours, turns that do not ascend, or too many of them.
    pub fn new(minutes: i16, turns: impl IntoIterator<Item = (Timestamp, i16)>) -> Result<Self, InvalidCalendar> {
        Self::of(minutes, turns.into_iter().map(|(from, minutes)| Turn(from.unix_timestamp(), minutes)).collect())
    }

    fn of(minutes: i16, turns: Vec<Turn>) -> Result<Self, InvalidCalendar> {
        let within = |minutes: i16| minutes.unsigned_abs() <= Self::MAX_OFFSET_MINUTES.unsigned_abs();
        let sound = within(minutes)
            && turns.len() <= Self::MAX_TURNS
            && turns.iter().all(|turn| within(turn.1))
            && turns.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if sound { Ok(Self { minutes, turns }) } else { Err(InvalidCalendar) }
    }

    /// Reads the pairs of seconds and minutes that [`turns`](Self::turns) writes.
    pub(crate) fn read(minutes: i16, turns: Vec<(i64, i16)>) -> Result<Self, InvalidCalendar> {
        Self::of(minutes, turns.into_iter().map(|(from, minutes)| Turn(from, minutes)).collect())
    }

    /// Minutes east of UTC before the first turn.
    pub(crate) fn first_minutes(&self) -> i16 {
        self.minutes
    }

    /// The turns as pairs of seconds since 1970 and minutes east of UTC.
    pub(crate) fn turns(&self) -> Vec<(i64, i16)> {
        self.turns.iter().map(|turn| (turn.0, turn.1)).collect()
    }

    /// Minutes east of UTC at a moment.
    #[must_use]
    pub fn offset_minutes(&self, at: Timestamp) -> i16 {
        let passed = self.turns.partition_point(|turn| turn.0 <= at.unix_timestamp());
        passed.checked_sub(1).and_then(|last| self.turns.get(last)).map_or(self.minutes, |turn| turn.1)
    }

    /// The day on which `at` falls.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        shift(at, self.offset_minutes(at)).date()
    }

    /// Which day, week, month, quarter or year `at` falls into, counted from one long ago: the next one has the next
    /// number.
    pub(crate) fn number(&self, at: Timestamp, cycle: Cycle) -> i64 {
        let day = self.day(at);
        let month = i64::from(day.year()) * 12 + i64::from(u8::from(day.month())) - 1;
        match cycle {
            Cycle::Day => day.to_julian_day().into(),
            // The first of all Julian days was a Monday.
            Cycle::Week => i64::from(day.to_julian_day()).div_euclid(7),
            Cycle::Month => month,
            Cycle::Quarter => month.div_euclid(3),
            Cycle::Year => day.year().into(),
        }
    }

    /// When the day, week, month, quarter or year of this number begins; of a midnight that the clocks show twice, the
    /// later one.
    pub(crate) fn begins(&self, cycle: Cycle, number: i64) -> Timestamp {
        let of_days = |days: i64| i32::try_from(days).ok().and_then(|days| Date::from_julian_day(days).ok());
        let first = match cycle {
            Cycle::Day => of_days(number),
            Cycle::Week => of_days(number.saturating_mul(7)),
            Cycle::Month => day_of(number, 1),
            Cycle::Quarter => day_of(number.saturating_mul(3), 1),
            Cycle::Year => day_of(number.saturating_mul(12), 1),
        };
        let Some(first) = first else { return UtcDateTime::MAX };
        let local = UtcDateTime::new(first, Time::MIDNIGHT);
        let late = self.readings(local).into_iter().max().filter(|late| self.shows(*late, local));
        late.unwrap_or_else(|| self.moment(local))
    }

    /// `at` and `span`; a day that the month lacks is taken as its last. A time of day that the clocks skip, or show
    /// twice, is read by the offset that held before.
    pub(crate) fn after(&self, at: Timestamp, span: Span) -> Timestamp {
        match span {
            Span::Days(days) => at.saturating_add(Duration::days(days.into())),
            Span::Months(months) => {
                let local = shift(at, self.offset_minutes(at));
                let month = i64::from(local.year()) * 12 + i64::from(u8::from(local.month())) - 1 + i64::from(months);
                match day_of(month, local.day()) {
                    Some(day) => self.moment(UtcDateTime::new(day, local.time())),
                    None => UtcDateTime::MAX,
                }
            }
        }
    }

    /// The moment at which the clocks of the place show `local`.
    fn moment(&self, local: UtcDateTime) -> Timestamp {
        let [before, after] = self.readings(local);
        if !self.shows(before, local) && self.shows(after, local) { after } else { before }
    }

    /// `local` by the offset that held before it, and by the one that held after it.
    fn readings(&self, local: UtcDateTime) -> [Timestamp; 2] {
        [-Self::MAX_OFFSET_MINUTES, Self::MAX_OFFSET_MINUTES]
            .map(|aside| shift(local, -self.offset_minutes(shift(local, aside))))
    }

    fn shows(&self, at: Timestamp, local: UtcDateTime) -> bool {
        shift(local, -self.offset_minutes(at)) == at
    }

    /// How many whole days or months lie between the two, at most as many as `span` has.
    pub(crate) fn elapsed(&self, from: Timestamp, to: Timestamp, span: Span) -> u32 {
        let (most, unit): (u32, fn(u32) -> Span) = match span {
            Span::Days(days) => (days, Span::Days),
            Span::Months(months) => (months, Span::Months),
        };
        let (mut whole, mut beyond) = (0, most + 1);
        while beyond - whole > 1 {
            let middle = whole + (beyond - whole) / 2;
            if self.after(from, unit(middle)) <= to {
                whole = middle;
            } else {
                beyond = middle;
            }
        }
        whole
    }
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

    /// Berlin in 2026: summer time from 29 March, 01:00 UTC, to 25 October, 01:00 UTC.
    fn berlin() -> Calendar {
        let turns = [(utc_datetime!(2026-03-29 1:00), 120), (utc_datetime!(2026-10-25 1:00), 60)];
        Calendar::new(60, turns).expect("ascending")
    }

    #[test]
    fn days_turn_at_the_offset() {
        let day = |at, minutes| Calendar::fixed(minutes).day(at);
        assert_eq!(day(utc_datetime!(2026-05-01 14:59:59), 540), date!(2026 - 05 - 01));
        assert_eq!(day(utc_datetime!(2026-05-01 15:00), 540), date!(2026 - 05 - 02));
        assert_eq!(day(utc_datetime!(2026-05-01 04:59:59), -300), date!(2026 - 04 - 30));
    }

    #[test]
    fn each_moment_has_the_offset_of_its_own_time() {
        assert_eq!(berlin().day(utc_datetime!(2026-02-10 22:59:59)), date!(2026 - 02 - 10));
        assert_eq!(berlin().day(utc_datetime!(2026-02-10 23:00)), date!(2026 - 02 - 11));
        assert_eq!(berlin().day(utc_datetime!(2026-07-10 21:59:59)), date!(2026 - 07 - 10));
        assert_eq!(berlin().day(utc_datetime!(2026-07-10 22:00)), date!(2026 - 07 - 11));
        // The turn itself belongs to the new offset, the second before it to the old one.
        assert_eq!(berlin().offset_minutes(utc_datetime!(2026-03-29 0:59:59)), 60);
        assert_eq!(berlin().offset_minutes(utc_datetime!(2026-03-29 1:00)), 120);
    }

    #[test]
    fn months_keep_the_time_of_day_across_a_turn() {
        let month = |at| berlin().after(at, Span::Months(1));
        assert_eq!(month(utc_datetime!(2026-03-10 9:00)), utc_datetime!(2026-04-10 8:00));
        assert_eq!(month(utc_datetime!(2026-10-10 8:00)), utc_datetime!(2026-11-10 9:00));
        // 02:30 on 29 March does not exist: by the offset before, it is 03:30. 02:30 on 25 October is there twice: the first.
        assert_eq!(month(utc_datetime!(2026-02-28 1:30)), utc_datetime!(2026-03-28 1:30));
        assert_eq!(berlin().after(utc_datetime!(2026-01-29 1:30), Span::Months(2)), utc_datetime!(2026-03-29 1:30));
        assert_eq!(month(utc_datetime!(2026-09-25 0:30)), utc_datetime!(2026-10-25 0:30));
    }

    #[test]
    fn months_end_where_the_month_does() {
        let months = |at, months| Calendar::UTC.after(at, Span::Months(months));
        assert_eq!(months(utc_datetime!(2028-02-29 10:00), 12), utc_datetime!(2029-02-28 10:00));
        assert_eq!(months(utc_datetime!(2028-02-29 10:00), 48), utc_datetime!(2032-02-29 10:00));
        assert_eq!(months(utc_datetime!(2026-12-31 0:00), 2), utc_datetime!(2027-02-28 0:00));
        // 20:00 UTC is the next morning in Tokyo, where it is the first of March already.
        let tokyo = Calendar::fixed(540);
        let year = |at| tokyo.after(at, Span::Months(12));
        assert_eq!(year(utc_datetime!(2028-02-29 20:00)), utc_datetime!(2029-02-28 20:00));
        assert_eq!(year(utc_datetime!(2028-02-28 20:00)), utc_datetime!(2029-02-27 20:00));
    }

    #[test]
    fn a_leap_day_makes_the_year_longer() {
        let days = Calendar::UTC.after(utc_datetime!(2028-02-28 0:00), Span::Days(365));
        assert_eq!(days, utc_datetime!(2029-02-27 0:00));
    }

    #[test]
    fn elapsed_counts_whole_ones_and_no_more_than_asked() {
        let joined = utc_datetime!(2028-01-31 10:00);
        let count = |to, span| Calendar::UTC.elapsed(joined, to, span);
        assert_eq!(count(utc_datetime!(2028-02-29 9:59), Span::Months(6)), 0);
        assert_eq!(count(utc_datetime!(2028-02-29 10:00), Span::Months(6)), 1);
        assert_eq!(count(utc_datetime!(2038-02-28 10:00), Span::Months(6)), 6);
        assert_eq!(count(utc_datetime!(2028-02-02 9:59), Span::Days(30)), 1);
        assert_eq!(count(utc_datetime!(2027-01-01 0:00), Span::Days(30)), 0);
    }

    #[test]
    fn the_edge_of_the_calendar_is_not_crossed() {
        for span in [Span::Days(36_525), Span::Months(1_200)] {
            assert_eq!(Calendar::fixed(540).after(UtcDateTime::MAX, span), UtcDateTime::MAX);
            assert!(Calendar::fixed(-840).after(UtcDateTime::MIN, span) > UtcDateTime::MIN);
        }
        Calendar::fixed(840).day(UtcDateTime::MAX);
        Calendar::fixed(-840).day(UtcDateTime::MIN);
    }

    #[test]
    fn weeks_begin_on_monday_and_quarters_with_the_year() {
        let tokyo = Calendar::fixed(540);
        let number = |at, cycle| tokyo.number(at, cycle);
        let sunday_night = utc_datetime!(2026-11-22 14:59:59);
        let monday = utc_datetime!(2026-11-22 15:00);
        assert_eq!(number(monday, Cycle::Week), number(sunday_night, Cycle::Week) + 1);
        assert_eq!(tokyo.begins(Cycle::Week, number(monday, Cycle::Week)), monday);
        for (cycle, first) in [
            (Cycle::Day, utc_datetime!(2026-11-21 15:00)),
            (Cycle::Week, utc_datetime!(2026-11-15 15:00)),
            (Cycle::Month, utc_datetime!(2026-10-31 15:00)),
            (Cycle::Quarter, utc_datetime!(2026-09-30 15:00)),
            (Cycle::Year, utc_datetime!(2025-12-31 15:00)),
        ] {
            let of = number(sunday_night, cycle);
            assert_eq!(tokyo.begins(cycle, of), first, "{cycle:?}");
            assert_eq!(number(first, cycle), of, "{cycle:?}");
            assert_eq!(number(first - Duration::nanoseconds(1), cycle), of - 1, "{cycle:?}");
        }
        assert_eq!(tokyo.begins(Cycle::Year, 12_000), UtcDateTime::MAX);
        assert_eq!(tokyo.begins(Cycle::Day, i64::MAX), UtcDateTime::MAX);
    }

    #[test]
    fn a_midnight_that_comes_twice_begins_its_day_the_second_time() {
        // At half past midnight on 1 November the clocks go back by an hour.
        let calendar = Calendar::new(0, [(utc_datetime!(2026-11-01 0:30), -60)]).expect("ascending");
        let november = calendar.number(utc_datetime!(2026-11-10 0:00), Cycle::Month);
        assert_eq!(calendar.begins(Cycle::Month, november), utc_datetime!(2026-11-01 1:00));
        assert_eq!(calendar.number(utc_datetime!(2026-11-01 0:59), Cycle::Month), november - 1);
    }

    #[test]
    fn a_table_is_kept_as_it_was_and_a_bad_one_refused() {
        let text = serde_json::to_string(&berlin()).expect("plain data");
        assert_eq!(text, r#"{"minutes":60,"turns":[[1774746000,120],[1792890000,60]]}"#);
        assert_eq!(serde_json::from_str::<Calendar>(&text).expect("valid"), berlin());
        let tokyo = r#"{"minutes":540}"#;
        assert_eq!(serde_json::from_str::<Calendar>(tokyo).expect("valid"), Calendar::fixed(540));
        assert_eq!(serde_json::to_string(&Calendar::fixed(540)).expect("plain data"), tokyo);
        for bad in [
            r#"{"minutes":841}"#,
            r#"{"minutes":0,"turns":[[5,-841]]}"#,
            r#"{"minutes":0,"turns":[[5,60],[5,0]]}"#,
            r#"{"minutes":0,"zone":"UTC"}"#,
        ] {
            assert!(serde_json::from_str::<Calendar>(bad).is_err(), "{bad}");
        }
        let many = (0..=2000).map(|n| (UtcDateTime::UNIX_EPOCH + Duration::days(n), 0));
        assert_eq!(Calendar::new(0, many), Err(InvalidCalendar));
    }
}
