//! Reading the options of a count and of an exam, strictly.

use serde_json::{Value, json};
use waymark_criteria::Criteria;

/// A count of contributions of one type with these options: its mistakes.
fn counting(options: &Value) -> Vec<(String, &'static str)> {
    let mut asked = json!({"types": ["a"]});
    asked.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let tree = json!({"id": "x", "contributions": asked});
    match Criteria::from_value(&tree) {
        Ok(_) => Vec::new(),
        Err(mistakes) => {
            let inside = |pointer: String| pointer.trim_start_matches("/contributions").to_owned();
            mistakes.into_iter().map(|mistake| (inside(mistake.pointer), mistake.code)).collect()
        }
    }
}

#[test]
fn a_count_says_how_much_in_one_way() {
    for fits in [json!({"at_least": 1}), json!({"sum": 1}), json!({"active_days": 1}), json!({"streak": {"days": 2}})] {
        assert_eq!(counting(&fits), [], "{fits}");
    }
    for (options, pointer, code) in [
        (json!({}), "", "missing_field"),
        (json!({"at_least": 1, "sum": 3}), "", "missing_field"),
        (json!({"sum": 0}), "/sum", "out_of_range"),
        (json!({"sum": 2.5}), "/sum", "wrong_type"),
        (json!({"active_days": 0}), "/active_days", "out_of_range"),
        (json!({"streak": 4}), "/streak", "wrong_type"),
        (json!({"streak": {}}), "/streak", "missing_field"),
        (json!({"streak": {"days": 3, "weeks": 3}}), "/streak", "missing_field"),
        (json!({"streak": {"weeks": 1}}), "/streak/weeks", "out_of_range"),
        (json!({"streak": {"years": 2}}), "/streak/years", "unknown_field"),
    ] {
        assert_eq!(counting(&options).first(), Some(&(pointer.to_owned(), code)), "{options}");
    }
}

#[test]
fn a_window_is_said_in_one_way() {
    let window = |window: Value| counting(&json!({"at_least": 1, "window": window}));
    for fits in [
        json!({"days": 30}),
        json!({"calendar": "quarter"}),
        json!({"since": "joining"}),
        json!({"since": {"award": "first"}}),
        json!({"since": {"event": "season.opened"}}),
    ] {
        assert_eq!(window(fits.clone()), [], "{fits}");
    }
    for (said, pointer, code) in [
        (json!({"days": 30, "calendar": "month"}), "/window", "missing_field"),
        (json!({"calendar": "week"}), "/window/calendar", "unknown_word"),
        (json!({"calendar": 2}), "/window/calendar", "wrong_type"),
        (json!({"since": "award"}), "/window/since", "unknown_word"),
        (json!({"since": {"award": "A track"}}), "/window/since/award", "bad_slug"),
        (json!({"since": {"event": ""}}), "/window/since/event", "bad_type"),
        (json!({"since": {"award": "a", "event": "b"}}), "/window/since", "unknown_word"),
        (json!({"since": {"birth": "b"}}), "/window/since/birth", "unknown_field"),
    ] {
        assert_eq!(window(said.clone()), [(pointer.to_owned(), code)], "{said}");
    }
}

#[test]
fn guards_are_read_strictly() {
    for (options, pointer, code) in [
        (json!({"hold_days": 0}), "/hold_days", "out_of_range"),
        (json!({"hold_days": 367}), "/hold_days", "out_of_range"),
        (json!({"accepted": "staff"}), "/accepted", "unknown_word"),
        (json!({"accepted": true}), "/accepted", "unknown_word"),
        (json!({"own": "no"}), "/own", "wrong_type"),
        (json!({"reciprocal": 0}), "/reciprocal", "out_of_range"),
        (json!({"per_object": "1"}), "/per_object", "wrong_type"),
        (json!({"distinct": "giver"}), "/distinct", "unknown_word"),
        (json!({"sources": []}), "/sources", "wrong_type"),
        (json!({"sources": ["a b"]}), "/sources/0", "bad_source"),
        (json!({"sources": ["a", "a"]}), "/sources/1", "duplicate"),
    ] {
        let mut all = json!({"at_least": 1});
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        assert_eq!(counting(&all), [(pointer.to_owned(), code)], "{options}");
    }
}

#[test]
fn options_that_cannot_be_meant_together_are_refused() {
    for (options, pointer) in [
        (json!({"streak": {"days": 3}, "window": {"days": 30}}), "/window"),
        (json!({"sum": 3, "distinct": "type"}), "/distinct"),
        (json!({"streak": {"days": 3}, "distinct": "source"}), "/distinct"),
        (json!({"at_least": 1, "distinct": "object", "per_object": 2}), "/per_object"),
        (json!({"at_least": 2, "distinct": "type"}), "/at_least"),
        (json!({"at_least": 3, "distinct": "source", "sources": ["x", "y"]}), "/at_least"),
    ] {
        assert_eq!(counting(&options), [(pointer.to_owned(), "does_not_fit")], "{options}");
    }
    assert_eq!(counting(&json!({"at_least": 9, "distinct": "source"})), []);
}

#[test]
fn a_score_is_said_in_one_way() {
    let score = |score: Value| Criteria::from_value(&json!({"id": "x", "exam": {"slug": "a", "score": score}}));
    for fits in [json!({"points": 30}), json!({"percent": 100}), json!({"scaled": 700})] {
        assert!(score(fits.clone()).is_ok(), "{fits}");
    }
    for (said, pointer, code) in [
        (json!({}), "/exam/score", "missing_field"),
        (json!({"points": 3, "percent": 80}), "/exam/score", "missing_field"),
        (json!({"percent": 101}), "/exam/score/percent", "out_of_range"),
        (json!(80), "/exam/score", "wrong_type"),
    ] {
        let mistakes = score(said.clone()).expect_err(&said.to_string());
        assert_eq!((mistakes[0].pointer.as_str(), mistakes[0].code), (pointer, code), "{said}");
    }
}
