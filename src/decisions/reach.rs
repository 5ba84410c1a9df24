//! How far a member is on a track: for the order of tracks, the length of one bar, and for telling them that they are near; never for a decision.

use std::collections::HashMap;

use waymark_criteria::{Amount, Decision, Explained, Missing, NodeId, NodeKind, NodeState};

/// How far a member is on one track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Acts still to be done: exams to pass, contributions to make. Waiting is none; another track counts as many.
    pub steps: u32,
    /// From 0 to 1.
    pub share: f64,
}

/// How many acts it stands for to earn another track first.
const ANOTHER_TRACK: u32 = 10;
/// The part of the way from which on somebody is near.
const NEAR: f64 = 0.8;

impl Reach {
    pub fn of(decision: &Decision) -> Self {
        let by_id: HashMap<&NodeId, &Explained> = decision.nodes.iter().map(|e| (&e.node, e)).collect();
        decision.nodes.first().map_or(Self { steps: 0, share: 0.0 }, |root| Self::of_node(root, &by_id))
    }

    fn of_node(e: &Explained, by_id: &HashMap<&NodeId, &Explained>) -> Self {
        if e.state == NodeState::Met {
            return Self { steps: 0, share: 1.0 };
        }
        let children: Vec<&Explained> = e.children.iter().filter_map(|child| by_id.get(child).copied()).collect();
        let worked: Vec<&Explained> = children.iter().copied().filter(|c| c.kind != NodeKind::Tenure).collect();
        let counted = if worked.is_empty() { children } else { worked };
        let mut parts: Vec<Self> = counted.iter().map(|child| Self::of_node(child, by_id)).collect();
        parts.sort_by(|a, b| a.steps.cmp(&b.steps).then(b.share.total_cmp(&a.share)));
        let take = match e.kind {
            NodeKind::All => parts.len(),
            NodeKind::Any => 1,
            NodeKind::AtLeast => length_of(e.need) as usize,
            _ => {
                return Self {
                    steps: steps_of(e),
                    share: (length_of(e.have) / length_of(e.need).max(1.0)).clamp(0.0, 0.99),
                };
            }
        };
        let taken = parts.iter().take(take);
        Self {
            steps: taken.clone().map(|part| part.steps).sum(),
            share: (taken.map(|part| part.share).sum::<f64>() / take.max(1) as f64).min(0.99),
        }
    }

    /// Whether somebody who has begun is near to a track that they have not reached: one act is left, or four fifths of the way are made. Time
    /// alone brings nobody near.
    pub fn is_near(decision: &Decision) -> bool {
        let begun = |e: &Explained| e.children.is_empty() && e.kind != NodeKind::Tenure && !e.facts.is_empty();
        if decision.is_met() || !decision.nodes.iter().any(begun) {
            return false;
        }
        let reach = Self::of(decision);
        reach.steps <= 1 || reach.share >= NEAR
    }

    /// Hundredths of the way.
    pub fn percent(self) -> u32 {
        (self.share * 100.0) as u32
    }

    /// Fewer acts come first, then the longer way made.
    pub fn nearer(self, other: Self) -> std::cmp::Ordering {
        self.steps.cmp(&other.steps).then(other.share.total_cmp(&self.share))
    }
}

fn steps_of(e: &Explained) -> u32 {
    match e.missing {
        Some(
            Missing::TakeExam { .. }
            | Missing::BeAttested { .. }
            | Missing::BeGivenTitle { .. }
            | Missing::AwaitEvent { .. }
            | Missing::Join,
        ) => 1,
        Some(Missing::Contribute { count, .. } | Missing::Vary { count, .. } | Missing::KeepUp { count, .. }) => count,
        Some(Missing::BeActive { days, .. }) => days,
        Some(Missing::Gather { amount, .. }) => length_of(amount).ceil() as u32,
        Some(Missing::HoldCredential { .. }) => ANOTHER_TRACK,
        _ => 0,
    }
}

/// An amount for the length of a bar.
pub fn length_of(amount: Amount) -> f64 {
    let text = amount.to_string();
    let (above, below) = text.split_once('/').unwrap_or((&text, "1"));
    above.parse::<f64>().unwrap_or_default() / below.parse::<f64>().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waymark_criteria::{Criteria, Fact, decide};

    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn who_has_begun_is_near_when_one_act_is_left_or_most_of_the_way_is_made() {
        let now = parse_rfc3339("2026-11-21T09:00:00Z").expect("valid");
        let near = |requires: serde_json::Value, details: &[serde_json::Value]| {
            let criteria = Criteria::from_value(&requires).expect("valid");
            let fact = |(n, detail): (usize, &serde_json::Value)| -> Fact {
                let fact = json!({"id": format!("fct_{n:026}"), "happened_at": "2026-11-20T09:00:00Z",
                    "known_at": "2026-11-20T09:00:00Z", "detail": detail});
                serde_json::from_value(fact).expect("a fact")
            };
            let facts: Vec<Fact> = details.iter().enumerate().map(fact).collect();
            Reach::is_near(&decide(&criteria, &facts, now))
        };
        let gave = json!({"kind": "contribution", "type": "x"});
        let joined = json!({"kind": "membership"});
        let give = |n: u32| json!({"all": [{"id": "give", "contributions": {"types": ["x"], "at_least": n}}]});
        let exam = json!({"all": [{"id": "exam", "exam": {"slug": "e"}}]});
        assert!(!near(exam, std::slice::from_ref(&joined)), "one act is left, but nothing was done");
        assert!(!near(give(1), &[]) && !near(give(3), std::slice::from_ref(&gave)));
        assert!(near(give(3), &[gave.clone(), gave.clone()]), "one is left");
        assert!(!near(give(3), &[gave.clone(), gave.clone(), gave.clone()]), "it is reached");
        let of_ten = |n: usize| near(give(10), &vec![gave.clone(); n]);
        assert_eq!((of_ten(7), of_ten(8)), (false, true), "four fifths");
        let long = json!({"all": [{"id": "since", "tenure": {"days": 30}}]});
        assert!(!near(long, &[joined]), "time alone brings nobody near");
    }

    #[test]
    fn reach_grows_with_each_fact_and_is_whole_only_when_met() {
        let reach = |decision: Decision| Reach::of(&decision);
        let criteria = Criteria::from_value(&json!({"all": [
            {"id": "exam", "exam": {"slug": "e"}},
            {"id": "since", "tenure": {"days": 30}},
            {"id": "some", "at_least": {"n": 1, "of": [
                {"id": "a", "contributions": {"types": ["x"], "at_least": 2}},
                {"id": "b", "contributions": {"types": ["y"], "at_least": 4}},
            ]}},
        ]}))
        .expect("valid");
        let now = parse_rfc3339("2026-11-21T09:00:00Z").expect("valid");
        let fact = |n: usize, detail: serde_json::Value| -> Fact {
            let fact = json!({
                "id": format!("fct_{n:026}"), "happened_at": "2026-11-20T09:00:00Z",
                "known_at": "2026-11-20T09:00:00Z", "detail": detail,
            });
            serde_json::from_value(fact).expect("a fact")
        };
        let mut facts = vec![fact(9, json!({"kind": "membership"}))];
        let mut before = reach(decide(&criteria, &facts, now));
        assert_eq!(before, Reach { steps: 3, share: 0.0 }, "one exam and the two that are nearer; waiting is no act");
        let details = [
            json!({"kind": "contribution", "type": "x"}),
            json!({"kind": "exam", "slug": "e", "passed": true}),
            json!({"kind": "contribution", "type": "x"}),
        ];
        for (n, detail) in details.into_iter().enumerate() {
            facts.push(fact(n + 1, detail));
            let after = reach(decide(&criteria, &facts, now));
            assert!(after.share > before.share && after.steps == before.steps - 1, "{n}: {before:?} → {after:?}");
            before = after;
        }
        assert_eq!((before.steps, before.percent()), (0, 99), "the thirty days are not over");
        let later = parse_rfc3339("2026-12-21T09:00:00Z").expect("valid");
        assert_eq!(reach(decide(&criteria, &facts, later)).percent(), 100);
    }
}
