//! The naive reading of a count of contributions: at each moment, all facts are looked at again. Calendars of one offset only,
//! where it asks for weeks, months, quarters or years.

use std::collections::BTreeSet;

use time::{Duration, UtcDateTime};
use waymark_criteria::{
    Amount, Anchor, Calendar, Contributions, Cycle, Detail, Distinct, Fact, Measure, MemberId, Timestamp, Window,
};

/// Which day, week, … it is.
fn number(calendar: &Calendar, at: Timestamp, cycle: Cycle) -> i64 {
    let local = at.unix_timestamp() + i64::from(calendar.offset_minutes(at)) * 60;
    let day = local.div_euclid(86_400);
    let date = UtcDateTime::from_unix_timestamp(local).unwrap().date();
    let month = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1;
    match cycle {
        Cycle::Day => day,
        // 1 January 1970 was a Thursday.
        Cycle::Week => (day + 3).div_euclid(7),
        Cycle::Month => month,
        Cycle::Quarter => month.div_euclid(3),
        Cycle::Year => date.year().into(),
    }
}

fn hold(asked: &Contributions) -> Duration {
    Duration::days(asked.hold_days.into())
}

/// The facts in the order of counting.
pub fn in_order(facts: &[Fact]) -> Vec<&Fact> {
    let rank = |fact: &Fact| match fact.detail {
        Detail::Membership {} | Detail::Credential { .. } => 0,
        Detail::Given { .. } => 1,
        _ => 2,
    };
    let mut ordered: Vec<&Fact> = facts.iter().collect();
    ordered.sort_by_key(|f| (f.happened_at, rank(f), f.detail.clone(), f.object.clone(), f.giver, f.amount, f.id));
    ordered
}

pub struct Count<'a> {
    asked: &'a Contributions,
    calendar: &'a Calendar,
    ordered: Vec<&'a Fact>,
    /// Positions in `ordered`.
    admitted: Vec<usize>,
}

impl<'a> Count<'a> {
    pub fn of(asked: &'a Contributions, calendar: &'a Calendar, facts: &'a [Fact]) -> Self {
        let mut ordered = in_order(facts);
        ordered.retain(|fact| fact.voided_by.is_none());
        let mut count = Self { asked, calendar, ordered, admitted: Vec::new() };
        for position in 0..count.ordered.len() {
            if count.admits(position) {
                count.admitted.push(position);
            }
        }
        count
    }

    fn is_of_the_sort(&self, fact: &Fact) -> bool {
        let Detail::Contribution { r#type, source, own, accepted_by, .. } = &fact.detail else { return false };
        self.asked.types.contains(r#type)
            && (self.asked.sources.is_empty() || source.as_ref().is_some_and(|s| self.asked.sources.contains(s)))
            && (self.asked.own || !own)
            && (!self.asked.peer_accepted || accepted_by.is_some() || fact.giver.is_some())
            && (!matches!(self.asked.measure, Measure::Sum(_)) || fact.amount >= Amount::fraction(1, 1000).unwrap())
    }

    fn begins(&self, position: usize) -> bool {
        let anchor = |position: usize| match (&self.asked.window, &self.ordered[position].detail) {
            (Some(Window::Since(Anchor::Joining)), Detail::Membership {}) => true,
            (Some(Window::Since(Anchor::Award(asked))), Detail::Credential { track, .. }) => asked == track,
            (Some(Window::Since(Anchor::Event(asked))), Detail::Contribution { r#type, .. }) => asked == r#type,
            _ => false,
        };
        let first_only = matches!(self.asked.window, Some(Window::Since(Anchor::Joining)));
        anchor(position) && !(first_only && (0..position).any(anchor))
    }

    /// Whether the window still holds one fact when another happens.
    fn reaches(&self, earlier: usize, later: usize) -> bool {
        self.holds(earlier, self.ordered[later].happened_at)
            && !(earlier + 1..=later).any(|between| self.begins(between))
    }

    /// Whether the window holds a fact at a moment, the hold aside; for windows since something, as far as that goes.
    fn holds(&self, position: usize, at: Timestamp) -> bool {
        let happened_at = self.ordered[position].happened_at;
        match self.asked.window {
            Some(Window::Days(days)) => at < happened_at + Duration::days(days.into()),
            Some(Window::Calendar(cycle)) => {
                number(self.calendar, at, cycle) == number(self.calendar, happened_at, cycle)
            }
            Some(Window::Since(_)) | None => true,
        }
    }

    fn admits(&self, position: usize) -> bool {
        let (asked, fact) = (self.asked, self.ordered[position]);
        if !self.is_of_the_sort(fact) {
            return false;
        }
        if matches!(asked.window, Some(Window::Since(_))) && !(0..=position).any(|earlier| self.begins(earlier)) {
            return false;
        }
        let before = || self.admitted.iter().copied();
        let of_object =
            before().filter(|other| fact.object.is_some() && self.ordered[*other].object == fact.object).count();
        let day = |at| number(self.calendar, at, Cycle::Day);
        let of_day = before().filter(|other| day(self.ordered[*other].happened_at) == day(fact.happened_at)).count();
        let received = before()
            .filter(|other| fact.giver.is_some() && self.ordered[*other].giver == fact.giver)
            .filter(|other| self.reaches(*other, position))
            .count();
        let given = (0..position)
            .filter(|other| fact.giver.is_some_and(|giver| self.is_given_to(*other, giver)))
            .filter(|other| self.reaches(*other, position))
            .count();
        let from_stranger = |fact: &Fact| match (&fact.detail, fact.giver) {
            (Detail::Contribution { stranger, .. }, None) => stranger.clone(),
            _ => None,
        };
        let same_stranger = before()
            .filter(|other| from_stranger(fact).is_some() && from_stranger(self.ordered[*other]) == from_stranger(fact))
            .filter(|other| self.reaches(*other, position))
            .count();
        let full = |limit: Option<u32>, count: usize| limit.is_some_and(|limit| count >= limit as usize);
        let mutual = given.min(received + 1);
        let limits = [
            asked.distinct == Some(Distinct::Object) && of_object > 0,
            full(asked.per_object, of_object),
            full(asked.per_day, of_day),
            full(asked.per_giver, received),
            full(asked.per_giver, same_stranger),
            full(asked.reciprocal, same_stranger),
            asked.reciprocal.is_some_and(|limit| mutual > limit as usize),
        ];
        !limits.contains(&true)
    }

    fn is_given_to(&self, position: usize, other: MemberId) -> bool {
        let types = &self.asked.types;
        matches!(&self.ordered[position].detail, Detail::Given { r#type, to } if types.contains(r#type) && *to == other)
    }

    /// What counts at a moment: what there would have been without the hold, so much earlier.
    fn counting(&self, moment: Timestamp) -> Vec<&Fact> {
        let seen = moment - hold(self.asked);
        let ended = |position: usize| {
            (position + 1..self.ordered.len())
                .any(|later| self.begins(later) && self.ordered[later].happened_at <= seen)
        };
        let holds = |position: &usize| {
            let fact = self.ordered[*position];
            let known = self.asked.hold_days == 0 || fact.known_at <= seen;
            known && fact.happened_at <= seen && self.holds(*position, seen) && !ended(*position)
        };
        self.admitted.iter().copied().filter(holds).map(|position| self.ordered[position]).collect()
    }

    pub fn is_enough(&self, moment: Timestamp) -> bool {
        let counting = self.counting(moment);
        let steps = |cycle| -> BTreeSet<i64> {
            counting.iter().map(|fact| number(self.calendar, fact.happened_at, cycle)).collect()
        };
        match self.asked.measure {
            Measure::AtLeast(n) => {
                let different: BTreeSet<Option<&str>> = counting
                    .iter()
                    .map(|fact| match (&fact.detail, self.asked.distinct) {
                        (Detail::Contribution { r#type, .. }, Some(Distinct::Type)) => Some(r#type.as_str()),
                        (Detail::Contribution { source, .. }, _) => source.as_deref(),
                        _ => None,
                    })
                    .collect();
                match self.asked.distinct {
                    Some(Distinct::Type | Distinct::Source) => different.len() >= n as usize,
                    Some(Distinct::Object) | None => counting.len() >= n as usize,
                }
            }
            Measure::Sum(n) => {
                let thousandths =
                    |fact: &&Fact| i128::from(fact.amount.numerator()) * 1000 / i128::from(fact.amount.denominator());
                counting.iter().map(thousandths).sum::<i128>() >= i128::from(n) * 1000
            }
            Measure::ActiveDays(n) => steps(Cycle::Day).len() >= n as usize,
            Measure::Streak(cycle, n) => {
                let steps = steps(cycle);
                let today = number(self.calendar, moment - hold(self.asked), cycle);
                let whole = |last: &i64| (last - i64::from(n) + 1..=*last).all(|step| steps.contains(&step));
                steps.iter().any(|last| today <= last + 1 && whole(last))
            }
        }
    }
}

/// The moments at which the count may change because of one fact.
pub fn changes(asked: &Contributions, calendar: &Calendar, fact: &Fact) -> Vec<Timestamp> {
    let held = fact.happened_at + hold(asked);
    let mut moments = vec![held, fact.known_at + hold(asked)];
    match asked.window {
        Some(Window::Days(days)) => moments.push(held + Duration::days(days.into())),
        Some(Window::Calendar(cycle)) => moments.push(next(calendar, fact.happened_at, cycle) + hold(asked)),
        Some(Window::Since(_)) | None => {}
    }
    if let Measure::Streak(cycle, _) = asked.measure {
        let tomorrow = next(calendar, fact.happened_at, cycle);
        moments.push(next(calendar, tomorrow, cycle) + hold(asked));
    }
    moments
}

/// When the next day, week, … begins: the first midnight of another number.
fn next(calendar: &Calendar, at: Timestamp, cycle: Cycle) -> Timestamp {
    let offset = i64::from(calendar.offset_minutes(at)) * 60;
    let mut day = (at.unix_timestamp() + offset).div_euclid(86_400);
    loop {
        day += 1;
        let midnight = UtcDateTime::from_unix_timestamp(day * 86_400 - offset).unwrap();
        if number(calendar, midnight, cycle) != number(calendar, at, cycle) {
            return midnight;
        }
    }
}
