//! Banks that are wrong, damaged or meant to harm: each item is answered for, the rest is taken.

use crate::bank::{fields, png, read};
use proptest::prelude::*;
use serde_json::{Value, json};
use waymark_assess::interchange::{FixedWhy, Format, ItemOutcome, MAX_FILE, import, item_from_value};

/// The codes and pointers of what is wrong with one item.
fn wrong(change: impl Fn(&mut Value)) -> Vec<(String, &'static str)> {
    let mut fields = fields("x1", "d", 2);
    change(&mut fields);
    match item_from_value(&fields, &|name| (name == "ok.png").then(png)) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.into_iter().map(|m| (m.pointer, m.code)).collect(),
    }
}

#[test]
fn each_mistake_is_named_with_its_field() {
    let one = |pointer: &str, code: &'static str| vec![(pointer.to_owned(), code)];
    assert_eq!(wrong(|_| ()), []);
    assert_eq!(wrong(|f| f["correct"] = json!(4)), one("/correct", "no_such_option"));
    assert_eq!(wrong(|f| f["correct"] = json!(-1)), one("/correct", "not_a_whole_number"));
    assert_eq!(wrong(|f| f["correct"] = json!("C")), one("/correct", "not_a_whole_number"));
    assert_eq!(wrong(|f| f["correct"] = json!([])), one("/correct", "no_key"));
    assert_eq!(wrong(|f| f["correct"] = json!([1, 1])), one("/correct/1", "duplicate_option"));
    assert_eq!(wrong(|f| f["correct"] = Value::Null), one("/correct", "missing"));
    assert_eq!(wrong(|f| f["correct_letter"] = json!("B")), one("/correct_letter", "letter_disagrees"));
    assert_eq!(wrong(|f| f["correct_letter"] = json!("C")), []);
    assert_eq!(wrong(|f| f["correct_letter"] = json!(2)), one("/correct_letter", "letter_disagrees"));
    assert_eq!(wrong(|f| f["question"] = json!("  ")), one("/question", "missing"));
    assert_eq!(wrong(|f| f["question"] = json!({"ja": "問"})).len(), 4, "the options are in no language");
    assert_eq!(wrong(|f| f["question"] = json!({"japanese": "問"})), one("/question", "not_a_language"));
    assert_eq!(wrong(|f| f["question"] = json!("a\u{0}b")), one("/question", "control_character"));
    assert_eq!(wrong(|f| f["question"] = json!("長".repeat(20_001))), one("/question", "too_long"));
    assert_eq!(wrong(|f| f["answers"][1] = json!("option 0 of x1")), one("/answers/1", "same_text"));
    assert_eq!(wrong(|f| f["answers"][1] = json!(2.50)), one("/answers/1", "not_a_text"));
    assert_eq!(wrong(|f| f["answers"][1] = json!("")), one("/answers/1", "empty"));
    assert_eq!(
        wrong(|f| (f["answers"], f["correct"]) = (json!(["a"]), json!(0))),
        one("/answers", "number_of_options")
    );
    let many: Vec<String> = (0..27).map(|n| n.to_string()).collect();
    assert_eq!(wrong(|f| f["answers"] = json!(many)), one("/answers", "number_of_options"));
    assert_eq!(wrong(|f| f["id"] = json!("../etc")), one("/id", "not_a_name"));
    assert_eq!(wrong(|f| f["id"] = json!("=cmd")), one("/id", "not_a_name"));
    assert_eq!(wrong(|f| f["type"] = json!("multiple_choise")), one("/type", "not_one_of"));
    assert_eq!(
        wrong(|f| (f["type"], f["correct"]) = (json!("single_choice"), json!([0, 1]))),
        one("/correct", "more_than_one_key")
    );
    assert_eq!(wrong(|f| f["choose"] = json!(1)), one("/choose", "choose_on_single_choice"));
    assert_eq!(wrong(|f| (f["choose"], f["correct"]) = (json!(3), json!([0, 1]))), one("/choose", "choose_differs"));
    assert_eq!(wrong(|f| f["figure"] = json!("../key.pem")), one("/figure", "figure_name"));
    assert_eq!(wrong(|f| f["figure"] = json!("none.png")), one("/figure", "figure_missing"));
    assert_eq!(wrong(|f| f["figure"] = json!("ok.png")), []);
    assert_eq!(wrong(|f| f["figure_alt"] = json!("a circuit")), one("/figure_alt", "alt_without_figure"));
    assert_eq!(wrong(|f| f["ratoinale"] = json!("r")), one("/ratoinale", "unknown_field"));
    assert_eq!(wrong(|f| f["domain"] = json!(["a"])), one("/domain", "not_a_text"));
    assert_eq!(wrong(|f| f["tags"] = json!("a b")), one("/tags", "not_a_name"));
    assert_eq!(item_from_value(&json!([]), &|_| None).unwrap_err()[0].code, "not_an_object");
}

#[test]
fn every_mistake_of_an_item_is_named_at_once_in_both_languages() {
    let bad = json!({"id": "x", "qestion": "q", "answers": ["a", "b"], "correct": 0, "choose": "two"});
    let mistakes = item_from_value(&bad, &|_| None).unwrap_err();
    let named: Vec<_> = mistakes.iter().map(|m| (m.pointer.as_str(), m.code)).collect();
    assert_eq!(named, [("/question", "missing"), ("/choose", "not_a_whole_number"), ("/qestion", "unknown_field")]);
    assert_eq!(mistakes[2].message_in("en"), "`qestion` is unknown here: did you mean `question`?");
    assert!(mistakes.iter().all(|m| m.message_in("ja-JP").chars().any(|c| c > '\u{3000}')));
}

#[test]
fn several_languages_and_several_right_answers() {
    let each = json!({"id": "m", "question": {"ja": "問", "en": "q"}, "correct": [0, 2], "correct_letter": "A;C", "choose": 2,
        "answers": [{"ja": "あ", "en": "a"}, {"ja": "い", "en": "b"}, {"ja": "う", "en": "c"}]});
    let lists = json!({"id": "m", "question": {"ja": "問", "en": "q"}, "correct": [0, 2], "type": "multiple_choice", "choose": 2,
        "answers": {"ja": ["あ", "い", "う"], "en": ["a", "b", "c"]}});
    let item = |fields| item_from_value(fields, &|_| None).unwrap();
    assert_eq!(item(&each), item(&lists));
    assert_eq!(item(&each).content().item_type().as_str(), "multiple_choice");
    let mut uneven = lists;
    uneven["answers"]["en"] = json!(["a", "b"]);
    assert_eq!(item_from_value(&uneven, &|_| None).unwrap_err()[0].code, "languages_differ");
}

#[test]
fn every_part_of_an_item_makes_its_version() {
    let base = fields("x", "d", 1);
    let hash = |change: &dyn Fn(&mut Value)| {
        let mut fields = base.clone();
        change(&mut fields);
        let figure = |name: &str| Some([png(), name.as_bytes().to_vec()].concat());
        item_from_value(&fields, &figure).unwrap().hash()
    };
    let hashes = [
        hash(&|_| ()),
        hash(&|f| f["id"] = json!("y")),
        hash(&|f| f["question"] = json!("another")),
        hash(&|f| f["answers"][2] = json!("another")),
        hash(&|f| f["correct"] = json!(2)),
        hash(&|f| f["correct"] = json!([1])),
        hash(&|f| f["rationale"] = json!("because")),
        hash(&|f| f["rationale"] = json!("for another reason")),
        hash(&|f| f["refs"] = json!("§1")),
        hash(&|f| f["domain"] = json!("e")),
        hash(&|f| f["tags"] = json!(["t"])),
        hash(&|f| f["fixed"] = json!([0])),
        hash(&|f| f["figure"] = json!("a.png")),
        hash(&|f| f["figure"] = json!("b.png")),
        hash(&|f| (f["figure"], f["figure_alt"]) = (json!("a.png"), json!("a"))),
    ];
    let different: std::collections::BTreeSet<_> = hashes.iter().collect();
    assert_eq!(different.len(), hashes.len());
    assert_eq!(hash(&|f| f["tags"] = json!("t")), hash(&|f| f["tags"] = json!(["t"])));
    assert_eq!(
        hash(&|f| f["question"] = json!(" question x\r\n")),
        hashes[0],
        "white space around a text says nothing"
    );
}

#[test]
fn a_second_item_of_the_same_id_is_rejected_and_the_rest_taken() {
    let text = "id,correct,question,a,b\nx,0,q,1,2\ny,0,q,1,2\nx,1,r,1,2\nz,0,q,1,2\n";
    let import = read(text, Format::Csv);
    let rejected: Vec<_> =
        import.report.rejected().map(|(item, m)| (item.item.as_str(), item.line, m[0].code)).collect();
    assert_eq!(rejected, [("x", 4, "duplicate_id")]);
    assert!(import.report.rejected().next().unwrap().1[0].message.contains("line 2"));
    assert_eq!(import.report.imported(), 3);
}

#[test]
fn a_mark_at_the_beginning_and_unknown_columns_are_no_obstacle() {
    let import = read("\u{feff}id,correct,question,a,b,colour\nx,0,q,1,2,red\n", Format::Csv);
    assert_eq!((import.report.imported(), import.report.warnings.len()), (1, 1));
    assert_eq!(import.report.warnings[0].text.code, "unknown_column");
    let import = read(
        "\u{feff}[{\"id\":\"x\",\"question\":\"q\",\"answers\":[\"1\",\"2\"],\"correct\":0,\"hint\":\"h\"}]",
        Format::Json,
    );
    assert_eq!((import.report.imported(), import.report.warnings[0].text.pointer.as_str()), (1, "/hint"));
}

#[test]
fn files_that_are_no_bank_say_why() {
    let code =
        |bytes: &[u8], format| import(bytes, format, &|_| None, &|_| None).report.broken.first().map(|(_, m)| m.code);
    assert_eq!(code(b"\xff\xfei\0d\0", Format::Csv), Some("not_utf8"));
    assert_eq!(code(b"", Format::Json), Some("json_syntax"));
    assert_eq!(code(b"", Format::Yaml), Some("no_items"));
    assert_eq!(code(b"", Format::Csv), Some("no_items"));
    assert_eq!(code(b"[]", Format::Json), Some("no_items"));
    assert_eq!(code(&vec![b' '; MAX_FILE + 1], Format::Yaml), Some("file_too_large"));
    assert_eq!(Format::detect("bank.dat", b"[{}]"), Ok(Format::Json));
    assert_eq!(Format::detect("bank", b"- id: x"), Ok(Format::Yaml));
    assert_eq!(Format::detect("bank", b"id,question\n"), Ok(Format::Csv));
    assert_eq!(Format::detect("BANK.YML", b""), Ok(Format::Yaml));
    assert_eq!(Format::detect("bank", b"x").unwrap_err().code, "unknown_format");
}

#[test]
fn a_question_of_endless_answers_is_refused_before_they_are_compared() {
    for answers in ["~a".repeat(100_000), "=a -> b ".repeat(20_000)] {
        let file = format!("::q:: What {{{answers}}}\n\n::fine:: Two and two {{=4 ~5}}\n");
        let import = import(file.as_bytes(), Format::Gift, &|_| None, &|_| None);
        let codes: Vec<Option<&str>> = import
            .report
            .items
            .iter()
            .map(|item| match &item.outcome {
                ItemOutcome::Rejected(mistakes) => mistakes.first().map(|mistake| mistake.code),
                _ => None,
            })
            .collect();
        assert_eq!(codes, [Some("syntax"), None]);
        assert_eq!(import.accepted.len(), 1);
    }
}

#[test]
fn figures_are_asked_for_by_plain_name_and_kept_by_hash() {
    let row = |id: &str, figure: &str| format!("{id},0,q,1,2,{figure}\n");
    let text = format!(
        "id,correct,question,a,b,figure\n{}{}{}{}",
        row("a", "ok.png"),
        row("b", "gone.png"),
        row("c", "text.png"),
        row("d", "a/b.png")
    );
    let asked = std::cell::RefCell::new(Vec::new());
    let lookup = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        match name {
            "ok.png" => Some(png()),
            "text.png" => Some(b"<svg/>".to_vec()),
            _ => None,
        }
    };
    let import = import(text.as_bytes(), Format::Csv, &lookup, &|_| None);
    let codes: Vec<_> = import.report.rejected().map(|(_, m)| m[0].code).collect();
    assert_eq!(codes, ["figure_missing", "figure_refused", "figure_name"]);
    assert_eq!(*asked.borrow(), ["ok.png", "gone.png", "text.png"]);
    let figure = import.accepted[0].1.content().figure.as_ref().unwrap();
    assert_eq!(import.figures.keys().collect::<Vec<_>>(), [&figure.sha256()]);
}

#[test]
fn options_that_speak_of_others_keep_their_place() {
    let fixed = |answers: &[&str]| {
        let row = json!([{"id": "x", "question": "q", "answers": answers, "correct": 0}]);
        let import = read(&row.to_string(), Format::Json);
        let waymark_assess::item::Interaction::Choice(choice) = &import.accepted[0].1.content().interaction else {
            unreachable!()
        };
        let places: Vec<bool> = choice.options.iter().map(|option| option.fixed).collect();
        (places, import.report.fixed_options.iter().map(|f| (f.option, f.why)).collect::<Vec<_>>())
    };
    assert_eq!(
        fixed(&["1", "2", "All of the above"]),
        (vec![false, false, true], vec![(2, FixedWhy::SpeaksOfTheOthers)])
    );
    assert_eq!(
        fixed(&["1", "2", "All of the above", "None of the above"]),
        (vec![false, false, true, true], vec![(2, FixedWhy::SpeaksOfTheOthers), (3, FixedWhy::SpeaksOfTheOthers)])
    );
    assert_eq!(fixed(&["1", "上記すべて", "3"]), (vec![true; 3], vec![(1, FixedWhy::NamesPlaces)]));
    assert_eq!(fixed(&["1", "2", "3", "Both A and B"]), (vec![true; 4], vec![(3, FixedWhy::NamesPlaces)]));
    assert_eq!(fixed(&["1", "2"]), (vec![false; 2], vec![]));
}

#[test]
fn the_report_has_the_shape_of_the_command_line() {
    let report =
        serde_json::to_value(read("id,correct,question,a,b\nx,0,q,1,2\ny,9,q,1,2\n", Format::Csv).report).unwrap();
    assert_eq!((&report["imported"], &report["updated"], &report["unchanged"]), (&json!(1), &json!(0), &json!(0)));
    assert_eq!((&report["rejected"][0]["item"], &report["rejected"][0]["line"]), (&json!("y"), &json!(3)));
    assert!(report["rejected"][0]["reason"].as_str().unwrap().starts_with("/correct: `correct` is 9"));
}

proptest! {
    #![proptest_config(crate::drawn::cases(256))]

    /// Cut anywhere, or with any byte changed: no panic, and at most the items around the damage are lost.
    #[test]
    fn damage_never_takes_down_the_items_before_it(cut in 0_usize..4_000, byte: u8, truncate: bool, format in 0..3) {
        let items: Vec<Value> = (0..20).map(|n| fields(&format!("x{n}"), "d", 1)).collect();
        let (text, format) = match format {
            0 => (serde_json::to_string_pretty(&items).unwrap(), Format::Json),
            1 => {
                let row = |n: usize| format!("x{n},1,\"q, {n}\",a,b\n");
                (format!("id,correct,question,a,b\n{}", (0..20).map(row).collect::<String>()), Format::Csv)
            }
            _ => {
                let entry = |n: usize| format!("- id: x{n}\n  question: q {n}\n  answers: [a, b]\n  correct: 1\n");
                ((0..20).map(entry).collect::<String>(), Format::Yaml)
            }
        };
        let mut bytes = text.into_bytes();
        let at = cut % bytes.len();
        if truncate { bytes.truncate(at) } else { bytes[at] = byte }
        let beginning: &[u8] = match format { Format::Json => b"\"id\": \"x", Format::Csv => b"\nx", _ => b"- id: x" };
        let begun = bytes[..at].windows(beginning.len()).filter(|window| *window == beginning).count();
        let whole = begun.saturating_sub(1);
        let import = import(&bytes, format, &|_| None, &|_| None);
        let header = format == Format::Csv && at < 24;
        if !header && at > 2 {
            prop_assert!(import.accepted.len() >= whole, "{} of {whole} at {at}", import.accepted.len());
            if !truncate {
                prop_assert!(import.accepted.len() >= 17, "{} of 20 left with {byte} at {at} of {format:?}", import.accepted.len());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Csv, Format::Json, Format::Yaml] {
            let import = import(&bytes, format, &|_| None, &|_| None);
            prop_assert!(import.accepted.iter().all(|(outcome, _)| *outcome == ItemOutcome::Imported));
        }
    }
}
