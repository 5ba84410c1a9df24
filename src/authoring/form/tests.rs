//! What goes into a form comes out of it; what is posted is an item; what is wrong is told beside its field.

use serde_json::{Value, json};
use waymark_assess::interchange::{self, Format, item_from_value};
use waymark_assess::item::{ItemType, ItemVersion};

use super::{Form, parts};
use crate::banks;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x30\x08\x02\0\0\0";

fn languages() -> Vec<String> {
    vec!["ja".to_owned(), "en".to_owned()]
}

/// The fields as a browser posts them.
fn pairs(form: &Form) -> Vec<(String, String)> {
    let mut pairs = vec![("type".to_owned(), form.item_type.as_str().to_owned())];
    for (_, fields) in parts(form.item_type) {
        pairs.extend(form.values.pairs(fields, ""));
    }
    pairs
}

fn posted(pairs: &[(&str, &str)]) -> Form {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Form::posted(&pairs, &languages()).expect("a type")
}

/// One of each type from the manual, and items that say everything that their type can.
fn corpus() -> Vec<ItemVersion> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/en/items.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let example = page.split_once("```yaml\n").expect("an example").1.split_once("```").expect("its end").0;
    let import = interchange::import(example.as_bytes(), Format::Yaml, &|_| Some(PNG.to_vec()), &|_| None);
    let mut versions: Vec<ItemVersion> = import.accepted.into_iter().map(|(_, version)| version).collect();
    assert_eq!(versions.len(), 13, "{:?}", import.report.items);
    let both = |ja: &str, en: &str| json!({"ja": ja, "en": en});
    for item in [
        json!({"id": "m1", "type": "multiple_choice", "question": both("どれ？", "Which?"), "answers": [both("甲", "A"), both("乙", "B"), both("丙", "C")],
            "correct": [0, 2], "choose": 2, "fixed": [1], "ids": {"answers": ["x", "a", "q9"]}, "domain": "d", "tags": ["t1", "t2"], "refs": ["Book, p. 3", "Other"],
            "enemies": ["set"], "rationale": both("なぜなら", "Because"), "stimulus": {"id": "case", "text": both("資料", "A case")},
            "scoring": {"rule": "per_part", "points": 4, "penalty": "1/3"}, "figure": "x.png", "figure_alt": both("図", "A picture")}),
        json!({"id": "t1", "type": "true_false", "question": "Sure?", "correct": 1, "answers": ["Yes", "No"], "ids": {"answers": ["y", "n"]}}),
        json!({"id": "p1", "type": "matching", "question": "?", "sources": ["a", "b"], "targets": ["c", "d", "e"], "correct": [[0, 2], [0, 1], [1, 0]],
            "several": true, "fixed": [2]}),
        json!({"id": "o1", "type": "ordering", "question": "?", "answers": ["a", "b", "c"], "correct": [2, 0, 1], "fixed": [1]}),
        json!({"id": "n1", "type": "numeric", "question": "?", "scoring": "per_part", "correct": [{"value": "3.5", "tolerance": "5%", "exclude": ["upper"]},
            {"value": "-2", "tolerance": "0.25", "exclude": ["lower", "upper"], "share": "1/2"}, {"value": "7"}]}),
        json!({"id": "s1", "type": "short_text", "question": "?", "correct": [{"text": "Tokyo", "share": "1/2"}, "東京"], "ignore": [], "max_length": 30, "scoring": "per_part"}),
        json!({"id": "c1", "type": "cloze", "question": both("埋めよ", "Fill"), "text": both("{{g1}}と{{g2}}と{{n}}", "{{g1}} and {{g2}} and {{n}}"), "gaps": {
            "g1": {"answers": [both("甲", "A"), both("乙", "B")], "correct": [1], "ids": ["k", "l"]}, "g2": {"texts": ["x", {"text": "y", "share": "1/4"}], "ignore": ["kana"], "max_length": 9},
            "n": {"numbers": [{"value": "1", "tolerance": "1"}, {"value": "4"}]}}, "scoring": {"rule": "per_part", "points": 2}}),
        json!({"id": "g1", "type": "gap_match", "question": "?", "text": "{{a}} {{b}}", "pool": ["x", "y"], "gaps": {"a": {"correct": [0, 1]}, "b": {"correct": [0]}}, "reuse": true}),
        json!({"id": "h1", "type": "hotspot", "question": "?", "figure": "x.png", "size": [64, 48], "several": true, "choose": 2, "correct": [0, 2],
            "areas": [{"label": "one", "rectangle": [0, 0, 5, 6]}, {"label": "two", "circle": [9, 9, 3]}, {"label": "three", "polygon": [[1, 2], [3, 4], [5, 1]]}]}),
        json!({"id": "e1", "type": "essay", "question": "?", "max_length": 321, "rubric": [{"text": "one", "points": 1}]}),
        json!({"id": "u1", "type": "file_upload", "question": "?", "files": ["pdf", "zip"], "max_bytes": 1_000_001, "rubric": [{"text": "one", "points": 2}]}),
    ] {
        versions.push(item_from_value(&item, &|_| Some(PNG.to_vec())).unwrap_or_else(|m| panic!("{item}: {m:?}")));
    }
    versions
}

#[test]
fn a_version_of_any_type_goes_through_the_form_unchanged() {
    for version in corpus() {
        let fields = banks::fields(&version);
        let form = Form::of(version.content().item_type(), &fields, &languages(), 1);
        assert_eq!(form.written().read(Some(PNG)).expect("the same").hash(), version.hash(), "{fields}");
        let again = Form::posted(&pairs(&form), &languages()).expect("a type");
        let read = again.written().read(Some(PNG)).unwrap_or_else(|mistakes| panic!("{fields}: {mistakes:?}"));
        assert_eq!(read.hash(), version.hash(), "posted: {fields}");
        assert_eq!(again.former(), Some(fields));
    }
}

#[test]
fn an_empty_form_of_any_type_says_what_is_missing_and_where() {
    for item_type in ItemType::ALL {
        let form = Form::new(item_type, languages());
        let written = form.written();
        let mistakes = written.read(None).expect_err("nothing is written");
        let paths: Vec<&str> = mistakes.iter().map(|mistake| written.path_of(mistake)).collect();
        assert!(paths.contains(&"id") && paths.contains(&"question"), "{item_type:?}: {mistakes:?}");
        assert!(!paths.contains(&""), "{item_type:?}: {mistakes:?}");
        assert!(paths.len() > 2, "{item_type:?}: {mistakes:?}");
        let again = Form::posted(&pairs(&form), &languages()).expect("a type");
        assert_eq!(again.values, form.values, "{item_type:?}");
    }
}

const CHOICE: [(&str, &str); 9] = [
    ("type", "multiple_choice"),
    ("id", " q1 "),
    ("question.ja", "どれ？"),
    ("question.en", ""),
    ("answers.0.text.ja", "甲"),
    ("answers.1.text.ja", ""),
    ("answers.2.text.ja", "乙"),
    ("answers.7.text.ja", "丙"),
    ("answers.right", "2"),
];

#[test]
fn a_posted_form_is_an_item() {
    let more = [
        ("answers.right", "7"),
        ("choose", "２"),
        ("tags", "x; y、z"),
        ("refs", "Book\r\n\r\nOther"),
        ("domain", "alpha"),
        ("rationale.ja", "なぜなら"),
    ];
    let form = posted(&[&CHOICE[..], &more[..]].concat());
    let expected = json!({
        "id": "q1", "type": "multiple_choice", "question": {"ja": "どれ？"}, "answers": [{"ja": "甲"}, {"ja": "乙"}, {"ja": "丙"}],
        "correct": [1, 2], "choose": 2, "tags": ["x", "y", "z"], "refs": ["Book", "Other"], "domain": "alpha", "rationale": {"ja": "なぜなら"},
    });
    assert_eq!(form.written().fields, expected, "what is empty falls away, and the key moves with its options");
    assert!(form.written().read(None).is_ok());
}

#[test]
fn texts_get_the_language_that_they_are_said_to_be_in() {
    let form =
        posted(&[("type", "single_choice"), ("question.und", "何？"), ("answers.0.text.und", "甲"), ("spoken", "ja")]);
    let fields = form.written().fields;
    assert_eq!((&fields["question"], &fields["answers"][0]), (&json!({"ja": "何？"}), &json!({"ja": "甲"})));
}

#[test]
fn rows_come_go_and_move_and_take_their_marks_along() {
    let act = |go: &str| posted(&[&CHOICE[..], &[("go", go)]].concat());
    let keys = |form: &Form| form.values.rows("answers").iter().map(|row| row.key).collect::<Vec<_>>();
    assert_eq!(keys(&act("preview")), [0, 1, 2, 7]);
    assert_eq!(keys(&act("add:answers")), [0, 1, 2, 7, 8]);
    assert_eq!(keys(&act("up:answers.7")), [0, 1, 7, 2]);
    let removed = act("remove:answers.0");
    assert_eq!(keys(&removed), [1, 2, 7]);
    assert_eq!(removed.written().fields["correct"], json!([0]), "the mark stays with its row");
    for nonsense in
        ["add:question", "remove:answers", "remove:answers.99", "up:answers.0", "add:answers.0.x", "add:", "up"]
    {
        assert_eq!(keys(&act(nonsense)), [0, 1, 2, 7], "{nonsense}");
    }
    let gaps = posted(&[
        ("type", "inline_choice"),
        ("gaps.4.id", "g"),
        ("gaps.4.answers.0.text.ja", "甲"),
        ("go", "add:gaps.4.answers"),
    ]);
    assert_eq!(gaps.values.rows("gaps")[0].values.rows("answers").len(), 2, "a row within a row");
}

#[test]
fn hostile_names_make_no_rows_and_no_endless_lists() {
    let form = posted(&[
        ("type", "single_choice"),
        ("answers.99999999999.text.ja", "x"),
        ("answers.10000.text.ja", "x"),
        ("answers.right", "-1"),
        ("answers..", "x"),
        ("answers.0.text.<script>", "x"),
        ("question.", "x"),
        ("unknown", "x"),
    ]);
    assert!(form.values.rows("answers").iter().all(|row| row.key == 0 && row.values.texts("text").is_empty()));
    assert!(form.values.texts("question").is_empty());
    let many: Vec<(String, String)> = (0..500).map(|n| (format!("answers.{n}.text.ja"), format!("text {n}"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let form = posted(&[&[("type", "single_choice")], &many[..]].concat());
    assert_eq!(form.values.rows("answers").len(), 30, "more than an item can have, so that it is said, and no more");
    let tags: Vec<(String, String)> = (0..50).map(|n| (format!("question.a{}-x{n:02}", 'a'), "x".to_owned())).collect();
    let tags: Vec<(&str, &str)> = tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let form = posted(&[&[("type", "essay")], &tags[..]].concat());
    assert_eq!(form.values.texts("question").len(), 8);
    assert!(Form::posted(&[("type".to_owned(), "crossword".to_owned())], &languages()).is_none());
}

/// Where the mistakes of a form are told.
fn places(fields: &[(&str, &str)]) -> Vec<String> {
    let form = posted(fields);
    let written = form.written();
    let mistakes = written.read(None).expect_err("something is wrong");
    mistakes.iter().map(|mistake| written.path_of(mistake).to_owned()).collect()
}

#[test]
fn mistakes_are_told_beside_their_fields() {
    let with = |item_type: &'static str, more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("type", item_type), ("id", "x"), ("question.en", "?")];
        fields.extend(more);
        places(&fields)
    };
    assert_eq!(with("numeric", &[("correct.3.value", "3,x"), ("correct.3.tolerance", "1")]), ["correct.3.value"]);
    assert_eq!(with("numeric", &[("correct.3.value", "3"), ("correct.3.lower", "1")]), ["correct.3"]);
    assert_eq!(with("numeric", &[("correct.3.value", "3"), ("correct.3.share", "2")]), ["correct.3.share"]);
    assert_eq!(
        with("ordering", &[("answers.0.text.en", "a"), ("answers.5.text.en", "b"), ("answers.5.place", "1")]),
        ["answers.0.place"]
    );
    let gap = [
        ("text.en", "{{a}} {{a}}"),
        ("gaps.2.id", "a"),
        ("gaps.2.answers.0.text.en", "x"),
        ("gaps.2.answers.1.text.en", "y"),
    ];
    assert_eq!(with("inline_choice", &gap), ["text", "gaps.2.answers"]);
    assert_eq!(
        with(
            "inline_choice",
            &[&gap[1..], &[("text.en", "{{a}}"), ("gaps.2.answers.right", "1"), ("gaps.9.id", "a")]].concat()
        ),
        ["gaps.9.id"]
    );
    let areas = [
        ("areas.0.label.en", "a"),
        ("areas.0.numbers", "0, 0, 5, 5"),
        ("areas.1.label.en", "b"),
        ("areas.1.numbers", "1 z"),
    ];
    let found = with("hotspot", &[&areas[..], &[("width", "10"), ("height", "10"), ("areas.right", "0")]].concat());
    assert!(found.contains(&"areas.1.numbers".to_owned()), "{found:?}");
    assert_eq!(with("essay", &[("rubric.0.text.en", "a"), ("rubric.0.points", "many")]), ["rubric.0.points"]);
    assert_eq!(with("essay", &[("rubric.0.text.ja", "a"), ("rubric.0.points", "1")]), ["rubric.0"]);
    assert_eq!(
        with("essay", &[("rubric.0.text.en", "a"), ("rubric.0.points", "1"), ("figure_alt.en", "x")]),
        ["figure_alt"]
    );
}

#[test]
fn gaps_get_their_rows_from_the_text() {
    let mut form = posted(&[
        ("type", "cloze"),
        ("text.en", "{{a}} and {{b}}, {{no name}}"),
        ("text.ja", "{{a}}と{{c}}"),
        ("gaps", "1"),
        ("gaps.5.id", "a"),
    ]);
    form.add_gaps();
    let names: Vec<&str> = form.values.rows("gaps").iter().map(|row| row.values.one("id")).collect();
    assert_eq!(names, ["b", "a", "c"], "the row that was empty is used first");
    assert_eq!(form.values.rows("gaps")[2].values.one("fill"), "texts");
}

#[test]
fn options_keep_their_ids_when_one_of_them_goes() {
    let version = item_from_value(
        &json!({"id": "k", "question": "?", "answers": ["one", "two", "three"], "correct": 1}),
        &|_| None,
    );
    let form = Form::of(ItemType::SingleChoice, &banks::fields(&version.expect("an item")), &languages(), 1);
    let mut all = pairs(&form);
    all.push(("go".to_owned(), "remove:answers.0".to_owned()));
    let fields = Form::posted(&all, &languages()).expect("a type").written().fields;
    assert_eq!((&fields["ids"]["answers"], &fields["correct"]), (&json!(["b", "c"]), &json!(0)));
    let none: &Value = &json!(null);
    assert_eq!(&form.written().fields["ids"], none, "those by place are not written");
}
