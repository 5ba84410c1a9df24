//! What is not taken: responses of another shape, items that could not be answered rightly.

use super::form;
use crate::samples::{self, CANARY, content, id, items, options, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use waymark_assess::{
    ItemVersion, Rational,
    form::Presented,
    item::{GapKey, Interaction, ItemKey, ItemType, KeyKind, Scoring, Stimulus},
    response::Response,
};

#[test]
fn a_response_is_read_strictly() {
    let versions = items(Scoring::default());
    let form = form(&versions, 6);
    let at = |wanted: ItemType| form.positions().iter().find(|p| p.item_type() == wanted).expect("every type is drawn");
    let codes = |wanted: ItemType, value: Value| {
        let refused = Response::check(&value, at(wanted)).err().unwrap_or_default();
        refused.into_iter().map(|m| (m.pointer, m.code)).collect::<Vec<_>>()
    };
    let code = |wanted, value| codes(wanted, value).first().map_or("taken", |(_, code)| *code);
    for wanted in ItemType::ALL {
        for empty in [json!(null), json!(""), json!("  "), json!([]), json!({})] {
            assert_eq!(Response::check(&empty, at(wanted)), Ok(Response::cleared()), "{wanted:?} {empty}");
        }
        for hostile in
            [json!(1), json!(true), json!([1]), json!([["a"]]), json!({"x": "y"}), json!([null]), json!({"file": 3})]
        {
            assert_ne!(code(wanted, hostile.clone()), "taken", "{wanted:?} {hostile}");
        }
    }
    let (Presented::Match { sources, targets, .. }, Presented::Order { options }) =
        (&at(ItemType::Matching).presented, &at(ItemType::Ordering).presented)
    else {
        unreachable!()
    };
    let (s, t) = (sources[0].handle.as_str(), targets[0].handle.as_str());
    assert_eq!(code(ItemType::Matching, json!([[s, t]])), "taken");
    assert_eq!(code(ItemType::Matching, json!([[t, s]])), "unknown_handle", "the wrong way round");
    assert_eq!(code(ItemType::Matching, json!([[s, t], [s, targets[1].handle.as_str()]])), "paired_twice");
    assert_eq!(code(ItemType::Matching, json!([[s, t, t]])), "not_a_pair");
    let first = options[0].handle.as_str();
    assert_eq!(codes(ItemType::Ordering, json!([first, first])), [("/1".to_owned(), "duplicate_handle")]);
    let partly = Response::check(&json!([first]), at(ItemType::Ordering)).expect("begun");
    assert!(!partly.is_complete(at(ItemType::Ordering)));
    assert_eq!(code(ItemType::Numeric, json!("3.5 V")), "not_a_number");
    assert_eq!(code(ItemType::Numeric, json!("NaN")), "not_a_number");
    assert_eq!(code(ItemType::Numeric, json!("9".repeat(61))), "too_long");
    assert_eq!(code(ItemType::ShortText, json!("x".repeat(41))), "too_long");
    assert_eq!(code(ItemType::ShortText, json!("two\nlines")), "control_character");
    assert_eq!(code(ItemType::Essay, json!("two\r\nlines")), "taken");
    assert_eq!(code(ItemType::Essay, json!("a\u{0}b")), "control_character");
    assert_eq!(code(ItemType::FileUpload, json!({"file": "fil_abc123"})), "taken");
    for bad in ["fil_", "fil_../x", "att_abc", "fil_a b"] {
        assert_eq!(code(ItemType::FileUpload, json!({"file": bad})), "not_a_file", "{bad}");
    }
    assert_eq!(code(ItemType::FileUpload, json!({"file": "fil_abc", "name": "x"})), "not_a_file");
    let Presented::Gaps { gaps, pool, .. } = &at(ItemType::GapMatch).presented else { unreachable!() };
    let (g1, g2, word) = (gaps[0].handle.as_str(), gaps[1].handle.as_str(), pool[0].handle.as_str());
    assert_eq!(codes(ItemType::GapMatch, json!({g1: word, g2: word})).len(), 1, "each word once");
    assert_eq!(code(ItemType::GapMatch, json!({g1: "no handle"})), "unknown_handle");
    assert_eq!(Response::check(&json!({g1: "", g2: null}), at(ItemType::GapMatch)), Ok(Response::cleared()));
    let text = Response::check(&json!({"file": "fil_abc"}), at(ItemType::Cloze)).unwrap_err();
    assert_eq!(text[0].code, "unknown_handle", "a gap cannot be named into a file");
}

#[test]
fn what_cannot_be_answered_rightly_is_refused() {
    let refuse = |n: usize, change: &dyn Fn(&mut Interaction, &mut KeyKind)| {
        let (mut interaction, mut key) = samples::parts().swap_remove(n);
        change(&mut interaction, &mut key);
        let made = ItemVersion::new(content("x", interaction), ItemKey::new(key), None);
        made.err().unwrap_or_default().iter().map(|m| m.code).collect::<Vec<_>>().first().copied().unwrap_or("taken")
    };
    for n in 0..13 {
        assert_eq!(refuse(n, &|_, _| ()), "taken");
        let other = &|_: &mut Interaction, key: &mut KeyKind| {
            *key = samples::parts().swap_remove((n + 4) % 13).1;
        };
        assert_ne!(refuse(n, other), "taken", "the key of another type at {n}");
    }
    let matching = |interaction: &mut Interaction| match interaction {
        Interaction::Match(matching) => matching.clone(),
        _ => unreachable!(),
    };
    assert_eq!(
        refuse(3, &|_, key| *key = KeyKind::Pairs([(id("s1"), id("t1")), (id("s1"), id("t2"))].into())),
        "source_paired_twice"
    );
    assert_eq!(refuse(3, &|_, key| *key = KeyKind::Pairs([(id("s1"), id("t9"))].into())), "no_such_option");
    let differ = |interaction: &mut Interaction, _: &mut KeyKind| {
        let mut changed = matching(interaction);
        changed.targets = options(&["t1", "t1", "t3"]);
        *interaction = Interaction::Match(changed);
    };
    assert_eq!(refuse(3, &differ), "duplicate_option");
    assert_eq!(refuse(4, &|_, key| *key = KeyKind::Sequence(vec![id("p"), id("q"), id("r")])), "not_the_whole_order");
    let change_gaps = |change: &dyn Fn(&mut waymark_assess::item::Gaps)| {
        refuse(9, &|interaction, _| {
            let Interaction::Gaps(gaps) = interaction else { unreachable!() };
            change(gaps);
        })
    };
    assert_eq!(change_gaps(&|gaps| gaps.text = text("no mark at all")), "gap_not_once");
    assert_eq!(
        change_gaps(&|gaps| gaps.text = text(&format!("{{{{{CANARY}-g1}}}} {{{{{CANARY}-g2}}}} {{{{more}}}}"))),
        "no_such_gap"
    );
    assert_eq!(
        change_gaps(
            &|gaps| gaps.text = text(&format!("{{{{{CANARY}-g1}}}} [x](https://a.example/{{{{{CANARY}-g2}}}})"))
        ),
        "gap_not_once",
        "hidden in the address of a link"
    );
    assert_eq!(change_gaps(&|gaps| gaps.pool.truncate(1)), "number_of_options");
    assert_eq!(
        refuse(9, &|_, key| {
            let KeyKind::Gaps(gaps) = key else { unreachable!() };
            gaps.insert(id("g1"), GapKey::Options([id("u")].into()));
        }),
        "word_needed_twice"
    );
    assert_eq!(
        refuse(10, &|interaction, _| {
            let Interaction::Hotspot(hotspot) = interaction else { unreachable!() };
            hotspot.width = 20;
        }),
        "area_outside"
    );
    let mut without = content("x", samples::parts().swap_remove(10).0);
    without.figure = None;
    let key = ItemKey::new(samples::parts().swap_remove(10).1);
    assert_eq!(ItemVersion::new(without, key, None).unwrap_err()[0].code, "figure_missing");
    let mut stimulus = content("x", samples::parts().swap_remove(0).0);
    let english = BTreeMap::from([("en".to_owned(), "only English".to_owned())]);
    stimulus.stimulus =
        Some(Stimulus { id: "c".into(), text: waymark_assess::Text::in_languages(english).expect("a text") });
    let key = ItemKey::new(samples::parts().swap_remove(0).1);
    let refused = ItemVersion::new(stimulus, key, None).unwrap_err();
    assert_eq!((refused[0].pointer.as_str(), refused[0].code), ("/stimulus/text", "languages_differ"));
    let unfair = ItemKey::new(samples::parts().swap_remove(0).1)
        .scored(Scoring { penalty: Rational::ONE, ..Scoring::default() });
    let made = ItemVersion::new(content("x", samples::parts().swap_remove(0).0), unfair, None);
    assert_eq!(made.unwrap_err()[0].code, "penalty_without_parts");
}
