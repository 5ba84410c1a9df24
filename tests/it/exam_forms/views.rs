//! Form and file as two views of one document: nothing gets lost between them, between two writers, or by a mistake.

use std::fs;
use std::path::Path;

use serde_json::json;
use waymark::access::Role;
use waymark::exams;

use super::browser::{controls, textarea};
use super::{Filled, fill, opened, press, row};
use crate::item_bank::{Desk, person};
use crate::support::{Store, on_both};

on_both!(
    every_file_comes_back_from_the_form_as_it_was,
    mistakes_stand_beside_their_fields_and_nothing_typed_is_lost,
    two_writers_do_not_overwrite_each_other_unseen,
    forms_are_put_together_from_the_bank,
    weights_are_shared_out_and_enemies_named,
);

pub const SETTINGS: &str = "/admin/exams/sample/settings";
const FILE: &str = "/admin/exams/sample/settings/file";
const START: &str =
    "slug: sample\nbank: sample\nblueprint: {domains: {alpha: 1}}\ntiming: {minutes: 30}\nscoring: {cut: 1}\n";

/// A desk with a bank of `items` items in use, and an exam that is published.
pub async fn desk(store: Store, items: usize) -> Desk {
    let desk = Desk::start(store).await;
    for n in 0..items {
        let mut item = crate::item_bank::item(&format!("a{n}"), &format!("number {n}"));
        item["domain"] = json!(if n < 3 { "alpha" } else { "beta" });
        if n == 3 || n == 4 {
            item["enemies"] = json!(["pair"]);
        }
        desk.in_use(&item).await;
    }
    let mut form = opened(&desk, "/admin/exams/new?bank=sample").await;
    let alpha = row(&form, "cell", "alpha");
    fill(&mut form, &[("/slug", "sample"), (&format!("{alpha}/need"), "1"), ("/scoring/cut", "1")]);
    let published = press(&desk, &desk.author, "/admin/exams/new", &form, "publish").await;
    assert_eq!(published.status, 303, "{}", published.text);
    desk
}

async fn version(desk: &Desk) -> i32 {
    exams::find(desk.test.app.db.read(), "sample").await.expect("read").expect("there").version
}

async fn file(desk: &Desk) -> String {
    textarea(&desk.get(&desk.author, FILE).await.text, "text")
}

async fn keep(desk: &Desk, text: &str, step: &str) -> crate::item_bank::Answer {
    desk.post(&desk.author, FILE, &[("text", text), ("step", step)]).await
}

async fn every_file_comes_back_from_the_form_as_it_was(store: Store) {
    let desk = desk(store, 1).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/exam_forms/corpus");
    let mut tried = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let text = fs::read_to_string(entry.expect("readable").path()).expect("text");
        let text = text.replacen(text.lines().next().expect("a line"), "slug: sample", 1);
        let kept = keep(&desk, &text, "draft").await;
        assert_eq!(kept.status, 303, "{text}: {}", kept.text);
        let before = file(&desk).await;
        let form = opened(&desk, &format!("{SETTINGS}?lang=ja")).await;
        let saved = press(&desk, &desk.author, SETTINGS, &form, "draft").await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        assert_eq!(file(&desk).await, before, "saved unchanged");
        tried += 1;
    }
    assert!(tried > 6);
    // What the form cannot show: kept, and named with its place in the file.
    let odd = format!("{START}colour: {{of: [the, cover]}}\n");
    assert_eq!(keep(&desk, &odd, "draft").await.status, 303);
    let form = opened(&desk, SETTINGS).await;
    assert_eq!(press(&desk, &desk.author, SETTINGS, &form, "draft").await.status, 303);
    assert!(file(&desk).await.contains("colour: {of: [the, cover]}"));
    let refused = press(&desk, &desk.author, SETTINGS, &opened(&desk, SETTINGS).await, "publish").await;
    assert!(refused.status == 422 && refused.text.contains("/colour"), "{}", refused.text);
    for (text, place) in [
        ("slug: sample\nbank: [", "Line "),
        ("slug: sample\n- x", "Line "),
        ("just words", "Line 1"),
        ("slug: other\n", "Line 1"),
    ] {
        let refused = desk.post(&desk.author, &format!("{FILE}?lang=en"), &[("text", text), ("step", "draft")]).await;
        assert!(refused.status == 422 && refused.text.contains(place), "{text}: {}", refused.text);
        assert_eq!(textarea(&refused.text, "text"), text, "what was typed stands there");
    }
    let looked = desk
        .post(&desk.author, &format!("{FILE}?lang=en"), &[("text", "slug: sample\nbank: sample\n"), ("step", "check")])
        .await;
    assert!(looked.status == 200 && looked.text.contains("timing"), "{}", looked.text);
    assert_eq!(keep(&desk, &START.replace("30", "31"), "publish").await.status, 303);
    assert_eq!(version(&desk).await, 2);
    assert_eq!(keep(&desk, &START.replace("30", "31"), "publish").await.status, 303, "again makes no version");
    assert_eq!(version(&desk).await, 2);
    assert_eq!(desk.get(&desk.author, "/admin/exams/nothing/settings/file").await.status, 404);
    // Who may not make vouchers is not led to a page that refuses them.
    let admin = person(&desk.test, "admin@guild.example", "管理 そら", &[Role::Admin]).await;
    for (who, led) in [(&desk.author, false), (&admin, true)] {
        let page = desk.get(who, SETTINGS).await.text;
        assert!(page.contains("href=\"windows\"") && page.contains("href=\"vouchers\"") == led, "{page}");
        let opened = desk.get(who, "/admin/exams/sample/vouchers").await.status;
        assert_eq!(opened, if led { 200 } else { 403 });
    }
}

async fn mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(store: Store) {
    let desk = desk(store, 1).await;
    let mut form = opened(&desk, SETTINGS).await;
    fill(
        &mut form,
        &[
            ("/timing/minutes", "sixty"),
            ("/rules/attempts", "0"),
            ("/title/ja", "<題>"),
            ("/release", "on"),
            ("/release/on", "soon"),
        ],
    );
    let refused = press(&desk, &desk.author, &format!("{SETTINGS}?lang=en"), &form, "publish").await;
    assert_eq!(refused.status, 422);
    let page = &refused.text;
    for said in [
        "<a href=\"#/timing/minutes\">Minutes for the exam</a>: “sixty” stands here",
        "id=\"/timing/minutes-wrong\">“sixty” stands here: write a whole number from 1 to 1440",
        "aria-describedby=\"/timing/minutes-wrong \" aria-invalid=\"true\"",
        "<a href=\"#/rules/attempts\">",
        "<a href=\"#/release/on\">",
        "<title>Error:",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let again = controls(page, SETTINGS);
    for name in ["/timing/minutes", "/rules/attempts", "/title/ja", "/release/on"] {
        assert_eq!(again[name], form[name], "{name}");
    }
    assert_eq!(version(&desk).await, 1);
    // A draft takes it as it is, and the page says what is open.
    assert_eq!(press(&desk, &desk.author, SETTINGS, &again, "draft").await.status, 303);
    let later = desk.get(&desk.author, &format!("{SETTINGS}?lang=en")).await.text;
    assert!(later.contains("“sixty” stands here") && controls(&later, SETTINGS)["/release/on"] == "soon", "{later}");
    // Rows come and go without anything being kept or lost.
    let added = press(&desk, &desk.author, &format!("{SETTINGS}?lang=en"), &again, "add:/sections").await;
    let with_row = controls(&added.text, SETTINGS);
    assert!(
        added.status == 200 && added.text.contains("Section 1") && with_row["/timing/minutes"] == "sixty",
        "{}",
        added.text
    );
    assert_eq!(with_row["rows:/sections"], "1");
    let discarded = press(&desk, &desk.author, SETTINGS, &again, "discard").await;
    assert_eq!(discarded.location, format!("{SETTINGS}?done=discarded"));
    assert_eq!(opened(&desk, SETTINGS).await["/timing/minutes"], "60");
    let new = opened(&desk, "/admin/exams/new?bank=sample").await;
    for (slug, says) in [("sample", "already"), ("", "short name"), ("A B", "short name")] {
        let mut form = new.clone();
        fill(&mut form, &[("/slug", slug), ("/title/en", "Kept on the page")]);
        for step in ["draft", "publish"] {
            let refused = press(&desk, &desk.author, "/admin/exams/new?lang=en", &form, step).await;
            assert!(refused.status == 422 && refused.text.contains(says), "{slug}: {}", refused.text);
            assert!(refused.text.contains("Kept on the page"), "{slug}");
        }
    }
}

async fn two_writers_do_not_overwrite_each_other_unseen(store: Store) {
    let desk = desk(store, 1).await;
    let (mut one, mut two) = (opened(&desk, SETTINGS).await, opened(&desk, SETTINGS).await);
    fill(&mut one, &[("/timing/minutes", "41")]);
    fill(&mut two, &[("/timing/minutes", "42")]);
    assert_eq!(press(&desk, &desk.author, SETTINGS, &one, "draft").await.status, 303);
    for step in ["draft", "publish"] {
        let late = press(&desk, &desk.reviewer, &format!("{SETTINGS}?lang=en"), &two, step).await;
        assert_eq!(late.status, 409);
        assert!(late.text.contains("Somebody else saved this exam"), "{}", late.text);
        assert_eq!(controls(&late.text, SETTINGS)["/timing/minutes"], "42", "what was typed");
    }
    assert_eq!(opened(&desk, SETTINGS).await["/timing/minutes"], "41");
    let late = press(&desk, &desk.reviewer, SETTINGS, &two, "draft").await;
    let insisting = controls(&late.text, SETTINGS);
    assert_eq!(press(&desk, &desk.reviewer, SETTINGS, &insisting, "publish").await.status, 303, "having seen it");
    assert_eq!(version(&desk).await, 2);
    assert_eq!(press(&desk, &desk.author, SETTINGS, &one, "publish").await.status, 409, "a version came out meanwhile");
    let page = desk.get(&desk.author, FILE).await;
    let stale = [("text", START), ("seen", one["seen"].as_str()), ("step", "publish")];
    assert!(page.status == 200 && desk.post(&desk.author, FILE, &stale).await.status == 409);
    let member = person(&desk.test, "m@members.example", "Member", &[]).await;
    let auditor = person(&desk.test, "a@members.example", "Auditor", &[Role::Auditor]).await;
    for who in [&member, &auditor] {
        assert_eq!(desk.get(who, SETTINGS).await.status, 403);
        assert_eq!(desk.get(who, FILE).await.status, 403);
        assert_eq!(press(&desk, who, "/admin/exams/check", &one, "check").await.status, 403);
        assert_eq!(press(&desk, who, SETTINGS, &one, "draft").await.status, 403);
    }
    let published = desk.test.audit_actions().await.iter().filter(|action| *action == "exam.publish").count();
    assert_eq!(published, 2, "drafts are nobody's standing");
}

async fn forms_are_put_together_from_the_bank(store: Store) {
    let desk = desk(store, 4).await;
    let mut form = opened(&desk, SETTINGS).await;
    fill(&mut form, &[("way", "forms")]);
    let page = press(&desk, &desk.author, SETTINGS, &form, "look").await.text;
    assert!(page.contains("What is number 2?") || page.contains("number 2とは"), "{page}");
    let mut form = controls(&page, SETTINGS);
    fill(&mut form, &[("pick/0", "a0"), ("pick/1", "a2"), ("pick-into", "new")]);
    let mut form = controls(&press(&desk, &desk.author, SETTINGS, &form, "pick").await.text, SETTINGS);
    assert_eq!(form["form/0/items"], "a0\r\na2");
    fill(&mut form, &[("form/0/name", "あ"), ("form/0/cut", "2"), ("pick/3", "a3"), ("pick-into", "new")]);
    let mut form = controls(&press(&desk, &desk.author, SETTINGS, &form, "pick").await.text, SETTINGS);
    fill(&mut form, &[("form/1/name", "い"), ("form/1/items", "a3, a9")]);
    let refused = press(&desk, &desk.author, &format!("{SETTINGS}?lang=ja"), &form, "publish").await;
    assert!(refused.status == 422 && refused.text.contains("設問「a9」"), "{}", refused.text);
    assert!(refused.text.contains("<a href=\"#form/1/items\">出題セット「い」</a>"), "{}", refused.text);
    fill(&mut form, &[("form/1/items", "a3")]);
    assert_eq!(press(&desk, &desk.author, SETTINGS, &form, "publish").await.status, 303);
    let text = file(&desk).await;
    assert!(text.contains(r#"blueprint: {forms: {"あ": [a0, a2], "い": [a3]}}"#), "{text}");
    assert!(text.contains(r#"cuts: {"あ": 2}"#), "{text}");
}

async fn weights_are_shared_out_and_enemies_named(store: Store) {
    let desk = desk(store, 6).await;
    let mut form: Filled = opened(&desk, SETTINGS).await;
    let (alpha, beta) = (row(&form, "cell", "alpha"), row(&form, "cell", "beta"));
    fill(
        &mut form,
        &[
            ("way", "weights"),
            ("/blueprint/items", "5"),
            (&format!("{alpha}/weight"), "40"),
            (&format!("{beta}/weight"), "50"),
        ],
    );
    let short = press(&desk, &desk.author, &format!("{SETTINGS}?lang=ja"), &form, "check").await;
    assert!(short.text.contains("配分を合わせると90%です"), "{}", short.text);
    fill(&mut form, &[(&format!("{beta}/weight"), "60")]);
    let panel = press(&desk, &desk.author, "/admin/exams/check?lang=ja", &form, "check").await.text;
    let at = beta.trim_start_matches("cell/");
    assert!(panel.contains(&format!("data-cell=\"{at}\" data-needed=\"3\"")), "largest remainder: {panel}");
    assert!(panel.contains("「pair」(2問)") && panel.contains("2問までです"), "the enemy set that binds: {panel}");
    assert!(
        panel.contains("blueprint: {domains: {alpha: 1}}") && panel.contains("<del>"),
        "what would change: {panel}"
    );
    let page = desk.get(&desk.author, &format!("{SETTINGS}?lang=ja")).await.text;
    assert!(page.contains("<strong>pair</strong>") && page.contains("a3, a4"), "{page}");
    fill(
        &mut form,
        &[
            ("/blueprint/items", "2"),
            (&format!("{alpha}/weight"), "50"),
            (&format!("{beta}/weight"), "50"),
            ("/blueprint/exposure/at_most", "1"),
            ("/blueprint/avoid/last_attempts", "1"),
        ],
    );
    let published = press(&desk, &desk.author, SETTINGS, &form, "publish").await;
    assert_eq!(published.status, 303, "{}", published.text);
    assert!(file(&desk).await.contains("weights: {alpha: 50, beta: 50}"));
}
