//! The decision as the API serves it, field by field.

use serde_json::{Value, json, to_value};
use waymark_criteria::{Criteria, Decision, Fact, Tally, decide};

use crate::given::{at, criteria, exam, fact, from, joined, merged, noon, on, voided};

/// The `requires` of the example program, days of Asia/Tokyo.
fn foundations() -> Criteria {
    criteria(&json!({"all": [
        {"id": "exam", "exam": {"slug": "a"}},
        {"id": "give", "contributions": {
            "types": ["change.merged", "answer.accepted"], "at_least": 3,
            "window": {"days": 365}, "per_day": 2, "distinct": "object",
        }},
    ]}))
    .with_day_offset_minutes(540)
}

fn told() -> Vec<Fact> {
    vec![
        fact(
            1,
            noon("2026-04-01"),
            json!({
                "kind": "exam", "slug": "a", "passed": false, "score": {"points": 20, "of": 35, "cut": 26},
            }),
        ),
        on("change/0", merged(2, noon("2025-05-01"))),
        on("change/1", merged(3, noon("2026-05-01"))),
        on("change/1", merged(4, noon("2026-05-02"))),
        voided(99, on("change/2", merged(5, noon("2026-05-03")))),
        on("change/3", merged(6, noon("2026-06-02"))),
    ]
}

fn number(digits: &str) -> String {
    format!("fct_{digits:0>26}")
}

fn served(decision: &Decision) -> Value {
    let value = to_value(decision).unwrap();
    assert_eq!(&serde_json::from_value::<Decision>(value.clone()).unwrap(), decision);
    value
}

#[test]
fn in_progress() {
    let decision = decide(&foundations(), &told(), noon("2026-06-01"));
    assert_eq!(
        served(&decision),
        json!({
            "outcome": {"state": "not_yet"},
            "wake_at": "2026-06-02T12:00:00Z",
            "nodes": [
                {
                    "id": "tree", "kind": "all", "parent": null, "children": ["exam", "give"],
                    "state": "in_progress", "have": 0, "need": 2, "unit": "requirements",
                    "met_at": null, "met_until": null, "facts": [], "uncounted": [], "missing": null,
                },
                {
                    "id": "exam", "kind": "exam", "parent": "tree", "children": [],
                    "state": "in_progress", "have": 0, "need": 1, "unit": "facts",
                    "met_at": null, "met_until": null, "facts": [],
                    "uncounted": [
                        {"fact": number("1"), "why": "not_passed", "score": {"points": 20, "of": 35, "cut": 26}},
                    ],
                    "missing": {"action": "take_exam", "slug": "a"},
                },
                {
                    "id": "give", "kind": "contributions", "parent": "tree", "children": [],
                    "state": "in_progress", "have": 1, "need": 3, "unit": "facts",
                    "met_at": null, "met_until": null,
                    "facts": [number("3")],
                    "uncounted": [
                        {"fact": number("2"), "why": "outside_window", "since": "2026-05-01T12:00:00Z"},
                        {"fact": number("4"), "why": "same_object", "counted": number("3")},
                        {"fact": number("5"), "why": "voided", "by": number("33")},
                        {"fact": number("6"), "why": "happened_ahead", "at": "2026-06-02T12:00:00Z"},
                    ],
                    "missing": {"action": "contribute", "types": ["change.merged", "answer.accepted"], "count": 2},
                },
            ],
        })
    );
}

#[test]
fn met_shows_what_it_took() {
    let mut facts = told();
    facts.extend([
        exam(7, noon("2026-06-10"), true),
        on("change/4", merged(8, noon("2026-06-11"))),
        on("change/5", merged(9, noon("2026-06-12"))),
    ]);
    let decision = decide(&foundations(), &facts, noon("2030-01-01"));
    let value = served(&decision);
    assert_eq!(value["outcome"], json!({"state": "met", "at": "2026-06-11T12:00:00Z", "term": 1}));
    assert_eq!(value["wake_at"], json!(null));
    let give = &value["nodes"][2];
    assert_eq!(give["facts"], json!([number("3"), number("6"), number("8")]));
    assert_eq!((&give["state"], &give["missing"]), (&json!("met"), &json!(null)));
    let after = json!({"fact": number("9"), "why": "after_met", "at": "2026-06-11T12:00:00Z"});
    assert_eq!(give["uncounted"].as_array().unwrap().last(), Some(&after));
    assert_eq!(decision.facts().len(), 4);
    assert_eq!(decision.decided_at(), Some(noon("2026-06-11")));
}

#[test]
fn the_other_reasons_and_actions() {
    let tree = criteria(&json!({"standing": "current", "at_least": {"n": 3, "of": [
        {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 9, "per_giver": 1}},
        {"id": "held", "held": {"track": "t"}},
        {"id": "days", "tenure": {"days": 100}},
        {"id": "word", "attested": {"role": "organizer"}},
    ]}}));
    let facts = [
        joined(1, noon("2026-05-01")),
        joined(2, noon("2026-05-02")),
        from(7, merged(3, noon("2026-05-03"))),
        from(7, merged(4, noon("2026-05-04"))),
        fact(5, noon("2026-05-05"), json!({"kind": "credential", "track": "t", "valid_until": "2026-05-06T00:00:00Z"})),
    ];
    let value = served(&decide(&tree, &facts, at("2026-05-11T11:59:59Z")));
    let [top, give, held, days, word] = &value["nodes"].as_array().unwrap()[..] else { panic!("five nodes") };
    assert_eq!(top["missing"], json!({"action": "some_of", "count": 3, "nodes": ["give", "held", "days", "word"]}));
    assert_eq!(
        give["uncounted"],
        json!([
            {"fact": number("4"), "why": "over_giver_cap", "giver": format!("mem_{:0>26}", 7), "limit": 1},
        ])
    );
    assert_eq!(held["uncounted"], json!([{"fact": number("5"), "why": "ended", "at": "2026-05-06T00:00:00Z"}]));
    assert_eq!((&held["state"], &held["missing"]["action"]), (&json!("not_started"), &json!("hold_credential")));
    assert_eq!((&days["have"], &days["need"], &days["unit"]), (&json!(9), &json!(100), &json!("days")));
    assert_eq!(days["missing"], json!({"action": "wait_until", "at": "2026-08-09T12:00:00Z"}));
    assert_eq!(days["uncounted"], json!([{"fact": number("2"), "why": "superseded", "by": number("1")}]));
    assert_eq!(word["missing"], json!({"action": "be_attested", "role": "organizer"}));
    assert_eq!(value["wake_at"], json!("2026-08-09T12:00:00Z"));
}

#[test]
fn a_stored_tally_that_does_not_fit_its_criteria_is_refused() {
    let mut stored = to_value(Tally::replay(&foundations(), &told())).unwrap();
    assert!(serde_json::from_value::<Tally>(stored.clone()).is_ok());
    stored["counts"]["leaves"].as_array_mut().unwrap().pop();
    let refused = serde_json::from_value::<Tally>(stored).unwrap_err().to_string();
    assert!(refused.contains("replay"), "{refused}");
}
