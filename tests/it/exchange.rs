//! Banks in and out over the API, the page and the command line: a report first, nothing overwritten, every export in the audit log.

use std::process::Command;

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::exams;
use waymark_assess::ExamSpec;

use crate::credentials::Guild;
use crate::credentials::pages::Browser;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_file_comes_in_once_and_goes_out_in_every_format,
    a_dry_run_stores_nothing_and_bad_input_is_told,
    only_those_who_may_read_keys_take_a_bank_along,
    an_import_that_empties_an_exam_is_refused,
    the_page_shows_before_it_stores
);

const GIFT: &str = "$CATEGORY: alpha\n\n::One:: 2+2 {=4 ~3 ####Because.}\n\n::Two:: Even? {~%50%2 ~%50%4 ~%-100%3}\n\n::Three:: Say why {}\n";

async fn send(test: &TestApp, key: &str, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = test.http.post(test.url(path)).bearer_auth(key).header("content-type", kind).body(body);
    let answer = request.send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn fetch(test: &TestApp, key: &str, path: &str) -> (u16, Vec<u8>) {
    let answer = test.http.get(test.url(path)).bearer_auth(key).send().await.expect("answered");
    (answer.status().as_u16(), answer.bytes().await.expect("bytes").to_vec())
}

fn counts(report: &Value) -> (u64, u64, u64, usize) {
    let n = |name: &str| report[name].as_u64().expect("a number");
    (n("imported"), n("updated"), n("unchanged"), report["rejected"].as_array().expect("a list").len())
}

async fn a_file_comes_in_once_and_goes_out_in_every_format(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let (status, report) = send(&test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT).await;
    assert_eq!((status, counts(&report).0, report["bank_created"].as_bool()), (200, 3, Some(true)), "{report}");
    assert_eq!(report["losses"][0]["code"], "penalty");
    let (_, again) = send(&test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT).await;
    assert_eq!((counts(&again).0, counts(&again).2), (0, 3), "{again}");
    let (_, changed) = send(&test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT.replace("2+2", "3+1")).await;
    assert_eq!((counts(&changed).1, counts(&changed).2), (1, 2), "{changed}");
    assert_eq!(test.count("SELECT COUNT(*) FROM item_version").await, 4, "the earlier version stays");
    for (format, kind) in [
        ("qti3", "application/zip"),
        ("qti21", "application/zip"),
        ("moodle", "application/xml"),
        ("gift", "text/plain"),
        ("csv", "text/csv"),
        ("json", "application/json"),
        ("yaml", "application/yaml"),
        ("aiken", "text/plain"),
    ] {
        let (status, file) = fetch(&test, &key, &format!("/api/v1/banks/small/export?format={format}")).await;
        assert_eq!(status, 200, "{format}");
        let to = format!("/api/v1/banks/copy-{format}/imports");
        let (status, report) = send(&test, &key, &to, kind, file).await;
        let expected = if matches!(kind, "application/zip" | "application/xml") || format == "gift" { 3 } else { 1 };
        assert_eq!((status, counts(&report).0), (200, expected), "{format}: {report}");
    }
    let actions = test.audit_actions().await;
    assert_eq!(actions.iter().filter(|action| *action == "bank.export").count(), 8);
    assert_eq!(actions.iter().filter(|action| *action == "bank.import").count(), 11);
}

async fn a_dry_run_stores_nothing_and_bad_input_is_told(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let (status, report) = send(&test, &key, "/api/v1/banks/small/imports?dry_run=true", "text/plain", GIFT).await;
    assert_eq!((status, counts(&report).0, report["dry_run"].as_bool()), (200, 3, Some(true)));
    assert_eq!(test.count("SELECT COUNT(*) FROM item").await, 0);
    assert!(!test.audit_actions().await.contains(&"bank.import".to_owned()));
    let (status, problem) = send(&test, &key, "/api/v1/banks/small/imports", "text/plain", "hello").await;
    assert_eq!((status, problem["errors"][0]["code"].as_str()), (422, Some("unknown_format")), "{problem}");
    let (status, problem) = send(&test, &key, "/api/v1/banks/small/imports?format=word", "text/plain", GIFT).await;
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some("/format")), "{problem}");
    assert_eq!(send(&test, &key, "/api/v1/banks/small/imports", "image/png", GIFT).await.0, 415);
    assert_eq!(send(&test, &key, "/api/v1/banks/..%2Fx/imports", "text/plain", GIFT).await.0, 404);
    let entity = "<!DOCTYPE q [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><quiz>&e;</quiz>";
    let (status, report) = send(&test, &key, "/api/v1/banks/small/imports", "application/xml", entity).await;
    assert_eq!((status, report["broken"][0]["code"].as_str()), (200, Some("document_type")), "{report}");
    assert_eq!(test.count("SELECT COUNT(*) FROM bank").await, 0, "nothing worth a bank came");
    assert_eq!(fetch(&test, &key, "/api/v1/banks/none/export?format=gift").await.0, 404);
    assert_eq!(fetch(&test, &key, "/api/v1/banks/none/export?format=word").await.0, 422);
}

async fn only_those_who_may_read_keys_take_a_bank_along(store: Store) {
    let test = TestApp::start(store).await;
    let admin = test.api_key(Role::Admin).await;
    send(&test, &admin, "/api/v1/banks/small/imports", "text/plain", GIFT).await;
    for (role, export, import) in
        [(Role::Owner, 200, 200), (Role::Examiner, 200, 403), (Role::Issuer, 403, 403), (Role::Auditor, 403, 403)]
    {
        let key = test.api_key(role).await;
        assert_eq!(fetch(&test, &key, "/api/v1/banks/small/export?format=gift").await.0, export, "{role:?}");
        let (status, _) = send(&test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT).await;
        assert_eq!(status, import, "{role:?}");
    }
}

async fn an_import_that_empties_an_exam_is_refused(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    send(&test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT).await;
    let spec = json!({
        "slug": "small-exam", "bank": "small", "blueprint": {"domains": {"alpha": 2}}, "timing": {"minutes": 10}, "scoring": {"cut": 1},
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    exams::publish(&mut ch, &ExamSpec::from_value(&spec).expect("an exam")).await.expect("published");
    ch.commit().await.expect("committed");
    for dry in ["", "?dry_run=true"] {
        let moved = GIFT.replace("alpha", "beta");
        let (status, problem) =
            send(&test, &key, &format!("/api/v1/banks/small/imports{dry}"), "text/plain", moved).await;
        assert_eq!((status, problem["errors"][0]["code"].as_str()), (422, Some("exam_cannot_be_filled")), "{problem}");
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM item_version").await, 3);
}

async fn upload(guild: &Guild, who: &Browser<'_>, csrf: &str, file: &str) -> (u16, String) {
    let form = Form::new()
        .text("csrf", csrf.to_owned())
        .text("format", "")
        .part("file", Part::bytes(file.as_bytes().to_vec()).file_name("quiz.gift"));
    let request = guild.test.http.post(guild.test.url("/admin/banks/small/import")).header("cookie", &who.cookie);
    let answer = request.header("accept", "text/html").header("accept-language", "en").multipart(form).send().await;
    let answer = answer.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn field<'h>(html: &'h str, name: &str) -> &'h str {
    let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
    rest.split_once('"').expect("closed").0
}

async fn the_page_shows_before_it_stores(store: Store) {
    let guild = Guild::start(store).await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    for language in ["en", "ja"] {
        let (status, html) = staff.get("/admin/banks/small/import", language).await;
        assert!(status == 200 && html.contains("type=\"file\"") && html.contains("format=qti3"), "{html}");
    }
    let csrf = staff.csrf().await;
    assert_eq!(upload(&guild, &staff, "wrong", GIFT).await.0, 403);
    assert_eq!(upload(&guild, &staff, &csrf, "").await.0, 422);
    let (status, html) = upload(&guild, &staff, &csrf, GIFT).await;
    assert!(status == 200 && html.contains("Three") && html.contains("Import these items"), "{html}");
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM item").await, 0, "shown, not stored");
    let form =
        json!({"csrf": csrf, "file": field(&html, "file"), "format": field(&html, "format"), "name": "quiz.gift"});
    let (status, html) = staff.post("/admin/banks/small/import/confirm", &form).await;
    assert!(status == 200 && html.contains("The items are in the bank."), "{html}");
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM item").await, 3);
    assert_eq!(
        staff.post("/admin/banks/small/import/confirm", &form).await.0,
        410,
        "what was imported is no longer kept"
    );
    let (_, html) = upload(&guild, &staff, &csrf, GIFT).await;
    assert!(!html.contains("Import these items"), "nothing is left to store: {html}");
    let reader = Browser::staff(&guild, Role::Auditor).await;
    assert_eq!(reader.get("/admin/banks/small/import", "en").await.0, 403);
}

/// `waymark` on a data folder of its own: exit code, stdout, stderr.
fn waymark(data: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_waymark"))
        .current_dir(data)
        .args(["--data", "."])
        .args(arguments)
        .env_remove("WAYMARK_DATABASE__URL")
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (run.status.code().expect("an exit code"), text(run.stdout), text(run.stderr))
}

#[test]
fn the_command_line_imports_and_exports() {
    let data = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(data.path().join("quiz.gift"), GIFT).expect("written");
    assert_eq!(waymark(data.path(), &["migrate"]).0, 0);
    let (_, _, told) = waymark(data.path(), &["bank", "import", "quiz.gift", "--bank", "small"]);
    assert!(told.contains("3 imported") || told.contains("not kept"), "{told}");
    let (code, _, told) = waymark(data.path(), &["bank", "export", "small", "--format", "qti3", "--output", "out.zip"]);
    assert_eq!(code, 0, "{told}");
    let (code, out, told) =
        waymark(data.path(), &["bank", "import", "out.zip", "--bank", "copy", "--dry-run", "--json"]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON")["imported"], 3);
    let (code, out, _) = waymark(data.path(), &["bank", "export", "small", "--format", "gift"]);
    assert!(code == 0 && out.contains("::One::"), "{out}");
    assert_ne!(waymark(data.path(), &["bank", "export", "none", "--format", "gift"]).0, 0);
}
