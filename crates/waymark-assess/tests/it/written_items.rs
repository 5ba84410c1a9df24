//! Items of every type as bank files write them, both ways.

use crate::bank::{png, read};
use crate::samples::items;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use waymark_assess::{
    ItemVersion, Rational,
    interchange::{Format, Import, import, item_from_value, item_to_value},
    item::{ItemType, Rule, Scoring},
};

fn with_figures(text: &str, format: Format) -> Import {
    import(text.as_bytes(), format, &|_| Some(png()), &|_| None)
}

fn codes(fields: &Value) -> Vec<(String, &'static str)> {
    let refused = item_from_value(fields, &|_| Some(png())).err().unwrap_or_default();
    refused.into_iter().map(|mistake| (mistake.pointer, mistake.code)).collect()
}

/// The example of a page of the manual, which is meant to be copied.
fn example(language: &str) -> String {
    let page = format!("{}/../../docs/{language}/items.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(page).expect("the page is there");
    let (_, from) = page.split_once("```yaml\n").expect("an example");
    from.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn the_examples_of_the_manual_are_items_of_every_type() {
    for language in ["en", "ja"] {
        let import = with_figures(&example(language), Format::Yaml);
        assert_eq!((import.report.broken.len(), import.report.warnings.len()), (0, 0), "{:?}", import.report);
        let types: Vec<ItemType> = import.accepted.iter().map(|(_, version)| version.content().item_type()).collect();
        assert_eq!(types, ItemType::ALL, "{language}: {:?}", import.report.items);
        // A JSON list of the same fields is the same bank.
        let fields: Vec<Value> = import.accepted.iter().map(|(_, v)| item_to_value(v, &|_| "x.png".into())).collect();
        let again = with_figures(&Value::from(fields).to_string(), Format::Json);
        let hashes = |import: &Import| import.accepted.iter().map(|(_, v)| v.hash().to_string()).collect::<Vec<_>>();
        assert_eq!(hashes(&again), hashes(&import), "{:?}", again.report.items);
    }
}

#[test]
fn what_is_written_reads_back_as_the_same_version() {
    let third = Rational::new(1, 3).expect("small");
    for scoring in [Scoring::default(), Scoring { rule: Rule::PerPart, points: 3, penalty: third }] {
        for version in items(scoring) {
            let fields = item_to_value(&version, &|_| "x.png".into());
            let back = item_from_value(&fields, &|_| Some(png()));
            assert_eq!(back.as_ref().map(ItemVersion::hash), Ok(version.hash()), "{fields}");
        }
    }
}

#[test]
fn what_a_type_does_not_know_is_refused_by_name() {
    let base = |item_type: &str| json!({"id": "x", "type": item_type, "question": "q"});
    let with = |item_type: &str, more: Value| {
        let mut fields = base(item_type);
        more.as_object().expect("fields").iter().for_each(|(name, value)| fields[name.as_str()] = value.clone());
        codes(&fields)
    };
    let one = |codes: Vec<(String, &'static str)>| codes.into_iter().next().unwrap_or_default();
    assert_eq!(
        one(with("numeric", json!({"correct": "3", "answers": ["a"]}))),
        ("/answers".into(), "field_of_another_type")
    );
    assert_eq!(one(with("numeric", json!({"correct": 3.5}))), ("/correct".into(), "not_a_number"), "JSON has floats");
    assert_eq!(with("numeric", json!({"correct": "3.5", "tolerance": "5%"})), []);
    assert_eq!(
        one(with("numeric", json!({"correct": {"value": "1", "tolerance": "0", "exclude": "lower"}}))).1,
        "nothing_accepted"
    );
    assert_eq!(
        one(with("matching", json!({"sources": ["a"], "targets": ["b", "c"], "correct": [[0, 5]]}))),
        ("/correct/0".into(), "not_a_pair")
    );
    assert_eq!(
        one(with("ordering", json!({"answers": ["a", "b"], "correct": [0, 7]}))),
        ("/correct".into(), "no_such_option")
    );
    assert_eq!(one(with("true_false", json!({"correct": "maybe"}))), ("/correct".into(), "not_true_or_false"));
    assert_eq!(
        one(with("cloze", json!({"text": "{{a}}", "gaps": {"a": {"answers": ["x", "y"], "correct": 0}}}))),
        ("/type".into(), "another_type")
    );
    assert_eq!(
        one(with("cloze", json!({"text": "{{a}}", "gaps": {"a": {"texts": "x", "ignore": ["caze"]}}}))),
        ("/gaps/a/ignore/0".into(), "not_one_of")
    );
    assert_eq!(one(with("essay", json!({"rubric": "none"}))), ("/rubric".into(), "not_a_list"));
    assert_eq!(one(with("file_upload", json!({"files": ["exe"], "rubric": []}))).1, "not_one_of");
    assert_eq!(one(with("nonsense", json!({}))).0, "/type");
    let half = json!({"correct": [{"text": "a", "share": "1/2"}, "b"]});
    assert_eq!(one(with("short_text", half)), ("/scoring".into(), "shares_without_parts"));
}

#[test]
fn a_row_says_what_a_row_can() {
    let text = "id,type,question,correct,a,b,c,tolerance,ignore\nn,numeric,q,007,,,,1,\ns,short_text,q,Oslo;Kristiania,,,,,case;spaces\n\
        t,true_false,q,true,,,,,\no,ordering,q,,x,y,z,,\n";
    let import = read(text, Format::Csv);
    let types: BTreeSet<&str> = import.accepted.iter().map(|(_, v)| v.content().item_type().as_str()).collect();
    assert_eq!(types, BTreeSet::from(["numeric", "ordering", "short_text", "true_false"]), "{:?}", import.report.items);
}
