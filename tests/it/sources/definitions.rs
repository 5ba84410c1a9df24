//! What `sources/*.yaml` may say: every mistake at its place, the same bytes out as in.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waymark::contributions::SourceDefinition;
use waymark::program::{FileSet, apply, export, schemas, validate};

use crate::support::{Store, TestApp, on_both};

on_both!(a_source_is_written_as_it_was_read);

const GITHUB: &str = r#"source: https://github.com/example-guild
slug: github
title: {en: Code, ja: コード}
adapter: github
secret: {file: secrets/github}
from: ["example-guild/*"]
map:
  - {when: pull_request.merged, type: change.merged, credit: [author, co_authors]}
  - {when: review.submitted, type: review.published}
weights: {change.merged: 3}
quiet_days: 14
"#;

fn program(source: &str) -> FileSet {
    let files = [
        (
            "program.yaml",
            "issuer: {name: Guild, url: https://guild.example}\ntime_zone: Asia/Tokyo\nlocales: [ja]\nnumber_format: \"G-{seq:6}\"\n",
        ),
        ("sources/one.yaml", source),
    ];
    FileSet::of(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())))
}

fn mistakes(source: &str) -> Vec<String> {
    let wrong = validate(program(source)).err().unwrap_or_default();
    wrong.iter().map(|m| format!("{}:{}:{} {}", m.file, m.line, m.column, m.code)).collect()
}

#[test]
fn every_mistake_is_told_at_its_place() {
    assert_eq!(mistakes(GITHUB), [""; 0]);
    for (from, to, told) in [
        ("adapter: github", "adapter: gitlab", "sources/one.yaml:4:1 unknown_word"),
        ("slug: github\n", "", "sources/one.yaml:1:1 missing_field"),
        ("secret: {file: secrets/github}\n", "", "sources/one.yaml:1:1 missing_field"),
        ("secret: {file: secrets/github}", "secret: 0123456789abcdef", "sources/one.yaml:5:1 invalid_secret"),
        ("{file: secrets/github}", "{env: WAYMARK_MAIL__PASSWORD}", "sources/one.yaml:5:1 invalid_variable"),
        ("example-guild/*", "example-guild", "sources/one.yaml:6:8 invalid_place"),
        ("when: review.submitted", "when: solution.accepted", "sources/one.yaml:9:6 unknown_word"),
        ("[author, co_authors]", "[author, everybody]", "sources/one.yaml:8:54 unknown_word"),
        ("weights: {change.merged: 3}", "weights: {change.merged: 0}", "sources/one.yaml:10:11 invalid_number"),
        ("weights: {change.merged: 3}", "weights: {talk.given: 3}", "sources/one.yaml:10:11 type_not_listed"),
        ("quiet_days: 14", "quiet_days: 0", "sources/one.yaml:11:1 invalid_number"),
        ("quiet_days: 14", "quiet_day: 14", "sources/one.yaml:11:1 unknown_field"),
        ("adapter: github\n", "adapter: github\ntypes: [change.merged]\n", "sources/one.yaml:10:30 type_not_listed"),
    ] {
        let found = mistakes(&GITHUB.replace(from, to));
        assert!(found.contains(&told.to_owned()), "{to}: {found:?}");
    }
    let plain = "source: https://a.example\ntitle: A\ntypes: [x]\nsubjects: [member]\n";
    assert_eq!(mistakes(plain), [""; 0], "what was valid stays so");
    for (more, code) in
        [("secret: {env: HOOK}\n", "not_for_this_adapter"), ("map: [{when: x, type: x}]\n", "not_for_this_adapter")]
    {
        assert_eq!(mistakes(&format!("{plain}{more}")), [format!("sources/one.yaml:5:1 {code}")]);
    }
}

#[test]
fn an_adapter_has_a_usual_map() {
    let read = |value: Value| SourceDefinition::from_value(&value).expect("valid");
    let forum = read(
        json!({"source": "https://f.example", "slug": "f", "title": "F", "adapter": "discourse", "secret": {"env": "HOOK"}}),
    );
    assert_eq!(forum.types, ["answer.accepted", "question.asked", "thanks.given"]);
    let again = read(serde_json::to_value(&forum).expect("written"));
    assert_eq!(again, forum);
    let schema = &schemas()["source"];
    assert!(schema["properties"]["map"].is_object() && schema["properties"]["adapter"]["enum"][1] == "github");
}

async fn a_source_is_written_as_it_was_read(store: Store) {
    let test = TestApp::start(store).await;
    let read = validate(program(GITHUB)).expect("valid");
    apply(&test.app, &read, waymark::actor::Actor::Operator).await.expect("applied");
    let first = export(test.app.db.read()).await.expect("read").expect("a program");
    let text = &first["sources/github.yaml"];
    assert!(text.contains("{file: \"secrets/github\"}") && text.contains("when: \"pull_request.merged\""), "{text}");
    let files: BTreeMap<String, Vec<u8>> =
        first.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let again = validate(FileSet::of(files)).expect("valid");
    assert_eq!(again.sources, read.sources);
    let plan = apply(&test.app, &again, waymark::actor::Actor::Operator).await.expect("applied");
    assert_eq!(plan.changes, 0, "reading it again changes nothing");
    assert_eq!(export(test.app.db.read()).await.expect("read").expect("a program"), first, "the same bytes");
}
