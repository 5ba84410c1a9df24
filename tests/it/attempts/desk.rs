//! Around an attempt: one window writes, the log is a chain, messages arrive, late answers change nothing, a receipt says what was saved.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::attempts::chain::{self, Log};

use super::{Candidate, answer, field, publish, seen, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    the_pause_shows_messages,
    the_log_is_a_chain_that_holds_away_from_the_server,
    what_a_player_reports_is_bounded,
    a_message_stays_until_it_is_read,
    late_answers_are_kept_or_refused_and_never_scored,
    a_receipt_says_what_was_saved_when,
    the_monitor_shows_who_sits_and_how_it_goes,
    staff_pages_of_an_attempt_are_for_staff,
    another_browser_than_the_one_asked_for_is_stopped,
    a_result_is_handed_on_as_xapi_once_it_is_released
);

pub(super) const ONE: &str = "window-one-0123456789";
pub(super) const TWO: &str = "window-two-0123456789";

pub(super) async fn lease(ada: &Candidate<'_>, attempt: &str, holder: &str, take_over: bool) -> Value {
    let body = json!({"holder": holder, "take_over": take_over});
    let (status, body) = ada.call(Method::POST, &format!("{attempt}/lease"), body).await;
    assert_eq!(status, 200, "{body}");
    body
}

pub(super) async fn staff(test: &TestApp, role: Role, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let key = test.api_key(role).await;
    let request = test.http.request(method, test.url(&format!("/api/v1{path}"))).bearer_auth(key);
    answer(if body.is_null() { request } else { request.json(&body) }).await
}

pub(super) async fn log_of(test: &TestApp, attempt: &str) -> Log {
    let (status, body) = staff(test, Role::Auditor, Method::GET, &format!("{attempt}/events"), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["holds"], true, "{body}");
    serde_json::from_value(json!({"attempt": body["attempt"], "events": body["events"]})).expect("a log")
}

pub(super) fn kinds(log: &Log) -> Vec<&str> {
    log.events.iter().map(|event| event.kind.as_str()).collect()
}

async fn the_pause_shows_messages(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let id = attempt.rsplit('/').next().expect("an id");
    let paused = json!({"reason": "fire alarm"});
    assert_eq!(staff(&test, Role::Examiner, Method::POST, &format!("{attempt}/steps/pause"), paused).await.0, 200);
    let sent = json!({"text": "Please leave the room <b>now</b>.", "reason": "fire alarm"});
    assert_eq!(staff(&test, Role::Examiner, Method::POST, &format!("{attempt}/messages"), sent).await.0, 201);
    let (_, _, html) = ada.open(&format!("/exam/{id}")).await;
    assert!(html.contains("Please leave the room &#60;b&#62;now") && html.contains("I have read it"), "{html}");
    assert!(html.contains("It runs again when staff let it") && html.contains("fire alarm"), "{html}");
    let csrf = field(&html, "csrf");
    let (status, to, _) = ada.post(&format!("/exam/{id}/messages/1"), &[("csrf", &csrf)]).await;
    assert_eq!((status.as_u16(), to), (303, format!("/exam/{id}")), "back to the pause");
    let (_, _, html) = ada.open(&format!("/exam/{id}")).await;
    assert!(!html.contains("Please leave the room"), "read is read: {html}");
    assert!(kinds(&log_of(&test, &attempt).await).contains(&"message_read"));
}

async fn the_log_is_a_chain_that_holds_away_from_the_server(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    ada.save(&attempt, 1, &right, 0, "op-1").await;
    ada.call(Method::PUT, &format!("{attempt}/positions/1/flag"), json!({"flagged": true})).await;
    let events = json!({"events": [
        {"kind": "focus_lost", "at": "2031-01-01T00:00:00Z"}, {"kind": "focus_back"}, {"kind": "navigated", "position": 2},
    ]});
    let (status, taken) = ada.call(Method::POST, &format!("{attempt}/events"), events).await;
    assert_eq!((status.as_u16(), &taken), (202, &json!({"taken": 3, "dropped": 0})));
    let message = json!({"text": "Please stay seated, Ada.", "reason": "asked by the room"});
    staff(&test, Role::Examiner, Method::POST, &format!("{attempt}/messages"), message).await;
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;

    let log = log_of(&test, &attempt).await;
    let expected =
        ["started", "viewed", "answered", "flagged", "focus_lost", "focus_back", "navigated", "message_sent", "closed"];
    assert_eq!(kinds(&log), expected);
    assert_eq!(chain::verify(&log), Ok(log.events[8].hash.clone()));
    assert_eq!(log.events[4].client_at.as_deref(), Some("2031-01-01T00:00:00Z"), "noted, never believed");
    assert_eq!(log.events[4].at, "2026-11-21T09:00:00Z");
    let text = serde_json::to_string(&log).expect("JSON");
    for secret in [right[0].as_str().expect("a handle"), "seated", "asked by the room", &ada.member.to_string()] {
        assert!(!text.contains(secret), "{secret} stands in the log");
    }

    // What staff wrote is erased, and the chain holds.
    let id: waymark::ids::AttemptId = attempt.rsplit('/').next().expect("an id").parse().expect("an id");
    assert_eq!(test.count("SELECT COUNT(*) FROM attempt_note").await, 1);
    let mut ch =
        test.app.db.change(waymark::actor::Actor::Operator, waymark::database::Kind::Ordinary).await.expect("open");
    assert_eq!(waymark::attempts::erase_notes(&mut ch, id).await.expect("erased"), 1);
    ch.commit().await.expect("committed");
    assert_eq!(log_of(&test, &attempt).await, log);

    // Whoever changes a row in the store is found out.
    test.run_sql("UPDATE attempt_event SET kind = 'viewed' WHERE seq = 3").await;
    let (_, body) = staff(&test, Role::Auditor, Method::GET, &format!("{attempt}/events"), Value::Null).await;
    assert_eq!(
        (&body["holds"], body["broken"].as_str()),
        (&json!(false), Some("event 3 was changed after it was written"))
    );
}

async fn what_a_player_reports_is_bounded(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let events = |n: usize| json!({"events": vec![json!({"kind": "focus_lost"}); n]});
    let path = format!("{attempt}/events");
    assert_eq!(ada.call(Method::POST, &path, events(51)).await.0, 422);
    assert_eq!(ada.call(Method::POST, &path, events(50)).await.0, 202);
    assert_eq!(ada.call(Method::POST, &path, events(50)).await.0, 202);
    let (status, problem) = ada.call(Method::POST, &path, events(21)).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (429, Some("rate_limited")), "{problem}");
    assert_eq!(ada.call(Method::POST, &path, events(20)).await.0, 202);
    test.clock.advance(time::Duration::seconds(61));
    assert_eq!(ada.call(Method::POST, &path, events(50)).await.0, 202, "a minute later");
    for kind in ["answered", "message_sent", "closed", "nothing"] {
        let (status, problem) = ada.call(Method::POST, &path, json!({"events": [{"kind": kind}]})).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!("/events/0/kind")), "{kind}");
    }
    let (status, _) = ada.call(Method::POST, &path, json!({"events": [{"kind": "focus_lost", "at": "soon"}]})).await;
    assert_eq!(status, 422);
    // However long it goes on, there is an end: 2,000 in all, of which 170 are there.
    let mut taken = 170;
    while taken < 2_000 {
        test.clock.advance(time::Duration::seconds(61));
        for _ in 0..2 {
            let (status, told) = ada.call(Method::POST, &path, events(50)).await;
            let expected = 50.min(2_000 - taken);
            assert_eq!((status.as_u16(), told["taken"].as_u64()), (202, Some(expected)), "after {taken}");
            taken += expected;
        }
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM attempt_event WHERE by_client").await, 2_000);
    assert_eq!(ada.save(&attempt, 1, &json!([]), 0, "op-1").await.0, 200, "what the server notes has room of its own");
}

async fn a_message_stays_until_it_is_read(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let path = format!("{attempt}/messages");
    let send = |text: &str, reason: &str| json!({"text": text, "reason": reason});
    let words = "Ten more minutes <b>for all</b>.";
    let (status, sent) = staff(&test, Role::Examiner, Method::POST, &path, send(words, "power cut")).await;
    assert_eq!((status.as_u16(), &sent), (201, &json!({"number": 1})));
    assert_eq!(test.audit_actions().await.last().map(String::as_str), Some("attempt.message"));
    for (text, reason, pointer) in [("", "why", "/text"), ("hello", " ", "/reason"), (&"x".repeat(501), "why", "/text")]
    {
        let (status, problem) = staff(&test, Role::Admin, Method::POST, &path, send(text, reason)).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    assert_eq!(staff(&test, Role::Auditor, Method::POST, &path, send("hello", "why")).await.0, 403);

    let (_, told) = ada.call(Method::POST, &format!("{attempt}/contact"), json!({})).await;
    assert_eq!(told["messages"], json!([{"number": 1, "text": words, "sent_at": "2026-11-21T09:00:00Z"}]));
    let id = attempt.rsplit('/').next().expect("an id");
    let (_, _, html) = ada.open(&format!("/exam/{id}/1")).await;
    assert!(html.contains("Ten more minutes &#60;b&#62;for all"), "escaped, and there without JavaScript");
    let csrf = field(&html, "csrf");
    let (status, to, _) = ada.post(&format!("/exam/{id}/messages/1"), &[("csrf", &csrf), ("position", "1")]).await;
    assert_eq!((status.as_u16(), to), (303, format!("/exam/{id}/1")));
    let (_, told) = ada.call(Method::POST, &format!("{attempt}/contact"), json!({})).await;
    assert_eq!(told["messages"], json!([]));
    let read = format!("{attempt}/messages/1/read");
    assert_eq!(ada.call(Method::PUT, &read, json!({})).await.0, 200, "again changes nothing");
    assert_eq!(kinds(&log_of(&test, &attempt).await).iter().filter(|kind| **kind == "message_read").count(), 1);
    assert_eq!(ada.call(Method::PUT, &format!("{attempt}/messages/2/read"), json!({})).await.0, 404);
    let bea = Candidate::enrol(&test, "bea@members.example").await;
    assert_eq!(bea.call(Method::PUT, &read, json!({})).await.0, 404);
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    assert_eq!(staff(&test, Role::Admin, Method::POST, &path, send("too late", "why")).await.0, 409);
}

async fn late_answers_are_kept_or_refused_and_never_scored(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    for (email, policy) in [("ada@members.example", "keep"), ("bea@members.example", "reject")] {
        let settings = json!({"late": policy});
        assert_eq!(staff(&test, Role::Examiner, Method::PUT, "/exams/sample/delivery", settings).await.0, 200);
        let mut ada = Candidate::enrol(&test, email).await;
        let attempt = ada.start().await;
        let right = ada.handles(&attempt, 1, "right").await;
        let late = json!({"answers": [{"position": 1, "response": right, "client_op_id": "op-1", "at": "2026-11-21T09:29:59Z"}]});
        let path = format!("{attempt}/late-answers");
        let (status, problem) = ada.call(Method::POST, &path, late.clone()).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (409, Some("attempt_open")), "there is still time");
        test.clock.advance(time::Duration::minutes(31));
        ada.renew().await;
        assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await.0, 410);
        for _ in 0..2 {
            let (status, told) = ada.call(Method::POST, &path, late.clone()).await;
            assert_eq!((status.as_u16(), told["outcome"].as_str()), (202, Some(policy)), "{told}");
        }
        let wrong = json!({"answers": [{"position": 9, "response": right, "client_op_id": "a b"}]});
        let (status, problem) = ada.call(Method::POST, &path, wrong).await;
        assert_eq!((status.as_u16(), problem["errors"].as_array().map(Vec::len)), (422, Some(2)), "{problem}");
        let (_, result) = ada.get(&format!("{attempt}/result")).await;
        assert_eq!(result["points"], 0, "the device's own time is not believed");
        let id = attempt.rsplit('/').next().expect("an id");
        let kept = test.count(&format!("SELECT COUNT(*) FROM late_answer WHERE attempt = '{id}'")).await;
        assert_eq!(kept, i64::from(policy == "keep"));
        assert!(kinds(&log_of(&test, &attempt).await).contains(&"late_answers"));
    }
}

async fn a_receipt_says_what_was_saved_when(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    ada.save(&attempt, 1, &right, 0, "op-1").await;
    let path = format!("{attempt}/receipt");
    assert_eq!(ada.get(&path).await.0, 409, "not before the end");
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (status, receipt) = ada.get(&path).await;
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(receipt["answers"][0]["saved_at"], "2026-11-21T09:00:00Z");
    assert_eq!((&receipt["answers"][0]["revision"], &receipt["answers"][1]["sha256"]), (&json!(1), &Value::Null));
    let log = log_of(&test, &attempt).await;
    assert_eq!(
        receipt["log"].as_str(),
        log.events.last().map(|event| event.hash.as_str()),
        "the candidate holds the end of the log"
    );
    let sha = |text: &str| {
        use sha2::Digest as _;
        sha2::Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    assert_eq!(receipt["answers"][0]["sha256"], sha(&right.to_string()));
    let mut rest = receipt.clone();
    let code = rest.as_object_mut().expect("an object").remove("code").expect("a code");
    assert_eq!(code, sha(&rest.to_string()), "anybody can compute it");
    assert!(!receipt.to_string().contains(right[0].as_str().expect("a handle")), "no answer stands in it");
    assert_eq!(ada.get(&path).await.1, receipt, "the same for ever");
    let id = attempt.rsplit('/').next().expect("an id");
    let (status, _, html) = ada.open(&format!("/exam/{id}/receipt")).await;
    let short = code.as_str().expect("text")[..5].to_uppercase();
    assert!(status == 200 && html.contains(&format!("<strong>{short}-")), "{html}");
    let bea = Candidate::enrol(&test, "bea@members.example").await;
    assert_eq!(bea.get(&path).await.0, 404);
    assert_eq!(bea.open(&format!("/exam/{id}/receipt")).await.0, 404);
}

async fn the_monitor_shows_who_sits_and_how_it_goes(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    ada.save(&attempt, 1, &right, 0, "op-1").await;
    lease(&ada, &attempt, ONE, false).await;
    ada.call(Method::POST, &format!("{attempt}/contact"), json!({"lease": 1, "unsent": 2, "lag_ms": 87})).await;
    ada.call(Method::POST, &format!("{attempt}/events"), json!({"events": [{"kind": "focus_lost"}]})).await;
    let live = || staff(&test, Role::Auditor, Method::GET, "/exams/sample/live", Value::Null);
    let (status, rows) = live().await;
    assert_eq!(status, 200, "{rows}");
    let row = &rows["data"][0];
    assert_eq!(
        (&row["answered"], &row["positions"], &row["unsent"], &row["lag_ms"]),
        (&json!(1), &json!(3), &json!(2), &json!(87))
    );
    assert_eq!((&row["focus_lost"], &row["quiet"], &row["state"]), (&json!(1), &json!(false), &json!("in_progress")));
    test.clock.advance(time::Duration::seconds(46));
    assert_eq!(live().await.1["data"][0]["quiet"], true);
    assert_eq!(staff(&test, Role::Issuer, Method::GET, "/exams/sample/live", Value::Null).await.0, 403);
    assert_eq!(ada.get("/exams/sample/live").await.0, 403);

    // The stream sends the rows at once, and there are only so many places.
    let key = test.api_key(Role::Admin).await;
    let stream = || test.http.get(test.url("/admin/exams/sample/live/stream")).bearer_auth(&key).send();
    let mut first = stream().await.expect("answered");
    assert_eq!(first.headers()["content-type"], "text/event-stream");
    assert!(first.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    let chunk = first.chunk().await.expect("read").expect("an event");
    let text = String::from_utf8_lossy(&chunk).into_owned();
    assert!(text.contains("event: rows") && text.contains("Candidate") && text.contains("row--quiet"), "{text}");
    let places = test.app.streams.clone().try_acquire_many_owned(test.app.streams.available_permits() as u32);
    let full = stream().await.expect("answered");
    assert_eq!(full.status(), 429);
    assert_eq!(full.headers()["retry-after"], "30");
    drop(places);
    assert_eq!(stream().await.expect("answered").status(), 200);
}

async fn staff_pages_of_an_attempt_are_for_staff(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let id = attempt.rsplit('/').next().expect("an id");
    let key = test.api_key(Role::Examiner).await;
    let page = |path: String| test.http.get(test.url(&path)).bearer_auth(&key).header("accept", "text/html");
    let (status, _, html) = seen(page(format!("/admin/attempts/{id}"))).await;
    assert_eq!(status, 200, "{html}");
    assert!(html.contains("The log is whole"), "{html}");
    let post = |step: &str, text: &str, reason: &str| {
        let fields = [("text", text.to_owned()), ("reason", reason.to_owned())];
        let path = test.url(&format!("/admin/attempts/{id}/{step}"));
        test.http.post(path).bearer_auth(&key).header("accept", "text/html").form(&fields)
    };
    let (status, to, _) = seen(post("message", "Hello", "a test")).await;
    assert_eq!((status.as_u16(), to), (303, format!("/admin/attempts/{id}?done=message")));
    let (status, _, html) = seen(post("message", "Hello again", "")).await;
    assert!(status == 422 && html.contains("Hello again"), "what was written is not lost");
    assert_eq!(seen(post("vanish", "", "why")).await.0, 404);
    assert_eq!(ada.open(&format!("/admin/attempts/{id}")).await.0, 403);
    assert_eq!(seen(page("/admin/exams/sample/live".to_owned())).await.0, 200);
    assert_eq!(seen(page("/admin/exams/nothing/live".to_owned())).await.0, 404);
}

async fn another_browser_than_the_one_asked_for_is_stopped(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    let key = "0123456789abcdef".repeat(4);
    let bad = json!({"late": "keep", "config_keys": ["nonsense"]});
    assert_eq!(staff(&test, Role::Examiner, Method::PUT, "/exams/sample/delivery", bad).await.0, 422);
    let settings = json!({"late": "keep", "config_keys": ["f".repeat(64), key.to_uppercase()]});
    let (status, set) = staff(&test, Role::Examiner, Method::PUT, "/exams/sample/delivery", settings).await;
    assert_eq!((status.as_u16(), &set["config_keys"][1]), (200, &json!(key)));
    assert_eq!(test.audit_actions().await.last().map(String::as_str), Some("exam.delivery"));

    let hash = |path: &str| {
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(format!("{}{path}{key}", test.base));
        hash.iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    let (item, save) = (format!("/api/v1{attempt}/items/1"), format!("/api/v1{attempt}/responses/1"));
    let body = json!({"response": right, "revision": 0, "client_op_id": "op-1"});
    let get = |path: &str| test.http.get(test.url(path)).bearer_auth(&ada.token);
    let put = || test.http.put(test.url(&save)).bearer_auth(&ada.token).json(&body);
    let file = test.http.post(test.url(&format!("/api/v1{attempt}/positions/1/files"))).bearer_auth(&ada.token);
    let file = file.header("content-type", "application/octet-stream").body("%PDF-1.7");
    for request in [get(&item), get(&item).header("x-safeexambrowser-configkeyhash", hash(&save)), put(), file] {
        let (status, problem) = answer(request).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (403, Some("browser_required")), "{problem}");
    }
    let id = attempt.rsplit('/').next().expect("an id");
    let page = format!("/exam/{id}/1");
    assert_eq!(ada.open(&page).await.0, 403);
    assert_eq!(answer(get(&item).header("x-safeexambrowser-configkeyhash", hash(&item))).await.0, 200);
    assert_eq!(answer(put().header("x-safeexambrowser-configkeyhash", hash(&save))).await.0, 200);
    let fits = ada.page(Method::GET, &page).header("x-safeexambrowser-configkeyhash", hash(&page));
    assert_eq!(seen(fits).await.0, 200);
    let (_, state) = ada.get(&attempt).await;
    assert_eq!(state["state"], "in_progress", "nothing was handed in");
    let log = log_of(&test, &attempt).await;
    assert_eq!(kinds(&log).iter().filter(|kind| **kind == "browser_refused").count(), 5);
    assert!(!serde_json::to_string(&log).expect("JSON").contains(&hash(&save)), "the beginning only");
}

async fn a_result_is_handed_on_as_xapi_once_it_is_released(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["release"] = json!("held"))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    ada.save(&attempt, 1, &right, 0, "op-1").await;
    let path = format!("{attempt}/xapi");
    let read = || staff(&test, Role::Auditor, Method::GET, &path, Value::Null);
    assert_eq!(read().await.0, 409, "still open");
    test.clock.advance(time::Duration::minutes(10));
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    assert_eq!(read().await.0, 409, "held");
    let release = json!({"all": true});
    assert_eq!(staff(&test, Role::Examiner, Method::POST, "/exams/sample/results/release", release).await.0, 200);
    let (status, statements) = read().await;
    assert_eq!(status, 200, "{statements}");
    let verbs: Vec<&str> =
        statements.as_array().expect("a list").iter().map(|s| s["verb"]["id"].as_str().expect("text")).collect();
    assert!(
        verbs[0].ends_with("/initialized") && verbs[1].ends_with("/completed") && verbs[2].ends_with("/failed"),
        "{verbs:?}"
    );
    let result = &statements[2]["result"];
    assert_eq!(
        (&result["success"], &result["score"]["raw"], &result["duration"]),
        (&json!(false), &json!(1.0), &json!("PT600S"))
    );
    assert_eq!(read().await.1, statements, "the same ids again");
    let text = statements.to_string();
    assert!(!text.contains(right[0].as_str().expect("a handle")) && !text.contains("members.example"), "{text}");
    assert_eq!(ada.get(&path).await.0, 403);
}
