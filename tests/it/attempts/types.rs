//! Every type of question through a whole attempt: by call, by forms without script, and marked by people.

use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::{banks, exams};
use waymark_assess::ExamSpec;
use waymark_assess::interchange::{self, Format};

use super::{CANARY, Candidate, PNG, answer, field};
use crate::support::{Store, TestApp, on_both};

on_both!(
    every_type_is_sat_without_script_and_says_nothing_of_its_key,
    files_and_marks_are_checked,
    the_result_page_says_when_it_is_shown,
    nobody_marks_what_they_wrote
);

/// The bank that the manual shows, with words that must never reach a candidate.
fn bank() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/en/items.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let (_, example) = page.split_once("```yaml\n").expect("an example");
    let example = example.split_once("```").expect("its end").0;
    let secrets =
        format!("  domain: d\n  rationale: {CANARY} why\n  tags: [{CANARY}-tag]\n  refs: [{CANARY} source]\n");
    example.replace("  domain: d\n", &secrets)
}

async fn set_up(test: &TestApp) {
    set_up_released(test, json!("at_once")).await;
}

async fn set_up_released(test: &TestApp, release: Value) {
    let import = interchange::import(bank().as_bytes(), Format::Yaml, &|_| Some(PNG.to_vec()), &|_| None);
    assert_eq!(import.accepted.len(), 13, "{:?}", import.report.items);
    let spec = ExamSpec::from_value(&json!({
        "slug": "types", "bank": "types", "title": "All types", "blueprint": {"domains": {"d": 13}},
        "timing": {"minutes": 30}, "rules": {"attempts": 2}, "scoring": {"cut": 12}, "release": release,
    }));
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "types", import).await.expect("imported");
    exams::publish(&mut ch, &spec.expect("an exam")).await.expect("published");
    ch.commit().await.expect("committed");
}

fn handle(options: &Value, words: &str) -> String {
    let options = options.as_array().expect("options");
    let found =
        options.iter().find(|option| option["html"] == words).unwrap_or_else(|| panic!("{words} in {options:?}"));
    found["handle"].as_str().expect("a handle").to_owned()
}

/// The fields that a browser posts for the right answer.
fn right(item: &Value) -> Vec<(String, String)> {
    let choice = |words: &[&str]| -> Vec<(String, String)> {
        words.iter().map(|words| ("choice".into(), handle(&item["options"], words))).collect()
    };
    let gap = |n: usize| format!("gap:{}", item["gaps"][n]["handle"].as_str().expect("a gap"));
    match item["type"].as_str().expect("a type") {
        "single_choice" => choice(&["443"]),
        "multiple_choice" => choice(&["two", "three", "five"]),
        "true_false" => choice(&["False"]),
        "hotspot" => choice(&["bottom right"]),
        "matching" => [("Tokyo", "Japan"), ("Paris", "France")]
            .iter()
            .map(|(s, t)| (format!("pair:{}", handle(&item["sources"], s)), handle(&item["targets"], t)))
            .collect(),
        "ordering" => (1..)
            .zip(["SYN", "SYN-ACK", "ACK"])
            .map(|(place, words)| (format!("place:{}", handle(&item["options"], words)), place.to_string()))
            .collect(),
        "numeric" => vec![("text".into(), "３,１４".into())],
        "short_text" => vec![("text".into(), " ＴＯＫＹＯ. ".into())],
        "inline_choice" => vec![
            (gap(0), handle(&item["gaps"][0]["options"], "has lived")),
            (gap(1), handle(&item["gaps"][1]["options"], "since")),
        ],
        "cloze" => vec![(gap(0), " n ".into()), (gap(1), "10.0".into())],
        "gap_match" => vec![(gap(0), handle(&item["pool"], "bird")), (gap(1), handle(&item["pool"], "bush"))],
        "essay" => vec![("text".into(), "Dear customer,\r\nwe are sorry.".into())],
        other => panic!("{other} is not answered by fields"),
    }
}

fn upload(csrf: &str, revision: &str, bytes: &[u8]) -> multipart::Form {
    let file = multipart::Part::bytes(bytes.to_vec()).file_name("../../report.html");
    multipart::Form::new()
        .text("csrf", csrf.to_owned())
        .text("revision", revision.to_owned())
        .text("op", "file-1")
        .part("file", file)
}

async fn every_type_is_sat_without_script_and_says_nothing_of_its_key(store: Store) {
    let test = TestApp::start(store).await;
    set_up(&test).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start_exam("types").await;
    let exam = attempt.replace("/attempts/", "/exam/");
    let (mut heard, mut seen) = (vec![], vec![]);
    for position in 1..=13 {
        let (_, item) = ada.get(&format!("{attempt}/items/{position}")).await;
        let (status, _, page) = ada.open(&format!("{exam}/{position}")).await;
        assert_eq!(status, 200, "{page}");
        let kind = item["type"].as_str().expect("a type").to_owned();
        assert_eq!(page.matches("<h1").count(), 1, "{kind}");
        assert!(page.contains("data-family=\""), "{kind}");
        let (csrf, revision, op) = (field(&page, "csrf"), field(&page, "revision"), field(&page, "op"));
        let common = [
            ("csrf", csrf.as_str()),
            ("revision", revision.as_str()),
            ("op", op.as_str()),
            ("was", ""),
            ("go", "stay"),
        ];
        if kind == "file_upload" {
            let zip = ada.page(Method::POST, &format!("{exam}/{position}/file"));
            let refused = zip.multipart(upload(&csrf, "0", b"PK\x03\x04zip")).send().await.expect("answered");
            assert_eq!(refused.status(), 422);
            heard.push(refused.text().await.expect("text"));
            let forged = ada.page(Method::POST, &format!("{exam}/{position}/file"));
            let forged = forged.multipart(upload("wrong", "0", b"%PDF-1.7 report")).send().await.expect("answered");
            assert_eq!(forged.status(), 403, "no page of ours sent it");
            let sent = ada.page(Method::POST, &format!("{exam}/{position}/file"));
            let sent = sent.multipart(upload(&csrf, "0", b"%PDF-1.7 report")).send().await.expect("answered");
            assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", sent.text().await.expect("text"));
        } else {
            let answer = right(&item);
            let mut fields = common.to_vec();
            fields.extend(answer.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let (status, _, body) = ada.post(&format!("{exam}/{position}"), &fields).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{kind}: {body}");
            // The same page again: what was answered is shown, and posting it unchanged saves nothing anew.
            let (_, _, page) = ada.open(&format!("{exam}/{position}")).await;
            let (was, now) = (page.split("name=\"was\" value=\"").nth(1).expect("was"), field(&page, "revision"));
            assert_eq!(now, "1", "{kind}");
            let was = was.split('"').next().expect("a value").replace("&quot;", "\"").replace("&#34;", "\"");
            let mut again = vec![
                ("csrf", csrf.as_str()),
                ("revision", "0"),
                ("op", "again"),
                ("was", was.as_str()),
                ("go", "stay"),
            ];
            again.extend(answer.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let (status, _, body) = ada.post(&format!("{exam}/{position}"), &again).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{kind} unchanged: {body}");
            heard.push(page);
        }
        let (_, after) = ada.get(&format!("{attempt}/items/{position}")).await;
        assert_eq!(after["revision"], 1, "{kind}: {after}");
        // Nonsense by call, so that what is said about it is scanned too.
        let (status, refused) =
            ada.save(&attempt, position, &json!([{"x": CANARY.len()}]), 1, &format!("bad-{position}")).await;
        assert_eq!(status, 422, "{kind}: {refused}");
        heard.extend([item.to_string(), page, after.to_string(), refused.to_string()]);
        seen.push(kind);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 13, "{seen:?}");
    let (_, state) = ada.get(&attempt).await;
    assert_eq!(state["answered"], 13);
    let (_, _, review) = ada.open(&format!("{exam}/review")).await;
    let (_, _) = ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((&result["released"], &result["waiting_for_marking"]), (&json!(false), &json!(true)), "{result}");
    let (_, _, page) = ada.open(&format!("{exam}/result")).await;
    heard.extend([state.to_string(), review, result.to_string(), page]);
    let secrets =
        [CANARY, "0.01", "tolerance", "rubric", "Says what happened", "paperwork", "case-1", "per_part", "pretest"];
    for text in &heard {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    marked_by_people(&test, &ada, &attempt).await;
}

async fn staff(test: &TestApp, key: &str, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = test.http.request(method, test.url(&format!("/api/v1{path}"))).bearer_auth(key);
    answer(if body.is_null() { request } else { request.json(&body) }).await
}

/// Both answers wait; the result comes with the last mark, and nobody marks twice.
async fn marked_by_people(test: &TestApp, ada: &Candidate<'_>, attempt: &str) {
    let key = test.api_key(Role::Examiner).await;
    let (_, queue) = staff(test, &key, Method::GET, "/markings", Value::Null).await;
    let queue = queue["data"].as_array().expect("a list").clone();
    assert_eq!(queue.len(), 2);
    for (n, waiting) in queue.iter().enumerate() {
        let path = format!("/markings/{}", waiting["id"].as_str().expect("an id"));
        let (_, sheet) = staff(test, &key, Method::GET, &path, Value::Null).await;
        assert!(!sheet.to_string().contains(&ada.member.to_string()), "a marker does not see whose it is: {sheet}");
        let essay = sheet["type"] == "essay";
        let (few, many, points) = if essay {
            (json!(["1"]), json!(["3", "3"]), json!(["2", "3"]))
        } else {
            (json!([]), json!(["11/2"]), json!(["9/2"]))
        };
        for wrong in [few, many, json!(["-1"])] {
            let (status, body) = staff(test, &key, Method::POST, &path, json!({"points": wrong})).await;
            assert_eq!(status, 422, "{body}");
        }
        let (status, body) = staff(test, &key, Method::POST, &path, json!({"points": points, "note": "clear"})).await;
        assert_eq!((status, &body["scored"]), (StatusCode::OK, &json!(n == 1)), "{body}");
        let (status, _) = staff(test, &key, Method::POST, &path, json!({"points": points})).await;
        assert_eq!(status, 409, "marked once");
    }
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((&result["released"], &result["passed"]), (&json!(true), &json!(true)), "{result}");
    assert_eq!((&result["points"], &result["max"]), (&json!("41/2"), &json!(21)), "{result}");
    let (_, queue) = staff(test, &key, Method::GET, "/markings", Value::Null).await;
    assert_eq!(queue["data"], json!([]));
}

async fn the_result_page_says_when_it_is_shown(store: Store) {
    let people = "Some of your answers are marked by people.";
    for (release, then) in [
        (json!("at_once"), "The result appears on this page when they have finished.<"),
        (json!("held"), "staff look at the result and then release it"),
        (json!({"on": "2027-04-01T09:00:00Z"}), "when they have finished, but not before"),
    ] {
        let test = TestApp::start(store).await;
        set_up_released(&test, release).await;
        let ada = Candidate::enrol(&test, "ada@members.example").await;
        let attempt = ada.start_exam("types").await;
        for position in 1..=13_u32 {
            if ada.get(&format!("{attempt}/items/{position}")).await.1["type"] == "essay" {
                assert_eq!(ada.save(&attempt, position, &json!("Dear customer"), 0, "essay").await.0, 200);
            }
        }
        ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
        let result = format!("{}/result?lang=en", attempt.replace("/attempts/", "/exam/"));
        let (_, _, page) = ada.open(&result).await;
        assert!(page.contains(people) && page.contains(then), "{then}: {page}");
    }
}

async fn nobody_marks_what_they_wrote(store: Store) {
    let test = TestApp::start(store).await;
    set_up(&test).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start_exam("types").await;
    for position in 1..=13_u32 {
        if ada.get(&format!("{attempt}/items/{position}")).await.1["type"] == "essay" {
            assert_eq!(ada.save(&attempt, position, &json!("Dear customer"), 0, "essay").await.0, 200);
        }
    }
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let own = test.key_of(ada.member, Role::Examiner).await;
    let (_, queue) = staff(&test, &own, Method::GET, "/markings", Value::Null).await;
    let path = format!("/markings/{}", queue["data"][0]["id"].as_str().expect("one waits"));
    let points = json!({"points": ["2", "3"]});
    let (status, refused) = staff(&test, &own, Method::POST, &path, points.clone()).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("own_attempt")), "a key is one's own hand");
    let other = test.api_key(Role::Examiner).await;
    assert_eq!(staff(&test, &other, Method::POST, &path, points).await.0, 200, "somebody else does");
}

async fn files_and_marks_are_checked(store: Store) {
    let test = TestApp::start(store).await;
    set_up(&test).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let at = async |who: &Candidate<'_>, attempt: &str, kind: &str| {
        for position in 1..=13_u32 {
            if who.get(&format!("{attempt}/items/{position}")).await.1["type"] == kind {
                return position;
            }
        }
        panic!("no {kind}");
    };
    let (mine, theirs) = (ada.start_exam("types").await, bob.start_exam("types").await);
    let (here, there) = (at(&ada, &mine, "file_upload").await, at(&bob, &theirs, "file_upload").await);
    let hand_in = async |who: &Candidate<'_>, attempt: &str, position: u32, bytes: Vec<u8>| {
        let request = who.api(Method::POST, &format!("{attempt}/positions/{position}/files"));
        answer(request.header("content-type", "application/octet-stream").body(bytes)).await
    };
    assert_eq!(hand_in(&ada, &mine, here, vec![]).await.0, 422, "an empty file");
    assert_eq!(hand_in(&ada, &mine, here, b"PK\x03\x04".to_vec()).await.0, 422, "another kind");
    assert_eq!(hand_in(&ada, &mine, here, b"\x00\x01\x02".to_vec()).await.0, 422, "no kind at all");
    let elsewhere = at(&ada, &mine, "essay").await;
    assert_eq!(hand_in(&ada, &mine, elsewhere, b"text".to_vec()).await.0, 404, "nothing is handed in there");
    assert_eq!(hand_in(&bob, &mine, here, b"text".to_vec()).await.0, 404, "another's attempt");
    let (status, kept) = hand_in(&ada, &mine, here, b"<script>alert(1)</script>".to_vec()).await;
    assert_eq!(status, 201, "{kept}");
    let (status, refused) = bob.save(&theirs, there, &kept, 0, "stolen").await;
    assert_eq!((status, &refused["errors"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("no_such_file")));
    assert_eq!(ada.save(&mine, here, &kept, 0, "mine").await.0, 200);
    ada.call(Method::POST, &format!("{mine}/submit"), Value::Null).await;
    assert_eq!(hand_in(&ada, &mine, here, b"late".to_vec()).await.0, 409, "after handing in");

    let key = test.api_key(Role::Examiner).await;
    let (_, queue) = staff(&test, &key, Method::GET, "/markings", Value::Null).await;
    let id = queue["data"][0]["id"].as_str().expect("one waits").to_owned();
    for path in [format!("/api/v1/markings/{id}"), format!("/admin/marking/{id}"), format!("/admin/marking/{id}/file")]
    {
        let denied = ada.page(Method::GET, &path).send().await.expect("answered").status();
        assert_eq!(denied, StatusCode::FORBIDDEN, "{path}");
    }
    let eva = Candidate::enrol(&test, "eva@staff.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, eva.member, Role::Examiner).await.expect("given");
    ch.commit().await.expect("committed");
    let file = eva.page(Method::GET, &format!("/admin/marking/{id}/file")).send().await.expect("answered");
    assert_eq!(file.status(), 200);
    assert_eq!(file.headers()["content-type"], "application/octet-stream");
    assert!(file.headers()["content-disposition"].to_str().expect("text").starts_with("attachment; filename=\"fil_"));
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    let (status, _, page) = eva.open("/admin/marking").await;
    assert!(status == 200 && page.contains(&format!("/admin/marking/{id}")), "{page}");
    assert!(!page.contains("ada@") && !page.contains(&ada.member.to_string()), "whose it is stays hidden: {page}");
    let (_, _, page) = eva.open(&format!("/admin/marking/{id}")).await;
    let csrf = field(&page, "csrf");
    let posted = |points: &'static str| {
        eva.page(Method::POST, &format!("/admin/marking/{id}")).form(&[
            ("csrf", csrf.as_str()),
            ("points", points),
            ("note", ""),
        ])
    };
    assert_eq!(posted("six").send().await.expect("answered").status(), 422);
    let results = staff(&test, &key, Method::GET, "/exams/types/results", Value::Null).await.1;
    assert_eq!(results["data"][0]["state"], "waiting", "{results}");
    let release = json!({"all": true});
    let (_, released) = staff(&test, &key, Method::POST, "/exams/types/results/release", release).await;
    assert_eq!(released["released"], json!([]), "what waits for a mark cannot be released: {released}");
    assert_eq!(posted("5").send().await.expect("answered").status(), StatusCode::SEE_OTHER);
    let results = staff(&test, &key, Method::GET, "/exams/types/results", Value::Null).await.1;
    assert_eq!(results["data"][0]["state"], "released", "marked, and the exam releases at once: {results}");
}
