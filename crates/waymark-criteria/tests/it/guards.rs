//! One evasion for every option that guards a count against gaming: what one would try, and what comes of it.

use serde_json::{Value, json};
use waymark_criteria::{Criteria, Fact, FactId, Missing, NodeState, Outcome, decide};

use crate::given::{at, current, fact, from, given_to, id, merged, node, noon, of, on, only, reasons, voided};

fn guarded(options: &Value) -> Value {
    let mut asked = json!({"types": ["change.merged"], "at_least": 3});
    asked.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    asked
}

fn counted(tree: &Criteria, facts: &[Fact]) -> (Vec<FactId>, Vec<(FactId, String)>) {
    let decision = decide(tree, facts, noon("2026-12-31"));
    (node(&decision, "it").facts.clone(), reasons(&decision))
}

fn word(number: u128, why: &str) -> (FactId, String) {
    (id(number), why.to_owned())
}

fn contribution(number: u128, day: &str, said: Value) -> Fact {
    let mut detail = json!({"kind": "contribution", "type": "change.merged"});
    detail.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    fact(number, noon(day), detail)
}

#[test]
fn answering_oneself_counts_only_where_it_is_said() {
    let own = contribution(1, "2026-05-01", json!({"own": true}));
    let facts = [own, merged(2, noon("2026-05-02"))];
    assert_eq!(
        counted(&only("contributions", &guarded(&json!({}))), &facts),
        (vec![id(2)], vec![word(1, "own_action")])
    );
    assert_eq!(counted(&only("contributions", &guarded(&json!({"own": true}))), &facts).0, [id(1), id(2)]);
}

#[test]
fn what_nobody_accepted_does_not_pass_the_gate() {
    let tree = only("contributions", &guarded(&json!({"accepted": "peer"})));
    let facts = [
        contribution(1, "2026-05-01", json!({})),
        contribution(2, "2026-05-02", json!({"accepted_by": "staff"})),
        contribution(3, "2026-05-03", json!({"accepted_by": "mem_00000000000000000000000007"})),
        contribution(4, "2026-05-04", json!({"accepted_by": "staff", "own": true})),
        from(8, contribution(5, "2026-05-05", json!({}))), // whoever gave it stands for it
        from(8, contribution(6, "2026-05-06", json!({"own": true}))),
    ];
    let expected = vec![word(1, "not_accepted"), word(4, "own_action"), word(6, "after_met")];
    assert_eq!(counted(&tree, &facts), (vec![id(2), id(3), id(5)], expected));
}

#[test]
fn a_hundred_edits_of_one_object_are_few() {
    let tree = only("contributions", &guarded(&json!({"per_object": 2})));
    let facts = [
        on("page/1", merged(1, noon("2026-05-01"))),
        on("page/1", merged(2, noon("2026-05-02"))),
        on("page/1", merged(3, noon("2026-05-03"))),
        on("page/2", merged(4, noon("2026-05-04"))),
        on("page/1", merged(5, noon("2026-12-05"))),
    ];
    let expected = vec![word(3, "over_object_cap"), word(5, "after_met")];
    assert_eq!(counted(&tree, &facts), (vec![id(1), id(2), id(4)], expected));
}

#[test]
fn a_voided_one_gives_its_place_at_the_object_back() {
    let tree = only("contributions", &guarded(&json!({"per_object": 1})));
    let facts = [
        voided(9, on("page/1", merged(1, noon("2026-05-01")))),
        on("page/1", merged(2, noon("2026-05-02"))),
        on("page/1", merged(3, noon("2026-05-03"))),
    ];
    let expected = vec![word(1, "voided"), word(3, "over_object_cap")];
    assert_eq!(counted(&tree, &facts), (vec![id(2)], expected));
}

#[test]
fn a_burst_that_is_taken_back_in_time_brought_nothing() {
    let tree = only("contributions", &guarded(&json!({"hold_days": 7})));
    let facts = [merged(1, noon("2026-05-01")), merged(2, noon("2026-05-02")), merged(3, noon("2026-05-03"))];
    let while_held = decide(&tree, &facts, noon("2026-05-04"));
    let it = node(&while_held, "it");
    assert_eq!((while_held.outcome, it.state), (Outcome::NotYet, NodeState::Waiting));
    assert_eq!(it.missing, Some(Missing::WaitUntil { at: noon("2026-05-10") }));
    assert_eq!(reasons(&while_held), [word(1, "on_hold"), word(2, "on_hold"), word(3, "on_hold")]);
    assert_eq!(while_held.wake_at, Some(noon("2026-05-08")));

    let met = decide(&tree, &facts, noon("2026-06-01"));
    assert_eq!(met.outcome, Outcome::Met { at: noon("2026-05-10"), term: 1 });
    // One of them is found to be spam on the eighth day after the first: the third was still held.
    let [first, second, third] = facts;
    let decision = decide(&tree, &[first, second, voided(9, third)], noon("2026-06-01"));
    assert_eq!(decision.outcome, Outcome::NotYet);
    let missing = Missing::Contribute { types: vec!["change.merged".into()], count: 1 };
    assert_eq!(node(&decision, "it").missing, Some(missing));
}

#[test]
fn what_is_dated_back_is_held_from_when_it_became_known() {
    let known = |day: &str, fact: Fact| Fact { known_at: noon(day), ..fact };
    let asked = json!({"types": ["change.merged"], "at_least": 2, "hold_days": 7});
    let tree = only("contributions", &asked);
    let facts = [
        known("2026-05-20", merged(1, noon("2026-01-01"))),
        known("2026-05-02", merged(2, noon("2026-05-01"))),
        known("2026-05-01", merged(3, noon("2026-05-19"))), // told of beforehand: it waits from when it happened
    ];
    let outcome = |facts: &[Fact]| decide(&tree, facts, noon("2026-06-01")).outcome;
    assert_eq!(outcome(&facts), Outcome::Met { at: noon("2026-05-26"), term: 1 });
    assert_eq!(outcome(&facts[..2]), Outcome::Met { at: noon("2026-05-27"), term: 1 });
    let waiting = decide(&tree, &facts, noon("2026-05-21"));
    assert_eq!(reasons(&waiting), [word(1, "on_hold"), word(3, "on_hold")]);
    // Without days to wait nothing looks at when it became known.
    let at_once = only("contributions", &json!({"types": ["change.merged"], "at_least": 1}));
    assert_eq!(decide(&at_once, &facts, noon("2026-06-01")).outcome, Outcome::Met { at: noon("2026-01-01"), term: 1 });
    // A window does not wait with it.
    let window = json!({"types": ["change.merged"], "at_least": 1, "hold_days": 7, "window": {"days": 10}});
    let window = current("contributions", &window);
    assert!(!decide(&window, &facts[..1], noon("2026-05-28")).is_met());
}

#[test]
fn whoever_is_no_member_has_no_more_to_give_than_one_who_is() {
    let named = |number, day: &str, name: &str| contribution(number, day, json!({"stranger": name}));
    let facts = [
        named(1, "2026-05-01", "ghost"),
        named(2, "2026-05-02", "ghost"),
        named(3, "2026-05-03", "other"),
        named(4, "2026-05-04", "ghost"),
        merged(5, noon("2026-05-05")), // of which nobody said who gave it
    ];
    let over = vec![word(2, "over_giver_cap"), word(4, "over_giver_cap")];
    for options in [json!({"per_giver": 1}), json!({"reciprocal": 1}), json!({"per_giver": 1, "reciprocal": 2})] {
        let tree = only("contributions", &guarded(&options));
        assert_eq!(counted(&tree, &facts), (vec![id(1), id(3), id(5)], over.clone()), "{options}");
    }
    let why =
        node(&decide(&only("contributions", &guarded(&json!({"per_giver": 1}))), &facts, noon("2026-12-31")), "it")
            .uncounted[0]
            .clone();
    assert_eq!(serde_json::to_value(why).unwrap(), json!({"fact": id(2), "why": "over_giver_cap", "limit": 1}));
    // A window that has gone by takes their share along.
    let window = current("contributions", &guarded(&json!({"per_giver": 1, "window": {"days": 2}})));
    let decision = decide(&window, &facts, noon("2026-05-04"));
    assert_eq!(node(&decision, "it").facts, [id(3), id(4)]);
    // No cap looks at them where none is asked for, and they are no peers.
    assert_eq!(counted(&only("contributions", &guarded(&json!({}))), &facts).0, [id(1), id(2), id(3)]);
    let peers = only("contributions", &guarded(&json!({"accepted": "peer"})));
    assert!(counted(&peers, &facts).0.is_empty());
}

#[test]
fn what_is_held_is_not_asked_for_again() {
    let tree = only("contributions", &guarded(&json!({"hold_days": 7})));
    let facts = [merged(1, noon("2026-05-01")), merged(2, noon("2026-05-09"))];
    let decision = decide(&tree, &facts, noon("2026-05-10"));
    let it = node(&decision, "it");
    assert_eq!((it.state, it.have), (NodeState::InProgress, 1.into()));
    let missing = Missing::Contribute { types: vec!["change.merged".into()], count: 1 };
    assert_eq!(it.missing, Some(missing), "one counts, one is held, one is missing");
}

#[test]
fn holding_does_not_let_a_giver_through_twice() {
    let tree = only("contributions", &guarded(&json!({"hold_days": 7, "per_giver": 1, "window": {"days": 30}})));
    let facts = [from(7, merged(1, noon("2026-05-01"))), from(7, merged(2, noon("2026-05-02")))];
    let decision = decide(&tree, &facts, noon("2026-05-03"));
    assert_eq!(reasons(&decision), [word(1, "on_hold"), word(2, "over_giver_cap")]);
}

#[test]
fn a_window_holds_for_as_long_after_the_hold_as_without() {
    let tree = current(
        "contributions",
        &json!({
            "types": ["change.merged"], "at_least": 1, "hold_days": 7, "window": {"days": 10},
        }),
    );
    let facts = [merged(1, noon("2026-05-01"))];
    let outcome = |now: &str| decide(&tree, &facts, at(now)).is_met();
    assert!(!outcome("2026-05-08T11:59:59Z") && outcome("2026-05-08T12:00:00Z"));
    assert!(outcome("2026-05-18T11:59:59Z") && !outcome("2026-05-18T12:00:00Z"));
}

#[test]
fn two_who_thank_each_other_in_turns_do_not_get_far() {
    let tree = only("contributions", &guarded(&json!({"reciprocal": 1})));
    let facts = [
        from(7, merged(1, noon("2026-05-01"))),
        given_to(11, noon("2026-05-02"), 7),
        from(7, merged(2, noon("2026-05-03"))),
        given_to(12, noon("2026-05-04"), 7),
        from(7, merged(3, noon("2026-05-05"))), // the second of what goes both ways
        from(8, merged(4, noon("2026-05-06"))),
    ];
    let (taken, refused) = counted(&tree, &facts);
    assert_eq!((taken, refused), (vec![id(1), id(2), id(4)], vec![word(3, "over_reciprocal_cap")]));
    let why = node(&decide(&tree, &facts, noon("2026-12-31")), "it").uncounted[0].clone();
    let giver = format!("mem_{:0>26}", 7);
    let expected = json!({"fact": id(3), "why": "over_reciprocal_cap", "giver": giver, "limit": 1});
    assert_eq!(serde_json::to_value(why).unwrap(), expected);
}

#[test]
fn being_thanked_often_by_one_whom_one_helped_once_is_no_ring() {
    let tree = only("contributions", &guarded(&json!({"reciprocal": 1})));
    let mut facts: Vec<Fact> = ["2026-05-02", "2026-05-03", "2026-05-04"]
        .into_iter()
        .zip(1..)
        .map(|(day, n)| from(7, merged(n, noon(day))))
        .collect();
    facts.push(given_to(11, noon("2026-05-01"), 7));
    assert_eq!(counted(&tree, &facts), (vec![id(1), id(2), id(3)], vec![]));
    // What was given of another type, or to another member, is no return.
    let other = json!({"kind": "given", "type": "talk.given", "to": format!("mem_{:0>26}", 7)});
    facts.extend([fact(12, noon("2026-05-01"), other), given_to(13, noon("2026-05-01"), 8)]);
    assert_eq!(counted(&tree, &facts).1, []);
}

#[test]
fn an_old_return_is_forgotten_with_the_window() {
    let tree = current("contributions", &guarded(&json!({"reciprocal": 1, "window": {"days": 30}})));
    let facts = [
        given_to(11, noon("2026-11-01"), 7),
        given_to(12, noon("2026-11-30"), 7),
        from(7, merged(1, noon("2026-12-10"))),
        from(7, merged(2, noon("2026-12-11"))), // of the two that were given, one still lies within thirty days
    ];
    assert_eq!(counted(&tree, &facts), (vec![id(1), id(2)], vec![]));
}

#[test]
fn a_source_of_ones_own_choice_does_not_count() {
    let tree = only("contributions", &guarded(&json!({"sources": ["https://community.example"]})));
    let known = |number, day: &str| of("change.merged", "https://community.example", merged(number, noon(day)));
    let facts = [
        known(1, "2026-05-01"),
        of("change.merged", "https://elsewhere.example", merged(2, noon("2026-05-02"))),
        merged(3, noon("2026-05-03")),
    ];
    assert_eq!(counted(&tree, &facts), (vec![id(1)], vec![]), "other sources are not even listed");
}

#[test]
fn a_billion_is_the_most_that_one_fact_adds_and_less_than_nothing_adds_nothing() {
    let tree = only("contributions", &json!({"types": ["change.merged"], "sum": 1_000_000_000}));
    let weighing =
        |number, day: &str, amount: &str| Fact { amount: amount.parse().unwrap(), ..merged(number, noon(day)) };
    let huge = weighing(1, "2026-05-01", "9223372036854775807");
    let facts =
        [weighing(2, "2026-05-02", "-5"), weighing(3, "2026-05-03", "1/2000"), weighing(4, "2026-05-04", "1/2")];
    let decision = decide(&tree, &facts, noon("2026-06-01"));
    assert_eq!(node(&decision, "it").have, "0.5".parse().unwrap());
    assert_eq!(reasons(&decision), [word(2, "no_amount"), word(3, "no_amount")]);
    let met = decide(&tree, &[huge], noon("2026-06-01"));
    assert_eq!(node(&met, "it").have, 1_000_000_000.into());
}
