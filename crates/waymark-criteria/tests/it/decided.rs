//! Terms that people decide on: each fact of the panel is one, and they follow each other.

use serde_json::{Value, json};
use waymark_criteria::{Criteria, Fact, Mistake, NodeState, Outcome, Tally, Timestamp, decide};

use crate::given::{at, criteria, exam, fact, merged, node, noon, voided};

fn title() -> Criteria {
    criteria(&json!({"standing": "decided", "id": "named", "panel": {"title": "fellow"}}))
}

fn named(id: u128, happened_at: Timestamp, from: &str, until: &str) -> Fact {
    let term = |day: &str| format!("{day}T00:00:00Z");
    fact(id, happened_at, json!({"kind": "panel", "title": "fellow", "from": term(from), "until": term(until)}))
}

fn met(day: &str, term: u32) -> Outcome {
    Outcome::Met { at: at(&format!("{day}T00:00:00Z")), term }
}

#[test]
fn each_decision_is_a_term_and_the_next_counts_from_the_end_of_the_one_before() {
    let facts = [
        named(1, noon("2026-03-01"), "2026-04-01", "2027-04-01"),
        named(2, noon("2027-02-01"), "2027-04-01", "2027-10-01"),
        named(3, noon("2028-01-10"), "2028-02-01", "2029-02-01"),
    ];
    let decided = |day: &str| decide(&title(), &facts, noon(day));
    let ahead = decided("2026-03-02");
    assert_eq!((ahead.outcome, ahead.wake_at), (Outcome::NotYet, Some(at("2026-04-01T00:00:00Z"))));
    assert_eq!(node(&ahead, "named").state, NodeState::Waiting);
    let first = decided("2026-05-01");
    assert_eq!((first.outcome, first.facts()), (met("2026-04-01", 1), vec![facts[0].id]));
    assert_eq!(decided("2027-03-01").wake_at, Some(at("2027-04-01T00:00:00Z")));
    let second = decided("2027-05-01");
    assert_eq!((second.outcome, second.facts()), (met("2027-04-01", 2), vec![facts[1].id]));
    assert_eq!(decided("2027-11-01").outcome, Outcome::NotYet, "between two terms nothing is held");
    assert_eq!(decided("2028-02-02").outcome, met("2028-02-01", 3));
    assert_eq!(decided("2029-02-01").outcome, Outcome::NotYet);
    let begun = ["2026-04-01", "2027-04-01", "2028-02-01"].map(|day| at(&format!("{day}T00:00:00Z")));
    assert_eq!(Tally::replay(&title(), &facts).terms(noon("2028-03-01")), begun);
}

#[test]
fn terms_do_not_overlap_and_a_voided_one_never_was() {
    let facts = [
        named(1, noon("2026-03-01"), "2026-04-01", "2027-04-01"),
        named(2, noon("2026-06-01"), "2026-06-01", "2026-09-01"),
        named(3, noon("2026-07-01"), "2026-07-01", "2028-01-01"),
    ];
    let tally = Tally::replay(&title(), &facts);
    let begun = ["2026-04-01", "2027-04-01"].map(|day| at(&format!("{day}T00:00:00Z")));
    assert_eq!(
        tally.terms(noon("2027-12-01")),
        begun,
        "what ends within another is no term, what goes beyond it counts on"
    );
    assert_eq!(tally.decision(noon("2027-05-01")).outcome, met("2027-04-01", 2));
    let gone = [voided(9, facts[0].clone())];
    assert_eq!(decide(&title(), &gone, noon("2026-05-01")).outcome, Outcome::NotYet);
}

#[test]
fn a_term_begins_when_all_that_is_asked_is_true() {
    let tree = criteria(&json!({"standing": "decided", "all": [
        {"id": "named", "panel": {"title": "fellow"}},
        {"id": "exam", "exam": {"slug": "a"}},
    ]}));
    let facts = [named(1, noon("2026-03-01"), "2026-04-01", "2026-07-01"), exam(2, noon("2026-05-05"), true)];
    assert_eq!(decide(&tree, &facts, noon("2026-05-01")).outcome, Outcome::NotYet);
    let held = decide(&tree, &facts, noon("2026-06-01"));
    assert_eq!(held.outcome, Outcome::Met { at: noon("2026-05-05"), term: 1 });
    assert_eq!(decide(&tree, &facts, noon("2026-07-01")).outcome, Outcome::NotYet, "it ends when the people said");
    let too_late = [facts[0].clone(), exam(2, noon("2026-08-01"), true)];
    assert_eq!(decide(&tree, &too_late, noon("2026-08-02")).outcome, Outcome::NotYet);
}

#[test]
fn decided_needs_people_who_decide() {
    let refused: Vec<Mistake> =
        Criteria::from_value(&json!({"standing": "decided", "id": "exam", "exam": {"slug": "a"}})).unwrap_err();
    assert_eq!((refused[0].pointer.as_str(), refused[0].code), ("/standing", "no_panel"));
    let written: Value = title().to_value();
    assert_eq!((criteria(&written), &written["standing"]), (title(), &json!("decided")));
}

#[test]
fn what_a_tree_counts_is_told_beyond_the_moment_at_which_it_was_met() {
    let tree = criteria(&json!({"all": [
        {"id": "once", "contributions": {"types": ["change.merged"], "at_least": 1, "per_day": 1, "hold_days": 2}},
        {"id": "more", "contributions": {"types": ["change.merged"], "at_least": 9}},
    ]}));
    let facts = [merged(1, noon("2026-05-01")), merged(2, noon("2026-05-01")), merged(3, noon("2026-05-09"))];
    let counted = Tally::replay(&tree, &facts).contributions();
    assert_eq!(counted.iter().map(|given| given.fact).collect::<Vec<_>>(), facts.clone().map(|fact| fact.id));
    assert_eq!(counted[0].from, noon("2026-05-01"), "the leaf that holds nothing back says from when");
    let once = criteria(&json!({
        "id": "once", "contributions": {"types": ["change.merged"], "at_least": 1, "per_day": 1, "hold_days": 2},
    }));
    let counted = Tally::replay(&once, &facts).contributions();
    let told: Vec<_> = counted.iter().map(|given| (given.happened_at, given.from)).collect();
    assert_eq!(told, [(noon("2026-05-01"), noon("2026-05-03")), (noon("2026-05-09"), noon("2026-05-11"))]);
}
