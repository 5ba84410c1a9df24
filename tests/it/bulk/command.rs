//! `waymark credential bulk`: the report, the exit codes, and a kill in the middle.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use waymark::clock::SystemClock;
use waymark::database::Database;
use waymark::entropy::SystemEntropy;

use super::table;

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.current_dir(data).args(["--data", "."]).args(arguments);
    command.env_remove("WAYMARK_DATABASE__URL").env("WAYMARK_ISSUER__DID_METHOD", "key").env("LC_ALL", "C");
    command
}

pub fn waymark(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let run = command(data, arguments).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("an exit code"), text(run.stdout), text(run.stderr))
}

/// An installation with a track and a key.
pub fn installed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("program/tracks");
    std::fs::create_dir_all(&program).expect("made");
    let issuer = "issuer: {name: {ja: 例の会, en: Example Guild}, url: https://guild.example}\ntime_zone: Asia/Tokyo\nlocales: [ja, en]\n";
    std::fs::write(folder.path().join("program/program.yaml"), issuer).expect("written");
    let track = "slug: spring\nkind: learning\ntitle: {ja: 春の会, en: Spring}\ncriteria: {ja: 参加, en: Take part}\n\
        requires: {id: there, contributions: {types: [event.attended], at_least: 1}}\ntemplate: hexagon\nachievement_type: Badge\n";
    std::fs::write(program.join("spring.yaml"), track).expect("written");
    let source = "source: https://forum.example\ntitle: Forum\ntypes: [event.attended]\nsubjects: [member]\n";
    std::fs::create_dir_all(folder.path().join("program/sources")).expect("made");
    std::fs::write(folder.path().join("program/sources/forum.yaml"), source).expect("written");
    for step in [&["migrate"][..], &["program", "apply", "program"], &["key", "generate"]] {
        let (exit, _, said) = waymark(folder.path(), step);
        assert_eq!(exit, 0, "{step:?}: {said}");
    }
    folder
}

#[test]
fn the_command_reports_issues_and_writes_links() {
    let folder = installed();
    let data = folder.path();
    std::fs::write(
        data.join("t.csv"),
        "name,email\nAda,ada@members.example\n,nobody@members.example\nBob,bob@members.example\n",
    )
    .expect("written");
    let bulk = |more: &[&str]| waymark(data, &[&["credential", "bulk", "t.csv", "--track", "spring"], more].concat());
    let (exit, out, said) = bulk(&["--dry-run"]);
    assert!(
        exit == 8 && out.contains("3 rows: 2 would be issued, 1 with errors, 0 with warnings; 2 new recipients"),
        "{out}{said}"
    );
    assert!(said.contains("t.csv:3: error: name:"), "{said}");
    let (exit, out, said) = bulk(&["--json", "--claim-links", "links.csv"]);
    let result: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (exit, &result["issued"], &result["failed"], &result["state"]),
        (8, &json!(2), &json!(1), &json!("done")),
        "{said}"
    );
    assert_eq!(result["rows"][0]["result"], "issued");
    let links = std::fs::read_to_string(data.join("links.csv")).expect("written");
    assert_eq!(links.matches("/claim/").count(), 2, "{links}");
    let (exit, out, _) = bulk(&["--json"]);
    let again: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((exit, &again["issued"], &again["held"]), (8, &json!(0), &json!(2)), "who holds it gets no other");
    assert_eq!(bulk(&["--claim-links", "links.csv"]).0, 1, "links that are in use are not written over");

    assert_eq!(waymark(data, &["credential", "bulk", "none.csv"]).0, 3);
    assert_eq!(waymark(data, &["credential", "bulk", "t.csv"]).0, 4, "no track");
    assert_eq!(bulk(&["--locale", "de"]).0, 4);
    std::fs::write(data.join("bad.csv"), "name,email\n,x\n").expect("written");
    assert_eq!(waymark(data, &["credential", "bulk", "bad.csv", "--track", "spring"]).0, 4, "no row can be issued");
}

#[tokio::test]
async fn a_command_that_is_killed_goes_on_where_it_was() {
    const ROWS: i64 = 60;
    let folder = installed();
    let data = folder.path();
    std::fs::write(data.join("t.csv"), table(60)).expect("written");
    let arguments = ["--json", "credential", "bulk", "t.csv", "--track", "spring"];
    let mut running = command(data, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let url = format!("sqlite://{}", data.join("waymark.db").display());
    let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.expect("the store opens");
    let count = async |sql: &str| -> i64 {
        let query = sea_orm::Statement::from_string(db.read().get_database_backend(), sql);
        db.read().query_one_raw(query).await.expect("runs").expect("a row").try_get_by_index(0).expect("a number")
    };
    while count("SELECT COUNT(*) FROM job_row WHERE state = 'done'").await < 5 {
        assert!(running.try_wait().expect("asked").is_none(), "it ended before it was killed");
    }
    running.kill().expect("killed");
    running.wait().expect("gone");
    let done = count("SELECT COUNT(*) FROM job_row WHERE state = 'done'").await;
    assert_eq!(count("SELECT COUNT(*) FROM credential").await, done, "a row is done if and only if it is awarded");
    assert!(done < ROWS, "cut off in the middle");

    let (exit, out, said) = waymark(data, &arguments);
    let result: Value = serde_json::from_str(&out).expect("JSON");
    assert!(exit == 0 && said.contains("taking up"), "{said}");
    assert_eq!((&result["issued"], &result["held"], &result["failed"]), (&json!(ROWS), &json!(0), &json!(0)));
    assert_eq!(count("SELECT COUNT(*) FROM credential").await, ROWS);
    assert_eq!(count("SELECT COUNT(DISTINCT member) FROM credential").await, ROWS);
    assert_eq!(count("SELECT COUNT(*) FROM job").await, 1);
    db.close().await;
}
