//! Which events become notices, how many, and for whom.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::members;
use waymark::web::i18n::Locale;

use super::{give, listed, member, publish, thank, told};
use crate::credentials::Guild;
use crate::giving::{Hall, SQUARE};
use crate::openapi;
use crate::support::{Store, TestApp, on_both};

on_both!(
    what_is_earned_is_told_once_and_in_the_readers_language,
    what_becomes_of_a_credential_is_told,
    who_comes_near_by_what_they_did_is_told_once,
    publishing_reaches_everybody_with_one_notice_or_none,
    what_is_held_refused_and_written_down_is_told,
    a_result_that_was_waited_for_is_told,
    nobody_else_reads_them
);

/// Everything is told again to everybody.
async fn again(test: &TestApp) {
    test.run_sql("DELETE FROM delivery").await;
    test.run_sql("UPDATE outbox SET done_at = NULL, due_at = 0").await;
    test.settle().await;
}

async fn what_is_earned_is_told_once_and_in_the_readers_language(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "one", 2, &json!({})).await;
    hall.test.clock.advance(Duration::days(3));
    let hikari = member(&hall, "hikari", Locale::Ja).await;
    give(&hall.test, hikari, &["a", "b"]).await;
    hall.test.settle().await;
    assert_eq!(told(&hall.test, hikari).await, ["earned"]);
    again(&hall.test).await;
    assert_eq!(told(&hall.test, hikari).await, ["earned"], "told again, it is written once");
    for (language, text, open) in
        [("ja", "「助ける人 one」を取得しました。", "見る"), ("en", "You have earned “Helper one”.", "See it")]
    {
        let list = listed(&hall, hikari, language).await;
        assert_eq!((list[0]["text"].as_str(), list[0]["kind"].as_str()), (Some(text), Some("earned")), "{open}");
        let id = list[0]["about"][0].as_str().expect("an id");
        assert!(list[0]["href"].as_str().expect("an address").ends_with(&format!("/me/credentials/{id}")));
        assert_eq!(list[0]["read_at"], Value::Null);
    }
    // What two tracks published together bring is one notice.
    hall.test.clock.advance(Duration::SECOND);
    publish(&hall, "two", 1, &json!({})).await;
    publish(&hall, "three", 2, &json!({})).await;
    assert_eq!(told(&hall.test, hikari).await, ["earned", "earned"]);
    let list = listed(&hall, hikari, "ja").await;
    assert_eq!(list[0]["about"].as_array().map(Vec::len), Some(2));
    let text = list[0]["text"].as_str().expect("text");
    assert!(text.contains("2 件") && text.contains("助ける人 two") && text.contains("助ける人 three"), "{text}");
}

async fn what_becomes_of_a_credential_is_told(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "one", 1, &json!({"validity": {"months": 12}})).await;
    let ada = member(&hall, "ada", Locale::En).await;
    give(&hall.test, ada, &["a"]).await;
    hall.test.settle().await;
    let id = hall.test.texts("SELECT id FROM credential").await.remove(0);
    let step = async |id: &str, step: &str, body: Value| {
        hall.test.clock.advance(Duration::SECOND);
        let path = format!("/api/v1/credentials/{id}/{step}");
        let request = hall.test.http.post(hall.test.url(&path)).bearer_auth(&hall.admin).json(&body);
        let answer = request.header("idempotency-key", format!("{id}{step}")).send().await.expect("answered");
        assert!(answer.status().is_success(), "{step}");
        hall.test.settle().await;
        answer.json::<Value>().await.expect("JSON")
    };
    let reason = json!({"reason_code": "other", "public_reason": "A look was needed."});
    step(&id, "suspend", reason.clone()).await;
    let list = listed(&hall, ada, "en").await;
    let text = list[0]["text"].as_str().expect("text").to_owned();
    assert_eq!(text, "“Helper one” was suspended. The issuer's reason: A look was needed.");
    step(&id, "reinstate", json!({"reason_code": "other"})).await;
    assert!(!listed(&hall, ada, "en").await[1]["text"].as_str().expect("text").contains("A look was needed"));
    let next = step(&id, "replace", json!({"public_reason": "A misprint."})).await;
    assert_eq!(
        told(&hall.test, ada).await,
        ["earned", "suspended", "reinstated", "replaced"],
        "that the old one is revoked is told by the new one"
    );
    let next = next["id"].as_str().expect("an id").to_owned();
    hall.test.clock.advance(Duration::days(30));
    let later = step(&next, "renew", json!({})).await;
    step(later["id"].as_str().expect("an id"), "revoke", reason).await;
    assert_eq!(told(&hall.test, ada).await[4..], ["renewed", "revoked"]);
    let list = listed(&hall, ada, "ja").await;
    assert!(list[0]["text"].as_str().expect("text").starts_with("「助ける人 one」が取り消されました。"), "{list:?}");
    assert!(list[1]["text"].as_str().expect("text").contains("有効期限が"), "{list:?}");
}

async fn who_comes_near_by_what_they_did_is_told_once(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "three", 3, &json!({})).await;
    let ada = member(&hall, "ada", Locale::En).await;
    give(&hall.test, ada, &["a"]).await;
    hall.test.settle().await;
    assert!(told(&hall.test, ada).await.is_empty(), "two are left");
    give(&hall.test, ada, &["b"]).await;
    hall.test.settle().await;
    assert_eq!(told(&hall.test, ada).await, ["near"]);
    let list = listed(&hall, ada, "en").await;
    assert_eq!(list[0]["text"], "You are nearly there: “Helper three”.");
    assert!(list[0]["href"].as_str().expect("an address").ends_with("/me#track-three"));
    again(&hall.test).await;
    // Published anew, all are counted again: nobody is told what they have not done.
    publish(&hall, "other", 3, &json!({})).await;
    publish(&hall, "three", 4, &json!({})).await;
    assert_eq!(told(&hall.test, ada).await, ["near"], "publishing tells nobody that they are near");
    give(&hall.test, ada, &["c"]).await;
    hall.test.settle().await;
    let mut all = told(&hall.test, ada).await;
    all.sort();
    assert_eq!(all, ["earned", "near"], "one track is reached, of the other they were told");
    let open = "SELECT COUNT(*) FROM notice WHERE what = 'near' AND read_at IS NULL";
    assert_eq!(hall.test.count(open).await, 1);
    give(&hall.test, ada, &["d"]).await;
    hall.test.settle().await;
    assert_eq!(hall.test.count(open).await, 0, "who is there is not nearly there");
}

async fn publishing_reaches_everybody_with_one_notice_or_none(store: Store) {
    const MANY: i64 = 200;
    let hall = Hall::start(store).await;
    let mut all: Vec<MemberId> = vec![];
    let mut ch = hall.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    for n in 0..MANY {
        let email = format!("m{n}@members.example");
        all.push(members::find_or_enrol(&mut ch, &email, "Many", Locale::En).await.expect("enrolled").id);
    }
    ch.commit().await.expect("committed");
    for member in &all {
        give(&hall.test, *member, &["a"]).await;
    }
    hall.test.settle().await;
    let publish = async |slug: &str, silent: bool| {
        let path = format!("/api/v1/tracks/{slug}/publish?silent={silent}");
        let (status, body) = hall.post(&hall.admin, &path, crate::planning::helper(1)).await;
        assert_eq!(status, 200, "{body}");
        hall.test.settle().await;
    };
    let count = async |sql: &str| hall.test.count(sql).await;
    publish("quiet", true).await;
    assert_eq!(count("SELECT COUNT(*) FROM credential WHERE stage = 'released'").await, MANY);
    assert_eq!(count("SELECT COUNT(*) FROM notice").await, 0, "silently means that nobody is told");
    publish("loud", false).await;
    assert_eq!(count("SELECT COUNT(*) FROM credential WHERE stage = 'released'").await, 2 * MANY);
    assert_eq!(count("SELECT COUNT(*) FROM notice WHERE what = 'earned'").await, MANY, "one for each member");
    assert_eq!(count("SELECT COUNT(DISTINCT member) FROM notice").await, MANY);
    assert_eq!(count("SELECT COUNT(*) FROM notice").await, MANY, "and of nothing else");
}

async fn what_is_held_refused_and_written_down_is_told(store: Store) {
    let hall = Hall::start(store).await;
    let (ada, token) = hall.member("ada").await;
    let link = json!({"url": "https://blog.example/a", "type": "content.published", "happened_on": "2026-11-20", "sentence": "An article.", "disclosure": "none"});
    let (status, link) = hall.post(&token, "/api/v1/links", link).await;
    assert_eq!(status, 201, "{link}");
    let refuse = format!("/api/v1/links/{}/refuse", link["id"].as_str().expect("an id"));
    assert_eq!(hall.post(&hall.admin, &refuse, json!({"reason": "It is not yours."})).await.0, 200);
    hall.test.settle().await;
    let strike = json!({"reason": "Look closely.", "days": 7});
    assert_eq!(hall.post(&hall.admin, &format!("/api/v1/members/{ada}/strikes"), strike).await.0, 201);
    hall.test.settle().await;
    for id in ["e-1", "e-2", "e-3"] {
        let held = hall.event(SQUARE, id, "answer.accepted", &ada.to_string(), json!({"object": id})).await;
        assert_eq!(held["outcome"], "held", "{held}");
    }
    thank(&hall, ada).await;
    let mut all = told(&hall.test, ada).await;
    all.sort();
    assert_eq!(all, ["held", "refused", "strike", "thanks"], "what is held on one day is one notice");
    let list = listed(&hall, ada, "en").await;
    let of = |what: &str| list.iter().find(|n| n["what"] == what).expect("told").clone();
    assert!(of("held")["text"].as_str().expect("text").starts_with("3 of what you gave"), "{list:?}");
    assert!(of("refused")["href"].as_str().expect("an address").contains("/me/links#sub_"));
    assert!(of("thanks")["href"].as_str().expect("an address").ends_with("/me/thanks"));
    assert_eq!(of("strike")["kind"], "contribution");
    assert!(!list.iter().any(|n| n["text"].as_str().expect("text").contains('⟦')));
    again(&hall.test).await;
    assert_eq!(told(&hall.test, ada).await.len(), 4);
}

async fn a_result_that_was_waited_for_is_told(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    openapi::furnish(test).await;
    let admin = test.api_key(Role::Owner).await;
    let ada = guild.member("ada@members.example", Locale::En).await;
    let (_, made) = guild.post(&admin, &format!("/api/v1/members/{ada}/tokens"), None, &Value::Null).await;
    let token = made["token"].as_str().expect("a token").to_owned();
    let (status, begun) = guild.post(&token, "/api/v1/exams/small-exam/attempts", Some("a"), &json!({})).await;
    assert_eq!(status, 201, "{begun}");
    let attempt = begun["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/attempts/{attempt}/submit");
    assert_eq!(guild.post(&token, &path, Some("b"), &json!({})).await.0, 200);
    test.settle().await;
    assert!(told(test, ada).await.is_empty(), "it is held");
    test.clock.advance(Duration::minutes(30));
    let release = json!({"attempts": [attempt], "reason": "checked"});
    let path = "/api/v1/exams/small-exam/results/release";
    assert_eq!(guild.post(&admin, path, Some("c"), &release).await.0, 200);
    test.settle().await;
    assert_eq!(told(test, ada).await, ["result"]);
    let (_, list) = guild.get(&token, &format!("/api/v1/members/{ada}/notices")).await;
    assert!(list["data"][0]["text"].as_str().expect("text").contains("Small exam"), "{list}");
    assert!(list["data"][0]["href"].as_str().expect("an address").ends_with(&format!("/exam/{attempt}")));
}

async fn nobody_else_reads_them(store: Store) {
    let hall = Hall::start(store).await;
    let (ada, own) = hall.member("ada").await;
    let (_, other) = hall.member("bob").await;
    thank(&hall, ada).await;
    let owner = hall.test.api_key(Role::Owner).await;
    let base = format!("/api/v1/members/{ada}");
    let until = hall.test.texts("SELECT id FROM notice").await.remove(0);
    let calls = [
        (Method::GET, format!("{base}/notices"), Value::Null),
        (Method::POST, format!("{base}/notices/read"), json!({"until": until})),
        (Method::GET, format!("{base}/notice-settings"), Value::Null),
        (Method::PUT, format!("{base}/notice-settings"), json!({"letters": false})),
    ];
    for (method, path, body) in &calls {
        for (who, expected) in [(&other, 404), (&owner, 403), (&own, 200)] {
            let (status, said) = hall.call(who, method.clone(), path, body.clone()).await;
            assert_eq!(status, expected, "{method} {path}: {said}");
        }
    }
    // Somebody's own call does not reach into what is another's.
    let bob = hall.test.texts("SELECT id FROM member WHERE email LIKE 'bob@%'").await.remove(0);
    hall.test.run_sql("UPDATE notice SET read_at = NULL").await;
    let path = format!("/api/v1/members/{bob}/notices/read");
    assert_eq!(hall.post(&other, &path, json!({"ids": [until]})).await.0, 200);
    assert_eq!(hall.post(&other, &path, json!({"until": until})).await.0, 200);
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM notice WHERE read_at IS NULL").await, 1);
}
