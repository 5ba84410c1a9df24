//! `waymark track test`: fixtures in files, run without a store.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The exit code, stdout and stderr of the command on a folder.
fn tested(dir: &Path, json: bool) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    let empty = tempfile::tempdir().expect("a temporary folder");
    command.current_dir(empty.path());
    for (name, _) in waymark::config::Config::environment() {
        if name.starts_with("WAYMARK_") {
            command.env_remove(name);
        }
    }
    if json {
        command.arg("--json");
    }
    let run = command.args(["track", "test"]).arg(dir).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("a code"), text(run.stdout), text(run.stderr))
}

/// A folder with one track, and this as its tests.
fn program(tests: Option<&str>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("program.yaml", "issuer: {name: Guild, url: https://guild.example}\ntime_zone: Asia/Tokyo\n");
    std::fs::create_dir_all(folder.path().join("tracks/tests")).expect("made");
    write(
        "tracks/helper.yaml",
        "slug: helper\nkind: milestone\ntitle: Helper\ncriteria: Help\nrequires:\n  all:\n    - {id: give, contributions: {types: [change.merged], at_least: 2, per_day: 1}}\n",
    );
    if let Some(tests) = tests {
        write("tracks/tests/helper.yaml", tests);
    }
    folder
}

#[test]
fn the_tests_of_the_demo_program_pass() {
    let (code, told, wrong) = tested(&Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/program"), true);
    assert_eq!(code, 0, "{told}{wrong}");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert!(told["passed"].as_u64() >= Some(6) && told["failed"] == 0, "{told}");
}

#[test]
fn what_comes_out_otherwise_is_told_line_by_line() {
    let folder = program(Some(
        "track: helper\ncases:\n  - name: two days\n    now: 2026-06-01\n    facts:\n      - {contribution: change.merged, at: 2026-05-01, times: 2}\n    expect: {met: 2026-05-02}\n  - name: one day is not enough\n    now: 2026-06-01\n    facts:\n      - {contribution: change.merged, at: 2026-05-01, times: 2, every_days: 0}\n    expect:\n      met: 2026-05-01\n      requirements:\n        give: {state: met, have: 2, counted: 2, uncounted: {}, missing: nothing}\n",
    ));
    let (code, told, _) = tested(folder.path(), false);
    assert_eq!(code, 1, "{told}");
    let expected = "tracks/tests/helper.yaml:8: helper: one day is not enough
  met             expected 2026-05-01
                  found    no
  give.state      expected met
                  found    in_progress
  give.have       expected 2
                  found    1
  give.counted    expected 2
                  found    1
  give.uncounted  expected none
                  found    over_daily_cap: 1
  give.missing    expected nothing
                  found    contribute
1 case passed, 1 failed
";
    assert_eq!(told, expected);
    let (code, told, _) = tested(folder.path(), true);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, &told["cases"][1]["differences"][1]["found"]), (1, &Value::from("in_progress")));
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    assert_eq!(tested(program(None).path(), false).0, 3, "no tests");
    assert_eq!(tested(Path::new("/nowhere/at/all"), false).0, 3, "no folder");
    for (tests, place, code) in [
        ("track: other\ncases: []\n", "tracks/tests/helper.yaml:1:1", "unknown_track"),
        (
            "track: helper\ncases:\n  - {name: a, now: 2026-01-01, expect: {requirements: {gift: {state: met}}}}\n",
            ":3:",
            "unknown_requirement",
        ),
        ("track: helper\ncases:\n  - {name: a, now: someday, expect: {met: no}}\n", ":3:15", "invalid_time"),
        (
            "track: helper\ncases:\n  - {name: a, now: 2026-01-01, expect: {met: no}, facts: [{exam: e, contribution: c, at: 2026-01-01}]}\n",
            ":3:",
            "not_one_fact",
        ),
        (
            "track: helper\ncases:\n  - {name: a, now: 2026-01-01, expect: {met: no}, facts: [{exam: e}]}\n",
            ":3:",
            "missing_field",
        ),
        (
            "track: helper\ncases:\n  - {name: a, now: 2026-01-01, expect: {met: no}, facts: [{exam: e, at: 2026-01-01, amount: much}]}\n",
            ":3:",
            "not_a_fact",
        ),
        ("track: helper\ncases:\n  - {name: a, now: 2026-01-01, expect: {}}\n", ":3:", "missing_field"),
        ("track: helper\ncases: {}\n", ":2:", "not_a_list"),
        ("track: helper\ncase: []\n", ":2:", "unknown_field"),
    ] {
        let (exit, told, _) = tested(program(Some(tests)).path(), false);
        assert_eq!(exit, 4, "{tests}: {told}");
        assert!(told.contains(place) && told.contains(code), "{tests}: {told}");
    }
}
