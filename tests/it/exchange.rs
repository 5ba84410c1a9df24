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
    the_page_shows_before_it_stores,
    the_page_takes_a_file_with_its_pictures,
    the_page_shows_the_columns_and_its_sample_comes_in,
    a_csv_comes_in_as_excel_writes_it,
    whoever_finds_every_place_taken_comes_back
);

const GIFT: &str = "$CATEGORY: alpha\n\n::One:: 2+2 {=4 ~3 ####Because.}\n\n::Two:: Even? {~%50%2 ~%50%4 ~%-100%3}\n\n::Three:: Say why {}\n";

pub async fn send(test: &TestApp, key: &str, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = test.http.post(test.url(path)).bearer_auth(key).header("content-type", kind).body(body);
    let answer = request.send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

pub async fn fetch(test: &TestApp, key: &str, path: &str) -> (u16, Vec<u8>) {
    let answer = test.http.get(test.url(path)).bearer_auth(key).send().await.expect("answered");
    (answer.status().as_u16(), answer.bytes().await.expect("bytes").to_vec())
}

pub fn counts(report: &Value) -> (u64, u64, u64, usize) {
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
        let expected = if matches!(format, "csv" | "aiken") { 1 } else { 3 };
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
    upload_as(guild, who, csrf, ("quiz.gift", file.as_bytes()), "en").await
}

async fn upload_as(
    guild: &Guild,
    who: &Browser<'_>,
    csrf: &str,
    (name, bytes): (&'static str, &[u8]),
    language: &str,
) -> (u16, String) {
    let form = Form::new()
        .text("csrf", csrf.to_owned())
        .text("format", "")
        .part("file", Part::bytes(bytes.to_vec()).file_name(name));
    let request = guild.test.http.post(guild.test.url("/admin/banks/small/import")).header("cookie", &who.cookie);
    let answer = request.header("accept", "text/html").header("accept-language", language).multipart(form).send().await;
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
        assert!(
            status == 200 && html.contains("type=\"file\"") && html.contains("/admin/banks/small/export"),
            "{html}"
        );
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
    let told = staff.get("/admin/banks/brand-new/import", "en").await.1;
    assert!(told.contains("There is no bank with the short name brand-new yet"), "{told}");
    assert_eq!(reader.get("/admin/banks/small/import", "en").await.0, 403);
    assert_eq!(reader.get("/admin/banks/small/export", "en").await.0, 403, "a file of keys");
    let (status, page) = staff.get("/admin/banks/small/export", "en").await;
    assert!(status == 200 && page.contains("action=\"/api/v1/banks/small/export\""), "{page}");
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// The files as a ZIP, stored as they are.
pub fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut list) = (vec![], vec![]);
    let long = |n: usize| u32::try_from(n).expect("small").to_le_bytes();
    let short = |n: usize| u16::try_from(n).expect("small").to_le_bytes();
    for (name, bytes) in files {
        let at = long(out.len());
        let length = long(bytes.len());
        let common = [
            &[20_u8, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
            &crc32(bytes).to_le_bytes(),
            &length,
            &length,
            &short(name.len()),
        ]
        .concat();
        out.extend([&b"PK\x03\x04"[..], &common, &[0; 2], name.as_bytes(), bytes].concat());
        list.extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 12], &at, name.as_bytes()].concat());
    }
    let (start, count) = (long(out.len()), short(files.len()));
    let end = [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &long(list.len()), &start, &[0; 2]].concat();
    [out, list, end].concat()
}

async fn the_page_takes_a_file_with_its_pictures(store: Store) {
    let guild = Guild::start(store).await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    let csrf = staff.csrf().await;
    let csv = "id,correct,question,a,b,figure,figure_alt\none,0,Which?,x,y,plug.png,a plug\ntwo,1,Which?,x,y,gone.png,\nthree,0,Why?,x,y,,\n";
    let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &64_u32.to_be_bytes(), &48_u32.to_be_bytes()].concat();
    let file = packed(&[("bank/quiz.csv", csv.as_bytes()), ("bank/images/plug.png", &png)]);
    let (_, html) = upload_as(&guild, &staff, &csrf, ("quiz.zip", &file), "ja").await;
    assert!(html.contains("図「gone.png」が見つかりません") && html.contains("bank/quiz.csv:3"), "{html}");
    let (status, html) = upload_as(&guild, &staff, &csrf, ("quiz.zip", &file), "en").await;
    assert!(status == 200 && html.contains("the picture `gone.png` is not there"), "{html}");
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM figure").await, 0, "shown, not stored");
    let form =
        json!({"csrf": csrf, "file": field(&html, "file"), "format": field(&html, "format"), "name": "quiz.zip"});
    let (status, html) = staff.post("/admin/banks/small/import/confirm", &form).await;
    assert!(status == 200 && html.contains("The items are in the bank."), "{html}");
    let rows = || async {
        let test = &guild.test;
        let items = test.count("SELECT COUNT(*) FROM item").await;
        (items, test.count("SELECT COUNT(*) FROM item_version").await, test.count("SELECT COUNT(*) FROM figure").await)
    };
    assert_eq!(rows().await, (2, 2, 1));
    let (_, html) = upload_as(&guild, &staff, &csrf, ("again.zip", &file), "en").await;
    assert!(!html.contains("Import these items"), "the same file again changes nothing: {html}");
    assert_eq!(rows().await, (2, 2, 1));
    // Another picture is another version, and the earlier one stays.
    let other = [&png[..], b"other"].concat();
    let file = packed(&[("quiz.csv", csv.as_bytes()), ("plug.png", &other)]);
    let (_, html) = upload_as(&guild, &staff, &csrf, ("other.zip", &file), "en").await;
    let form =
        json!({"csrf": csrf, "file": field(&html, "file"), "format": field(&html, "format"), "name": "other.zip"});
    assert_eq!(staff.post("/admin/banks/small/import/confirm", &form).await.0, 200);
    assert_eq!(rows().await, (2, 3, 2));
    let (status, html) =
        upload_as(&guild, &staff, &csrf, ("bad.zip", &packed(&[("../a.csv", csv.as_bytes())])), "ja").await;
    assert!(status == 200 && html.contains("外のフォルダーを指しています"), "{html}");
}

async fn the_page_shows_the_columns_and_its_sample_comes_in(store: Store) {
    let guild = Guild::start(store).await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    let csrf = staff.csrf().await;
    let opened = staff.post("/admin/banks", &json!({"csrf": csrf, "slug": "small", "title": "小さな問題集"})).await;
    assert_eq!(opened.0, 303);
    for (language, counted) in [("en", "counted from 0"), ("ja", "0 から数えます")] {
        let (_, page) = staff.get("/admin/banks/small/import", language).await;
        for expected in [counted, "<code>correct</code>", "import/sample.csv", "小さな問題集"] {
            assert!(page.contains(expected), "{language}: {expected}: {page}");
        }
        let sample = guild.test.http.get(guild.test.url("/admin/banks/small/import/sample.csv"));
        let sample = sample.header("cookie", &staff.cookie).header("accept-language", language).send().await;
        let sample = sample.expect("answered").bytes().await.expect("bytes");
        let (status, html) = upload_as(&guild, &staff, &csrf, ("items.csv", &sample), language).await;
        assert!(status == 200 && html.contains("net-2") && !html.contains("chip--revoked"), "{html}");
        assert!(html.contains("name=\"file\""), "there is something to confirm: {html}");
    }
    let (_, form) = staff.get("/admin/exams/new?bank=small", "ja").await;
    assert!(form.contains("<option value=\"small\" selected>小さな問題集</option>"), "{form}");
}

async fn a_csv_comes_in_as_excel_writes_it(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.test.api_key(Role::Admin).await;
    // `id,question,a,b,correct` and a question 問 in CP932.
    let cp932 = b"id,question,a,b,correct\nq1,\x96\xe2,x,y,0\n";
    let path = "/api/v1/banks/small/imports";
    let (status, report) = send(&guild.test, &key, path, "text/csv", cp932.to_vec()).await;
    assert_eq!((status, counts(&report).0), (200, 1), "{report}");
    assert_eq!(report["warnings"][0]["code"], "read_as", "{report}");
    let stored = guild.test.texts("SELECT content FROM item_version").await.join("");
    assert!(stored.contains('問'), "{stored}");
    let neither = [&b"id,question,a,b,correct\n"[..], &b"q1,\xff\xfd\x80,x,y,0\n".repeat(40)].concat();
    let (_, report) = send(&guild.test, &key, path, "text/csv", neither.clone()).await;
    assert_eq!((counts(&report).3, report["broken"].as_array().map(Vec::len)), (0, Some(1)), "said once: {report}");
    let staff = Browser::staff(&guild, Role::Admin).await;
    let csrf = staff.csrf().await;
    let (_, html) = upload_as(&guild, &staff, &csrf, ("items.csv", &neither), "en").await;
    assert_eq!(html.matches("the text is not UTF-8").count(), 1, "{html}");
}

async fn whoever_finds_every_place_taken_comes_back(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let key = test.api_key(Role::Admin).await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    let csrf = staff.csrf().await;
    let mut places = vec![];
    while let Ok(place) = test.app.desk.place() {
        places.push(place);
    }
    assert!(!places.is_empty());
    let request = test.http.post(test.url("/api/v1/banks/small/imports")).bearer_auth(&key);
    let answer = request.header("content-type", "text/plain").body(GIFT).send().await.expect("answered");
    assert_eq!(answer.status().as_u16(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    let (status, html) = upload(&guild, &staff, &csrf, GIFT).await;
    assert!(status == 503 && html.contains("Other files are being read"), "{html}");
    places.pop();
    assert_eq!(send(test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT).await.0, 200);
    let path = "/api/v1/banks/small/export?format=gift";
    assert_eq!(fetch(test, &key, path).await.0, 200);
    test.app.desk.close();
    drop(places);
    assert_eq!(fetch(test, &key, path).await.0, 503, "the server stops");
    assert_eq!(send(test, &key, "/api/v1/banks/small/imports", "text/plain", GIFT).await.0, 503);
}

/// `waymark` on a data folder of its own: exit code, stdout, stderr.
pub fn waymark(data: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
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
