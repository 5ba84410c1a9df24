//! A program as files: the example of the contract with a real bank, every mistake at its place, apply once and again.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::banks;
use waymark::contributions::{self, SourceDefinition};
use waymark::database::Kind;
use waymark::exchange;
use waymark::program::{Effect, FileSet, apply, banks_of, export, plan, validate, written};
use waymark_assess::interchange::{ExportFormat, Format};

use crate::support::{Store, TestApp, on_both};

on_both!(a_program_is_applied_once_and_then_kept);
on_both!(a_program_is_written_as_files_and_read_again);
on_both!(a_plan_says_what_would_undo_an_import);
on_both!(a_list_is_read_page_by_page);

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/program")
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// A small program: one bank of four items, an exam of two, one track, one ladder.
fn small(folder: &Path) {
    write(
        folder,
        "program.yaml",
        "issuer: {name: {ja: 例の会, en: Example Guild}, url: https://guild.example, email: office@guild.example}\ntime_zone: Asia/Tokyo\nlocales: [ja, en]\nnumber_format: \"EG-{year}-{seq:6}\"\n",
    );
    let item = |n: u32, domain: &str| {
        format!(
            "- {{id: Q{n}, correct: 0, question: \"Question {n}?\", answers: [right, wrong, other], domain: {domain}}}\n"
        )
    };
    write(folder, "banks/small.yaml", &[item(1, "a"), item(2, "a"), item(3, "b"), item(4, "b")].concat());
    write(
        folder,
        "exams/small-exam.yaml",
        "slug: small-exam\nbank: small\nblueprint: {domains: {a: 1, b: 1}}\ntiming: {minutes: 10}\nrules: {attempts: 3, cool_down_days: 0}\nscoring: {cut: 1}\nrelease: at_once\n",
    );
    write(
        folder,
        "tracks/small.yaml",
        "slug: small\nkind: certification\ntitle: {ja: 小, en: Small}\ncriteria: {ja: 試験に合格する, en: Pass the exam}\nrequires:\n  all:\n    - {id: exam, exam: {slug: small-exam}}\nvalidity: {months: 36}\ntemplate: hexagon\nachievement_type: Certification\n",
    );
    write(
        folder,
        "ladders/guide.yaml",
        "slug: guide\ntitle: {ja: 道, en: Path}\npoints:\n  contributions:\n    - {type: change.merged, points: 10}\n  exams: {small-exam: 50}\n  credentials: {small: 100}\nsteps:\n  - {at: 10, title: Sprout}\n  - {at: 60, title: {ja: 若木, en: Tree}}\nbeyond: {every: 100, title: \"Forest {n}\"}\n",
    );
    write(
        folder,
        "sources/community.yaml",
        "source: https://community.example\ntitle: {ja: コミュニティ, en: Community}\ntypes: [answer.accepted, change.merged]\nsubjects: [member, handle]\n",
    );
}

async fn a_program_is_applied_once_and_then_kept(store: Store) {
    let test = TestApp::start(store).await;
    let folder = tempfile::tempdir().expect("a folder");
    small(folder.path());
    let program = validate(FileSet::read(folder.path()).expect("readable")).expect("valid");
    let first = apply(&test.app, &program, Actor::Operator).await.expect("applied");
    assert_eq!(first.changes, 6, "{first:?}");
    assert!(first.steps.iter().all(|s| s.effect == Effect::Create));
    assert_eq!(plan(&test.app, &program).await.expect("planned").changes, 0, "a second apply changes nothing");
    write(
        folder.path(),
        "tracks/small.yaml",
        &std::fs::read_to_string(folder.path().join("tracks/small.yaml"))
            .expect("there")
            .replace("months: 36", "months: 24"),
    );
    let program = validate(FileSet::read(folder.path()).expect("readable")).expect("valid");
    let second = apply(&test.app, &program, Actor::Operator).await.expect("applied");
    let changed: Vec<_> =
        second.steps.iter().filter(|s| s.effect != Effect::Keep).map(|s| (s.what, s.name.as_str(), s.effect)).collect();
    assert_eq!(changed, [("track", "small", Effect::Change)]);
    let listed: serde_json::Value =
        test.http.get(test.url("/api/v1/tracks")).send().await.expect("answered").json().await.expect("JSON");
    assert_eq!((listed["data"][0]["slug"].as_str(), listed["data"][0]["version"].as_i64()), (Some("small"), Some(2)));
}

async fn a_list_is_read_page_by_page(store: Store) {
    let test = TestApp::start(store).await;
    let program = validate(FileSet::read(&demo()).expect("readable")).expect("valid");
    apply(&test.app, &program, Actor::Operator).await.expect("applied");
    let (mut url, mut seen) = (test.url("/api/v1/tracks?limit=1"), vec![]);
    loop {
        let answer = test.http.get(&url).send().await.expect("answered");
        let link = answer.headers().get("link").map(|link| link.to_str().expect("text").to_owned());
        let page: serde_json::Value = answer.json().await.expect("JSON");
        assert_eq!(page["data"].as_array().map(Vec::len), Some(1), "{page}");
        seen.push(page["data"][0]["slug"].as_str().expect("a slug").to_owned());
        assert_eq!(link.is_some(), page["has_more"] == true, "{link:?} {page}");
        let Some(link) = link else { break };
        let next = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).expect("a link");
        assert!(next.contains("limit=1") && next.starts_with(test.app.links.base()), "{next}");
        url = test.url(next.strip_prefix(test.app.links.base()).expect("ours"));
    }
    let slugs: Vec<String> = program.tracks.iter().map(|track| track.slug.clone()).collect();
    seen.sort();
    assert!(slugs.len() > 1 && seen.len() == slugs.len() && slugs.iter().all(|slug| seen.contains(slug)), "{seen:?}");
    let other = json!({"source": "https://other.example", "title": "Other", "types": ["talk.given"]});
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    contributions::keep_source(&mut ch, &SourceDefinition::from_value(&other).expect("valid")).await.expect("kept");
    ch.commit().await.expect("committed");
    let key = test.api_key(Role::Admin).await;
    let sources = async |query: &str| -> serde_json::Value {
        let request = test.http.get(test.url(&format!("/api/v1/sources?{query}"))).bearer_auth(&key);
        request.send().await.expect("answered").json().await.expect("JSON")
    };
    let first = sources("limit=1").await;
    assert!(first["has_more"] == true && first["data"].as_array().is_some_and(|all| all.len() == 1), "{first}");
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("cursor", cursor).finish();
    let second = sources(&query).await;
    assert!(second["has_more"] == false && second["data"][0]["source"] == "https://other.example", "{second}");
    let strange = test.http.get(test.url("/api/v1/tracks?cursor=nobody")).header("accept-language", "ja").send().await;
    let strange = strange.expect("answered");
    assert_eq!(strange.status(), 422);
    let told: serde_json::Value = strange.json().await.expect("JSON");
    assert_eq!(told["errors"][0]["detail"], "前のページの next_cursor をそのまま使ってください", "{told}");
}

/// Every file of the program as it stands, banks among them.
async fn files_of(test: &TestApp) -> BTreeMap<String, Vec<u8>> {
    let written = export(test.app.db.read()).await.expect("read").expect("a program");
    let mut files: BTreeMap<String, Vec<u8>> = written.into_iter().map(|(n, text)| (n, text.into_bytes())).collect();
    for (bank, _) in banks::titles(test.app.db.read()).await.expect("read") {
        let out = exchange::export(&test.app, Actor::Operator, &bank, ExportFormat::Yaml, "en").await.expect("written");
        let out = out.expect("a bank");
        assert!(out.losses.is_empty() && out.left_out.is_empty(), "{:?} {:?}", out.losses, out.left_out);
        files.insert(format!("banks/{bank}.yaml"), out.bytes);
        files.extend(out.beside.into_iter().map(|(name, bytes)| (format!("banks/{name}"), bytes)));
    }
    files
}

async fn a_program_is_written_as_files_and_read_again(store: Store) {
    let small_folder = tempfile::tempdir().expect("a folder");
    small(small_folder.path());
    for folder in [demo(), small_folder.path().to_owned()] {
        let first = TestApp::start(store).await;
        assert!(export(first.app.db.read()).await.expect("read").is_none(), "there is none yet");
        let program = validate(FileSet::read(&folder).expect("readable")).expect("valid");
        apply(&first.app, &program, Actor::Operator).await.expect("applied");
        let files = files_of(&first).await;
        let again = validate(FileSet::of(files.clone())).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let planned = plan(&first.app, &again).await.expect("planned");
        assert_eq!(planned.changes, 0, "what was written says nothing new: {planned:?}");
        let second = TestApp::start(store).await;
        apply(&second.app, &again, Actor::Operator).await.expect("applied");
        let twice = files_of(&second).await;
        assert_eq!(twice.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
        for (name, bytes) in &files {
            assert_eq!(String::from_utf8_lossy(&twice[name]), String::from_utf8_lossy(bytes), "{name}");
        }
        let held_against = written(&again).expect("written");
        assert!(held_against.iter().all(|(name, text)| files[name] == text.as_bytes()), "{held_against:?}");

        // What a file cannot say is told: a draft would be put into use by whoever applies it.
        let told = async || banks_of(second.app.db.read()).await.expect("read").remove(0).not_in_use;
        assert!(told().await.is_empty());
        second.run_sql("UPDATE item SET state = 'draft' WHERE slug = (SELECT MIN(slug) FROM item)").await;
        assert_eq!(told().await, [("draft", 1)]);
    }
}

async fn a_plan_says_what_would_undo_an_import(store: Store) {
    let test = TestApp::start(store).await;
    let folder = tempfile::tempdir().expect("a folder");
    small(folder.path());
    let program = validate(FileSet::read(folder.path()).expect("readable")).expect("valid");
    apply(&test.app, &program, Actor::Operator).await.expect("applied");
    let file = std::fs::read_to_string(folder.path().join("banks/small.yaml")).expect("there");
    let changed = file.replace("Question 2?", "Question two?");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("begun");
    let read = banks::read_file(ch.tx(), "small", changed.as_bytes(), Format::Yaml, &|_| None).await.expect("read");
    banks::import(&mut ch, "small", read).await.expect("imported");
    ch.commit().await.expect("stored");
    let back = plan(&test.app, &program).await.expect("planned");
    let bank = back.steps.iter().find(|s| s.what == "bank").and_then(|s| s.detail.clone()).expect("a bank");
    assert!(bank.contains("1 of the changed go back") && bank.contains("banks/small.yaml"), "{bank}");
    write(folder.path(), "banks/small.yaml", &changed.replace("Question 3?", "Question three?"));
    let program = validate(FileSet::read(folder.path()).expect("readable")).expect("valid");
    let on = plan(&test.app, &program).await.expect("planned");
    assert!(on.steps.iter().all(|s| s.detail.as_ref().is_none_or(|d| !d.contains("go back"))), "{on:?}");
}

#[test]
fn the_demo_program_is_valid() {
    let program = validate(FileSet::read(&demo()).expect("readable"));
    let program = program.unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    assert_eq!((program.tracks.len(), program.exams.len(), program.banks.len(), program.sources.len()), (5, 1, 1, 1));
    let kinds: std::collections::BTreeSet<&str> = program.tracks.iter().map(|track| track.kind.as_str()).collect();
    assert!(kinds.contains("thanks") && kinds.contains("title"), "{kinds:?}");
    let goals = program.tracks.iter().map(|track| (track.slug.as_str(), track.goal.as_ref()));
    for (slug, goal) in goals {
        let goal = goal.unwrap_or_else(|| panic!("{slug} has a goal"));
        assert!(goal.target > 0 && goal.measure == "awards" && goal.text.len() == 2, "{slug}: {goal:?}");
    }
}

/// Breaks the small program in one file and answers what `validate` says.
fn mistakes(file: &str, change: impl Fn(String) -> String) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    small(folder.path());
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).expect("there");
    std::fs::write(&path, change(text)).expect("written");
    let wrong = validate(FileSet::read(folder.path()).expect("readable")).expect_err("not valid");
    wrong.iter().map(|m| format!("{}:{}:{} {}", m.file, m.line, m.column, m.code)).collect()
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let told = mistakes("tracks/small.yaml", |t| {
        t.replace("kind: certification", "kind: certificate")
            .replace("exam: {slug: small-exam}", "exam: {slug: other}")
            .replace("validity", "validty")
    });
    assert!(
        told.contains(&"tracks/small.yaml:2:7 unknown_word".to_owned())
            || told.contains(&"tracks/small.yaml:2:1 unknown_word".to_owned()),
        "{told:?}"
    );
    assert!(told.iter().any(|t| t.starts_with("tracks/small.yaml:8:") && t.ends_with("unknown_field")), "{told:?}");
    let told = mistakes("tracks/small.yaml", |t| t.replace("slug: small-exam}", "slug: other}"));
    assert!(told.iter().any(|t| t.starts_with("tracks/small.yaml:7:") && t.ends_with("unknown_exam")), "{told:?}");
    let told = mistakes("exams/small-exam.yaml", |t| t.replace("a: 1", "a: 3"));
    assert!(
        told.iter().any(|t| t.starts_with("exams/small-exam.yaml:3:")),
        "a blueprint that cannot be filled: {told:?}"
    );
    let told = mistakes("banks/small.yaml", |t| t.replace("id: Q2", "id: Q1"));
    assert!(told.iter().any(|t| t.starts_with("banks/small.yaml:2:")), "{told:?}");
    let told = mistakes("program.yaml", |t| t.replace("Asia/Tokyo", "Asia/Tokio").replace("{seq:6}", ""));
    assert_eq!(told, ["program.yaml:2:1 unknown_time_zone", "program.yaml:4:1 invalid_number_format"]);
    let told = mistakes("sources/community.yaml", |t| t + "types: [x]\n");
    assert_eq!(told, ["sources/community.yaml:5:1 duplicate_key"]);
    let told = mistakes("ladders/guide.yaml", |t| {
        t.replace("at: 60", "at: 6").replace("small-exam: 50", "other: 50").replace("every: 100", "every: 9")
    });
    assert_eq!(
        told,
        [
            "ladders/guide.yaml:6:11 unknown_exam",
            "ladders/guide.yaml:10:6 not_ascending",
            "ladders/guide.yaml:11:10 every_too_small"
        ]
    );
    let told =
        mistakes("ladders/guide.yaml", |t| t.replace("small-exam: 50", "other: 50").replace("{small: 100}", "{x: 1}"));
    assert_eq!(told, ["ladders/guide.yaml:6:11 unknown_exam", "ladders/guide.yaml:7:17 unknown_track"]);
}

#[test]
fn one_round_tells_what_other_files_lack_too() {
    let told = mistakes("exams/small-exam.yaml", |t| t.replace("a: 1", "a: 3").replace("cut: 1", "cut: 999"));
    assert_eq!(told, ["exams/small-exam.yaml:3:23 too_few_items", "exams/small-exam.yaml:6:11 cut_out_of_reach"]);
    let told = mistakes("exams/small-exam.yaml", |t| t.replace("minutes: 10", "minutes: 0"));
    assert_eq!(
        told.len(),
        1,
        "an exam with a mistake is there all the same, so that its track misses nothing: {told:?}"
    );
    let told = mistakes("exams/small-exam.yaml", |t| t + "  [");
    assert_eq!(told.len(), 1, "so is one that cannot be read at all: {told:?}");
    let told = mistakes("tracks/small.yaml", |t| {
        t.replace("kind: certification", "kind: certificate")
            .replace("slug: small-exam}", "slug: other}")
            .replace("hexagon", "octagon")
    });
    let codes: Vec<&str> = told.iter().filter_map(|t| t.rsplit(' ').next()).collect();
    assert_eq!(codes, ["unknown_word", "unknown_exam", "unknown_template"], "{told:?}");
}

#[test]
fn the_example_of_the_contract_validates_with_a_real_bank() {
    let Some(bank) = crate::support::shared_data().map(|d| d.join("ncvec-technician")) else {
        eprintln!("skipped: the shared data is not beside the repository");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    small(folder.path());
    std::fs::remove_file(folder.path().join("banks/small.yaml")).expect("removed");
    std::fs::remove_file(folder.path().join("exams/small-exam.yaml")).expect("removed");
    std::fs::remove_file(folder.path().join("tracks/small.yaml")).expect("removed");
    std::fs::remove_file(folder.path().join("ladders/guide.yaml")).expect("removed");
    std::fs::copy(bank.join("technician-2026-2030.json"), folder.path().join("banks/technician.json")).expect("copied");
    for figure in ["t-1.png", "t-2.png", "t-3.png"] {
        std::fs::copy(bank.join(figure), folder.path().join("banks").join(figure)).expect("copied");
    }
    write(
        folder.path(),
        "tracks/foundations.yaml",
        "slug: foundations\nkind: certification\ntitle: {ja: 基礎, en: Foundations}\ncriteria: {ja: 試験に合格し、3件貢献する, en: Pass the exam and give three contributions}\ngoal: {ja: 新しい担い手を年30人, en: Thirty new contributors a year, measure: awards, target: 30}\nrequires:\n  all:\n    - {id: exam, exam: {slug: foundations-exam}}\n    - {id: give, contributions: {types: [change.merged, answer.accepted], at_least: 3, window: {days: 365}, per_day: 2, distinct: object}}\nvalidity: {months: 36}\ntemplate: hexagon\nachievement_type: Certification\n",
    );
    write(
        folder.path(),
        "exams/foundations-exam.yaml",
        "slug: foundations-exam\nbank: technician\nblueprint: {group_by: {id_prefix: 3}, one_from_each: group}\ntiming: {minutes: 60}\nrules: {attempts: 3, cool_down_days: 0}\nscoring: {cut: 26}\nrelease: at_once\n",
    );
    let program = validate(FileSet::read(folder.path()).expect("readable"));
    assert!(program.is_ok(), "{:?}", program.err());
}

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

#[test]
fn what_was_made_without_a_program_is_written_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    small(&data.join("first"));
    assert_eq!(waymark(data, &["migrate"]).0, 0);
    let (exit, _, said) = waymark(data, &["bank", "import", "first/banks/small.yaml", "--bank", "small"]);
    assert_eq!(exit, 0, "{said}");
    let (exit, out, said) = waymark(data, &["program", "export", "out"]);
    assert_eq!(exit, 8, "{out}{said}");
    assert!(said.contains("no program.yaml") && data.join("out/banks/small.yaml").is_file(), "{out}{said}");
}

#[test]
fn the_commands_write_a_program_and_show_what_differs() {
    eprintln!("on SQLite alone: what is written is the same on every store");
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    small(&data.join("first"));
    assert_eq!(waymark(data, &["migrate"]).0, 0);
    assert_eq!(waymark(data, &["program", "export", "out"]).0, 3, "nothing was applied");
    let (exit, _, said) = waymark(data, &["program", "apply", "first"]);
    assert_eq!(exit, 0, "{said}");
    let (exit, out, said) = waymark(data, &["program", "export", "out"]);
    assert!(exit == 0 && out.contains("6 files"), "{out}{said}");
    let mode = |path: &str| data.join(path).metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!((mode("out"), mode("out/banks/small.yaml")), (0o700, 0o600), "it holds the keys");
    assert_eq!(waymark(data, &["program", "export", "out"]).0, 5, "nothing is overwritten");
    let (exit, out, _) = waymark(data, &["program", "plan", "out"]);
    assert!(exit == 0 && out.contains("nothing to change"), "{out}");
    // A folder of one track may name what the server has; nothing may name what is nowhere.
    let alone = data.join("alone");
    small(&alone);
    std::fs::remove_dir_all(alone.join("exams")).expect("removed");
    std::fs::remove_dir_all(alone.join("banks")).expect("removed");
    for verb in ["validate", "plan", "apply"] {
        let (exit, _, said) = waymark(data, &["program", verb, "alone"]);
        assert!(exit == 0, "{verb}: {said}");
        assert!(said.contains("tracks/small.yaml:7:") && said.contains("on_this_server"), "{verb}: {said}");
    }
    let elsewhere = tempfile::tempdir().expect("a folder");
    let alone = alone.to_str().expect("UTF-8").to_owned();
    let (exit, out, _) = waymark(elsewhere.path(), &["program", "validate", &alone]);
    assert!(exit == 4 && out.contains("unknown_exam"), "{out}");
    assert_eq!(elsewhere.path().read_dir().expect("readable").count(), 0, "asking made nothing");
    // The folder that people wrote says the same in other words; one change is shown as one.
    for dir in ["first", "out"] {
        let (exit, out, _) = waymark(data, &["program", "diff", dir]);
        assert!(exit == 0 && out.trim() == "no difference", "{out}");
    }
    let track = std::fs::read_to_string(data.join("first/tracks/small.yaml")).expect("there");
    write(&data.join("first"), "tracks/small.yaml", &track.replace("months: 36", "months: 24"));
    let (exit, out, _) = waymark(data, &["program", "diff", "first"]);
    assert!(exit == 0 && out.contains("-validity: {months: 36}\n+validity: {months: 24}\n"), "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("+++")).count(), 1, "{out}");
}
