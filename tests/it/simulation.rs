//! The real Technician pool end to end: 1,000 simulated attempts, scored again by a program in another language; and an exam as a file, written the same again.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::shared_data;

/// `waymark` on a data folder of its own: exit code, stdout, stderr.
fn waymark(data: &Path, arguments: &[&str]) -> (i32, String, String) {
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

fn program(folder: &Path, pool: &Path, spec: &str) {
    for part in ["exams", "banks"] {
        fs::create_dir_all(folder.join(part)).expect("made");
    }
    let issuer =
        "issuer: {name: {en: Example Guild}, url: https://guild.example}\ntime_zone: Asia/Tokyo\nlocales: [ja, en]\n";
    fs::write(folder.join("program.yaml"), issuer).expect("written");
    fs::write(folder.join("exams/technician-exam.yaml"), spec).expect("written");
    for entry in fs::read_dir(pool).expect("the pool").map(|entry| entry.expect("readable").path()) {
        let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
        if name.ends_with(".png") || name.ends_with(".jpg") {
            fs::copy(&entry, folder.join("banks").join(&name)).expect("copied");
        }
    }
    fs::copy(pool.join("technician-2026-2030.csv"), folder.join("banks/technician.csv")).expect("copied");
}

const SPEC: &str = "slug: technician-exam\nbank: technician\nblueprint: {group_by: {id_prefix: 3}, one_from_each: group}\ntiming: {minutes: 60}\nscoring: {cut: 26}\n";

fn simulate(data: &Path, dump: &str) -> Value {
    let arguments = [
        "--json",
        "exam",
        "simulate",
        "technician-exam",
        "--attempts",
        "1000",
        "--seed",
        "7",
        "--ability",
        "0.74",
        "--dump",
        dump,
    ];
    let (exit, out, said) = waymark(data, &arguments);
    assert_eq!(exit, 0, "{said}");
    serde_json::from_str(&out).expect("JSON")
}

fn lines(data: &Path, dump: &str) -> Vec<Value> {
    let text = fs::read_to_string(data.join(dump)).expect("dumped");
    text.lines().skip(1).map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_thousand_attempts_at_the_technician_exam() {
    let Some(shared) = shared_data() else {
        eprintln!("skipped: ../shared/data is absent (set WAYMARK_SHARED_DATA to test with it)");
        return;
    };
    let pool = shared.join("ncvec-technician");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path();
    program(&data.join("program"), &pool, SPEC);
    assert_eq!(waymark(data, &["migrate"]).0, 0);
    let (exit, _, said) = waymark(data, &["program", "apply", "program"]);
    assert_eq!(exit, 0, "{said}");

    let told = simulate(data, "one.ndjson");
    assert_eq!(
        (&told["attempts"], &told["algorithm"], &told["rules_gave_way"]),
        (&Value::from(1000), &Value::from(1), &Value::from(0))
    );
    let attempts = lines(data, "one.ndjson");
    let mut passed = 0;
    for attempt in &attempts {
        let positions = attempt["form"]["positions"].as_array().expect("positions");
        let mut groups: Vec<&str> = positions.iter().map(|p| &p["slug"].as_str().expect("a slug")[..3]).collect();
        groups.dedup();
        assert_eq!((positions.len(), groups.len()), (35, 35), "one of each of the 35 groups");
        let points: u32 = attempt["score"]["summary"]["points"].as_str().expect("points").parse().expect("a number");
        assert_eq!(attempt["score"]["summary"]["passed"], Value::from(points >= 26), "{points}");
        passed += u32::from(points >= 26);
    }
    assert_eq!(told["passed"], Value::from(passed));
    assert!((350..750).contains(&passed), "74 % known: about half pass, {passed} did");
    simulate(data, "two.ndjson");
    assert_eq!(lines(data, "two.ndjson"), attempts, "the same seed, the same attempts");

    let scorer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/score_dump.py");
    for keys in [None, Some(pool.join("technician-2026-2030.csv"))] {
        let run = Command::new("python3").arg(&scorer).arg(data.join("one.ndjson")).args(keys).output();
        let run = match run {
            Ok(run) => run,
            Err(why) => {
                eprintln!("skipped: python3 does not start ({why})");
                return;
            }
        };
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), "{\"agree\": 1000}");
    }
}

#[test]
fn an_exported_exam_is_written_the_same_again() {
    let Some(shared) = shared_data() else {
        eprintln!("skipped: ../shared/data is absent (set WAYMARK_SHARED_DATA to test with it)");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path();
    let rich = "slug: technician-exam\nbank: technician\ntitle: {ja: 技術の試験, en: \"Technician: the exam\"}\nblueprint: {group_by: {id_prefix: 3}, one_from_each: group, exposure: {at_most: 50}, avoid: {last_attempts: 1}}\ntiming: {minutes: 60}\nscoring: {cut_percent: \"200/3\", scale: {min: 100, cut: 720, max: 1000}, sections_from: 5}\nrelease: {on: 2027-04-01T09:00:00+09:00}\nnavigation: linear\n";
    program(&data.join("program"), &shared.join("ncvec-technician"), rich);
    assert_eq!(waymark(data, &["migrate"]).0, 0);
    let (exit, _, said) = waymark(data, &["program", "apply", "program"]);
    assert_eq!(exit, 0, "{said}");
    let (exit, first, said) = waymark(data, &["exam", "export", "technician-exam"]);
    assert_eq!(exit, 0, "{said}");
    fs::write(data.join("program/exams/technician-exam.yaml"), &first).expect("written");
    let (exit, plan, said) = waymark(data, &["program", "plan", "program"]);
    assert!(exit == 0 && plan.contains("nothing to change"), "{plan}{said}\n{first}");
    assert_eq!(waymark(data, &["exam", "export", "technician-exam"]).1, first);
    assert_eq!(waymark(data, &["exam", "export", "nowhere"]).0, 3);
    let gaps = simulate(data, "capped.ndjson");
    assert_eq!(gaps["algorithm"], Value::from(2));
}
