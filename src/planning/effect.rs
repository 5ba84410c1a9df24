//! What publishing a draft means for one member: pure, from their facts alone.

use serde::{Deserialize, Serialize};
use waymark_criteria::{Criteria, Fact, decide};

use crate::clock::Timestamp;

/// Which way a member's standing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Does not stand there today, and will: an award.
    Gain,
    /// Stands there today, and would not get there by the draft. Whoever holds a credential keeps it.
    Lose,
    /// Stands there, and would by the draft too.
    Keep,
    /// Neither today nor by the draft.
    Neither,
}

impl Effect {
    /// Those of whom a plan names the people, in the order in which it shows them.
    pub const NAMED: [Self; 3] = [Self::Gain, Self::Lose, Self::Keep];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gain => "gain",
            Self::Lose => "lose",
            Self::Keep => "keep",
            Self::Neither => "neither",
        }
    }
}

/// One member's line of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub effect: Effect,
    /// When the threshold was crossed by what is published, or by what stands on record.
    pub before_at: Option<Timestamp>,
    /// When it was crossed by the draft: the date that an award would carry.
    pub crossed_at: Option<Timestamp>,
    /// Whether a decision stands on record.
    pub holds: bool,
}

/// Holds a draft against what is published.
///
/// `stands_since`: the moment of the decision that stands on record, under whatever version.
pub fn effect_on(
    facts: &[Fact],
    published: Option<&Criteria>,
    stands_since: Option<Timestamp>,
    draft: &Criteria,
    now: Timestamp,
) -> Line {
    let counted = published.and_then(|published| decide(published, facts, now).decided_at());
    let before_at = stands_since.or(counted);
    let crossed_at = decide(draft, facts, now).decided_at();
    let effect = match (before_at, crossed_at) {
        (None, Some(_)) => Effect::Gain,
        (Some(_), None) => Effect::Lose,
        (Some(_), Some(_)) => Effect::Keep,
        (None, None) => Effect::Neither,
    };
    Line { effect, before_at, crossed_at, holds: stands_since.is_some() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::parse_rfc3339;

    fn asks(n: u32) -> Criteria {
        let tree = json!({"id": "give", "contributions": {"types": ["change.merged"], "at_least": n}});
        Criteria::from_value(&tree).expect("valid")
    }

    fn at(day: u32) -> Timestamp {
        parse_rfc3339(&format!("2026-05-{day:02}T09:00:00Z")).expect("a time")
    }

    fn facts(n: u32) -> Vec<Fact> {
        let fact = |day: u32| {
            let at = format!("2026-05-{day:02}T09:00:00Z");
            let detail = json!({"kind": "contribution", "type": "change.merged"});
            let fact = json!({"id": format!("fct_{day:026}"), "happened_at": at, "known_at": at, "detail": detail});
            serde_json::from_value(fact).expect("a fact")
        };
        (1..=n).map(fact).collect()
    }

    #[test]
    fn a_lower_threshold_gains_and_dates_it_by_its_crossing() {
        let line = effect_on(&facts(3), Some(&asks(4)), None, &asks(2), at(20));
        assert_eq!(line, Line { effect: Effect::Gain, before_at: None, crossed_at: Some(at(2)), holds: false });
        let new = effect_on(&facts(3), None, None, &asks(3), at(20));
        assert_eq!((new.effect, new.crossed_at), (Effect::Gain, Some(at(3))));
        assert_eq!(effect_on(&facts(1), None, None, &asks(3), at(20)).effect, Effect::Neither);
    }

    #[test]
    fn a_higher_threshold_loses_and_says_who_holds_what_they_hold() {
        let line = effect_on(&facts(3), Some(&asks(3)), Some(at(3)), &asks(5), at(20));
        assert_eq!(line, Line { effect: Effect::Lose, before_at: Some(at(3)), crossed_at: None, holds: true });
        assert!(!effect_on(&facts(3), Some(&asks(3)), None, &asks(5), at(20)).holds);
        let kept = effect_on(&facts(3), Some(&asks(3)), Some(at(3)), &asks(2), at(20));
        assert_eq!((kept.effect, kept.before_at, kept.crossed_at), (Effect::Keep, Some(at(3)), Some(at(2))));
    }
}
