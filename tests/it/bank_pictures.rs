//! Pictures on their way out of a bank and home: by the API, by the command line, from a folder, and never from outside of it.

use serde_json::{Value, json};
use waymark::access::Role;

use crate::exchange::{counts, fetch, packed, send, waymark};
use crate::support::{Store, TestApp, on_both};

on_both!(a_bank_with_pictures_comes_home_as_it_went_by_the_api);

fn png() -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &64_u32.to_be_bytes(), &48_u32.to_be_bytes()].concat()
}

/// A choice and a picture with areas, a formula in the one and a picture in both.
const BANK: &str = r#"
- {id: one, question: "Which is <math><msup><mi>x</mi><mn>2</mn></msup></math>?", answers: [a, b], correct: 0, fixed: [], figure: plug.png, figure_alt: a plug}
- id: two
  type: hotspot
  question: Where?
  figure: plug.png
  size: [64, 48]
  areas: [{label: left, rectangle: [0, 0, 20, 20]}, {label: right, circle: [50, 20, 5]}]
  correct: 1
- {id: three, type: short_text, question: Who?, correct: [Ada], max_length: 40, domain: people, tags: [t]}
"#;

async fn hashes(test: &TestApp, bank: &str) -> Vec<String> {
    let db = test.app.db.read();
    let current = waymark::banks::current(db, bank).await.expect("read");
    let mut all: Vec<String> = current.into_iter().map(|(slug, hash)| format!("{slug} {hash}")).collect();
    all.sort();
    all
}

async fn a_bank_with_pictures_comes_home_as_it_went_by_the_api(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let file = packed(&[("bank.yaml", BANK.as_bytes()), ("plug.png", &png())]);
    let (status, report) = send(&test, &key, "/api/v1/banks/plugs/imports", "application/zip", file).await;
    assert_eq!((status, counts(&report)), (200, (3, 0, 0, 0)), "{report}");
    let at_home = hashes(&test, "plugs").await;
    assert_eq!(at_home.len(), 3);
    for format in ["json", "yaml"] {
        let path = format!("/api/v1/banks/plugs/export?format={format}");
        let answer = test.http.get(test.url(&path)).bearer_auth(&key).send().await.expect("answered");
        assert_eq!(answer.headers()["waymark-pictures-beside"], "1", "the file alone names one that is not in it");
        let (status, file) = fetch(&test, &key, &format!("{path}&pictures=true")).await;
        assert_eq!((status, &file[..4]), (200, &b"PK\x03\x04"[..]));
        let to = format!("/api/v1/banks/copy-{format}/imports");
        let (_, report) = send(&test, &key, &to, "application/zip", file.clone()).await;
        assert_eq!(counts(&report), (3, 0, 0, 0), "{report}");
        assert_eq!(hashes(&test, &format!("copy-{format}")).await, at_home, "the same content, pictures too");
        let (_, again) = send(&test, &key, &to, "application/zip", file).await;
        assert_eq!(counts(&again), (0, 0, 3, 0), "{again}");
    }
    for format in ["qti3", "qti21", "moodle-xml"] {
        let path = format!("/api/v1/banks/plugs/export?format={format}");
        let (_, told) = fetch(&test, &key, &format!("{path}&dry_run=true")).await;
        let told: Value = serde_json::from_slice(&told).expect("JSON");
        let kind = if format == "moodle-xml" { "application/xml" } else { "application/zip" };
        let (_, file) = fetch(&test, &key, &path).await;
        let (_, report) = send(&test, &key, &format!("/api/v1/banks/back-{format}/imports"), kind, file).await;
        let left_out = told["left_out"].as_array().expect("a list").len();
        assert_eq!(counts(&report).0, 3 - u64::try_from(left_out).expect("small"), "{format}: {report}");
        assert_eq!(left_out, usize::from(format == "moodle-xml"), "Moodle has no areas: {told}");
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM figure").await, 1, "one picture, however often it came");
    let (status, csv) = fetch(&test, &key, "/api/v1/banks/plugs/export?format=csv&pictures=true&dry_run=true").await;
    let told: Value = serde_json::from_slice(&csv).expect("JSON");
    assert_eq!((status, told["items"].clone(), told["left_out"].as_array().map(Vec::len)), (200, json!(1), Some(2)));
    assert_eq!(fetch(&test, &key, "/api/v1/banks/plugs/export?format=csv&pictures=maybe").await.0, 400);
}

#[test]
fn the_command_line_reads_a_folder_and_leaves_what_is_outside() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| data.path().join(name);
    std::fs::create_dir_all(at("bank/images")).expect("made");
    std::fs::write(at("bank/items.yaml"), BANK).expect("written");
    std::fs::write(at("bank/images/plug.png"), png()).expect("written");
    assert_eq!(waymark(data.path(), &["migrate"]).0, 0);
    let import = |file: &str, bank: &str| waymark(data.path(), &["bank", "import", file, "--bank", bank, "--json"]);
    let (code, out, told) = import("bank", "plugs");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, counts(&report)), (0, (3, 0, 0, 0)), "{told}{out}");
    // By its file alone the picture is to lie right beside it.
    let (code, out, _) = import("bank/items.yaml", "plugs");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, counts(&report)), (8, (0, 0, 1, 2)), "{out}");
    std::fs::copy(at("bank/images/plug.png"), at("secret.png")).expect("copied");
    std::os::unix::fs::symlink("../secret.png", at("bank/plug.png")).expect("linked");
    let (code, out, _) = import("bank/items.yaml", "plugs");
    assert_eq!((code, counts(&serde_json::from_str(&out).expect("JSON")).3), (8, 2), "a link leads out: {out}");
    let (_, _, told) = import("bank", "plugs");
    assert!(told.contains("plug.png is a link and was not followed"), "{told}");
    for name in ["out.yaml", "packed.zip"] {
        let format = ["bank", "export", "plugs", "--format", "yaml", "--output", name];
        let (code, _, told) = waymark(data.path(), &format);
        assert!(code == 0 && told.contains("1 pictures"), "{told}");
        let (code, out, told) = import(name, "plugs");
        assert_eq!(
            (code, counts(&serde_json::from_str(&out).expect("JSON"))),
            (0, (0, 0, 3, 0)),
            "{name}: {told}{out}"
        );
    }
    assert_eq!(import("nowhere", "plugs").0, 3);
    std::fs::create_dir(at("empty")).expect("made");
    assert_eq!(import("empty", "plugs").0, 4);
}
