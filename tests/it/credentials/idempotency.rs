//! Repeating a request does its work once.

use serde_json::json;
use waymark::access::Role;
use waymark::database::audit;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    a_repeated_request_gets_the_same_answer,
    requests_at_once_with_one_key_do_the_work_once,
    requests_at_once_with_keys_of_their_own_make_one_credential,
    work_that_was_cut_off_is_taken_over_when_retry_after_says
);

async fn a_repeated_request_gets_the_same_answer(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let send = async |key: &str, body: &serde_json::Value| {
        let request = guild
            .test
            .http
            .post(guild.test.url("/api/v1/credentials"))
            .bearer_auth(key)
            .header("idempotency-key", "k-1")
            .json(body);
        let answer = request.send().await.expect("answered");
        let replayed = answer.headers().contains_key("idempotency-replayed");
        let location = answer.headers().get("location").cloned();
        (answer.status().as_u16(), replayed, location, answer.text().await.expect("read"))
    };
    let first = send(&key, &body).await;
    let rows = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len();
    let second = send(&key, &body).await;
    assert_eq!((first.0, first.1, second.0, second.1), (201, false, 201, true));
    assert_eq!((&first.2, &first.3), (&second.2, &second.3));
    assert_eq!(audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len(), rows);
    let other =
        send(&key, &json!({"track": "foundations", "recipient": {"name": "Ren", "email": "ren@members.example"}}))
            .await;
    assert_eq!(other.0, 422);
    assert!(other.3.contains("idempotency_key_reused"), "{}", other.3);
    let somebody = send(&guild.test.api_key(Role::Issuer).await, &body).await;
    assert_eq!((somebody.0, somebody.1), (200, false), "a key belongs to whoever sent it");
    let wrong = json!({"track": "nowhere", "recipient": {"name": "Ren", "email": "ren@members.example"}});
    let fresh = |body: serde_json::Value| {
        let request = guild
            .test
            .http
            .post(guild.test.url("/api/v1/credentials"))
            .bearer_auth(&key)
            .header("idempotency-key", "k-2")
            .json(&body);
        async move { request.send().await.expect("answered").status().as_u16() }
    };
    assert_eq!(fresh(wrong).await, 422);
    let right = json!({"track": "foundations", "recipient": {"name": "Ren", "email": "ren@members.example"}});
    assert_eq!(fresh(right).await, 201, "what failed has done nothing and frees its key");
}

async fn requests_at_once_with_one_key_do_the_work_once(store: Store) {
    let guild = std::sync::Arc::new(Guild::start(store).await);
    let key = guild.admin().await;
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (guild, key, body) = (guild.clone(), key.clone(), body.clone());
        running.spawn(async move { guild.post(&key, "/api/v1/credentials", Some("one"), &body).await });
    }
    let answers = running.join_all().await;
    let made: std::collections::BTreeSet<_> =
        answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body["id"].to_string()).collect();
    assert_eq!(made.len(), 1, "{answers:?}");
    for (status, body) in answers.iter().filter(|(status, _)| *status != 201) {
        assert_eq!((*status, body["code"].as_str()), (409, Some("idempotency_in_progress")), "{body}");
    }
}

async fn requests_at_once_with_keys_of_their_own_make_one_credential(store: Store) {
    let guild = std::sync::Arc::new(Guild::start(store).await);
    let key = guild.admin().await;
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let mut running = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (guild, key, body) = (guild.clone(), key.clone(), body.clone());
        running.spawn(async move { guild.post(&key, "/api/v1/credentials", Some(&format!("k-{n}")), &body).await });
    }
    let answers = running.join_all().await;
    let ids: std::collections::BTreeSet<_> = answers.iter().map(|(_, body)| body["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(
        answers.iter().all(|(status, body)| matches!(status, 200 | 201) && body["state"] == "released"),
        "{answers:?}"
    );
}

async fn work_that_was_cut_off_is_taken_over_when_retry_after_says(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let send = async || {
        let request = guild.test.http.post(guild.test.url("/api/v1/credentials")).bearer_auth(&key);
        request.header("idempotency-key", "k").json(&body).send().await.expect("answered")
    };
    assert_eq!(send().await.status(), 201);
    // As a process leaves it that ends between the claim and the answer.
    guild.test.run_sql("UPDATE idempotency SET status = 0").await;
    for (waited, said) in [(0, "30"), (10, "20"), (19, "1")] {
        guild.test.clock.advance(time::Duration::seconds(waited));
        let refused = send().await;
        assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().expect("text")), (409, said));
    }
    guild.test.clock.advance(time::Duration::seconds(1));
    assert_eq!(send().await.status(), 200, "and then it is done, once");
}
