//! Whether a contribution is admitted to a count, and for how long: the guards against gaming, one after the other.

use time::Duration;

use crate::{
    Amount, Anchor, Calendar, Contributions, Cycle, Detail, Distinct, Fact, Measure, Span, Timestamp, Why, Window,
    interval::Interval,
    leaf::{End, Leaf, Start, Taken},
};

/// How far a place's date can go back while time goes on: from 14 hours east of UTC to 14 hours west.
const DAYS_BACK: Duration = Duration::days(2);
/// What sums are kept in, and the most that one fact adds to one.
const THOUSAND: i64 = 1_000;
const MOST_ADDED: u64 = 1_000_000_000_000;

impl Contributions {
    /// Whether such a fact is a contribution of the sort that is counted.
    pub(crate) fn counts(&self, detail: &Detail) -> bool {
        let Detail::Contribution { r#type, source, .. } = detail else { return false };
        let from = |asked: &[String]| source.as_ref().is_some_and(|source| asked.contains(source));
        self.types.contains(r#type) && (self.sources.is_empty() || from(&self.sources))
    }

    /// Whether such a fact says how others are to be counted.
    pub(crate) fn looks_at(&self, detail: &Detail) -> bool {
        let given = || matches!(detail, Detail::Given { r#type, .. } if self.types.contains(r#type));
        self.begins_anew_with(detail) || (self.reciprocal.is_some() && given())
    }

    fn begins_anew_with(&self, detail: &Detail) -> bool {
        match (&self.window, detail) {
            (Some(Window::Since(Anchor::Joining)), Detail::Membership {}) => true,
            (Some(Window::Since(Anchor::Award(asked))), Detail::Credential { track, .. }) => asked == track,
            (Some(Window::Since(Anchor::Event(asked))), Detail::Contribution { r#type, .. }) => asked == r#type,
            _ => false,
        }
    }

    /// `at`, and so much later as is waited before anything counts.
    pub(crate) fn held(&self, calendar: &Calendar, at: Timestamp) -> Timestamp {
        calendar.after(at, Span::Days(self.hold_days))
    }

    /// During which stretch a contribution of this moment counts, as long as counting does not begin anew.
    fn stretch(&self, calendar: &Calendar, at: Timestamp) -> Interval {
        let from = self.held(calendar, at);
        let to = match self.window {
            None | Some(Window::Since(_)) => None,
            Some(Window::Days(days)) => Some(calendar.after(from, Span::Days(days))),
            Some(Window::Calendar(cycle)) => {
                Some(self.held(calendar, calendar.begins(cycle, calendar.number(at, cycle) + 1)))
            }
        };
        Interval { from, to }
    }
}

impl Leaf {
    /// Notes what is not counted but says how others are: a new start, what the member gave.
    pub(super) fn look_at(&mut self, asked: &Contributions, calendar: &Calendar, fact: &Fact) {
        if asked.begins_anew_with(&fact.detail) {
            let joined = matches!(fact.detail, Detail::Membership {});
            if joined && !self.starts.is_empty() {
                return;
            }
            let end = asked.held(calendar, fact.happened_at);
            for taken in self.taken.iter_mut().skip(self.used.open) {
                taken.to = Some(end);
            }
            self.used.open = self.taken.len();
            self.used.givers.clear();
            self.used.strangers.clear();
            self.used.given.clear();
            self.starts.push(Start(fact.happened_at));
        }
        if let Detail::Given { to, .. } = fact.detail {
            let end = asked.stretch(calendar, fact.happened_at).to;
            self.used.given.entry(to).or_default().push(End(end));
        }
    }

    /// Takes or refuses a contribution of this type and source.
    pub(super) fn admit(
        &mut self,
        asked: &Contributions,
        calendar: &Calendar,
        fact: &Fact,
        (kind, source): (&String, Option<&String>),
    ) -> Result<Taken, Why> {
        let weight = match asked.measure {
            Measure::Sum(_) => thousandths(fact.amount).ok_or(Why::NoAmount)?,
            _ => 0,
        };
        let Interval { from, to } = self.pass(asked, calendar, fact)?;
        // Who dates a contribution back does not shorten the wait. Windows and caps go by when it happened all the same.
        let from = if asked.hold_days > 0 { from.max(asked.held(calendar, fact.known_at)) } else { from };
        let key = match (asked.measure, asked.distinct) {
            (Measure::ActiveDays(_), _) => calendar.number(fact.happened_at, Cycle::Day),
            (Measure::Streak(cycle, _), _) => calendar.number(fact.happened_at, cycle),
            (_, Some(Distinct::Type)) => place(asked.types.iter().position(|known| known == kind)),
            (_, Some(Distinct::Source)) => self.place_of(source),
            _ => 0,
        };
        Ok(Taken { fact: fact.id, happened_at: fact.happened_at, from, to, key, weight })
    }

    /// Past the guards that look at what was taken before. A refused contribution uses up nothing: neither its object, nor
    /// a place in its day, nor its giver's share.
    fn pass(&mut self, asked: &Contributions, calendar: &Calendar, fact: &Fact) -> Result<Interval, Why> {
        if matches!(asked.window, Some(Window::Since(_))) && self.starts.is_empty() {
            return Err(Why::BeforeStart);
        }
        let once = asked.distinct == Some(Distinct::Object);
        let object = fact.object.as_ref().filter(|_| once || asked.per_object.is_some());
        if let Some((counted, times)) = object.and_then(|object| self.used.objects.get(object)) {
            if once {
                return Err(Why::SameObject { counted: *counted });
            }
            if let Some(limit) = asked.per_object.filter(|limit| times >= limit) {
                return Err(Why::OverObjectCap { limit });
            }
        }
        let day = calendar.day(fact.happened_at);
        let of_day = self.used.days.iter().find(|(known, _)| *known == day).map_or(0, |(_, taken)| *taken);
        if let Some(limit) = asked.per_day.filter(|limit| of_day >= *limit) {
            return Err(Why::OverDailyCap { day, limit });
        }
        let stretch = asked.stretch(calendar, fact.happened_at);
        self.pass_giver(asked, fact, stretch.from)?;
        if let Some(object) = object {
            self.used.objects.entry(object.clone()).or_insert((fact.id, 0)).1 += 1;
        }
        if asked.per_day.is_some() {
            self.used.days.retain(|(known, _)| *known != day && day - *known <= DAYS_BACK);
            self.used.days.push((day, of_day + 1));
        }
        Ok(stretch)
    }

    /// The caps that go by who gave it; a fact that passes takes up its place.
    fn pass_giver(&mut self, asked: &Contributions, fact: &Fact, from: Timestamp) -> Result<(), Why> {
        if asked.per_giver.is_none() && asked.reciprocal.is_none() {
            return Ok(());
        }
        let Some(giver) = fact.giver else { return self.pass_stranger(asked, fact, from) };
        let lasts = |to: Option<Timestamp>| to.is_none_or(|to| from < to);
        let taken = &self.taken;
        let received = self.used.givers.entry(giver).or_default();
        received.retain(|position| taken.get(*position).is_some_and(|taken| lasts(taken.to)));
        if let Some(limit) = asked.per_giver.filter(|limit| received.len() >= *limit as usize) {
            return Err(Why::OverGiverCap { giver: Some(giver), limit });
        }
        if let Some(limit) = asked.reciprocal {
            let given = self.used.given.entry(giver).or_default();
            given.retain(|end| lasts(end.0));
            if given.len().min(received.len() + 1) > limit as usize {
                return Err(Why::OverReciprocalCap { giver, limit });
            }
        }
        received.push(taken.len());
        Ok(())
    }

    /// The same for a giver who is no member. What the member gave to them nobody can tell, so of theirs as many count as if
    /// all of it went both ways.
    fn pass_stranger(&mut self, asked: &Contributions, fact: &Fact, from: Timestamp) -> Result<(), Why> {
        let Detail::Contribution { stranger: Some(stranger), .. } = &fact.detail else { return Ok(()) };
        let Some(limit) = asked.per_giver.into_iter().chain(asked.reciprocal).min() else { return Ok(()) };
        let taken = &self.taken;
        let lasts = |to: Option<Timestamp>| to.is_none_or(|to| from < to);
        let received = self.used.strangers.entry(stranger.clone()).or_default();
        received.retain(|position| taken.get(*position).is_some_and(|taken| lasts(taken.to)));
        if received.len() >= limit as usize {
            return Err(Why::OverGiverCap { giver: None, limit });
        }
        received.push(taken.len());
        Ok(())
    }

    fn place_of(&mut self, source: Option<&String>) -> i64 {
        let sources = &mut self.used.sources;
        let known = sources.iter().position(|known| known.as_ref() == source);
        place(Some(known.unwrap_or_else(|| {
            sources.push(source.cloned());
            sources.len() - 1
        })))
    }
}

fn place(position: Option<usize>) -> i64 {
    position.and_then(|position| i64::try_from(position).ok()).unwrap_or(-1)
}

/// What an amount adds to a sum; none where it adds nothing.
fn thousandths(amount: Amount) -> Option<u64> {
    let whole = i128::from(amount.numerator()) * i128::from(THOUSAND) / i128::from(amount.denominator());
    let weight = u64::try_from(whole.max(0)).unwrap_or(MOST_ADDED).min(MOST_ADDED);
    (weight > 0).then_some(weight)
}
