//! What a proctoring service hears of attempts, and what its key may do: the hooks of both directions.

use waymark::access::Role;
use waymark::attempts;

use super::*;
use crate::support::{Store, on_both};
use crate::webhooks::{Receiver, Staff, is_signed_by, telling_loopback};

on_both!(
    an_attempt_is_told_from_start_to_result_and_holds_no_key_material,
    each_way_to_end_is_told_as_what_it_was,
    a_webhook_for_certain_exams_hears_of_no_other,
    a_proctor_may_pause_message_and_end_in_its_exams_and_nothing_else,
    a_token_that_staff_made_sits_no_watched_exam,
    going_on_is_for_whoever_paused,
    a_pause_that_ends_by_itself_is_told_once,
);

const KINDS: [&str; 8] = [
    "attempt.started",
    "attempt.paused",
    "attempt.resumed",
    "attempt.submitted",
    "attempt.ended",
    "attempt.voided",
    "result.released",
    "voucher.used",
];

async fn start(store: Store) -> TestApp {
    TestApp::start_reaching(store, telling_loopback(), |_| {}).await
}

async fn proctor_key(test: &TestApp, exams: &[&str]) -> String {
    let exams: Vec<String> = exams.iter().map(|slug| (*slug).to_owned()).collect();
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_proctor_key(&mut ch, "service", &exams).await.expect("made");
    ch.commit().await.expect("committed");
    key
}

async fn an_attempt_is_told_from_start_to_result_and_holds_no_key_material(store: Store) {
    let (test, receiver) = (start(store).await, Receiver::start().await);
    let held = spec(|exam| {
        exam["sitting"] = json!({"voucher": true});
        exam["release"] = json!("held");
    });
    publish(&test, &held).await;
    let admin = test.api_key(Role::Admin).await;
    let (_, secret) = Staff::of(&test).await.add(&receiver.url, &KINDS, &[]).await;
    let request = test.http.post(test.url("/api/v1/vouchers")).bearer_auth(&admin);
    let (_, made) = answer(request.json(&json!({"exam": "sample", "count": 1, "batch": "Spring fair"}))).await;
    let code = made["vouchers"][0]["code"].as_str().expect("a code").to_owned();
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (status, begun) = ada.begin(json!({"voucher": code})).await;
    assert_eq!(status, 201, "{begun}");
    let attempt = format!("/attempts/{}", begun["id"].as_str().expect("an id"));
    let right = ada.handles(&attempt, 1, "right").await;
    assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await.0, 200);
    for (step, body) in
        [("pause", json!({"reason": "canary", "minutes": 5})), ("continue", json!({"reason": "canary"}))]
    {
        let path = format!("{attempt}/steps/{step}");
        assert_eq!(as_staff(&test, &admin, Method::POST, &path, body).await.0, 200);
    }
    assert_eq!(ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await.0, 200);
    test.settle().await;
    let release = json!({"attempts": [begun["id"]], "reason": "canary"});
    assert_eq!(as_staff(&test, &admin, Method::POST, "/exams/sample/results/release", release).await.0, 200);
    test.settle().await;
    let mut told = receiver.bodies();
    told.sort_by_key(|body| KINDS.iter().position(|kind| body["type"] == *kind));
    let kinds: Vec<&str> = told.iter().map(|body| body["type"].as_str().expect("a type")).collect();
    let all: Vec<&str> = KINDS.into_iter().filter(|k| !matches!(*k, "attempt.ended" | "attempt.voided")).collect();
    assert_eq!(kinds, all);
    for body in &told {
        let data = &body["data"];
        assert_eq!((&data["attempt"], &data["exam"]), (&begun["id"], &json!("sample")), "{body}");
        assert_eq!(data["member"], json!(ada.member), "{body}");
    }
    let data = |kind: &str| &told.iter().find(|body| body["type"] == kind).expect("told")["data"];
    assert_eq!(data("attempt.paused")["by"], "staff");
    assert_eq!(data("attempt.paused")["until"], "2026-11-21T09:05:00Z");
    assert_eq!(data("voucher.used")["batch"], "Spring fair");
    assert_eq!(data("attempt.started")["ordinal"], 1);
    // Every byte that went out: no answer, no key, no code, no reason, nobody's name or address.
    let form = attempts::form(test.app.db.read(), begun["id"].as_str().expect("an id").parse().expect("an id"));
    let items: Vec<String> =
        form.await.expect("a form").positions().iter().map(|position| position.item.to_string()).collect();
    let handle = right[0].as_str().expect("a handle").to_owned();
    let mut private = vec![CANARY.to_owned(), code, handle, "members.example".to_owned(), "Candidate".to_owned()];
    private.extend(items);
    for came in receiver.came() {
        assert!(is_signed_by(&came, &secret));
        let everything = format!("{:?} {}", came.headers, came.body);
        for one in &private {
            assert!(!everything.contains(one.as_str()), "{one} in {everything}");
        }
        for word in ["score", "points", "passed", "response", "answer", "right", "option"] {
            assert!(!came.body.contains(word), "{word} in {}", came.body);
        }
    }
}

async fn each_way_to_end_is_told_as_what_it_was(store: Store) {
    let (test, receiver) = (start(store).await, Receiver::start().await);
    publish(&test, &spec(|exam| exam["rules"] = json!({"attempts": 5}))).await;
    let admin = test.api_key(Role::Admin).await;
    let kinds = ["attempt.submitted", "attempt.ended", "attempt.voided"];
    Staff::of(&test).await.add(&receiver.url, &kinds, &[]).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let end = json!({"reason": "a fire alarm"});
    assert_eq!(as_staff(&test, &admin, Method::POST, &format!("{attempt}/steps/end"), end.clone()).await.0, 200);
    test.settle().await;
    assert_eq!(as_staff(&test, &admin, Method::POST, &format!("{attempt}/steps/void"), end).await.0, 200);
    test.settle().await;
    ada.start().await;
    test.clock.advance(::time::Duration::minutes(31));
    attempts::expire_due(&test.app).await.expect("closed");
    test.settle().await;
    let told: Vec<(String, Value)> = receiver
        .came()
        .iter()
        .map(|came| (came.json()["type"].as_str().expect("a type").to_owned(), came.json()["data"]["by"].clone()))
        .collect();
    let said = |kind: &str, by: Value| (kind.to_owned(), by);
    assert_eq!(
        told,
        [
            said("attempt.ended", json!("staff")),
            said("attempt.voided", Value::Null),
            said("attempt.ended", json!("time"))
        ]
    );
    assert_eq!(receiver.came()[2].json()["data"]["at"], "2026-11-21T09:30:00Z", "when it ended, not when it was seen");
}

async fn a_webhook_for_certain_exams_hears_of_no_other(store: Store) {
    let (test, receiver) = (start(store).await, Receiver::start().await);
    publish(&test, &spec(|_| {})).await;
    publish(&test, &spec(|exam| exam["slug"] = json!("another"))).await;
    Staff::of(&test).await.add(&receiver.url, &["attempt.started"], &["another"]).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    ada.start().await;
    test.settle().await;
    assert_eq!(receiver.came().len(), 0);
    ada.start_exam("another").await;
    test.settle().await;
    assert_eq!(receiver.came()[0].json()["data"]["exam"], "another");
}

async fn a_proctor_may_pause_message_and_end_in_its_exams_and_nothing_else(store: Store) {
    let test = start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (key, other) = (proctor_key(&test, &["sample"]).await, proctor_key(&test, &["another"]).await);
    let call = async |key: &str, step: &str, body: Value| {
        let path = if step == "message" { format!("{attempt}/messages") } else { format!("{attempt}/steps/{step}") };
        as_staff(&test, key, Method::POST, &path, body).await
    };
    let reason = json!({"reason": "a second person in the room"});
    let message = json!({"text": "Please show your desk.", "reason": "routine"});
    for step in ["pause", "end", "continue"] {
        assert_eq!(call(&other, step, reason.clone()).await.0, 404, "to another exam's service it does not exist");
    }
    assert_eq!(call(&other, "message", message.clone()).await.0, 404);
    assert_eq!(call(&key, "pause", json!({"reason": " "})).await.0, 422, "each step has a reason");
    for (step, body) in [("add-time", json!({"reason": "x", "minutes": 5})), ("void", reason.clone())] {
        let (status, problem) = call(&key, step, body).await;
        assert_eq!((status.as_u16(), &problem["needs"]), (403, &json!("attempts.guide")), "{step}");
    }
    for path in ["/exams/sample/live", "/exams/sample/results", &format!("{attempt}/events"), "/banks", "/webhooks"] {
        assert_eq!(as_staff(&test, &key, Method::GET, path, Value::Null).await.0, 403, "{path}");
    }
    assert_eq!(as_staff(&test, &key, Method::GET, &attempt, Value::Null).await.0, 404, "nor does it see the attempt");
    assert_eq!(call(&key, "message", message).await.0, 201);
    let (status, paused) = call(&key, "pause", reason.clone()).await;
    assert_eq!((status.as_u16(), &paused["pause"]["kind"]), (200, &json!("staff")), "{paused}");
    assert_eq!(call(&key, "continue", reason.clone()).await.0, 200);
    let (status, ended) = call(&key, "end", reason.clone()).await;
    assert_eq!((status.as_u16(), &ended["closed_by"]), (200, &json!("ended")), "{ended}");
    // The log says that it was the service, right before what it did, and its chain holds.
    let admin = test.api_key(Role::Admin).await;
    let (_, log) = as_staff(&test, &admin, Method::GET, &format!("{attempt}/events"), Value::Null).await;
    assert_eq!(log["holds"], json!(true));
    let events = log["events"].as_array().expect("events");
    let steps: Vec<(&str, &str)> = events
        .windows(2)
        .filter(|two| two[0]["kind"] == "proctor")
        .map(|two| (two[0]["payload"]["step"].as_str().expect("a step"), two[1]["kind"].as_str().expect("a kind")))
        .collect();
    assert_eq!(
        steps,
        [("message", "message_sent"), ("pause", "paused"), ("continue", "gone_on"), ("end", "ended")],
        "what was refused left no trace"
    );
    let service = &events.iter().find(|event| event["kind"] == "proctor").expect("one")["payload"]["key"];
    assert!(service.as_str().is_some_and(|key| key.starts_with("key_")));
    let (_, _, page) = ada.open(&format!("/exam/{}", attempt.trim_start_matches("/attempts/"))).await;
    assert!(!page.contains('⟦'));
}

async fn a_token_that_staff_made_sits_no_watched_exam(store: Store) {
    let test = start(store).await;
    publish(&test, &spec(|_| {})).await;
    proctor_key(&test, &["another"]).await;
    let (ada, bea) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bea@members.example").await);
    assert_eq!(ada.begin(Value::Null).await.0, 201);
    proctor_key(&test, &["sample"]).await;
    let (status, refused) = bea.begin(Value::Null).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("proctored_exam")), "{refused}");
    let (_, _, page) = bea.open("/me?lang=en").await;
    assert!(page.contains("Staff made a token that acts in your name"), "the member is told: {page}");
}

async fn going_on_is_for_whoever_paused(store: Store) {
    let test = start(store).await;
    publish(&test, &spec(|_| {})).await;
    let examiner = test.api_key(Role::Examiner).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (one, two) = (proctor_key(&test, &["sample"]).await, proctor_key(&test, &["sample"]).await);
    let call = async |key: &str, step: &str| {
        let path = format!("{attempt}/steps/{step}");
        as_staff(&test, key, Method::POST, &path, json!({"reason": "a test"})).await.0.as_u16()
    };
    assert_eq!(call(&examiner, "pause").await, 200);
    assert_eq!(call(&one, "continue").await, 403, "staff stopped it");
    assert_eq!(call(&examiner, "continue").await, 200);
    assert_eq!(call(&one, "pause").await, 200);
    assert_eq!(call(&two, "continue").await, 403, "another service did");
    assert_eq!(call(&one, "continue").await, 200);
    assert_eq!(call(&one, "pause").await, 200);
    assert_eq!(call(&examiner, "continue").await, 200, "staff may always");
}

async fn a_pause_that_ends_by_itself_is_told_once(store: Store) {
    let (test, receiver) = (start(store).await, Receiver::start().await);
    let parts = json!([
        {"name": "one", "domains": ["alpha"], "minutes": 10, "break_minutes": 5},
        {"name": "two", "domains": ["beta"], "minutes": 20},
    ]);
    publish(&test, &spec(|exam| exam["sections"] = parts)).await;
    Staff::of(&test).await.add(&receiver.url, &["attempt.paused", "attempt.resumed"], &[]).await;
    let admin = test.api_key(Role::Admin).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let pause = json!({"reason": "a fire alarm", "minutes": 5});
    assert_eq!(as_staff(&test, &admin, Method::POST, &format!("{attempt}/steps/pause"), pause).await.0, 200);
    let told = async || {
        test.settle().await;
        let said = |body: Value| {
            let data = &body["data"];
            let (kind, by) = (body["type"].as_str().expect("a type").to_owned(), data["by"].clone());
            (kind, if by.is_null() { data["by_itself"].clone() } else { by }, data["at"].clone())
        };
        receiver.bodies().into_iter().map(said).collect::<Vec<_>>()
    };
    let one = |kind: &str, how: Value, at: Value| (format!("attempt.{kind}"), how, at);
    let mut all = vec![one("paused", json!("staff"), Value::Null)];
    test.clock.advance(::time::Duration::minutes(4));
    assert_eq!(attempts::turn_due(&test.app).await.expect("looked"), 0, "it still stands");
    assert_eq!(told().await, all);
    // Nobody looks but the server.
    test.clock.advance(::time::Duration::minutes(2));
    assert_eq!(attempts::turn_due(&test.app).await.expect("looked"), 1);
    assert_eq!(attempts::turn_due(&test.app).await.expect("looked"), 0);
    all.push(one("resumed", json!(true), json!("2026-11-21T09:05:00Z")));
    assert_eq!(told().await, all);
    ada.get(&attempt).await;
    assert_eq!(told().await, all, "looking tells nothing more");
    // The clock of the first section ran from 09:00 with the pause between: at 09:15 its break begins, and at 09:20 that is over. Here the candidate
    // comes back first, and what time did alone is told in its order.
    test.clock.advance(::time::Duration::minutes(10));
    assert_eq!(ada.get(&attempt).await.0, 200);
    all.push(one("paused", json!("candidate"), Value::Null));
    assert_eq!(told().await, all);
    test.clock.advance(::time::Duration::minutes(5));
    ada.renew().await;
    let right = ada.handles(&attempt, 3, "right").await;
    assert_eq!(ada.save(&attempt, 3, &right, 0, "op-1").await.0, 200);
    all.push(one("resumed", json!(true), json!("2026-11-21T09:20:00Z")));
    assert_eq!(told().await, all);
    assert_eq!(attempts::turn_due(&test.app).await.expect("looked"), 0);
    // Whoever goes on by hand did not wait.
    assert_eq!(
        as_staff(&test, &admin, Method::POST, &format!("{attempt}/steps/pause"), json!({"reason": "x"})).await.0,
        200
    );
    assert_eq!(
        as_staff(&test, &admin, Method::POST, &format!("{attempt}/steps/continue"), json!({"reason": "x"})).await.0,
        200
    );
    all.push(one("paused", json!("staff"), Value::Null));
    all.push(one("resumed", json!(false), Value::Null));
    let mut came = told().await;
    assert_eq!(came.len(), all.len());
    // Two of one moment come in any order.
    came[all.len() - 2..].sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(came, all);
}
