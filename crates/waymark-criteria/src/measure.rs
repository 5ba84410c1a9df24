//! How much a count of contributions has, and when it has enough: facts, amounts, different ones, active days, streaks.
//!
//! Promises: at every moment [`truth`] holds if and only if [`Count::at`] has as much as is asked.

use std::collections::BTreeMap;

use crate::{
    Amount, Calendar, Contributions, Cycle, Distinct, FactId, Measure, Timestamp, Unit, Why,
    interval::{Interval, at_least, weighing},
    leaf::Taken,
};

const THOUSAND: i64 = 1_000;

impl Contributions {
    /// How much is needed, and in what.
    pub(crate) fn need(&self) -> (u32, Unit) {
        match self.measure {
            Measure::AtLeast(n) => match self.distinct {
                Some(Distinct::Type) => (n, Unit::Types),
                Some(Distinct::Source) => (n, Unit::Sources),
                Some(Distinct::Object) | None => (n, Unit::Facts),
            },
            Measure::Sum(n) => (n, Unit::Amount),
            Measure::ActiveDays(n) => (n, Unit::ActiveDays),
            Measure::Streak(Cycle::Day, n) => (n, Unit::DaysInARow),
            Measure::Streak(Cycle::Week, n) => (n, Unit::WeeksInARow),
            Measure::Streak(Cycle::Month | Cycle::Quarter | Cycle::Year, n) => (n, Unit::MonthsInARow),
        }
    }

    /// Whether of those that share a key only one adds anything.
    fn goes_by_key(&self) -> bool {
        matches!(self.need().1, Unit::Types | Unit::Sources | Unit::ActiveDays)
    }
}

/// The stretches during which there is enough.
pub(crate) fn truth<'t>(
    asked: &Contributions,
    calendar: &Calendar,
    taken: impl Iterator<Item = &'t Taken>,
) -> Vec<Interval> {
    match asked.measure {
        Measure::Sum(n) => {
            let need = u64::from(n) * THOUSAND.unsigned_abs();
            weighing(need, taken.map(|taken| (taken.interval(), taken.weight)))
        }
        Measure::Streak(cycle, n) => {
            let steps = steps(asked, calendar, cycle, taken);
            let back = n.saturating_sub(1) as usize;
            let enough = steps.windows(back + 1).filter(|run| run[back].number - run[0].number == i64::from(n) - 1);
            let stretch = |run: &[Step]| {
                let from = run.iter().map(|step| step.from).max()?;
                Some(Interval { from, to: run.last().map(|step| step.lost) })
            };
            at_least(1, enough.filter_map(stretch))
        }
        Measure::AtLeast(n) | Measure::ActiveDays(n) if asked.goes_by_key() => {
            let mut keyed: Vec<(i64, Interval)> = taken.map(|taken| (taken.key, taken.interval())).collect();
            keyed.sort_unstable_by_key(|(key, _)| *key);
            let of_key = |same: &[(i64, Interval)]| at_least(1, same.iter().map(|(_, interval)| *interval));
            at_least(n, keyed.chunk_by(|a, b| a.0 == b.0).flat_map(of_key))
        }
        Measure::AtLeast(n) | Measure::ActiveDays(n) => at_least(n, taken.map(Taken::interval)),
    }
}

/// A day, week or month with a contribution.
struct Step {
    number: i64,
    /// When its first contribution counts.
    from: Timestamp,
    /// When a streak that ends with it is lost: the next step has gone by without.
    lost: Timestamp,
}

/// The steps with a contribution, in their order.
fn steps<'t>(
    asked: &Contributions,
    calendar: &Calendar,
    cycle: Cycle,
    taken: impl Iterator<Item = &'t Taken>,
) -> Vec<Step> {
    let mut first: BTreeMap<i64, Timestamp> = BTreeMap::new();
    for taken in taken {
        first.entry(taken.key).and_modify(|from| *from = (*from).min(taken.from)).or_insert(taken.from);
    }
    let step = |(number, from)| Step { number, from, lost: asked.held(calendar, calendar.begins(cycle, number + 2)) };
    first.into_iter().map(step).collect()
}

/// Every moment at which time alone ends a streak.
pub(crate) fn losses(asked: &Contributions, calendar: &Calendar, taken: &[Taken]) -> Vec<Timestamp> {
    match asked.measure {
        Measure::Streak(cycle, _) => {
            steps(asked, calendar, cycle, taken.iter()).into_iter().map(|step| step.lost).collect()
        }
        _ => Vec::new(),
    }
}

/// What there is of a count at one moment.
pub(crate) struct Count {
    pub have: Amount,
    /// Of facts and amounts: how much waits and will count by itself.
    pub coming: Amount,
    pub counted: Vec<FactId>,
    /// What has happened and does not count, with its reason.
    pub idle: Vec<(Timestamp, FactId, Why)>,
    /// When the streak is lost if nothing comes.
    pub lost: Option<Timestamp>,
}

impl Count {
    /// Of what has happened by then.
    pub fn at(asked: &Contributions, calendar: &Calendar, taken: &[Taken], moment: Timestamp) -> Self {
        let mut count =
            Self { have: Amount::ZERO, coming: Amount::ZERO, counted: Vec::new(), idle: Vec::new(), lost: None };
        let (mut holding, mut coming): (Vec<&Taken>, Vec<&Taken>) = (Vec::new(), Vec::new());
        for taken in taken.iter().filter(|taken| taken.happened_at <= moment) {
            if taken.interval().contains(moment) {
                holding.push(taken);
            } else if moment < taken.from && taken.to.is_none_or(|to| taken.from < to) {
                coming.push(taken);
                count.leave(taken, Why::OnHold { until: taken.from });
            } else {
                count.leave(taken, Why::OutsideWindow { since: taken.to.unwrap_or(taken.from) });
            }
        }
        if let Measure::Streak(cycle, _) = asked.measure {
            count.keep_streak(asked, calendar, cycle, &holding, moment);
            return count;
        }
        if asked.goes_by_key() {
            count.take_different(asked, &holding);
            return count;
        }
        count.have = amount_of(asked, &holding);
        count.coming = amount_of(asked, &coming);
        count.counted = holding.iter().map(|taken| taken.fact).collect();
        count
    }

    fn leave(&mut self, taken: &Taken, why: Why) {
        self.idle.push((taken.happened_at, taken.fact, why));
    }

    /// Of each key the first one counts; of a day all do.
    fn take_different(&mut self, asked: &Contributions, holding: &[&Taken]) {
        let mut first: BTreeMap<i64, FactId> = BTreeMap::new();
        for taken in holding {
            let counted = *first.entry(taken.key).or_insert(taken.fact);
            match asked.need().1 {
                Unit::Types if counted != taken.fact => self.leave(taken, Why::SameType { counted }),
                Unit::Sources if counted != taken.fact => self.leave(taken, Why::SameSource { counted }),
                _ => self.counted.push(taken.fact),
            }
        }
        self.have = u32::try_from(first.len()).unwrap_or(u32::MAX).into();
    }

    /// The longest run that is not lost yet.
    fn keep_streak(
        &mut self,
        asked: &Contributions,
        calendar: &Calendar,
        cycle: Cycle,
        holding: &[&Taken],
        moment: Timestamp,
    ) {
        let steps = steps(asked, calendar, cycle, holding.iter().copied());
        let mut best: Option<(i64, i64, Timestamp)> = None;
        let mut lost_at: BTreeMap<i64, Timestamp> = BTreeMap::new();
        for run in steps.chunk_by(|a, b| b.number == a.number + 1) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let longer = best.is_none_or(|(from, to, _)| last.number - first.number >= to - from);
            if moment < last.lost && longer {
                best = Some((first.number, last.number, last.lost));
            }
            lost_at.extend(run.iter().map(|step| (step.number, last.lost)));
        }
        if let Some((from, to, lost)) = best {
            self.have = u32::try_from(to - from + 1).unwrap_or(u32::MAX).into();
            self.lost = Some(lost);
        }
        for taken in holding {
            if best.is_some_and(|(from, to, _)| (from..=to).contains(&taken.key)) {
                self.counted.push(taken.fact);
            } else if let Some(since) = lost_at.get(&taken.key) {
                self.leave(taken, Why::StreakBroken { since: *since });
            }
        }
    }
}

fn amount_of(asked: &Contributions, taken: &[&Taken]) -> Amount {
    if !matches!(asked.measure, Measure::Sum(_)) {
        return u32::try_from(taken.len()).unwrap_or(u32::MAX).into();
    }
    let all: u128 = taken.iter().map(|taken| u128::from(taken.weight)).sum();
    let all = i64::try_from(all).unwrap_or(i64::MAX);
    Amount::fraction(all, THOUSAND).unwrap_or(Amount::whole(i64::MAX / THOUSAND))
}
