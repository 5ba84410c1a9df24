//! The form and the document, without a page.

use serde_json::{Value, json};

use super::fields::said;
use super::tree;
use super::typed::{Fields, number, parts, put};

fn fields(all: &[(&str, &str)]) -> Fields {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn what_is_typed_becomes_a_number_or_stays_as_it_is() {
    assert_eq!((number(" 12 "), number("１２"), number("a few")), (json!(12), json!(12), json!("a few")));
    assert_eq!(number("-1"), json!("-1"));
    assert_eq!(parts("a, b、c，\n d ,").collect::<Vec<_>>(), ["a", "b", "c", "d"]);
}

#[test]
fn a_place_is_written_and_taken_away() {
    let mut document = json!({"goal": "text"});
    put(&mut document, "/goal/target", Some(json!(3)));
    put(&mut document, "/validity/months", None);
    assert_eq!(document, json!({"goal": {"target": 3}}));
    put(&mut document, "/goal/target/deep", None);
    put(&mut document, "/goal/target", None);
    assert_eq!(document, json!({"goal": {}}));
}

#[test]
fn what_stands_alone_says_nothing() {
    let typed =
        fields(&[("/goal/measure", "awards"), ("/validity/months", ""), ("/level/ladder", ""), ("/title/ja", "題")]);
    assert_eq!(
        said(&typed, &json!({"validity": {"months": 3}, "colour": "red"})),
        json!({"title": {"ja": "題"}, "colour": "red"})
    );
    let goal = fields(&[("/goal/measure", "awards"), ("/goal/target", "5")]);
    assert_eq!(said(&goal, &json!({})), json!({"goal": {"measure": "awards", "target": 5}}));
    let seen = fields(&[("/title/ja", ""), ("/title/en", "T")]);
    assert_eq!(said(&seen, &json!({"title": "T"})), json!({"title": "T"}), "sent as it was shown");
    let written = fields(&[("/title/ja", "題"), ("/title/en", "T")]);
    assert_eq!(said(&written, &json!({"title": "T"})), json!({"title": {"ja": "題", "en": "T"}}));
}

#[test]
fn a_form_without_a_tree_leaves_the_tree_alone() {
    let base = json!({"requires": {"all": [{"id": "a", "tenure": {"days": 1}}]}});
    assert_eq!(said(&fields(&[("/title/ja", "題")]), &base)["requires"], base["requires"]);
}

#[test]
fn a_tree_that_never_ends_is_not_followed() {
    let mut all = Fields::new();
    let mut at = "/requires".to_owned();
    for _ in 0..60 {
        all.insert(format!("node:{at}"), "all".to_owned());
        at.push_str("/all/0");
    }
    let document = said(&all, &json!({}));
    let mut depth = 0;
    let mut node = &document["requires"];
    while let Some(child) = node["all"].get(0) {
        depth += 1;
        node = child;
    }
    assert!((10..=20).contains(&depth), "{depth}");
}

#[test]
fn a_node_of_two_kinds_or_none_is_left_to_the_file() {
    assert_eq!(tree::kind_of(&json!({"exam": {}, "held": {}})).map(|(kind, _)| kind), None);
    assert_eq!(tree::kind_of(&json!({"mentoring": {}})).map(|(kind, _)| kind), None);
    assert_eq!(tree::kind_of(&Value::Null).map(|(kind, _)| kind), None);
    let kept = fields(&[("node:/requires", "other"), ("rest:/requires", r#"{"node": {"mentoring": {"n": 2}}}"#)]);
    assert_eq!(said(&kept, &json!({}))["requires"], json!({"mentoring": {"n": 2}}));
}
