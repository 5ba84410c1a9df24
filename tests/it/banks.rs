//! Importing banks: the real one where it is at hand, a small one always; idempotent, item by item, and never leaving an exam that cannot be filled.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::{banks, exams};
use waymark_assess::ExamSpec;
use waymark_assess::interchange::{Format, Report};

use crate::support::{Store, TestApp, on_both};

on_both!(
    the_same_content_makes_no_new_version,
    an_earlier_version_can_come_back,
    a_blueprint_that_cannot_be_filled_is_refused_by_name,
    publishing_again_changes_nothing,
    a_real_pool_draws_one_question_from_each_group
);

pub async fn import(test: &TestApp, bank: &str, items: &Value) -> Report {
    let bytes = items.to_string();
    let read =
        banks::read_file(test.app.db.read(), bank, bytes.as_bytes(), Format::Json, &|_| None).await.expect("read");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let report = banks::import(&mut ch, bank, read).await.expect("imported");
    ch.commit().await.expect("committed");
    report
}

fn item(id: &str, question: &str) -> Value {
    json!({"id": id, "question": question, "answers": ["yes", "no"], "correct": 0, "domain": "alpha"})
}

fn counts(report: &Report) -> (usize, usize, usize, usize) {
    (report.imported(), report.updated(), report.unchanged(), report.rejected().count())
}

async fn the_same_content_makes_no_new_version(store: Store) {
    let test = TestApp::start(store).await;
    let first = json!([item("a1", "One?"), item("a2", "Two?"), {"id": "a3", "question": "Three?"}]);
    assert_eq!(counts(&import(&test, "small", &first).await), (2, 0, 0, 1));
    assert_eq!(counts(&import(&test, "small", &first).await), (0, 0, 2, 1));
    let changed = json!([item("a1", "One?"), item("a2", "Two, really?"), item("a3", "Three?")]);
    assert_eq!(counts(&import(&test, "small", &changed).await), (1, 1, 1, 0));
    assert_eq!(counts(&import(&test, "other", &changed).await), (3, 0, 0, 0), "banks do not know each other");
    let strange = banks::read_file(test.app.db.read(), "../x", b"[]", Format::Json, &|_| None).await.expect("read");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    assert_eq!(banks::import(&mut ch, "../x", strange).await.expect_err("refused").faults()[0].code, "not_a_slug");
}

async fn an_earlier_version_can_come_back(store: Store) {
    let test = TestApp::start(store).await;
    for question in ["One?", "Eins?", "One?", "Eins?"] {
        import(&test, "small", &json!([item("a1", question)])).await;
    }
    use sea_orm::ConnectionTrait as _;
    let db = test.app.db.read();
    let sql = sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT hash, number FROM item_version ORDER BY number",
    );
    let rows = db.query_all_raw(sql).await.expect("read");
    assert_eq!(rows.len(), 2, "two contents, two versions");
    let last: String = rows[1].try_get_by_index(0).expect("text");
    let current = banks::current(db, "small").await.expect("read");
    assert_eq!(current["a1"].to_string(), last);
}

fn spec(bank: &str, domains: &Value) -> ExamSpec {
    let value = json!({
        "slug": "small-exam", "bank": bank, "blueprint": {"domains": domains}, "timing": {"minutes": 10}, "scoring": {"cut": 1},
    });
    ExamSpec::from_value(&value).expect("an exam")
}

async fn a_blueprint_that_cannot_be_filled_is_refused_by_name(store: Store) {
    let test = TestApp::start(store).await;
    import(&test, "small", &json!([item("a1", "One?"), item("a2", "Two?")])).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let refused = exams::publish(&mut ch, &spec("small", &json!({"alpha": 1, "beta": 2}))).await.expect_err("refused");
    assert_eq!(refused.faults()[0].pointer, "/blueprint/domains/beta");
    assert!(refused.faults()[0].detail.contains("`beta`"), "{refused}");
    let refused = exams::publish(&mut ch, &spec("nothing", &json!({"alpha": 1}))).await.expect_err("refused");
    assert_eq!((refused.faults()[0].pointer.as_str(), refused.faults()[0].code), ("/bank", "unknown_bank"));
    exams::publish(&mut ch, &spec("small", &json!({"alpha": 2}))).await.expect("published");
    ch.commit().await.expect("committed");
    let moved = json!([{"id": "a2", "question": "Two?", "answers": ["yes", "no"], "correct": 0, "domain": "gamma"}]);
    import(&test, "small", &moved).await;
    let broken = exams::broken_by(test.app.db.read(), "small").await.expect("read");
    assert_eq!(broken.len(), 1);
    assert!(broken[0].0 == "small-exam" && broken[0].1.message.contains("`alpha` has 1 item"), "{broken:?}");
}

async fn publishing_again_changes_nothing(store: Store) {
    let test = TestApp::start(store).await;
    import(&test, "small", &json!([item("a1", "One?"), item("a2", "Two?")])).await;
    let mut seen = vec![];
    for alpha in [1, 1, 2, 1] {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let published = exams::publish(&mut ch, &spec("small", &json!({"alpha": alpha}))).await.expect("published");
        ch.commit().await.expect("committed");
        seen.push((published.version, published.changed));
    }
    assert_eq!(seen, [(1, true), (1, false), (2, true), (3, true)]);
    let exam = exams::find(test.app.db.read(), "small-exam").await.expect("read").expect("there");
    assert_eq!(exam.version, 3);
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
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("an exit code"), text(run.stdout), text(run.stderr))
}

#[test]
fn the_command_line_reports_item_by_item() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path();
    let write = |name: &str, text: &str| std::fs::write(data.join(name), text).expect("written");
    assert_eq!(waymark(data, &["migrate"]).0, 0);
    let sound = "id,question,a,b,correct\nq1,One?,yes,no,0\nq2,Two?,yes,All of the above,1\n";
    write("sound.csv", sound);
    write("partly.csv", &format!("{sound}q3,Three?,yes,no,7\n"));
    write("broken.json", "[{\"id\": 1");
    write("elsewhere.csv", "id,question,a,b,correct,figure\nq4,Four?,yes,no,0,../sound.csv\n");

    let import = |file: &str, more: &[&str]| {
        waymark(data, &[&["--json", "bank", "import", file, "--bank", "small"], more].concat())
    };
    let report = |stdout: &str| serde_json::from_str::<Value>(stdout).expect("one JSON document on stdout");
    let (exit, stdout, _) = import("partly.csv", &["--dry-run"]);
    assert_eq!((exit, &report(&stdout)["imported"]), (8, &json!(2)));
    let (exit, stdout, stderr) = import("sound.csv", &[]);
    assert_eq!((exit, stderr.as_str()), (0, ""), "a dry run stores nothing");
    let first = report(&stdout);
    assert_eq!((&first["imported"], &first["updated"], &first["unchanged"]), (&json!(2), &json!(0), &json!(0)));
    assert_eq!((&first["rejected"], &first["fixed_options"][0]["item"]), (&json!([]), &json!("q2")));
    let (exit, stdout, _) = import("partly.csv", &["--format", "csv"]);
    let second = report(&stdout);
    assert_eq!((exit, &second["unchanged"], &second["rejected"][0]["item"]), (8, &json!(2), &json!("q3")));
    assert!(second["rejected"][0]["reason"].as_str().expect("a reason").contains("/correct"), "{second}");
    assert_eq!(import("broken.json", &[]).0, 4);
    assert_eq!(import("elsewhere.csv", &[]).0, 4, "a figure is a plain name beside the file");
    assert_eq!(import("nothing.csv", &[]).0, 3);
    assert_eq!(import("sound.csv", &["--format", "hieroglyphs"]).0, 2);
    assert_eq!(waymark(data, &["bank", "import", "sound.csv", "--bank", "Not a slug"]).0, 4);
    let (exit, stdout, stderr) = waymark(data, &["bank", "import", "partly.csv", "--bank", "other"]);
    assert_eq!((exit, stdout.lines().count()), (8, 1));
    assert!(stderr.contains("partly.csv:4: q3 rejected: /correct"), "{stderr}");
}

/// The folder of reference data, where there is one.
pub fn pool() -> Option<PathBuf> {
    let data = std::env::var_os("WAYMARK_SHARED_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let folder = data.join("ncvec-technician");
    folder.is_dir().then_some(folder)
}

async fn a_real_pool_draws_one_question_from_each_group(store: Store) {
    let Some(folder) = pool() else {
        eprintln!("skipped: the reference data is not here (WAYMARK_SHARED_DATA names its folder)");
        return;
    };
    let test = TestApp::start(store).await;
    let beside = banks::beside(&folder);
    for (extension, format, expected) in [
        ("csv", Format::Csv, (409, 0, 0, 0)),
        ("json", Format::Json, (0, 0, 409, 0)),
        ("yaml", Format::Yaml, (0, 0, 409, 0)),
    ] {
        let bytes = std::fs::read(folder.join(format!("technician-2026-2030.{extension}"))).expect("readable");
        let read = banks::read_file(test.app.db.read(), "technician", &bytes, format, &beside).await.expect("read");
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let report = banks::import(&mut ch, "technician", read).await.expect("imported");
        ch.commit().await.expect("committed");
        assert_eq!(counts(&report), expected, "{extension}");
        assert!(!report.fixed_options.is_empty());
    }
    let value = json!({
        "slug": "technician", "bank": "technician", "blueprint": {"group_by": {"id_prefix": 3}, "one_from_each": "group"},
        "timing": {"minutes": 60}, "rules": {"attempts": 3, "cool_down_days": 0}, "scoring": {"cut": 26}, "release": "at_once",
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    exams::publish(&mut ch, &ExamSpec::from_value(&value).expect("an exam")).await.expect("published");
    ch.commit().await.expect("committed");
    let plan =
        exams::feasible(test.app.db.read(), &ExamSpec::from_value(&value).expect("an exam")).await.expect("read");
    assert_eq!(plan.expect("feasible").positions(), 35);
}
