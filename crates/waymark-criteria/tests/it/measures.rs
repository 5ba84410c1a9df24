//! What can be counted, beside facts: amounts, different ones, active days, streaks, scores; and since when.

use serde_json::{Value, json};
use waymark_criteria::{
    Amount, Calendar, Criteria, Cycle, Distinct, Fact, Missing, NodeState, Outcome, ScoreAtLeast, Timestamp, Unit,
    decide,
};

use crate::given::{at, current, fact, joined, merged, node, noon, of, on, only, reasons, voided, weighing};

fn met(at: Timestamp) -> Outcome {
    Outcome::Met { at, term: 1 }
}

fn words(tree: &Criteria, facts: &[Fact], now: Timestamp) -> Vec<String> {
    reasons(&decide(tree, facts, now)).into_iter().map(|(_, why)| why).collect()
}

fn of_merged(options: Value) -> Value {
    let mut asked = json!({"types": ["change.merged"]});
    asked.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    asked
}

/// Merged at noon on these days of May 2026, numbered from 1.
fn on_days(days: &[u8]) -> Vec<Fact> {
    days.iter().zip(1..).map(|(day, number)| merged(number, noon(&format!("2026-05-{day:02}")))).collect()
}

#[test]
fn a_sum_is_met_by_the_fact_that_fills_it() {
    let tree = only("contributions", &of_merged(json!({"sum": 10})));
    let half = Fact { amount: Amount::fraction(1, 2).unwrap(), ..merged(3, noon("2026-05-03")) };
    let facts = [weighing(4, merged(1, noon("2026-05-01"))), weighing(5, merged(2, noon("2026-05-02"))), half];
    let decision = decide(&tree, &facts, noon("2026-06-01"));
    let it = node(&decision, "it");
    assert_eq!((it.have, it.need, it.unit), (Amount::fraction(19, 2).unwrap(), 10.into(), Unit::Amount));
    let types = vec!["change.merged".to_owned()];
    assert_eq!(it.missing, Some(Missing::Gather { types, amount: Amount::fraction(1, 2).unwrap() }));

    let mut filled = facts.to_vec();
    filled.push(merged(4, noon("2026-05-04")));
    assert_eq!(decide(&tree, &filled, noon("2026-06-01")).outcome, met(noon("2026-05-04")));
}

#[test]
fn a_sum_shrinks_when_its_window_moves_on() {
    let tree = current("contributions", &of_merged(json!({"sum": 10, "window": {"days": 30}})));
    let facts = [weighing(8, merged(1, noon("2026-05-01"))), weighing(2, merged(2, noon("2026-05-20")))];
    assert_eq!(decide(&tree, &facts, noon("2026-05-30")).outcome, met(noon("2026-05-20")));
    let over = decide(&tree, &facts, noon("2026-05-31"));
    assert_eq!((over.outcome, node(&over, "it").have), (Outcome::NotYet, 2.into()));
}

#[test]
fn different_types_are_those_that_count_at_the_same_time() {
    let tree = current(
        "contributions",
        &json!({
            "types": ["a", "b", "c"], "at_least": 2, "distinct": "type", "window": {"days": 30},
        }),
    );
    let is = |kind: &str, number, day: &str| of(kind, "s", merged(number, noon(day)));
    let facts = [is("a", 1, "2026-05-01"), is("a", 2, "2026-05-10"), is("b", 3, "2026-06-05")];
    let decision = decide(&tree, &facts[..2], noon("2026-05-11"));
    let it = node(&decision, "it");
    assert_eq!(
        (it.have, it.unit, words(&tree, &facts[..2], noon("2026-05-11"))),
        (1.into(), Unit::Types, vec!["same_type".into()])
    );
    let types = ["a", "b", "c"].map(str::to_owned).to_vec();
    assert_eq!(it.missing, Some(Missing::Vary { of: Distinct::Type, types, count: 1 }));
    // When the first `a` is over, the second still stands for its type.
    assert_eq!(decide(&tree, &facts, noon("2026-06-05")).outcome, met(noon("2026-06-05")));
    assert_eq!(decide(&tree, &facts, noon("2026-06-09")).outcome, Outcome::NotYet);
}

#[test]
fn different_sources_are_counted_once_each() {
    let tree = only("contributions", &of_merged(json!({"at_least": 2, "distinct": "source"})));
    let from = |source: &str, number, day: &str| of("change.merged", source, merged(number, noon(day)));
    let nowhere = [merged(1, noon("2026-05-01")), merged(2, noon("2026-05-02"))];
    assert_eq!(words(&tree, &nowhere, noon("2026-06-01")), ["same_source"]);
    let facts = [from("x", 1, "2026-05-01"), from("x", 2, "2026-05-02"), from("y", 3, "2026-05-03")];
    let decision = decide(&tree, &facts, noon("2026-06-01"));
    assert_eq!((decision.outcome, node(&decision, "it").unit), (met(noon("2026-05-03")), Unit::Sources));
    assert_eq!(words(&tree, &facts, noon("2026-06-01")), ["same_source"]);
}

#[test]
fn ten_in_one_day_are_one_active_day() {
    let tree = only("contributions", &of_merged(json!({"active_days": 2}))).with_day_offset_minutes(540);
    // In Tokyo the 1st of May ends at 15:00 UTC.
    let facts = [
        merged(1, at("2026-05-01T00:00:00Z")),
        merged(2, at("2026-05-01T14:59:59Z")),
        merged(3, at("2026-05-01T15:00:00Z")),
    ];
    let one = decide(&tree, &facts[..2], noon("2026-06-01"));
    let it = node(&one, "it");
    assert_eq!((it.have, it.unit, it.facts.len()), (1.into(), Unit::ActiveDays, 2));
    assert_eq!(it.missing, Some(Missing::BeActive { types: vec!["change.merged".into()], days: 1 }));
    assert_eq!(decide(&tree, &facts, noon("2026-06-01")).outcome, met(at("2026-05-01T15:00:00Z")));
}

#[test]
fn a_streak_holds_until_a_day_has_gone_by() {
    let tree = current("contributions", &of_merged(json!({"streak": {"days": 3}})));
    let facts = on_days(&[1, 2, 3]);
    assert_eq!(decide(&tree, &facts, at("2026-05-03T11:59:59Z")).outcome, Outcome::NotYet);
    assert_eq!(decide(&tree, &facts, noon("2026-05-03")).outcome, met(noon("2026-05-03")));
    // All of the 4th may still bring the next.
    let kept = decide(&tree, &facts, at("2026-05-04T23:59:59Z"));
    assert_eq!((kept.outcome, kept.wake_at), (met(noon("2026-05-03")), Some(at("2026-05-05T00:00:00Z"))));
    let lost = decide(&tree, &facts, at("2026-05-05T00:00:00Z"));
    assert_eq!((lost.outcome, node(&lost, "it").have), (Outcome::NotYet, 0.into()));
    assert_eq!(words(&tree, &facts, at("2026-05-05T00:00:00Z")), ["streak_broken"; 3]);
    let longer = on_days(&[1, 2, 3, 4, 5]);
    let decision = decide(&tree, &longer, noon("2026-05-06"));
    assert_eq!((decision.outcome, node(&decision, "it").have), (met(noon("2026-05-03")), 5.into()));
}

#[test]
fn a_gap_begins_a_streak_anew_and_says_until_when_it_is_kept() {
    let tree = only("contributions", &of_merged(json!({"streak": {"days": 3}})));
    let facts = on_days(&[1, 2, 4, 5]);
    let decision = decide(&tree, &facts, noon("2026-05-05"));
    let it = node(&decision, "it");
    assert_eq!((it.state, it.have, it.unit), (NodeState::InProgress, 2.into(), Unit::DaysInARow));
    assert_eq!(it.facts, [facts[2].id, facts[3].id]);
    let before = Some(at("2026-05-07T00:00:00Z"));
    let types = vec!["change.merged".into()];
    assert_eq!(it.missing, Some(Missing::KeepUp { types, cycle: Cycle::Day, count: 1, before }));
    // Earned: once three days in a row are there, it stays.
    let earned = decide(&tree, &on_days(&[1, 2, 4, 5, 6]), noon("2026-12-31"));
    assert_eq!(earned.outcome, met(noon("2026-05-06")));
}

#[test]
fn a_late_fact_closes_a_gap_and_a_void_opens_one() {
    let tree = only("contributions", &of_merged(json!({"streak": {"days": 3}})));
    let mut facts = on_days(&[1, 2, 3]);
    facts[1] = voided(9, facts[1].clone());
    assert_eq!(decide(&tree, &facts, noon("2026-06-01")).outcome, Outcome::NotYet);
    facts.push(merged(7, at("2026-05-02T23:00:00Z")));
    assert_eq!(decide(&tree, &facts, noon("2026-06-01")).outcome, met(noon("2026-05-03")));
}

#[test]
fn weeks_and_months_in_a_row_go_by_the_calendar() {
    let weeks = only("contributions", &of_merged(json!({"streak": {"weeks": 2}})));
    // Sunday the 3rd and Monday the 4th of May 2026 lie in two weeks.
    assert_eq!(decide(&weeks, &on_days(&[3, 4]), noon("2026-06-01")).outcome, met(noon("2026-05-04")));
    assert_eq!(decide(&weeks, &on_days(&[4, 10]), noon("2026-06-01")).outcome, Outcome::NotYet);
    let months = only("contributions", &of_merged(json!({"streak": {"months": 3}})));
    let on = |days: [&str; 3]| days.into_iter().zip(1..).map(|(day, n)| merged(n, noon(day))).collect::<Vec<_>>();
    let over_new_year = on(["2026-11-30", "2026-12-01", "2027-01-31"]);
    assert_eq!(decide(&months, &over_new_year, noon("2027-06-01")).outcome, met(noon("2027-01-31")));
    let with_a_gap = on(["2026-11-30", "2026-12-01", "2027-02-01"]);
    assert_eq!(decide(&months, &with_a_gap, noon("2027-06-01")).outcome, Outcome::NotYet);
}

#[test]
fn a_month_of_the_calendar_is_not_thirty_days() {
    let tree = current("contributions", &of_merged(json!({"at_least": 2, "window": {"calendar": "month"}})));
    let tree = tree.with_calendar(Calendar::fixed(540));
    let facts = [
        merged(1, at("2026-05-31T14:59:59Z")), // still May in Tokyo
        merged(2, at("2026-05-31T15:00:00Z")), // June
        merged(3, at("2026-06-29T15:00:00Z")),
    ];
    assert_eq!(decide(&tree, &facts[..2], at("2026-05-31T15:00:00Z")).outcome, Outcome::NotYet);
    let met_in_june = decide(&tree, &facts, at("2026-06-30T14:59:59Z"));
    assert_eq!(met_in_june.outcome, met(at("2026-06-29T15:00:00Z")));
    assert_eq!(met_in_june.wake_at, Some(at("2026-06-30T15:00:00Z")));
    let july = decide(&tree, &facts, at("2026-06-30T15:00:00Z"));
    assert_eq!(july.outcome, Outcome::NotYet);
    assert_eq!(words(&tree, &facts, at("2026-06-30T15:00:00Z")), ["outside_window"; 3]);
}

#[test]
fn quarters_and_years_end_where_the_calendar_says() {
    for (cycle, last, next) in [
        ("quarter", "2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z"),
        ("year", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
    ] {
        let tree = current("contributions", &of_merged(json!({"at_least": 1, "window": {"calendar": cycle}})));
        let facts = [merged(1, noon("2026-04-15"))];
        assert!(decide(&tree, &facts, at(last)).is_met(), "{cycle}");
        assert!(!decide(&tree, &facts, at(next)).is_met(), "{cycle}");
    }
}

#[test]
fn what_came_before_the_joining_does_not_count() {
    let tree = only("contributions", &of_merged(json!({"at_least": 2, "window": {"since": "joining"}})));
    let facts = [merged(1, noon("2026-05-01")), joined(2, noon("2026-05-02")), merged(3, noon("2026-05-02"))];
    let decision = decide(&tree, &facts, noon("2026-06-01"));
    let it = node(&decision, "it");
    assert_eq!((it.have, it.since), (1.into(), Some(noon("2026-05-02"))));
    assert_eq!(reasons(&decision), [(facts[0].id, "before_start".to_owned())]);
    let nowhere = decide(&tree, &facts[..1], noon("2026-06-01"));
    assert_eq!((node(&nowhere, "it").missing.clone(), node(&nowhere, "it").since), (Some(Missing::Join), None));
    // Joining a second time begins nothing anew.
    let again = [facts[1].clone(), merged(3, noon("2026-05-03")), joined(4, noon("2026-05-04"))];
    assert_eq!(node(&decide(&tree, &again, noon("2026-06-01")), "it").have, 1.into());
}

#[test]
fn with_each_award_counting_begins_anew() {
    let tree = current("contributions", &of_merged(json!({"at_least": 2, "window": {"since": {"award": "t"}}})));
    let award = |number, day: &str| fact(number, noon(day), json!({"kind": "credential", "track": "t"}));
    let facts = [
        merged(1, noon("2026-05-01")),
        award(10, "2026-05-02"),
        merged(2, noon("2026-05-03")),
        merged(3, noon("2026-05-04")),
        award(11, "2026-05-20"),
        merged(4, noon("2026-05-21")),
    ];
    assert_eq!(decide(&tree, &facts, noon("2026-05-19")).outcome, met(noon("2026-05-04")));
    let after = decide(&tree, &facts, noon("2026-05-22"));
    assert_eq!((after.outcome, node(&after, "it").since), (Outcome::NotYet, Some(noon("2026-05-20"))));
    assert_eq!(reasons(&after)[0].1, "before_start");
    assert_eq!(reasons(&after)[1].1, "outside_window");
    let before_any = decide(&tree, &facts[..1], noon("2026-05-22"));
    assert_eq!(node(&before_any, "it").missing, Some(Missing::HoldCredential { track: "t".into() }));
    // An award that was void never began anything.
    let mut taken_back = facts.to_vec();
    taken_back[4] = voided(12, facts[4].clone());
    assert_eq!(node(&decide(&tree, &taken_back, noon("2026-05-22")), "it").have, 3.into());
}

#[test]
fn an_event_opens_a_season() {
    let tree =
        current("contributions", &of_merged(json!({"at_least": 1, "window": {"since": {"event": "season.opened"}}})));
    let opened = of("season.opened", "s", merged(9, noon("2026-05-02")));
    let facts = [merged(1, noon("2026-05-01")), opened, on("a", merged(2, noon("2026-05-03")))];
    assert_eq!(decide(&tree, &facts, noon("2026-06-01")).outcome, met(noon("2026-05-03")));
    let closed = decide(&tree, &facts[..1], noon("2026-06-01"));
    assert_eq!(node(&closed, "it").missing, Some(Missing::AwaitEvent { r#type: "season.opened".into() }));
}

#[test]
fn a_score_is_reached_exactly_or_not() {
    let sat = |number, points: &str, of: u32| {
        let score = json!({"points": points, "of": of, "scaled": 700});
        fact(number, noon("2026-05-01"), json!({"kind": "exam", "slug": "a", "passed": true, "score": score}))
    };
    for (need, reached, missed) in [
        (json!({"points": 28}), sat(1, "28", 35), sat(1, "55/2", 35)),
        (json!({"percent": 80}), sat(1, "28", 35), sat(1, "27999/1000", 35)),
        (json!({"scaled": 700}), sat(1, "1", 35), exam_without_score()),
    ] {
        let tree = only("exam", &json!({"slug": "a", "score": need}));
        assert!(decide(&tree, &[reached], noon("2026-06-01")).is_met(), "{need}");
        let decision = decide(&tree, &[missed], noon("2026-06-01"));
        let it = node(&decision, "it");
        assert_eq!((decision.outcome, it.state), (Outcome::NotYet, NodeState::InProgress), "{need}");
        assert_eq!(reasons(&decision)[0].1, "below_score");
        let asked: ScoreAtLeast = serde_json::from_value(need).unwrap();
        assert_eq!(it.missing, Some(Missing::TakeExam { slug: "a".into(), score: Some(asked) }));
    }
    let nothing_to_reach = sat(1, "0", 0);
    let tree = only("exam", &json!({"slug": "a", "score": {"percent": 50}}));
    assert!(!decide(&tree, &[nothing_to_reach], noon("2026-06-01")).is_met());
}

fn exam_without_score() -> Fact {
    fact(1, noon("2026-05-01"), json!({"kind": "exam", "slug": "a", "passed": true}))
}

#[test]
fn a_title_is_held_within_its_term() {
    let tree = current("panel", &json!({"title": "fellow"}));
    let named = fact(
        1,
        noon("2026-03-01"),
        json!({
            "kind": "panel", "title": "fellow", "from": "2026-04-01T00:00:00Z", "until": "2027-04-01T00:00:00Z",
        }),
    );
    let none = decide(&tree, &[], noon("2026-03-02"));
    assert_eq!(node(&none, "it").missing, Some(Missing::BeGivenTitle { title: "fellow".into() }));
    let facts = [named];
    let waiting = decide(&tree, &facts, noon("2026-03-02"));
    assert_eq!((node(&waiting, "it").state, waiting.wake_at), (NodeState::Waiting, Some(at("2026-04-01T00:00:00Z"))));
    assert_eq!(reasons(&waiting)[0].1, "on_hold");
    assert_eq!(decide(&tree, &facts, noon("2026-05-01")).outcome, met(at("2026-04-01T00:00:00Z")));
    let over = decide(&tree, &facts, at("2027-04-01T00:00:00Z"));
    assert_eq!((over.outcome, reasons(&over)[0].1.as_str()), (Outcome::NotYet, "ended"));
    // Nobody is named into the past.
    let backdated =
        fact(1, noon("2026-05-01"), json!({"kind": "panel", "title": "fellow", "from": "2020-01-01T00:00:00Z"}));
    assert_eq!(decide(&tree, &[backdated], noon("2026-06-01")).outcome, met(noon("2026-05-01")));
}

#[test]
fn what_is_told_of_one_moment_does_not_depend_on_when_it_became_known() {
    // Of two at one moment on a day that has room for one, the same one counts whichever came first into the ledger.
    let tree = only("contributions", &of_merged(json!({"sum": 5, "per_day": 1})));
    let moment = noon("2026-05-01");
    let [light, heavy] = [1, 5].map(|amount| weighing(amount, on(&format!("o/{amount}"), merged(0, moment))));
    let known = |first: &Fact, second: &Fact| {
        let ledger = [(first, 1), (second, 2)].map(|(fact, id)| Fact { id: crate::given::id(id), ..fact.clone() });
        decide(&tree, &ledger, noon("2026-06-01")).outcome
    };
    assert_eq!(known(&light, &heavy), known(&heavy, &light));
}
