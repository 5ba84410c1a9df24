//! Reading and writing requirement trees.

use serde_json::{Value, json};
use waymark_criteria::{Calendar, Criteria, Detail, FactKind, Mistake, NodeKind, Standing};

use crate::given::{self, criteria};

/// The mistakes as (pointer, code), in their order.
fn refused(value: &Value) -> Vec<(String, &'static str)> {
    let mistakes = Criteria::from_value(value).expect_err(&value.to_string());
    mistakes.into_iter().map(|mistake| (mistake.pointer, mistake.code)).collect()
}

fn only_mistake(value: &Value) -> Mistake {
    let mut mistakes = Criteria::from_value(value).expect_err(&value.to_string());
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    mistakes.remove(0)
}

#[test]
fn a_tree_keeps_the_turns_of_its_days() {
    let stored =
        json!({"day_offset_minutes": 60, "day_turns": [[1_774_746_000, 120]], "id": "x", "exam": {"slug": "a"}});
    assert_eq!(criteria(&stored).to_value(), stored);
    assert_eq!(criteria(&stored).calendar().offset_minutes(given::noon("2026-07-01")), 120);
    for bad in [json!([[5, 60], [5, 0]]), json!([[5, 900]]), json!({"5": 60}), json!([["5", 60]])] {
        let mut tree = stored.clone();
        tree["day_turns"] = bad;
        assert_eq!(refused(&tree), [("/day_turns".to_owned(), "out_of_range")]);
    }
}

fn everything() -> Value {
    json!({
        "standing": {"term": {"months": 12}},
        "day_offset_minutes": 540,
        "id": "whole",
        "text": {"en": "All of it", "ja": "すべて"},
        "all": [
            {"id": "exam", "text": "Pass", "exam": {"slug": "foundations-exam"}},
            {"any": [
                {"id": "give", "contributions": {
                    "types": ["change.merged", "answer.accepted"], "at_least": 3, "window": {"days": 365},
                    "per_day": 2, "per_giver": 1, "distinct": "object",
                }},
                {"id": "plain", "contributions": {"types": ["org.example.Talk"], "at_least": 1}},
                {"id": "guarded", "contributions": {
                    "types": ["thanks.given"], "sources": ["https://community.example"], "sum": 100,
                    "window": {"since": {"award": "first"}}, "per_day": 1, "per_giver": 2, "per_object": 3,
                    "hold_days": 7, "accepted": "peer", "own": true, "reciprocal": 4,
                }},
                {"id": "days-of", "contributions": {
                    "types": ["a"], "active_days": 10, "window": {"calendar": "month"},
                }},
                {"id": "row", "contributions": {"types": ["a"], "streak": {"weeks": 4}, "distinct": "object"}},
                {"id": "kinds", "contributions": {
                    "types": ["a", "b"], "at_least": 2, "window": {"since": "joining"}, "distinct": "type",
                }},
                {"id": "places", "contributions": {
                    "types": ["a"], "at_least": 2, "window": {"since": {"event": "season.opened"}}, "distinct": "source",
                }},
            ]},
            {"at_least": {"n": 2, "of": [
                {"id": "now", "held": {"track": "first"}},
                {"id": "ever", "held": {"track": "second", "at": "ever"}},
                {"id": "days", "tenure": {"days": 365}},
                {"id": "months", "tenure": {"months": 12}},
                {"id": "word", "attested": {"role": "organizer"}},
                {"id": "named", "panel": {"title": "fellow"}},
                {"id": "well", "exam": {"slug": "second-exam", "score": {"percent": 80}}},
            ]}},
        ],
    })
}

#[test]
fn what_is_read_is_written_the_same() {
    let whole = everything();
    let read = criteria(&whole);
    assert_eq!(read.to_value(), whole);
    assert_eq!(criteria(&read.to_value()), read);
    assert_eq!(serde_json::from_value::<Criteria>(whole).unwrap(), read);
    assert_eq!((read.standing(), read.calendar()), (Standing::Term { months: 12 }, &Calendar::fixed(540)));
    let ids: Vec<&str> = read.nodes().into_iter().map(|node| node.id.as_str()).collect();
    let expected = [
        "whole", "exam", "tree.1", "give", "plain", "guarded", "days-of", "row", "kinds", "places", "tree.2", "now",
        "ever", "days", "months", "word", "named", "well",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn writing_has_one_order_and_leaves_defaults_out() {
    let read = criteria(&json!({
        "exam": {"slug": "a"}, "id": "x", "text": {"und": "Pass"}, "day_offset_minutes": 0, "standing": "earned",
    }));
    assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"id":"x","text":"Pass","exam":{"slug":"a"}}"#);
    let held = criteria(&json!({"standing": "current", "held": {"at": "now", "track": "t"}, "id": "h"}));
    assert_eq!(serde_json::to_string(&held).unwrap(), r#"{"standing":"current","id":"h","held":{"track":"t"}}"#);
}

#[test]
fn a_tree_says_what_it_reads() {
    let reads = criteria(&everything()).reads();
    assert_eq!(
        serde_json::to_value(&reads).unwrap(),
        json!({
            "exams": ["foundations-exam", "second-exam"],
            "contribution_types":
                ["a", "answer.accepted", "b", "change.merged", "org.example.Talk", "season.opened", "thanks.given"],
            "tracks": ["first", "second"],
            "roles": ["organizer"],
            "titles": ["fellow"],
            "given_types": ["thanks.given"],
            "membership": true,
        })
    );
    let touched = |detail: Value| reads.touched_by(&serde_json::from_value::<Detail>(detail).unwrap());
    assert!(touched(json!({"kind": "exam", "slug": "foundations-exam", "passed": false})));
    assert!(!touched(json!({"kind": "exam", "slug": "another", "passed": true})));
    assert!(touched(json!({"kind": "contribution", "type": "org.example.Talk"})));
    assert!(!touched(json!({"kind": "contribution", "type": "org.example.talk"})));
    assert!(touched(json!({"kind": "credential", "track": "second"})));
    assert!(!touched(json!({"kind": "attestation", "role": "judge"})));
    assert!(touched(json!({"kind": "membership"})));
    assert!(touched(json!({"kind": "panel", "title": "fellow"})));
    assert!(!touched(json!({"kind": "panel", "title": "chair"})));
    let given = |kind: &str| json!({"kind": "given", "type": kind, "to": "mem_00000000000000000000000002"});
    assert!(touched(given("thanks.given")) && !touched(given("change.merged")));
    let exam_only = criteria(&json!({"id": "x", "exam": {"slug": "a"}})).reads();
    assert_eq!(exam_only.kinds().into_iter().collect::<Vec<_>>(), [FactKind::Exam]);
}

#[test]
fn every_mistake_is_reported_at_once() {
    let mistakes = refused(&json!({
        "standing": "forever",
        "day_offset_minutes": 841,
        "al": [],
        "all": [
            {"exam": {"slug": "Foundations Exam"}},
            {"id": "give", "contributions": {"types": ["a", "a", ""], "at_least": 0, "window": {}, "per_dya": 2, "distinct": "giver"}},
            {"id": "give", "tenure": {"days": 1, "months": 1}},
            {"id": "two", "exam": {"slug": "a"}, "held": {"track": "b"}},
            {"id": "none"},
            7,
            {"at_least": {"n": 2, "of": [{"id": "h", "held": {"track": "t", "at": "always"}}]}},
            {"any": []},
        ],
    }));
    let expected = [
        ("/standing", "unknown_word"),
        ("/day_offset_minutes", "out_of_range"),
        ("/al", "unknown_field"),
        ("/all/0", "missing_field"),
        ("/all/0/exam/slug", "bad_slug"),
        ("/all/1/contributions/per_dya", "unknown_field"),
        ("/all/1/contributions/types/1", "duplicate"),
        ("/all/1/contributions/types/2", "bad_type"),
        ("/all/1/contributions/at_least", "out_of_range"),
        ("/all/1/contributions/window", "missing_field"),
        ("/all/1/contributions/distinct", "unknown_word"),
        ("/all/2/id", "duplicate"),
        ("/all/2/tenure", "missing_field"),
        ("/all/3", "several_requirements"),
        ("/all/4", "missing_field"),
        ("/all/5", "wrong_type"),
        ("/all/6/at_least/n", "out_of_range"),
        ("/all/6/at_least/of/0/held/at", "unknown_word"),
        ("/all/7/any", "no_requirement"),
    ];
    assert_eq!(mistakes, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn a_mistake_says_what_was_probably_meant() {
    let mistake = only_mistake(&json!({"id": "x", "contribution": {"types": ["a"], "at_least": 1}}));
    assert_eq!((mistake.code, mistake.suggestion.as_deref()), ("unknown_field", Some("contributions")));
    assert_eq!(mistake.pointer, "/contribution");
    let mistake = only_mistake(&json!({"id": "x", "contributions": {"types": ["a"], "at_least": 1, "per-day": 1}}));
    assert_eq!(mistake.suggestion.as_deref(), Some("per_day"));
    let mistake = only_mistake(&json!({"id": "Give Three", "exam": {"slug": "a"}}));
    assert_eq!(mistake.suggestion.as_deref(), Some("give-three"));
    let text = mistake.to_string();
    assert!(text.starts_with("/id: ") && text.ends_with("did you mean `give-three`?"), "{text}");
}

#[test]
fn what_has_no_room_yet_is_refused_by_name() {
    for (word, says) in [("nomination", "room does not exist yet"), ("mentoring", "room does not exist yet")] {
        let mistake = only_mistake(&json!({"id": "x", word: {}}));
        assert_eq!((mistake.code, mistake.pointer), ("not_available", format!("/{word}")));
        assert!(mistake.message.contains(says), "{}", mistake.message);
    }
    let points = json!({"id": "x", "contributions": {"types": ["a"], "at_least": 1, "points": 3}});
    assert_eq!(only_mistake(&points).code, "not_available");
}

#[test]
fn persons_are_judged_not_firms() {
    for field in ["company", "company_size", "job_title", "affiliation"] {
        let tree = json!({"id": "x", "contributions": {"types": ["a"], "at_least": 1, field: "Example"}});
        assert_eq!(only_mistake(&tree).code, "unknown_field");
        assert_eq!(refused(&json!({"id": "x", field: "Example"})), [(format!("/{field}"), "unknown_field")]);
    }
}

#[test]
fn bounds_are_kept() {
    let leaf = json!({"id": "x", "exam": {"slug": "a"}});
    let nested = |levels: usize| (1..levels).fold(leaf.clone(), |inner, _| json!({"all": [inner]}));
    assert!(Criteria::from_value(&nested(8)).is_ok());
    assert_eq!(only_mistake(&nested(9)).code, "too_deep");
    assert_eq!(only_mistake(&nested(100)).code, "too_deep");

    let wide = |leaves: usize| {
        let leaves: Vec<Value> = (0..leaves).map(|n| json!({"id": format!("x{n}"), "exam": {"slug": "a"}})).collect();
        json!({"all": leaves})
    };
    assert_eq!(criteria(&wide(63)).nodes().len(), Criteria::MAX_NODES);
    let mistake = only_mistake(&wide(100_000));
    assert_eq!((mistake.code, mistake.pointer.as_str()), ("too_many", "/all/63"));

    let many: Value = (0..10_000).map(|n| (format!("field{n}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(refused(&many).len(), Mistake::MAX);
}

#[test]
fn counts_are_whole_and_within_reach() {
    let at_least = |n: Value| json!({"id": "x", "contributions": {"types": ["a"], "at_least": n}});
    assert!(Criteria::from_value(&at_least(json!(1))).is_ok());
    assert!(Criteria::from_value(&at_least(json!(1_000_000))).is_ok());
    for n in [json!(0), json!(-1), json!(1_000_001), json!(u64::MAX)] {
        assert_eq!(only_mistake(&at_least(n)).code, "out_of_range");
    }
    for n in [json!(3.0), json!("3"), json!(null), json!(true)] {
        assert_eq!(only_mistake(&at_least(n)).code, "wrong_type");
    }
    let window =
        |days: u64| json!({"id": "x", "contributions": {"types": ["a"], "at_least": 1, "window": {"days": days}}});
    assert!(Criteria::from_value(&window(36_525)).is_ok());
    assert_eq!(only_mistake(&window(36_526)).code, "out_of_range");
}

#[test]
fn ids_are_the_authors_own_and_stay_apart_from_derived_ones() {
    let mistake = only_mistake(&json!({"all": [{"id": "tree", "exam": {"slug": "a"}}]}));
    assert_eq!((mistake.code, mistake.pointer.as_str()), ("reserved", "/all/0/id"));
    assert_eq!(only_mistake(&json!({"all": [{"id": "tree.0", "exam": {"slug": "a"}}]})).code, "bad_slug");
    for id in ["", "-a", "é", &"a".repeat(65)] {
        assert_eq!(only_mistake(&json!({"id": id, "exam": {"slug": "a"}})).code, "bad_slug");
    }
}

#[test]
fn texts_are_checked() {
    let with = |text: Value| json!({"id": "x", "text": text, "exam": {"slug": "a"}});
    assert!(Criteria::from_value(&with(json!({"ja": "合格する", "pt-BR": "Passar"}))).is_ok());
    assert_eq!(only_mistake(&with(json!({"english": "Pass"}))).code, "bad_language");
    assert_eq!(only_mistake(&with(json!({"en": " "}))).code, "bad_text");
    assert_eq!(only_mistake(&with(json!("a\u{7}"))).code, "bad_text");
    assert_eq!(only_mistake(&with(json!("a".repeat(501)))).code, "bad_text");
    assert_eq!(only_mistake(&with(json!({"en": 1}))).code, "wrong_type");
    assert_eq!(only_mistake(&with(json!({}))).code, "wrong_type");
}

#[test]
fn a_top_that_is_no_object_is_refused() {
    for value in [json!(null), json!([]), json!("all"), json!(1)] {
        assert_eq!(refused(&value), [(String::new(), "wrong_type")]);
    }
    assert_eq!(only_mistake(&json!({})).code, "missing_field");
    let inner = json!({"all": [{"id": "x", "standing": "current", "exam": {"slug": "a"}}]});
    assert_eq!(refused(&inner), [("/all/0/standing".to_owned(), "unknown_field")]);
}

#[test]
fn the_words_for_nodes_are_those_of_the_files() {
    for kind in NodeKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}
