//! When a decision is dated, and when time alone changes it.

use serde_json::json;
use time::Duration;
use waymark_criteria::{Missing, NodeState, Outcome, Tally, Timestamp, decide};

use crate::given::{at, criteria, current, exam, fact, joined, merged, node, noon, only, reasons, voided};

fn met(at: Timestamp) -> Outcome {
    Outcome::Met { at, term: 1 }
}

#[test]
fn all_is_dated_by_the_last_any_by_the_first_and_at_least_n_by_the_nth() {
    let leaves = json!([
        {"id": "exam", "exam": {"slug": "a"}},
        {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 2}},
        {"id": "days", "tenure": {"days": 10}},
    ]);
    // exam on the 5th, second contribution on the 8th, tenure on the 11th
    let facts = [
        joined(1, noon("2026-05-01")),
        exam(2, noon("2026-05-05"), true),
        merged(3, noon("2026-05-02")),
        merged(4, noon("2026-05-08")),
        merged(5, noon("2026-05-20")),
    ];
    let now = noon("2026-06-01");
    for (tree, expected) in [
        (json!({"all": leaves}), "2026-05-11"),
        (json!({"any": leaves}), "2026-05-05"),
        (json!({"at_least": {"n": 1, "of": leaves}}), "2026-05-05"),
        (json!({"at_least": {"n": 2, "of": leaves}}), "2026-05-08"),
        (json!({"at_least": {"n": 3, "of": leaves}}), "2026-05-11"),
    ] {
        assert_eq!(decide(&criteria(&tree), &facts, now).outcome, met(noon(expected)), "{tree}");
    }
}

#[test]
fn nothing_is_met_by_nothing() {
    let tree = criteria(&json!({"all": [
        {"id": "exam", "exam": {"slug": "a"}},
        {"id": "days", "tenure": {"days": 10}},
        {"any": [{"id": "held", "held": {"track": "t"}}, {"id": "word", "attested": {"role": "judge"}}]},
    ]}));
    let decision = decide(&tree, &[], noon("2026-05-01"));
    assert_eq!((decision.outcome, decision.wake_at), (Outcome::NotYet, None));
    assert!(decision.nodes.iter().all(|node| node.state == NodeState::NotStarted));
    assert_eq!(node(&decision, "days").missing, Some(Missing::Join));
    assert_eq!(node(&decision, "word").missing, Some(Missing::BeAttested { role: "judge".into() }));
    assert!(matches!(&node(&decision, "tree.2").missing, Some(Missing::AnyOf { nodes }) if nodes.len() == 2));
    assert_eq!(node(&decision, "tree").missing, None);
}

#[test]
fn a_later_fail_does_not_undo_a_pass_and_the_first_pass_counts() {
    let tree = current("exam", &json!({"slug": "a"}));
    let facts = [
        exam(1, noon("2026-05-01"), false),
        exam(2, noon("2026-05-02"), true),
        exam(3, noon("2026-05-03"), true),
        exam(4, noon("2026-05-04"), false),
    ];
    let decision = decide(&tree, &facts, noon("2026-05-09"));
    assert_eq!(decision.outcome, met(noon("2026-05-02")));
    let words: Vec<String> = reasons(&decision).into_iter().map(|(_, why)| why).collect();
    assert_eq!(words, ["not_passed", "superseded", "not_passed"]);

    let failed = decide(&tree, &facts[..1], noon("2026-05-09"));
    assert_eq!(node(&failed, "it").state, NodeState::InProgress);
    assert_eq!(node(&failed, "it").missing, Some(Missing::TakeExam { slug: "a".into(), score: None }));
}

#[test]
fn voiding_the_crossing_fact_moves_the_moment_or_takes_it_away() {
    let tree = only("contributions", &json!({"types": ["change.merged"], "at_least": 2}));
    let now = noon("2026-06-01");
    let [first, second, third] =
        ["2026-05-01", "2026-05-02", "2026-05-03"].map(noon).map(|at| merged(at.day().into(), at));
    let all = [first.clone(), second.clone(), third.clone()];
    assert_eq!(decide(&tree, &all, now).outcome, met(noon("2026-05-02")));
    let void = voided(9, second);
    assert_eq!(decide(&tree, &[first.clone(), void.clone(), third], now).outcome, met(noon("2026-05-03")));
    let decision = decide(&tree, &[first, void], now);
    assert_eq!(decision.outcome, Outcome::NotYet);
    assert_eq!(reasons(&decision)[0].1, "voided");
}

#[test]
fn a_window_holds_its_first_moment_and_not_its_last() {
    let tree = current("contributions", &json!({"types": ["change.merged"], "at_least": 1, "window": {"days": 365}}));
    // 2028 has a 29 February: 365 days of 24 hours end a day early in the calendar.
    let happened = noon("2028-02-28");
    let end = noon("2029-02-27");
    let facts = [merged(1, happened)];
    let tick = Duration::nanoseconds(1);
    let outcome = |now| decide(&tree, &facts, now).outcome;
    assert_eq!(outcome(happened - tick), Outcome::NotYet);
    assert_eq!(outcome(happened), met(happened));
    assert_eq!(outcome(end - tick), met(happened));
    assert_eq!(outcome(end), Outcome::NotYet);

    assert_eq!(decide(&tree, &facts, happened - tick).wake_at, Some(happened));
    assert_eq!(decide(&tree, &facts, happened).wake_at, Some(end));
    assert_eq!(decide(&tree, &facts, end).wake_at, None);
    assert_eq!(node(&decide(&tree, &facts, happened), "it").met_until, Some(end));
    assert_eq!(reasons(&decide(&tree, &facts, end))[0].1, "outside_window");
    assert_eq!(reasons(&decide(&tree, &facts, happened - tick))[0].1, "happened_ahead");
}

#[test]
fn earned_stays_when_the_window_moves_on_and_shows_the_moment_it_was_met() {
    let asked = json!({"types": ["change.merged"], "at_least": 2, "window": {"days": 10}});
    let facts = [
        merged(1, noon("2026-01-01")), // alone in its window
        merged(2, noon("2026-03-01")),
        merged(3, noon("2026-03-05")),
        merged(4, noon("2026-06-01")), // after it was met
    ];
    let now = noon("2027-01-01");
    let earned = decide(&only("contributions", &asked), &facts, now);
    assert_eq!((earned.outcome, earned.wake_at), (met(noon("2026-03-05")), None));
    assert_eq!(node(&earned, "it").facts, [facts[1].id, facts[2].id]);
    let words: Vec<String> = reasons(&earned).into_iter().map(|(_, why)| why).collect();
    assert_eq!(words, ["outside_window", "after_met"]);
    // While its window is still open, too, nothing will end it.
    let the_next_day = decide(&only("contributions", &asked), &facts[..3], noon("2026-03-06"));
    assert_eq!((the_next_day.wake_at, node(&the_next_day, "it").met_until), (None, None));
    assert_eq!(decide(&current("contributions", &asked), &facts, now).outcome, Outcome::NotYet);
}

#[test]
fn what_came_after_does_not_show_in_what_was_met() {
    let tree = criteria(&json!({"any": [
        {"id": "exam", "exam": {"slug": "a"}},
        {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 2}},
        {"id": "other", "exam": {"slug": "b"}},
    ]}));
    let facts = [
        merged(1, noon("2026-05-01")),
        exam(2, noon("2026-05-02"), true),
        merged(3, noon("2026-05-03")),
        fact(4, noon("2026-05-04"), json!({"kind": "exam", "slug": "b", "passed": false})),
    ];
    let decision = decide(&tree, &facts, noon("2026-06-01"));
    let give = node(&decision, "give");
    assert_eq!((give.state, give.have, &give.facts[..]), (NodeState::InProgress, 1.into(), &[facts[0].id][..]));
    let missing = Missing::Contribute { types: vec!["change.merged".into()], count: 1 };
    assert_eq!(give.missing, Some(missing), "not: wait for what has happened already");
    assert_eq!(node(&decision, "other").state, NodeState::NotStarted);
}

#[test]
fn earned_asks_for_one_moment_at_which_all_was_true() {
    let tree = json!({"all": [
        {"id": "exam", "exam": {"slug": "a"}},
        {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 1, "window": {"days": 10}}},
    ]});
    let late_exam = [merged(1, noon("2026-01-01")), exam(2, noon("2026-01-11"), true)];
    let now = noon("2026-02-01");
    assert_eq!(decide(&criteria(&tree), &late_exam, now).outcome, Outcome::NotYet);
    let in_time = [merged(1, noon("2026-01-01")), exam(2, at("2026-01-11T11:59:59Z"), true)];
    assert_eq!(decide(&criteria(&tree), &in_time, now).outcome, met(at("2026-01-11T11:59:59Z")));
}

#[test]
fn current_is_dated_by_the_stretch_that_holds_now() {
    let tree = current("contributions", &json!({"types": ["change.merged"], "at_least": 1, "window": {"days": 10}}));
    let facts = ["2026-01-01", "2026-03-01", "2026-03-11"].map(noon).map(|at| merged(at.ordinal().into(), at));
    assert_eq!(decide(&tree, &facts, noon("2026-01-05")).outcome, met(noon("2026-01-01")));
    assert_eq!(decide(&tree, &facts, noon("2026-02-01")).outcome, Outcome::NotYet);
    // The second ends at the very moment at which the third begins: no break.
    assert_eq!(decide(&tree, &facts, noon("2026-03-15")).outcome, met(noon("2026-03-01")));
}

#[test]
fn tenure_waits_and_says_until_when() {
    let tree = only("tenure", &json!({"months": 12}));
    let facts = [joined(1, noon("2028-02-29")), joined(2, noon("2028-03-01"))];
    let day = noon("2029-02-28");
    let waiting = decide(&tree, &facts, noon("2028-09-01"));
    let it = node(&waiting, "it");
    assert_eq!((it.state, it.have, it.need), (NodeState::Waiting, 6.into(), 12.into()));
    assert_eq!((it.missing.clone(), waiting.wake_at), (Some(Missing::WaitUntil { at: day }), Some(day)));
    assert_eq!(it.facts, [facts[0].id]);
    assert_eq!(reasons(&waiting)[0].1, "superseded");
    assert_eq!(decide(&tree, &facts, day - Duration::nanoseconds(1)).outcome, Outcome::NotYet);
    assert_eq!(decide(&tree, &facts, day).outcome, met(day));
}

#[test]
fn a_credential_is_held_until_its_end_and_ever_after_for_ever() {
    let held = |number, from, until: &str| {
        fact(
            number,
            noon(from),
            json!({"kind": "credential", "track": "t", "valid_until": format!("{until}T12:00:00Z")}),
        )
    };
    let facts = [held(1, "2026-01-01", "2026-06-01"), held(2, "2026-05-01", "2026-09-01")];
    let (now, ever) = (json!({"track": "t"}), json!({"track": "t", "at": "ever"}));
    let tree = current("held", &now);
    assert_eq!(decide(&tree, &facts, noon("2026-08-01")).outcome, met(noon("2026-01-01")), "renewed without a break");
    assert_eq!(decide(&tree, &facts, noon("2026-07-01")).wake_at, Some(noon("2026-09-01")));
    let both = decide(&tree, &facts, noon("2026-05-15"));
    assert_eq!((node(&both, "it").facts.len(), node(&both, "it").have), (2, 1.into()), "two hold, one is asked");
    let over = decide(&tree, &facts, noon("2026-09-01"));
    assert_eq!(over.outcome, Outcome::NotYet);
    assert_eq!(reasons(&over).iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>(), ["ended", "ended"]);
    assert_eq!(node(&over, "it").missing, Some(Missing::HoldCredential { track: "t".into() }));
    assert_eq!(decide(&current("held", &ever), &facts, noon("2030-01-01")).outcome, met(noon("2026-01-01")));

    let ended = fact(
        3,
        noon("2026-01-01"),
        json!({
            "kind": "credential", "track": "t", "valid_until": "2027-01-01T00:00:00Z", "ended_at": "2026-02-01T12:00:00Z",
        }),
    );
    assert_eq!(decide(&tree, std::slice::from_ref(&ended), noon("2026-01-31")).outcome, met(noon("2026-01-01")));
    assert_eq!(decide(&tree, &[ended], noon("2026-02-01")).outcome, Outcome::NotYet);
}

#[test]
fn a_term_ends_and_the_next_begins_when_it_is_true_again() {
    let tree = criteria(&json!({
        "standing": {"term": {"months": 12}},
        "id": "it", "contributions": {"types": ["change.merged"], "at_least": 1, "window": {"days": 30}},
    }));
    let facts = [
        merged(1, noon("2026-01-10")), // first term: 10 January 2026 to 10 January 2027
        merged(2, noon("2027-01-05")), // holds at the end: second term follows at once
        merged(3, noon("2028-03-01")), // third term after a gap
    ];
    let decided = |now: &str| decide(&tree, &facts, noon(now));
    assert_eq!(decided("2026-12-31").outcome, Outcome::Met { at: noon("2026-01-10"), term: 1 });
    assert_eq!(decided("2026-12-31").wake_at, Some(noon("2027-01-05")), "a fact dated ahead is explained anew");
    assert_eq!(decided("2027-01-09").wake_at, Some(noon("2027-01-10")));
    assert_eq!(decided("2027-01-10").outcome, Outcome::Met { at: noon("2027-01-10"), term: 2 });
    assert_eq!(decided("2028-01-10").outcome, Outcome::NotYet);
    assert_eq!(decided("2028-03-01").outcome, Outcome::Met { at: noon("2028-03-01"), term: 3 });
    assert_eq!(decided("2026-01-09").outcome, Outcome::NotYet);
    let tally = Tally::replay(&tree, &facts);
    let begun = [noon("2026-01-10"), noon("2027-01-10"), noon("2028-03-01")];
    assert_eq!(tally.terms(noon("2028-03-01")), begun, "the terms that are over are still known");
    assert_eq!(tally.terms(noon("2028-02-29")), begun[..2]);
    assert!(tally.terms(noon("2026-01-09")).is_empty());
    for (at, term) in begun.into_iter().zip(1..) {
        assert_eq!(tally.decision(at).outcome, Outcome::Met { at, term });
    }
}

#[test]
fn the_edge_of_the_calendar_breaks_nothing() {
    let trees = ["earned", "current"].map(|word| json!(word)).into_iter().chain([json!({"term": {"months": 1200}})]);
    for standing in trees {
        let tree = criteria(&json!({"standing": standing, "all": [
            {"id": "days", "tenure": {"days": 36525}},
            {"id": "months", "tenure": {"months": 1200}},
            {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 1, "window": {"days": 36525}, "per_day": 1}},
        ]}))
        .with_day_offset_minutes(840);
        for moment in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let facts = [joined(1, moment), merged(2, moment), merged(3, Timestamp::MAX), joined(4, Timestamp::MIN)];
            for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
                assert!(!decide(&tree, &facts, now).nodes.is_empty());
            }
        }
    }
}

#[test]
fn a_short_term_over_all_of_time_still_ends() {
    let tree = criteria(&json!({"standing": {"term": {"months": 1}}, "id": "it", "tenure": {"days": 1}}));
    let decision = decide(&tree, &[joined(1, at("0000-01-01T00:00:00Z"))], Timestamp::MAX);
    assert!(matches!(decision.outcome, Outcome::Met { term: 119_999.., .. }), "{:?}", decision.outcome);
}
