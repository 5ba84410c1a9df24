//! Times for people: always in a named zone, in the order and words of their language.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp as Instant, Zoned};

use waymark_criteria::Calendar;

use super::era;
use super::i18n::{Locale, Words};
use crate::clock::{Timestamp, from_millis, millis};

/// The time zone of a program: `Asia/Tokyo`.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// An IANA name, or None when there is no such zone.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// The IANA name, for scripts that write times beside ours.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    fn at(&self, t: Timestamp) -> Zoned {
        let end = if millis(t) < 0 { Instant::MIN } else { Instant::MAX };
        Instant::from_millisecond(millis(t)).unwrap_or(end).to_zoned(self.0.clone())
    }

    /// `2026年11月21日` or `21 Nov 2026`.
    pub fn date(&self, words: Words, t: Timestamp) -> String {
        let z = self.at(t);
        match words.locale {
            Locale::Ja => format!("{}年{}月{}日", z.year(), z.month(), z.day()),
            Locale::En => z.strftime("%-d %b %Y").to_string(),
        }
    }

    /// `2026年11月` or `Nov 2026`.
    pub fn month(&self, words: Words, t: Timestamp) -> String {
        let z = self.at(t);
        match words.locale {
            Locale::Ja => format!("{}年{}月", z.year(), z.month()),
            Locale::En => z.strftime("%b %Y").to_string(),
        }
    }

    /// As certificates write it: `2026年4月1日` or `1 April 2026`.
    pub fn formal_date(&self, words: Words, t: Timestamp) -> String {
        match words.locale {
            Locale::Ja => self.date(words, t),
            Locale::En => self.at(t).strftime("%-d %B %Y").to_string(),
        }
    }

    /// `令和8年4月1日`, `令和元年5月1日`; before the Shōwa era the year stands as it is.
    pub fn era_date(&self, t: Timestamp) -> String {
        let z = self.at(t);
        format!("{}{}日", era::month((z.year(), z.month(), z.day())), z.day())
    }

    /// `2026年11月21日(土) 18:05 JST` or `21 Nov 2026, 18:05 JST`.
    pub fn instant(&self, words: Words, t: Timestamp) -> String {
        let z = self.at(t);
        match words.locale {
            Locale::Ja => {
                let weekday = ["月", "火", "水", "木", "金", "土", "日"]
                    [usize::from(z.weekday().to_monday_zero_offset().unsigned_abs())];
                format!("{}({weekday}) {}", self.date(words, t), z.strftime("%H:%M %Z"))
            }
            Locale::En => z.strftime("%-d %b %Y, %H:%M %Z").to_string(),
        }
    }

    /// `10:42:07`.
    pub fn clock(&self, t: Timestamp) -> String {
        self.at(t).strftime("%H:%M:%S").to_string()
    }

    /// Year, month (1 to 12) and day on the calendar of this zone.
    pub fn calendar(&self, t: Timestamp) -> (i16, i8, i8) {
        let z = self.at(t);
        (z.year(), z.month(), z.day())
    }

    /// What is known today of this zone's offsets: from 1970 until `until`, and the last of them from then on.
    pub fn table(&self, until: Timestamp) -> Calendar {
        let minutes = |offset: Offset| i16::try_from(offset.seconds().div_euclid(60)).unwrap_or_default();
        let first = minutes(self.0.to_offset(Instant::UNIX_EPOCH));
        let turns = self.0.following(Instant::UNIX_EPOCH);
        let turns = turns.map(|turn| (from_millis(turn.timestamp().as_millisecond()), minutes(turn.offset())));
        let turns = turns.take_while(|(from, _)| *from <= until).take(Calendar::MAX_TURNS);
        Calendar::new(first, turns).expect("since 1970 every zone has lain within 14 hours of UTC")
    }

    /// The first and the last millisecond of a calendar day of this zone, written `2026-04-01`.
    pub fn day(&self, text: &str) -> Option<(Timestamp, Timestamp)> {
        let date: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == "2026-04-01".len())?;
        // The first day of the year 0 begins, east of Greenwich, before it.
        if date.year() < 1 {
            return None;
        }
        let first = date.to_zoned(self.0.clone()).ok()?.start_of_day().ok()?;
        let next = first.tomorrow().ok()?.start_of_day().ok()?;
        let moment = |z: &Zoned, less| from_millis(z.timestamp().as_millisecond() - less);
        Some((moment(&first, 0), moment(&next, 1)))
    }

    /// The next moment after `t` at which the clocks of this zone show this hour; on a Monday only, where `monday` says so.
    pub fn next_hour(&self, t: Timestamp, hour: i8, monday: bool) -> Timestamp {
        let today = self.at(t).date();
        let mut moments = (0..=8_i64).filter_map(|n| {
            let day = today.checked_add(jiff::Span::new().days(n)).ok()?;
            let moment = day.at(hour, 0, 0, 0).to_zoned(self.0.clone()).ok()?;
            let wanted = !monday || day.weekday() == jiff::civil::Weekday::Monday;
            wanted.then(|| from_millis(moment.timestamp().as_millisecond()))
        });
        // Only past the end of the calendar is there none.
        moments.find(|moment| *moment > t).unwrap_or(t)
    }

    /// The last millisecond of the day that lies `months` after the day of `t`, on the calendar of this zone: the inclusive end of a validity.
    pub fn end_after_months(&self, t: Timestamp, months: u32) -> Option<Timestamp> {
        let span = jiff::Span::new().try_months(i64::from(months)).ok()?;
        let day = self.at(t).checked_add(span).ok()?;
        let end = day.tomorrow().ok()?.start_of_day().ok()?;
        Some(from_millis(end.timestamp().as_millisecond() - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    #[test]
    fn dates_follow_the_zone_and_the_language() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        let t = parse_rfc3339("2026-03-31T15:05:00Z").expect("valid");
        assert_eq!(zone.date(Words::new(Locale::Ja), t), "2026年4月1日");
        assert_eq!(zone.instant(Words::new(Locale::Ja), t), "2026年4月1日(水) 00:05 JST");
        assert_eq!(zone.instant(Words::new(Locale::En), t), "1 Apr 2026, 00:05 JST");
        assert_eq!((zone.calendar(t), zone.name(), Zone::utc().name()), ((2026, 4, 1), "Asia/Tokyo", "UTC"));
    }

    #[test]
    fn eras_begin_on_their_day() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        for (moment, written) in [
            ("2026-03-31T15:00:00Z", "令和8年4月1日"),
            ("2019-04-30T14:59:59Z", "平成31年4月30日"),
            ("2019-04-30T15:00:00Z", "令和元年5月1日"),
            ("2019-12-31T14:59:59Z", "令和元年12月31日"),
            ("1989-01-07T14:59:59Z", "昭和64年1月7日"),
            ("1989-01-07T15:00:00Z", "平成元年1月8日"),
            ("1926-12-24T00:00:00Z", "1926年12月24日"),
        ] {
            assert_eq!(zone.era_date(parse_rfc3339(moment).expect("valid")), written);
        }
        let t = parse_rfc3339("2026-03-31T15:00:00Z").expect("valid");
        assert_eq!(zone.formal_date(Words::new(Locale::En), t), "1 April 2026");
        assert_eq!(zone.formal_date(Words::new(Locale::Ja), t), "2026年4月1日");
    }

    #[test]
    fn the_end_of_the_calendar_is_far_away() {
        let never = parse_rfc3339("9999-12-31T23:59:59Z").expect("valid");
        assert_eq!(Zone::named("Asia/Tokyo").expect("bundled").calendar(never).0, 9999);
        assert_eq!(Zone::named("Pacific/Kiritimati").expect("bundled").calendar(Timestamp::MIN).0, -9999);
    }

    #[test]
    fn validity_ends_with_the_last_instant_of_its_last_day() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        let t = parse_rfc3339("2024-02-29T03:00:00Z").expect("valid");
        let end = zone.end_after_months(t, 36).expect("in range");
        assert_eq!(rfc3339(end), "2027-02-28T14:59:59.999Z");
    }

    #[test]
    fn a_table_has_the_offset_of_each_moment() {
        let at = |text: &str| parse_rfc3339(text).expect("valid");
        let table = |name: &str| Zone::named(name).expect("bundled").table(at("2076-01-01T00:00:00Z"));
        for (name, moment, minutes) in [
            ("Europe/Berlin", "2026-03-29T00:59:59Z", 60),
            ("Europe/Berlin", "2026-03-29T01:00:00Z", 120),
            ("Europe/Berlin", "2026-10-25T01:00:00Z", 60),
            ("America/New_York", "2026-03-08T06:59:59Z", -300),
            ("America/New_York", "2026-03-08T07:00:00Z", -240),
            ("America/New_York", "2070-07-01T00:00:00Z", -240),
            ("America/St_Johns", "2026-01-01T00:00:00Z", -210),
            ("Asia/Tokyo", "1990-07-01T00:00:00Z", 540),
            ("UTC", "2026-07-01T00:00:00Z", 0),
        ] {
            assert_eq!(table(name).offset_minutes(at(moment)), minutes, "{name} {moment}");
        }
        assert_eq!(table("Asia/Tokyo"), Calendar::fixed(540), "a zone without daylight saving needs no table");
    }

    #[test]
    fn a_day_is_that_of_the_zone() {
        let zone = Zone::named("Asia/Tokyo").expect("bundled");
        let (first, last) = zone.day("2026-04-01").expect("a day");
        assert_eq!((rfc3339(first), rfc3339(last)), ("2026-03-31T15:00:00Z".into(), "2026-04-01T14:59:59.999Z".into()));
        for bad in ["2026-4-1", "2026-02-30", "2026-04-01T00:00", "tomorrow", "0000-01-01", "9999-12-31"] {
            assert_eq!(zone.day(bad), None, "{bad}");
        }
    }
}
