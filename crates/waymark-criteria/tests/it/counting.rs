//! One evasion for every option that guards a count.

use serde_json::{Value, json};
use waymark_criteria::{Addition, Calendar, Criteria, Fact, FactId, Missing, Tally, decide};

use crate::given::{at, current, fact, from, id, merged, node, noon, on, only, reasons, voided};

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

#[test]
fn other_types_are_not_even_listed() {
    let talk = fact(1, noon("2026-05-01"), json!({"kind": "contribution", "type": "talk.given"}));
    let (facts, uncounted) = counted(&only("contributions", &guarded(&json!({}))), &[talk]);
    assert_eq!((facts, uncounted), (vec![], vec![]));
}

#[test]
fn one_object_counts_once_and_a_fact_without_one_stands_for_itself() {
    let tree = only("contributions", &guarded(&json!({"distinct": "object"})));
    let facts = [
        on("change/1", merged(1, noon("2026-05-01"))),
        on("change/1", merged(2, noon("2026-05-02"))),
        merged(3, noon("2026-05-03")),
        on("change/1", merged(4, noon("2026-07-04"))),
    ];
    assert_eq!(counted(&tree, &facts), (vec![id(1), id(3)], vec![word(2, "same_object"), word(4, "same_object")]));
    assert_eq!(counted(&only("contributions", &guarded(&json!({}))), &facts[..2]).0.len(), 2);
}

#[test]
fn an_object_is_not_counted_again_when_the_window_has_left_it() {
    let tree = current("contributions", &guarded(&json!({"distinct": "object", "window": {"days": 30}})));
    let facts = [on("change/1", merged(1, noon("2026-05-01"))), on("change/1", merged(2, noon("2026-12-30")))];
    assert_eq!(counted(&tree, &facts), (vec![], vec![word(1, "outside_window"), word(2, "same_object")]));
}

#[test]
fn voiding_the_counted_one_of_an_object_lets_the_next_count() {
    let tree = only("contributions", &guarded(&json!({"distinct": "object"})));
    let facts =
        [voided(9, on("change/1", merged(1, noon("2026-05-01")))), on("change/1", merged(2, noon("2026-05-02")))];
    assert_eq!(counted(&tree, &facts), (vec![id(2)], vec![word(1, "voided")]));
}

#[test]
fn a_day_has_a_cap_and_ends_where_the_program_says() {
    let asked = guarded(&json!({"per_day": 2}));
    // In Tokyo (+09:00) the 1st ends at 15:00 UTC.
    let facts = [
        merged(1, at("2026-04-30T15:00:00Z")), // 00:00 on the 1st
        merged(2, at("2026-05-01T10:00:00Z")),
        merged(3, at("2026-05-01T14:59:59.999Z")), // still the 1st
        merged(4, at("2026-05-01T15:00:00Z")),     // 00:00 on the 2nd
    ];
    let tokyo = only("contributions", &asked).with_day_offset_minutes(540);
    assert_eq!(counted(&tokyo, &facts), (vec![id(1), id(2), id(4)], vec![word(3, "over_daily_cap")]));
    let why = serde_json::to_value(&node(&decide(&tokyo, &facts, noon("2026-06-01")), "it").uncounted[0]).unwrap();
    assert_eq!(why, json!({"fact": id(3), "why": "over_daily_cap", "day": "2026-05-01", "limit": 2}));
    // By UTC days, the first is of April and three stand on the 1st of May.
    let utc = only("contributions", &asked);
    assert_eq!(counted(&utc, &facts), (vec![id(1), id(2), id(3)], vec![word(4, "after_met")]));
}

#[test]
fn a_day_has_the_offset_of_its_own_time() {
    // Berlin: an hour east of UTC, two from 29 March 2026, 01:00 UTC, to 25 October.
    let turns = [(at("2026-03-29T01:00:00Z"), 120), (at("2026-10-25T01:00:00Z"), 60)];
    let berlin = only("contributions", &guarded(&json!({"per_day": 1, "at_least": 6})));
    let berlin = berlin.with_calendar(Calendar::new(60, turns).unwrap());
    let facts = [
        merged(1, at("2026-03-28T22:30:00Z")), // 23:30 on the 28th
        merged(2, at("2026-03-28T23:30:00Z")), // 00:30 on the 29th
        merged(3, at("2026-03-29T21:30:00Z")), // 23:30 on the 29th, in summer time
        merged(4, at("2026-03-29T22:30:00Z")), // 00:30 on the 30th
        merged(5, at("2026-10-24T22:30:00Z")), // 00:30 on the 25th
        merged(6, at("2026-10-25T22:30:00Z")), // 23:30 on the 25th, after 25 hours
        merged(7, at("2026-10-25T23:30:00Z")), // 00:30 on the 26th
    ];
    let (taken, refused) = counted(&berlin, &facts);
    assert_eq!(taken, [1, 2, 4, 5, 7].map(id));
    assert_eq!(refused, vec![word(3, "over_daily_cap"), word(6, "over_daily_cap")]);
}

#[test]
fn a_day_that_comes_twice_is_one_day() {
    // At a minute past midnight the clocks go back to 23:01 of the day before.
    let back = [(at("2026-11-01T02:31:00Z"), -210)];
    let tree = only("contributions", &guarded(&json!({"per_day": 1})));
    let tree = tree.with_calendar(Calendar::new(-150, back).unwrap());
    let facts = [
        merged(1, at("2026-11-01T02:00:00Z")), // 23:30 on 31 October
        merged(2, at("2026-11-01T02:30:30Z")), // 00:00:30 on 1 November
        merged(3, at("2026-11-01T03:00:00Z")), // 23:30 on 31 October, again
        merged(4, at("2026-11-01T05:00:00Z")), // 01:30 on 1 November
    ];
    let (taken, refused) = counted(&tree, &facts);
    assert_eq!((taken, refused), (vec![id(1), id(2)], vec![word(3, "over_daily_cap"), word(4, "over_daily_cap")]));
}

#[test]
fn what_was_refused_uses_up_nothing() {
    let tree = only("contributions", &guarded(&json!({"per_day": 1, "per_giver": 1, "distinct": "object"})));
    let facts = [
        from(7, on("change/1", merged(1, at("2026-05-01T01:00:00Z")))),
        on("change/2", merged(2, at("2026-05-01T02:00:00Z"))), // the day is full
        from(7, on("change/3", merged(3, at("2026-05-02T01:00:00Z")))), // the giver gave already
        on("change/2", merged(4, at("2026-05-02T02:00:00Z"))), // its object and its day are still free
    ];
    let expected = vec![word(2, "over_daily_cap"), word(3, "over_giver_cap")];
    assert_eq!(counted(&tree, &facts), (vec![id(1), id(4)], expected));
}

#[test]
fn one_giver_cannot_carry_a_member() {
    let tree = only("contributions", &guarded(&json!({"per_giver": 1})));
    let facts = [
        from(7, merged(1, noon("2026-05-01"))),
        from(7, merged(2, noon("2026-05-02"))),
        from(8, merged(3, noon("2026-05-03"))),
        from(7, merged(4, noon("2026-09-04"))),
    ];
    let (taken, refused) = counted(&tree, &facts);
    assert_eq!((taken, refused), (vec![id(1), id(3)], vec![word(2, "over_giver_cap"), word(4, "over_giver_cap")]));
}

#[test]
fn a_giver_may_give_again_when_the_window_has_moved_on() {
    let tree = current("contributions", &guarded(&json!({"per_giver": 1, "window": {"days": 30}})));
    let facts = [
        from(7, merged(1, noon("2026-12-01"))),
        from(7, merged(2, at("2026-12-31T11:59:59Z"))), // the first still counts
        from(7, merged(3, noon("2026-12-31"))),         // and now no longer
    ];
    assert_eq!(counted(&tree, &facts), (vec![id(3)], vec![word(1, "outside_window"), word(2, "over_giver_cap")]));
}

#[test]
fn repeating_a_fact_counts_once_and_its_void_is_believed() {
    let tree = only("contributions", &guarded(&json!({})));
    let one = merged(1, noon("2026-05-01"));
    let thrice = [one.clone(), one.clone(), one.clone()];
    assert_eq!(counted(&tree, &thrice).0, [id(1)]);
    for facts in [[one.clone(), voided(9, one.clone())], [voided(9, one.clone()), one]] {
        assert_eq!(counted(&tree, &facts), (vec![], vec![word(1, "voided")]));
    }
}

#[test]
fn amounts_do_not_buy_a_count() {
    let tree = only("contributions", &guarded(&json!({})));
    let big = Fact { amount: waymark_criteria::Amount::whole(i64::MAX), ..merged(1, noon("2026-05-01")) };
    let decision = decide(&tree, &[big], noon("2026-06-01"));
    let missing = Missing::Contribute { types: vec!["change.merged".into()], count: 2 };
    assert_eq!(node(&decision, "it").missing, Some(missing));
}

#[test]
fn only_a_late_fact_that_is_read_asks_for_a_replay() {
    let mut tally = Tally::new(&only("contributions", &guarded(&json!({}))));
    let late_talk = fact(2, noon("2026-04-01"), json!({"kind": "contribution", "type": "talk.given"}));
    assert_eq!(tally.add(&merged(1, noon("2026-05-01"))), Addition::Added);
    assert_eq!(tally.add(&late_talk), Addition::Added);
    assert_eq!(tally.add(&merged(3, noon("2026-04-01"))), Addition::MustReplay);
    assert_eq!(tally.add(&voided(9, merged(1, noon("2026-05-01")))), Addition::MustReplay);
    assert_eq!(tally.add(&voided(9, merged(4, noon("2026-05-02")))), Addition::Added, "voided before it was counted");
}
