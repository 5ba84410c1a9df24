//! The editor of every type: opened and saved unchanged, made by form posts alone, reviewed by somebody else, drawn, answered and scored.

use reqwest::{Method, multipart};
use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::{banks, exams};
use waymark_assess::ExamSpec;
use waymark_assess::interchange::{self, Format};
use waymark_assess::item::ItemType;

use super::typed_items::{new_item, right};
use super::{Answer, Desk, Person, field, html_form, person};
use crate::support::{Store, on_both};

on_both!(
    an_item_of_any_type_saved_unchanged_makes_no_version,
    items_of_every_type_are_made_by_forms_and_scored,
    rows_change_without_script_and_nothing_typed_is_lost,
    hostile_texts_of_any_type_come_out_as_text,
    what_is_wrong_stands_beside_its_field,
);

/// A PNG header that says 64 by 48 pixels.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x30\x08\x02\0\0\0";

/// The bank that the manual shows: one item of each type.
async fn manual(desk: &Desk) {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/en/items.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let example = page.split_once("```yaml\n").expect("an example").1.split_once("```").expect("its end").0;
    let import = interchange::import(example.as_bytes(), Format::Yaml, &|_| Some(PNG.to_vec()), &|_| None);
    assert_eq!(import.accepted.len(), 13, "{:?}", import.report.items);
    let mut ch = desk.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "manual", import).await.expect("imported");
    ch.commit().await.expect("committed");
}

/// The paths of the items of a bank, by their ids.
async fn paths(desk: &Desk, bank: &str) -> Vec<(String, String)> {
    let list = format!("/api/v1/banks/{bank}/items");
    let listed = desk.call(&desk.author, Method::GET, &list, None, &Value::Null).await.json();
    let rows = listed["data"].as_array().expect("rows").clone();
    let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
    rows.iter().map(|row| (text(row, "slug"), format!("/admin/banks/{bank}/items/{}", text(row, "id")))).collect()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn an_item_of_any_type_saved_unchanged_makes_no_version(store: Store) {
    let desk = Desk::start(store).await;
    manual(&desk).await;
    let items = paths(&desk, "manual").await;
    assert_eq!(items.len(), 13);
    for (slug, path) in &items {
        let page = desk.get(&desk.author, &format!("{path}/edit?lang=ja")).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains('⟦'), "{slug}: a text is missing in {}", page.text);
        let mut fields = html_form::fields(&page.text);
        fields.retain(|(name, _)| name != "csrf");
        let preview = desk.post(&desk.author, "/admin/banks/manual/preview?lang=en", &borrowed(&fields)).await;
        assert!(preview.text.contains("Nothing so far."), "{slug}: {}", preview.text);
        fields.push(("go".to_owned(), "save".to_owned()));
        let saved = desk.post(&desk.author, &format!("{path}/edit"), &borrowed(&fields)).await;
        assert_eq!(
            (saved.status, saved.location.clone()),
            (303, format!("{path}?done=same")),
            "{slug}: {}",
            saved.text
        );
    }
    assert_eq!(desk.test.count("SELECT count(*) FROM item_version").await, 13, "no further version");
    assert_eq!(desk.test.count("SELECT count(*) FROM audit WHERE action = 'item.edit'").await, 0);
    // One word more is another version, and the form says which word.
    let (_, path) = items.iter().find(|(slug, _)| slug == "loop").expect("a cloze");
    let page = desk.get(&desk.author, &format!("{path}/edit")).await;
    let mut fields = html_form::fields(&page.text);
    fields.retain(|(name, _)| name != "csrf");
    let (_, text) = fields.iter_mut().find(|(name, _)| name == "question.und").expect("the question");
    text.push_str(" Now.");
    let preview = desk.post(&desk.author, "/admin/banks/manual/preview?lang=en", &borrowed(&fields)).await.text;
    assert!(
        preview.contains("What you changed") && preview.contains("<ins>") && preview.contains(" Now."),
        "{preview}"
    );
    assert_eq!(desk.post(&desk.author, &format!("{path}/edit"), &borrowed(&fields)).await.status, 303);
    assert_eq!(desk.test.count("SELECT count(*) FROM item_version").await, 14);
    let page = desk.get(&desk.reviewer, &format!("{path}?key=show&lang=en")).await.text;
    assert!(page.contains("{{times}}: 10") && page.contains("New version: draft"), "what is in use waits: {page}");
}

/// A form sent as a browser sends it, with a file.
async fn send(desk: &Desk, who: &Person, path: &str, fields: &[(&str, &str)], file: Option<&'static [u8]>) -> Answer {
    let mut form = multipart::Form::new().text("csrf", desk.get(who, "/me").await.csrf());
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    if let Some(bytes) = file {
        form = form.part("file", multipart::Part::bytes(bytes).file_name("picture.png"));
    }
    let request = desk.test.http.post(desk.test.url(path)).header("cookie", &who.cookie).header("accept", "text/html");
    super::answer(request.multipart(form)).await
}

async fn pressed(desk: &Desk, who: &Person, path: &str, verb: &str) -> u16 {
    let revision = field(&desk.get(who, path).await.text, "revision");
    desk.post(who, &format!("{path}/step"), &[("verb", verb), ("revision", &revision)]).await.status
}

async fn items_of_every_type_are_made_by_forms_and_scored(store: Store) {
    let desk = Desk::start(store).await;
    for item_type in ItemType::ALL {
        let empty =
            desk.get(&desk.author, &format!("/admin/banks/sample/new?type={}&lang=en", item_type.as_str())).await;
        assert!(empty.status == 200 && !empty.text.contains('⟦'), "{item_type:?}: {}", empty.text);
        assert_eq!(empty.text.matches("<h1").count(), 1);
        let picture = (item_type == ItemType::Hotspot).then_some(PNG);
        let written = send(&desk, &desk.author, "/admin/banks/sample/new?lang=en", &new_item(item_type), picture).await;
        assert_eq!(written.status, 303, "{item_type:?}: {}", written.text);
        let path = written.path();
        assert_eq!(pressed(&desk, &desk.author, &path, "submit").await, 303);
        assert_eq!(pressed(&desk, &desk.author, &path, "approve").await, 403, "{item_type:?}: by its author");
        let seen = desk.get(&desk.reviewer, &format!("{path}?key=show&lang=en")).await.text;
        assert!(seen.contains("<ul><li>") && !seen.contains('⟦'), "{item_type:?}: the key is told: {seen}");
        assert_eq!(pressed(&desk, &desk.reviewer, &path, "approve").await, 303);
        assert_eq!(pressed(&desk, &desk.reviewer, &path, "operate").await, 303);
    }
    let spec = ExamSpec::from_value(&json!({
        "slug": "types", "bank": "sample", "title": "All types", "blueprint": {"domains": {"d": 13}}, "timing": {"minutes": 30}, "scoring": {"cut": 12},
    }));
    let mut ch = desk.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    exams::publish(&mut ch, &spec.expect("an exam")).await.expect("published");
    ch.commit().await.expect("committed");
    let ada = person(&desk.test, "ada@members.example", "受験 あい", &[]).await;
    let begun = desk.call(&ada, Method::POST, "/api/v1/exams/types/attempts", None, &json!({})).await.json();
    let id = begun["id"].as_str().expect("an attempt").to_owned();
    for position in 1..=13 {
        let item =
            desk.call(&ada, Method::GET, &format!("/api/v1/attempts/{id}/items/{position}"), None, &Value::Null).await;
        let item = item.json();
        let here = format!("/exam/{id}/{position}");
        let page = desk.get(&ada, &here).await.text;
        let (revision, op) = (field(&page, "revision"), field(&page, "op"));
        if item["type"] == "file_upload" {
            let form = multipart::Form::new()
                .text("csrf", field(&page, "csrf"))
                .text("revision", revision)
                .text("op", op)
                .part("file", multipart::Part::bytes(&b"%PDF-1.7 report"[..]).file_name("report.pdf"));
            let request = desk.test.http.post(desk.test.url(&format!("{here}/file"))).header("cookie", &ada.cookie);
            assert_eq!(super::answer(request.multipart(form)).await.status, 303);
            continue;
        }
        let answer = right(&item);
        let mut fields = vec![("revision", revision.as_str()), ("op", op.as_str()), ("was", ""), ("go", "stay")];
        fields.extend(borrowed(&answer));
        let saved = desk.post(&ada, &here, &fields).await;
        assert_eq!(saved.status, 303, "{item}: {}", saved.text);
    }
    let submit = format!("/api/v1/attempts/{id}/submit");
    assert_eq!(desk.call(&ada, Method::POST, &submit, None, &json!({})).await.status, 200);
    let queue = desk.call(&desk.reviewer, Method::GET, "/api/v1/markings", None, &Value::Null).await.json();
    for waiting in queue["data"].as_array().expect("a list") {
        let path = format!("/api/v1/markings/{}", waiting["id"].as_str().expect("an id"));
        let sheet = desk.call(&desk.reviewer, Method::GET, &path, None, &Value::Null).await.json();
        let points = if sheet["type"] == "essay" { json!(["3"]) } else { json!(["7/2"]) };
        let marked = desk.call(&desk.reviewer, Method::POST, &path, None, &json!({"points": points})).await;
        assert_eq!(marked.status, 200, "{}", marked.text);
    }
    let result =
        desk.call(&ada, Method::GET, &format!("/api/v1/attempts/{id}/result"), None, &Value::Null).await.json();
    // Ten of one point, one of two, 3 of 3 and 7/2 of 4.
    assert_eq!((&result["points"], &result["max"]), (&json!("37/2"), &json!(19)), "{result}");
}

async fn rows_change_without_script_and_nothing_typed_is_lost(store: Store) {
    let desk = Desk::start(store).await;
    let new = "/admin/banks/sample/new?lang=en";
    for item_type in ItemType::ALL {
        let typed = new_item(item_type);
        for go in [
            "preview",
            "add:answers",
            "add:gaps",
            "add:areas",
            "add:correct",
            "add:rubric",
            "add:sources",
            "add:gaps.0.answers",
        ] {
            let mut fields = typed.clone();
            fields.push(("go", go));
            let page = desk.post(&desk.author, new, &fields).await;
            assert_eq!(page.status, 200, "{item_type:?}: {}", page.text);
            let kept = html_form::fields(&page.text);
            for (name, value) in &typed {
                assert!(
                    kept.iter().any(|(n, v)| n == name && v == value),
                    "{item_type:?}, {go}: {name}={value} is lost"
                );
            }
        }
    }
    let removed = [&new_item(ItemType::MultipleChoice)[..], &[("go", "remove:answers.0")]].concat();
    let kept = html_form::fields(&desk.post(&desk.author, new, &removed).await.text);
    let texts: Vec<&str> =
        kept.iter().filter(|(name, _)| name.ends_with(".text.en")).map(|(_, value)| value.as_str()).collect();
    assert_eq!(texts, ["three", "four"]);
    assert!(kept.contains(&("answers.right".to_owned(), "1".to_owned())), "{kept:?}");
    let full: Vec<(String, String)> = (0..26).map(|n| (format!("answers.{n}.text.en"), n.to_string())).collect();
    let full = [&[("type", "single_choice"), ("go", "add:answers")][..], &borrowed(&full)].concat();
    let page = desk.post(&desk.author, new, &full).await.text;
    assert!(!page.contains("answers.26") && !page.contains("value=\"add:answers\""), "26 are enough");
    // A picture is kept although the rest is wrong.
    let hotspot = [("type", "hotspot"), ("id", "h"), ("go", "save")];
    let page = send(&desk, &desk.author, new, &hotspot, Some(PNG)).await;
    assert_eq!(page.status, 422);
    let kept = html_form::fields(&page.text);
    let value = |name: &str| kept.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    assert_eq!((value("width"), value("height"), value("figure").map(str::len)), (Some("64"), Some("48"), Some(64)));
    assert_eq!(desk.test.count("SELECT count(*) FROM item").await, 0, "and nothing was written");
    // A case that another item has is taken over by its id.
    let case = [("stimulus_id", "case-1"), ("stimulus_text.en", "An order was promised.")];
    let first = [&new_item(ItemType::Essay)[..], &case].concat();
    assert_eq!(desk.post(&desk.author, new, &first).await.status, 303);
    let second = [&new_item(ItemType::TrueFalse)[..], &[("stimulus_id", "case-1"), ("go", "preview")]].concat();
    let page = desk.post(&desk.author, new, &second).await.text;
    assert_eq!(page.matches("An order was promised.").count(), 2, "in its field and in the preview: {page}");
}

async fn hostile_texts_of_any_type_come_out_as_text(store: Store) {
    let desk = Desk::start(store).await;
    let evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://evil.example/p.png) <b>";
    for item_type in ItemType::ALL {
        let texts: Vec<(String, String)> = new_item(item_type)
            .into_iter()
            .map(|(name, value)| {
                let text = name.ends_with(".en") || name == "correct.0.text";
                (name.to_owned(), if text { format!("{value} {evil}") } else { value.to_owned() })
            })
            .collect();
        let picture = (item_type == ItemType::Hotspot).then_some(PNG);
        let fields: Vec<(&str, &str)> =
            borrowed(&texts).into_iter().filter(|(name, _)| *name != "max_length").collect();
        let written = send(&desk, &desk.author, "/admin/banks/sample/new?lang=en", &fields, picture).await;
        assert_eq!(written.status, 303, "{item_type:?}: {}", written.text);
        let path = written.path();
        let edit = desk.get(&desk.author, &format!("{path}/edit")).await.text;
        let mut again = html_form::fields(&edit);
        again.retain(|(name, _)| name != "csrf");
        let part = desk.post(&desk.author, "/admin/banks/sample/preview", &borrowed(&again)).await.text;
        let key = desk.get(&desk.reviewer, &format!("{path}?key=show")).await.text;
        for (page, html) in [("edit", edit), ("preview", part), ("key", key)] {
            for tag in ["<script>alert", "<img src=x", "href=\"javascript", "evil.example/p.png\"", "<b>"] {
                assert!(!html.contains(tag), "{item_type:?}, {page} holds {tag}: {html}");
            }
        }
    }
}

async fn what_is_wrong_stands_beside_its_field(store: Store) {
    let desk = Desk::start(store).await;
    let fields = [
        ("type", "numeric"),
        ("question.en", "?"),
        ("correct", "4"),
        ("correct.4.value", "three"),
        ("correct.9.value", "7"),
    ];
    for (lang, words) in [("en", "Write a number with digits"), ("ja", "数字と小数点で書いてください")] {
        let page = desk.post(&desk.author, &format!("/admin/banks/sample/new?lang={lang}"), &fields).await;
        assert_eq!(page.status, 422);
        let beside = page.text.split("id=\"correct-4-value-error\"").nth(1).expect("a message beside the field");
        let told = beside.split("</p>").next().unwrap_or_default();
        assert!(told.contains(words), "{told}");
        assert!(page.text.contains("href=\"#correct-4-value\"") && page.text.contains("href=\"#id\""), "{}", page.text);
        let kept = html_form::fields(&page.text);
        assert!(kept.contains(&("correct.9.value".to_owned(), "7".to_owned())), "{kept:?}");
    }
    let page = desk.post(&desk.author, "/admin/banks/sample/new", &[("type", "crossword")]).await;
    assert_eq!(page.status, 404);
    let plain = desk.test.http.post(desk.test.url("/admin/banks/sample/new")).header("cookie", &desk.author.cookie);
    assert_eq!(
        super::answer(plain.header("content-type", "text/plain").body("x")).await.status,
        403,
        "no form of ours"
    );
    assert_eq!(desk.post(&desk.auditor, "/admin/banks/sample/new", &new_item(ItemType::Essay)).await.status, 403);
    // By hand: a client that builds so many parts builds them one inside the other.
    let part = |n: usize| format!("--x\r\ncontent-disposition: form-data; name=\"x{n}\"\r\n\r\n\r\n");
    let body: String = (0..9_000).map(part).chain(["--x--\r\n".to_owned()]).collect();
    let many = desk.test.http.post(desk.test.url("/admin/banks/sample/new")).header("cookie", &desk.author.cookie);
    let many = super::answer(many.header("content-type", "multipart/form-data; boundary=x").body(body)).await;
    assert_eq!(many.status, 413, "{}", many.text);
}
