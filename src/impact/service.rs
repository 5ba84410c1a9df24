//! Reading the sums.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, SimpleExpr};
use sea_orm::{ExprTrait as _, QuerySelect};

use super::counting::What;
use super::day::day_of;
use super::entity::daily_count::{self, Column};
use crate::clock::Timestamp;
use crate::database::Read;
use crate::error::{Error, Fault, Result};
use crate::ids::{CredentialId, TrackId};
use crate::web::zone::Zone;

/// From one day to another, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: i32,
    pub to: i32,
}

impl Period {
    /// The longest, in days.
    pub const LONGEST: i32 = 366;
    /// What is shown where nothing else is asked for, in days.
    pub const USUAL: i32 = 30;

    /// The last `days` days, today among them.
    pub fn last(days: i32, now: Timestamp) -> Self {
        let to = day_of(now);
        Self { from: to - (days - 1), to }
    }

    /// Reads `from` and `to`, days as `2026-11-21`; to the end of today and [`Period::USUAL`] days long where they are not given.
    pub fn read(from: Option<&str>, to: Option<&str>, now: Timestamp) -> Result<Self> {
        let day = |name: &str, text: &str| match Zone::utc().day(text) {
            Some((first, _)) => Ok(day_of(first)),
            None => {
                let detail = "write a day as year-month-day, for example 2026-11-21";
                Err(Error::invalid(vec![Fault::new(format!("/{name}"), "invalid_value", detail)]))
            }
        };
        let to = to.map_or(Ok(day_of(now)), |text| day("to", text))?;
        let from = from.map_or(Ok(to - (Self::USUAL - 1)), |text| day("from", text))?;
        if !(0..Self::LONGEST).contains(&(to - from)) {
            let detail = format!("`from` lies before `to`, and both within {} days", Self::LONGEST);
            return Err(Error::invalid(vec![Fault::new("/from", "out_of_range", detail)]));
        }
        Ok(Self { from, to })
    }

    /// Its length in days.
    pub fn days(&self) -> i32 {
        self.to - self.from + 1
    }
}

/// The sums of a period, the days on which there was something, oldest first. The places are those of [`What::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub period: Period,
    pub days: Vec<(i32, [u64; 5])>,
}

impl Figures {
    fn of(period: Period, rows: Vec<(i32, String, i64)>) -> Self {
        let mut days = std::collections::BTreeMap::<i32, [u64; 5]>::new();
        for (day, what, looks) in rows {
            if let Some(what) = What::parse(&what) {
                days.entry(day).or_default()[what.place()] += looks.unsigned_abs();
            }
        }
        Self { period, days: days.into_iter().collect() }
    }

    /// The sums over all days.
    pub fn totals(&self) -> [u64; 5] {
        let mut totals = [0; 5];
        for (_, looks) in &self.days {
            totals.iter_mut().zip(looks).for_each(|(total, looks)| *total += looks);
        }
        totals
    }
}

/// A sum that is a 64-bit number on both stores.
fn sum() -> SimpleExpr {
    Column::Looks.sum().cast_as(Alias::new("bigint"))
}

/// The figures of one credential; what was counted while it was private only for its holder.
pub async fn of_credential(
    db: &impl Read,
    credential: CredentialId,
    period: Period,
    for_holder: bool,
) -> Result<Figures> {
    let mut find = daily_count::Entity::find()
        .filter(Column::Credential.eq(credential.to_string()))
        .filter(Column::Day.between(period.from, period.to));
    if !for_holder {
        find = find.filter(Column::Private.eq(false));
    }
    grouped(db, find, period).await
}

/// The figures of all credentials of a track, while they were not private.
pub async fn of_track(db: &impl Read, track: TrackId, period: Period) -> Result<Figures> {
    let find = daily_count::Entity::find()
        .filter(Column::Track.eq(track.to_string()))
        .filter(Column::Day.between(period.from, period.to))
        .filter(Column::Private.eq(false));
    grouped(db, find, period).await
}

async fn grouped(db: &impl Read, find: Select<daily_count::Entity>, period: Period) -> Result<Figures> {
    let find = find
        .select_only()
        .column(Column::Day)
        .column(Column::What)
        .column_as(sum(), "sum")
        .group_by(Column::Day)
        .group_by(Column::What);
    Ok(Figures::of(period, find.into_tuple().all(db).await?))
}

#[cfg(test)]
mod tests {
    use super::super::day::written;
    use super::*;
    use crate::clock::parse_rfc3339;

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).expect("a literal time")
    }

    #[test]
    fn a_day_is_one_of_utc() {
        assert_eq!(day_of(at("1970-01-01T00:00:00Z")), 0);
        assert_eq!(day_of(at("2026-11-21T23:59:59.999Z")) + 1, day_of(at("2026-11-22T00:00:00Z")));
        assert_eq!(day_of(at("1969-12-31T23:59:59Z")), -1);
        for text in ["2026-11-21", "2024-02-29", "1970-01-01"] {
            assert_eq!(written(day_of(at(&format!("{text}T12:00:00Z")))), text);
        }
    }

    #[test]
    fn a_period_is_read_strictly() {
        let now = at("2026-11-21T09:00:00Z");
        let read = |from, to| Period::read(from, to, now);
        let usual = read(None, None).expect("thirty days");
        assert_eq!(
            (written(usual.from).as_str(), written(usual.to).as_str(), usual.days()),
            ("2026-10-23", "2026-11-21", 30)
        );
        assert_eq!(read(Some("2026-11-21"), None).expect("today").days(), 1);
        assert_eq!(read(Some("2025-11-21"), None).expect("a year").days(), 366);
        for (from, to) in [
            (Some("2025-11-20"), None),
            (Some("2026-11-22"), None),
            (Some("2026-11-20"), Some("2026-11-19")),
            (Some("yesterday"), None),
            (None, Some("2026-02-30")),
            (Some("2026-11-1"), None),
        ] {
            assert!(read(from, to).is_err(), "{from:?} {to:?}");
        }
    }
}
