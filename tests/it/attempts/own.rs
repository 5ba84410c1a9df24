//! Nobody's key decides on their own results: what a member made by page is their hand.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::facts;

use super::{Candidate, answer, field, publish, seen, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(a_key_lets_no_result_of_its_maker_go, staff_send_no_result_of_their_own, nobody_sees_their_own_papers);

/// A key as its page makes it for this member.
async fn key_of(test: &TestApp, maker: &Candidate<'_>, role: Role) -> String {
    let by = Actor::Member(maker.member);
    let mut ch = test.app.db.change(by, Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_api_key(&mut ch, "hers", role, None).await.expect("made");
    ch.commit().await.expect("committed");
    key
}

async fn post(test: &TestApp, key: &str, path: &str, body: Value) -> (StatusCode, Value) {
    answer(test.http.post(test.url(&format!("/api/v1/exams/sample{path}"))).bearer_auth(key).json(&body)).await
}

async fn facts_of(test: &TestApp, who: &Candidate<'_>) -> usize {
    facts::of_member(test.app.db.read(), who.member).await.expect("read").len()
}

async fn a_key_lets_no_result_of_its_maker_go(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["release"] = json!("held"))).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let mut attempts = vec![];
    for who in [&ada, &bob] {
        let attempt = who.start().await;
        who.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
        attempts.push(attempt.trim_start_matches("/attempts/").to_owned());
    }
    let key = key_of(&test, &ada, Role::Examiner).await;
    let (status, refused) = post(&test, &key, "/results/release", json!({"attempts": attempts})).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("own_attempt")), "{refused}");
    let (_, released) = post(&test, &key, "/results/release", json!({"all": true})).await;
    assert_eq!(released["released"], json!([attempts[1]]), "all but hers");
    assert_eq!((facts_of(&test, &ada).await, facts_of(&test, &bob).await), (0, 1));
    let other = test.api_key(Role::Examiner).await;
    let (_, released) = post(&test, &other, "/results/release", json!({"all": true})).await;
    assert_eq!(released["released"], json!([attempts[0]]));
}

/// Pages take keys, as they do in the demo.
async fn staff_send_no_result_of_their_own(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &spec(|_| ())).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let (hers, other) = (key_of(&test, &ada, Role::Admin).await, test.api_key(Role::Admin).await);
    let result = |candidate: &str, score: u32| {
        let at = "2026-11-20T10:00:00Z";
        json!({"candidate": candidate, "score": score, "delivered_by": "Lab", "at": at, "reference": candidate})
    };
    let (own, his) = (result(&ada.member.to_string(), 3), result(&bob.member.to_string(), 3));
    let (status, refused) = post(&test, &hers, "/results", own.clone()).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (422, &json!("own_result")), "{refused}");
    for query in ["?dry_run=true", ""] {
        let (_, sent) = post(&test, &hers, &format!("/results{query}"), json!([own, his])).await;
        let outcome = |n: usize| sent["results"][n]["outcome"].clone();
        assert_eq!((outcome(0), outcome(1)), (json!("rejected"), json!("accepted")), "{query}: {sent}");
    }
    assert_eq!((facts_of(&test, &ada).await, facts_of(&test, &bob).await), (0, 1));

    // Nor do they say that one is theirs, take theirs back, or hand it to somebody else.
    let (_, held) = post(&test, &hers, "/results", result("nobody@members.example", 3)).await;
    let (_, sent) = post(&test, &other, "/results", own.clone()).await;
    assert_eq!((facts_of(&test, &ada).await, &sent["results"][0]["outcome"]), (1, &json!("accepted")));
    let (held, sent) = (&held["results"][0]["id"], &sent["results"][0]["id"]);
    let (held, sent) = (held.as_str().expect("an id"), sent.as_str().expect("an id"));
    let step = |key: &str, path: String, field: (&str, &str)| {
        let request = test.http.post(test.url(&format!("/admin/exams/sample/outside/{path}"))).bearer_auth(key);
        seen(request.header("accept", "text/html").form(&[field]))
    };
    let ada_is = ada.member.to_string();
    assert_eq!(step(&hers, format!("{held}/member"), ("member", &ada_is)).await.0, 403);
    assert_eq!(step(&hers, format!("{sent}/take-back"), ("reason", "mine")).await.0, 403);
    let mut moved = own.clone();
    moved["candidate"] = his["candidate"].clone();
    let (status, refused) = post(&test, &hers, "/results", moved).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (422, &json!("own_result")), "{refused}");
    assert_eq!(facts_of(&test, &ada).await, 1);
    assert_eq!(step(&other, format!("{held}/member"), ("member", &ada_is)).await.0, 303);
    assert_eq!(step(&other, format!("{sent}/take-back"), ("reason", "theirs")).await.0, 303);
}

/// At the desk, too: somebody else looks, whether one presses the button or has a key do it.
async fn nobody_sees_their_own_papers(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &spec(|exam| exam["sitting"] = json!({"admission": "seat"}))).await;
    let (boss, ada) =
        (Candidate::enrol(&test, "boss@members.example").await, Candidate::enrol(&test, "ada@members.example").await);
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, boss.member, Role::Admin).await.expect("given");
    ch.commit().await.expect("committed");
    let (hers, other) = (test.key_of(boss.member, Role::Admin).await, test.api_key(Role::Examiner).await);
    let room = json!({"name": "Room", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-21T12:00:00Z", "identity": true});
    let (status, made) = post(&test, &other, "/windows", room).await;
    assert_eq!(status, 201, "{made}");
    let room = made["id"].as_str().expect("an id");
    for who in [&boss, &ada] {
        assert!(who.call(Method::POST, "/exams/sample/seats", json!({"window": room})).await.0.is_success());
    }
    let path = format!("/admin/windows/{room}");
    let (_, _, page) = boss.open(&path).await;
    assert!(page.contains("Your own seat") && page.matches("Papers seen").count() == 1, "hers has no button: {page}");
    let (csrf, own, his) = (field(&page, "csrf"), boss.member.to_string(), ada.member.to_string());
    assert_eq!(boss.post(&path, &[("csrf", &csrf), ("member", &own)]).await.0, 403);
    let by_key = |key: &str, member: &str| {
        let request = test.http.post(test.url(&path)).bearer_auth(key).header("accept", "text/html");
        seen(request.form(&[("member", member)]))
    };
    assert_eq!(by_key(&hers, &own).await.0, 403, "a key is one's own hand");
    assert_eq!(test.count("SELECT COUNT(*) FROM seat WHERE identity_seen_at IS NOT NULL").await, 0);
    assert_eq!(boss.post(&path, &[("csrf", &csrf), ("member", &his)]).await.0, 303);
    assert_eq!(by_key(&other, &own).await.0, 303);
    assert_eq!(test.count("SELECT COUNT(*) FROM seat WHERE identity_seen_at IS NOT NULL").await, 2);
}
