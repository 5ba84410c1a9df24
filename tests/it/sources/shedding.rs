//! More than can be written: who comes too much is told to come back, and nothing that was answered for is lost.

use serde_json::{Value, json};
use tokio::task::JoinSet;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::database::Kind;

use crate::contributions::{enrol, event, small_program};
use crate::support::{Store, TestApp, on_both};

on_both!(who_comes_too_much_is_told_to_come_back, what_was_answered_for_is_there);

const PLACES: u32 = 4;

async fn small(store: Store) -> (TestApp, String) {
    let test = TestApp::start_with(store, |config| {
        config.issuer.did_method = DidMethod::Key;
        config.limits.events_waiting = PLACES;
    })
    .await;
    small_program(&test).await;
    enrol(&test, "hikari").await;
    let key = test.api_key(Role::Admin).await;
    (test, key)
}

fn batch(test: &TestApp, key: &str, ids: &[String]) -> reqwest::RequestBuilder {
    let events: Vec<Value> = ids.iter().map(|id| event(id, "handle:hikari", &format!("changes/{id}"))).collect();
    let request = test.http.post(test.url("/api/v1/events")).bearer_auth(key);
    request.header("content-type", "application/cloudevents-batch+json").body(json!(events).to_string())
}

async fn who_comes_too_much_is_told_to_come_back(store: Store) {
    let (test, key) = small(store).await;
    // Whoever writes next waits for this change.
    let ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    ch.take_turn("contributions").await.expect("taken");
    let ids: Vec<String> = (0..PLACES).map(|n| format!("e-{n}")).collect();
    let first = tokio::spawn(batch(&test, &key, &ids).send());
    while test.app.intake.free() > 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..10 {
        let refused = batch(&test, &key, &["late".to_owned()]).send().await.expect("answered");
        assert_eq!(refused.status(), 503);
        assert_eq!(refused.headers()["retry-after"], "1");
        assert_eq!(refused.json::<Value>().await.expect("JSON")["code"], "unavailable");
    }
    drop(ch);
    let answer = first.await.expect("joined").expect("answered");
    assert_eq!(answer.status(), 202);
    assert_eq!(test.count("SELECT COUNT(*) FROM contribution").await, i64::from(PLACES));
    assert_eq!(test.app.intake.free(), PLACES as usize, "the places are given back");
    let again = batch(&test, &key, &["late".to_owned()]).send().await.expect("answered");
    assert_eq!(again.status(), 202);
}

async fn what_was_answered_for_is_there(store: Store) {
    let (test, key) = small(store).await;
    let mut senders = JoinSet::new();
    for n in 0..40 {
        let request = batch(&test, &key, &(0..2).map(|m| format!("e-{n}-{m}")).collect::<Vec<_>>());
        senders.spawn(async move { (n, request.send().await.expect("answered").status().as_u16()) });
    }
    let (mut taken, mut shed) = (0, 0);
    while let Some(done) = senders.join_next().await {
        let (n, status) = done.expect("joined");
        let stored = test.count(&format!("SELECT COUNT(*) FROM contribution WHERE event LIKE 'e-{n}-%'")).await;
        match status {
            202 => {
                assert_eq!(stored, 2, "what was answered for is there");
                taken += 1;
            }
            503 => {
                assert_eq!(stored, 0, "what was sent away is not");
                shed += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(taken + shed, 40);
    assert!(taken > 0);
}
