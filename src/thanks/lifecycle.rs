//! Where a word of thanks stands, and whether another may be given. Pure: times and counts in, a verdict out.
//!
//! `standing → withdrawn` by its giver within an hour, `standing → voided` by staff with a reason, here or at its contribution. Nothing leads back.

use time::Duration;

use crate::clock::Timestamp;
use crate::issuer::ThanksRules;

/// For so long its giver can take it back.
pub const WITHDRAW_WITHIN: Duration = Duration::hours(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Standing,
    /// Its giver took it back: it takes up no place of the week.
    Withdrawn,
    /// Staff took it out: it counts nowhere, and goes on limiting its giver. What had to be taken out makes no room for more.
    Voided,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Withdrawn => "withdrawn",
            Self::Voided => "voided",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Standing, Self::Withdrawn, Self::Voided].into_iter().find(|state| state.as_str() == word)
    }
}

/// Why no further thanks can be given now, and from when on it can; no moment where that is for nobody to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Members give no thanks in this program.
    Off,
    Week(Timestamp),
    /// Too many were written and taken back.
    Written(Timestamp),
    Person(Timestamp),
    BothWays(Timestamp),
}

impl Limit {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Week(_) => "week",
            Self::Written(_) => "written",
            Self::Person(_) => "person",
            Self::BothWays(_) => "both_ways",
        }
    }

    /// From when on it no longer holds.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Self::Off => None,
            Self::Week(at) | Self::Written(at) | Self::Person(at) | Self::BothWays(at) => Some(at),
        }
    }
}

/// What was given before, as far as it limits what comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// How many places of this week the giver has taken.
    pub week: u32,
    /// How many they wrote this week, those that they withdrew among them.
    pub written: u32,
    /// When they thanked this person, oldest first.
    pub there: Vec<Timestamp>,
    /// When this person thanked them, oldest first.
    pub back: Vec<Timestamp>,
}

/// Whether the giver may thank this person at `now`. `next_week` is when the next week begins.
pub fn judge(rules: &ThanksRules, before: &Before, now: Timestamp, next_week: Timestamp) -> Result<(), Limit> {
    if rules.per_week == 0 {
        return Err(Limit::Off);
    }
    if before.week >= rules.per_week {
        return Err(Limit::Week(next_week));
    }
    if before.written >= rules.per_week.saturating_mul(2) {
        return Err(Limit::Written(next_week));
    }
    let days = |n: u32| Duration::days(i64::from(n));
    let within = |all: &[Timestamp], span: Duration| -> Vec<Timestamp> {
        all.iter().copied().filter(|at| now - *at < span).collect()
    };
    let span = days(rules.per_person_days);
    let there = within(&before.there, span);
    let cap = usize::try_from(rules.per_person).unwrap_or(usize::MAX);
    if there.len() >= cap {
        // The one whose end makes room again.
        return Err(Limit::Person(there[there.len() - cap] + span));
    }
    let span = days(rules.both_ways_days);
    let last = |all: &[Timestamp]| within(all, span).last().copied();
    if let (Some(there), Some(back)) = (last(&before.there), last(&before.back)) {
        return Err(Limit::BothWays(there.min(back) + span));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    fn at(day: u32) -> Timestamp {
        parse_rfc3339("2026-11-01T00:00:00Z").expect("valid") + Duration::days(i64::from(day))
    }

    fn asked(before: &Before, now: u32) -> Result<(), Limit> {
        judge(&ThanksRules::default(), before, at(now), at(60))
    }

    #[test]
    fn a_week_has_its_places_and_withdrawing_does_not_make_endless_ones() {
        let used = |week, written| Before { week, written, ..Before::default() };
        assert_eq!(asked(&used(4, 4), 10), Ok(()));
        assert_eq!(asked(&used(5, 5), 10), Err(Limit::Week(at(60))));
        assert_eq!(asked(&used(0, 9), 10), Ok(()));
        assert_eq!(asked(&used(0, 10), 10), Err(Limit::Written(at(60))));
        let off = ThanksRules { per_week: 0, ..ThanksRules::default() };
        assert_eq!(judge(&off, &Before::default(), at(1), at(60)), Err(Limit::Off));
    }

    #[test]
    fn one_person_is_thanked_twice_in_thirty_days() {
        let before = |days: &[u32]| Before { there: days.iter().map(|d| at(*d)).collect(), ..Before::default() };
        assert_eq!(asked(&before(&[1]), 2), Ok(()));
        assert_eq!(asked(&before(&[1, 5]), 20), Err(Limit::Person(at(31))));
        assert_eq!(asked(&before(&[1, 5]), 31), Ok(()), "the first has left the thirty days");
        assert_eq!(asked(&before(&[1, 5, 6]), 20), Err(Limit::Person(at(35))));
    }

    #[test]
    fn back_and_forth_rests_for_a_week_whoever_began() {
        let before = |there: &[u32], back: &[u32]| Before {
            there: there.iter().map(|d| at(*d)).collect(),
            back: back.iter().map(|d| at(*d)).collect(),
            ..Before::default()
        };
        assert_eq!(asked(&before(&[], &[9]), 10), Ok(()), "one may thank in return");
        assert_eq!(asked(&before(&[9], &[10]), 11), Err(Limit::BothWays(at(16))));
        assert_eq!(asked(&before(&[10], &[9]), 11), Err(Limit::BothWays(at(16))));
        assert_eq!(asked(&before(&[9], &[10]), 16), Ok(()));
        assert_eq!(asked(&before(&[1], &[10]), 11), Ok(()), "the first lies longer back");
    }

    #[test]
    fn stored_words_read_back() {
        for state in [State::Standing, State::Withdrawn, State::Voided] {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("gone"), None);
    }
}
