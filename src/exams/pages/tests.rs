//! Form and file say the same, whatever stands in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use waymark_assess::ExamSpec;

use super::fields::{open, said};
use super::pointed::Fields;
use super::steps::{Step, rearrange};
use super::wrong::{field_of, wrongs};
use crate::document::yaml::Document;
use crate::exams::told::told;
use crate::exams::written;
use crate::web::i18n::{Locale, Words};
use crate::web::zone::Zone;

fn zone() -> Zone {
    Zone::named("Asia/Tokyo").expect("bundled")
}

/// Every exam file of the tests and of the demo.
fn corpus() -> Vec<ExamSpec> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut specs = vec![];
    for folder in ["tests/it/exam_forms/corpus", "demo/program/exams"] {
        for entry in fs::read_dir(root.join(folder)).expect("the folder is there") {
            let path = entry.expect("readable").path();
            let text = fs::read_to_string(&path).expect("text");
            let document = Document::parse(&text).unwrap_or_else(|b| panic!("{}: {}", path.display(), b.detail));
            specs.push(ExamSpec::from_value(&document.value).unwrap_or_else(|m| panic!("{}: {m:?}", path.display())));
        }
    }
    assert!(specs.len() > 7);
    specs
}

fn example() -> Value {
    json!({"slug": "x", "bank": "b", "blueprint": {"domains": {"d": 2}}, "timing": {"minutes": 60}, "scoring": {"cut": 1}})
}

#[test]
fn everything_that_a_file_can_say_a_form_can_say() {
    for spec in corpus() {
        let fields = open(&spec.to_value(), &zone());
        // From nothing: only the fields speak.
        let read = ExamSpec::from_value(&said(&fields, &json!({}), &zone()));
        let read = read.unwrap_or_else(|mistakes| panic!("{}: {mistakes:?}\n{fields:#?}", spec.slug));
        assert_eq!(written(&read), written(&spec));
        let kept = ExamSpec::from_value(&said(&fields, &spec.to_value(), &zone())).expect("an exam");
        assert_eq!(written(&kept), written(&spec), "saved unchanged");
    }
}

/// The members of a value, with their places; entries of lists and maps of names alike.
fn members(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, inner)| {
            let at = if name.is_ascii() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                format!("{at}/{name}")
            } else {
                at.to_owned()
            };
            found.insert(at.clone());
            members(inner, &at, found);
        }),
        Value::Array(list) => list.iter().for_each(|inner| members(inner, at, found)),
        _ => {}
    }
}

#[test]
fn the_files_of_the_tests_say_everything_that_there_is() {
    let mut said = BTreeSet::new();
    for spec in corpus() {
        members(&spec.to_value(), "", &mut said);
    }
    for place in [
        "/title/ja",
        "/title/und",
        "/title/fr",
        "/description/en",
        "/domains/title/ja",
        "/blueprint/domains",
        "/blueprint/weights",
        "/blueprint/items",
        "/blueprint/group_by/id_prefix",
        "/blueprint/one_from_each",
        "/blueprint/forms",
        "/blueprint/tags/at_least",
        "/blueprint/tags/at_most",
        "/blueprint/pretest",
        "/blueprint/exposure/at_most",
        "/blueprint/avoid/last_attempts",
        "/timing/minutes",
        "/timing/grace_seconds",
        "/rules/attempts",
        "/rules/cool_down_days",
        "/scoring/cut",
        "/scoring/cut_percent",
        "/scoring/cuts",
        "/scoring/scale/min",
        "/scoring/scale/cut",
        "/scoring/scale/max",
        "/scoring/sections_from",
        "/release/on",
        "/outside/sources",
        "/navigation",
        "/sections/name",
        "/sections/title/ja",
        "/sections/domains",
        "/sections/minutes",
        "/sections/navigation",
        "/sections/break_minutes",
        "/sitting/practice",
        "/sitting/untimed",
        "/sitting/admission",
        "/sitting/voucher",
        "/sitting/requires/exams",
        "/sitting/requires/credentials",
        "/sitting/agreement/ja",
        "/sitting/fee/ja",
        "/sitting/cool_down",
        "/sitting/connection/pauses_minutes",
        "/sitting/downtime",
    ] {
        assert!(said.contains(place), "no file says {place}: {said:#?}");
    }
}

#[test]
fn what_no_field_shows_stays() {
    let mut document = example();
    document["release"] = json!({"on": "2027-04-01T09:00:17+09:00"});
    document["colour"] = json!({"of": ["the", "cover"]});
    document["sections"] = json!([{"name": "one", "domains": ["d"], "mood": "good"}]);
    document["timing"] = json!({"minutes": "sixty"});
    document["blueprint"]["domains"]["d"] = json!([1]);
    let again = said(&open(&document, &zone()), &document, &zone());
    assert_eq!(again["release"], document["release"], "to the second");
    assert_eq!((&again["colour"], &again["sections"]), (&document["colour"], &document["sections"]));
    assert_eq!(again["timing"]["minutes"], "sixty");
    let mut fields = open(&document, &zone());
    fields.insert("/release/on".into(), "2027-04-02T09:00".into());
    let moved = said(&fields, &document, &zone());
    assert_eq!(moved["release"]["on"], "2027-04-02T00:00:00Z", "on the clock of the program");
}

#[test]
fn a_field_that_is_not_sent_leaves_its_value_alone() {
    let mut document = example();
    document["sitting"] = json!({"voucher": true});
    document["sections"] = json!([{"name": "one", "domains": ["d"]}]);
    let fields = Fields::from([("/timing/minutes".to_owned(), " ２５ ".to_owned())]);
    let again = said(&fields, &document, &zone());
    assert_eq!(again["timing"]["minutes"], 25, "digits of full width count");
    document["timing"]["minutes"] = json!(25);
    assert_eq!(again, document);
}

#[test]
fn every_mistake_finds_its_field_and_is_shown_as_it_was_typed() {
    let mut document = example();
    document["sections"] = json!([{"name": "one", "domains": ["d"], "minutes": 5}, {"name": "two", "domains": ["e"]}]);
    document["domains"] = json!([{"domain": "d", "title": {"ja": "題"}}]);
    let mut fields = open(&document, &zone());
    for (name, typed, field) in [
        ("/timing/minutes", "sixty", "/timing/minutes"),
        ("/timing/grace_seconds", "999", "/timing/grace_seconds"),
        ("/scoring/cut", "0", "/scoring/cut"),
        ("/scoring/scale/min", "900", "/scoring/scale/cut"),
        ("/scoring/sections_from", "x", "/scoring/sections_from"),
        ("/rules/attempts", "-1", "/rules/attempts"),
        ("/blueprint/exposure/at_most", "many", "/blueprint/exposure/at_most"),
        ("/sitting/connection/pauses_minutes", "601", "/sitting/connection/pauses_minutes"),
        ("cell/0/need", "two", "cell/0/need"),
        ("/sections/0/break_minutes", "241", "/sections/0/break_minutes"),
        ("/domains/0/domain", "", "/domains/0/domain"),
        ("/bank", "b.csv", "/bank"),
        ("/slug", "A B", "/slug"),
    ] {
        let before = fields.insert(name.to_owned(), typed.to_owned());
        let document = said(&fields, &document, &zone());
        let mistakes = ExamSpec::from_value(&document).expect_err(name);
        let told = wrongs(Words::new(Locale::Ja), &fields, &mistakes);
        assert!(told.iter().any(|wrong| wrong.field == field), "{name}: {told:?}");
        assert!(told.iter().all(|wrong| !wrong.name.contains('⟦') && !wrong.text.contains('⟦')), "{told:?}");
        assert_eq!(open(&document, &zone()).get(name).map_or("", String::as_str), typed, "{name}");
        match before {
            Some(before) => fields.insert(name.to_owned(), before),
            None => fields.remove(name),
        };
    }
    assert_eq!(field_of(&fields, "/sections"), Some("/sections".into()));
    assert_eq!(field_of(&fields, "/sections/1/domains/0"), Some("/sections/1/domains".into()));
    assert_eq!(field_of(&fields, "/blueprint"), Some("way".into()));
    assert_eq!(field_of(&fields, "/colour"), None, "what no field holds is told above the form");
}

#[test]
fn rows_are_added_moved_and_taken_away_with_what_is_in_them() {
    let mut document = example();
    document["sections"] =
        json!([{"name": "one", "domains": ["d"]}, {"name": "two", "domains": ["e"], "mood": "good"}]);
    let step = |fields: &mut Fields, step: &str| {
        fields.insert("step".into(), step.into());
        let step = Step::of(fields);
        rearrange(fields, &step);
        said(fields, &document, &zone())["sections"].clone()
    };
    let mut fields = open(&document, &zone());
    assert_eq!(step(&mut fields, "add:/sections"), document["sections"], "an empty row says nothing");
    assert_eq!(fields["rows:/sections"], "3");
    let moved = step(&mut fields, "up:/sections:1");
    assert_eq!(moved, json!([document["sections"][1], document["sections"][0]]));
    assert_eq!(step(&mut fields, "remove:/sections:0"), json!([document["sections"][0]]));
    for nonsense in ["up:/sections:0", "remove:/sections:99", "add:/slug", "up:/title:1", "remove:"] {
        assert_eq!(step(&mut fields, nonsense), json!([document["sections"][0]]), "{nonsense}");
    }
}

#[test]
fn items_are_picked_for_a_fixed_form() {
    let mut fields = open(&example(), &zone());
    fields.insert("way".into(), "forms".into());
    let pick = |fields: &mut Fields, into: &str, items: &[&str]| {
        for (n, item) in items.iter().enumerate() {
            fields.insert(format!("pick/{n}"), (*item).to_owned());
        }
        fields.extend([("pick-into".to_owned(), into.to_owned()), ("step".to_owned(), "pick".to_owned())]);
        let step = Step::of(fields);
        rearrange(fields, &step);
        said(fields, &example(), &zone())["blueprint"].clone()
    };
    assert_eq!(pick(&mut fields, "new", &["a", "b"]), json!({"forms": {"1": ["a", "b"]}}));
    assert_eq!(pick(&mut fields, "0", &["b", "c"]), json!({"forms": {"1": ["a", "b", "c"]}}), "each once");
    assert_eq!(pick(&mut fields, "7", &["z"]), json!({"forms": {"1": ["a", "b", "c"], "2": ["z"]}}));
    let twelve: Vec<String> = (0..12).map(|n| format!("q{n}")).collect();
    let picked = pick(&mut fields, "1", &twelve.iter().map(String::as_str).collect::<Vec<_>>());
    let last: Vec<String> = std::iter::once("z".to_owned()).chain(twelve).collect();
    assert_eq!(picked["forms"]["2"], json!(last), "in the order of the list, not of its numbers as text");
}

#[test]
fn an_exam_is_told_in_full_in_both_languages() {
    for locale in Locale::ALL {
        for spec in corpus() {
            for part in told(Words::new(locale), &zone(), &spec) {
                assert!(!part.text.contains('⟦') && !part.text.contains("{ $"), "{}: {}", spec.slug, part.text);
            }
        }
    }
    let counts = corpus().into_iter().find(|spec| spec.slug == "counts").expect("there");
    let text: String = told(Words::new(Locale::Ja), &zone(), &counts).into_iter().map(|part| part.text).collect();
    for said in [
        "鍵と署名の守り方 3 問",
        "「計算」が 1〜3 問",
        "「用語」が 2 問",
        "試行設問が 1 問",
        "200 回まで",
        "直近 2 回",
        "20 分",
        "10 秒",
        "3 回まで",
        "14 日",
        "4 点以上",
        "100〜1000 点（合格 720 点）",
        "2 問以上の領域",
        "2027年4月1日(木) 09:00",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}
