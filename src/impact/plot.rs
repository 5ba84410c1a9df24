//! The figures of one kind as bars, in whole units that a template writes down; the table beneath says the same in words.

use super::counting::What;
use super::day::start_of;
use super::service::Figures;
use crate::web::i18n::Words;
use crate::web::plot::{Bar, HEIGHT, bars, width};
use crate::web::zone::Zone;

/// Longer periods are drawn by the week.
const LONGEST_BY_DAY: i32 = 92;
/// One kind over the period.
#[derive(Debug)]
pub struct Plot {
    /// `view`, `verify`, …
    pub what: &'static str,
    pub name: String,
    pub means: String,
    pub total: u64,
    /// The drawing in one sentence.
    pub label: String,
    pub width: u64,
    pub height: u64,
    pub bars: Vec<Bar>,
    pub first: String,
    pub last: String,
}

impl Plot {
    /// One for each kind.
    pub fn all(figures: &Figures, words: Words) -> Vec<Self> {
        What::ALL.into_iter().map(|what| Self::of(figures, what, words)).collect()
    }

    fn of(figures: &Figures, what: What, words: Words) -> Self {
        let period = figures.period;
        let step = if period.days() > LONGEST_BY_DAY { 7 } else { 1 };
        let bins = sums(figures, what, step);
        let total = figures.totals()[what.place()];
        let most = bins.iter().copied().max().unwrap_or_default();
        let date = |day: i32| Zone::utc().date(words, start_of(day));
        let name = words.t(&format!("counts-{}", what.as_str()));
        let key = if step == 1 { "counts-plot-days" } else { "counts-plot-weeks" };
        let label = words.with(key, &[("name", &name.clone()), ("total", &total), ("most", &most)]);
        Self {
            what: what.as_str(),
            means: words.t(&format!("counts-{}-means", what.as_str())),
            total,
            width: width(bins.len()),
            height: HEIGHT,
            bars: bars(&bins, most),
            first: date(period.from),
            last: date(period.to),
            name,
            label,
        }
    }
}

/// The sums of steps of so many days.
fn sums(figures: &Figures, what: What, step: i32) -> Vec<u64> {
    let period = figures.period;
    let mut bins =
        vec![0; usize::try_from(period.days().div_euclid(step) + i32::from(period.days() % step > 0)).unwrap_or(0)];
    for (day, looks) in &figures.days {
        let at = usize::try_from((day - period.from).div_euclid(step)).unwrap_or(usize::MAX);
        if let Some(bin) = bins.get_mut(at) {
            *bin += looks[what.place()];
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::impact::Period;

    fn figures(from: i32, to: i32, days: &[(i32, u64)]) -> Figures {
        Figures { period: Period { from, to }, days: days.iter().map(|(day, n)| (*day, [*n, 0, 0, 0, 0])).collect() }
    }

    #[test]
    fn weeks_lose_no_day() {
        assert_eq!(sums(&figures(10, 12, &[(10, 1000), (12, 1)]), What::View, 1), [1000, 0, 1]);
        let bins = sums(&figures(0, 99, &[(0, 1), (6, 2), (7, 4), (98, 8), (99, 16)]), What::View, 7);
        assert_eq!((bins.len(), bins[0], bins[1], bins[14]), (15, 3, 4, 24));
        assert_eq!(bins.iter().sum::<u64>(), 31);
    }
}
