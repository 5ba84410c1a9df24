//! Handles: claimed, proved by a code that only their holder can place, one member's alone, given back.

use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;

use super::{Hall, SQUARE};
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    what_waited_is_credited_when_staff_saw_the_code,
    an_event_of_the_source_that_carries_the_code_proves_it,
    a_code_in_anothers_words_proves_nothing,
    a_handle_is_one_members_alone,
    a_handle_at_one_source_is_none_elsewhere,
    what_is_given_back_goes_to_the_next,
    a_code_expires_and_a_refusal_says_why,
    an_address_in_what_a_source_sends_proves_nothing,
    many_events_of_others_do_not_keep_ones_own_waiting,
    the_pages_lead_through_it
);

async fn claimed(hall: &Hall, token: &str, source: &str, handle: &str) -> Value {
    let (status, body) = hall.post(token, "/api/v1/handles", json!({"source": source, "handle": handle})).await;
    assert_eq!((status, &body["state"]), (201, &json!("open")), "{body}");
    body
}

fn id(claim: &Value) -> &str {
    claim["id"].as_str().expect("an id")
}

async fn accepted(hall: &Hall, event: &str, source: &str, handle: &str) -> Value {
    let data = json!({"object": format!("answers/{event}")});
    hall.event(source, event, "answer.accepted", &format!("handle:{handle}"), data).await
}

async fn what_waited_is_credited_when_staff_saw_the_code(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    for n in 1..=3 {
        assert_eq!(accepted(&hall, &format!("e-{n}"), SQUARE, "hika_r").await["outcome"], "held");
    }
    let claim = claimed(&hall, &token, SQUARE, " @Hika_R ").await;
    assert_eq!((&claim["handle"], &claim["waiting"]), (&json!("hika_r"), &json!(3)));
    assert_eq!(id(&claimed(&hall, &token, SQUARE, "hika_r").await), id(&claim), "a second claim is the first");
    assert_eq!(hall.have(member).await, json!(0), "a word alone proves nothing");
    let (status, body) = hall.post(&hall.admin, &format!("/api/v1/handles/{}/confirm", id(&claim)), Value::Null).await;
    assert_eq!((status, &body["state"]), (200, &json!("proved")), "{body}");
    assert_eq!(hall.have(member).await, json!(3));
    assert_eq!(accepted(&hall, "e-4", SQUARE, "HIKA_R").await["outcome"], "accepted");
    assert!(hall.test.audit_actions().await.contains(&"handle.link".to_owned()));
    let (status, _) = hall.post(&token, &format!("/api/v1/handles/{}/confirm", id(&claim)), Value::Null).await;
    assert_eq!(status, 403);
}

async fn an_event_of_the_source_that_carries_the_code_proves_it(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    accepted(&hall, "e-1", SQUARE, "hika_r").await;
    let claim = claimed(&hall, &token, SQUARE, "hika_r").await;
    let text = format!("It is me: {}!", claim["code"].as_str().expect("a code"));
    let sent =
        hall.event(SQUARE, "e-2", "answer.posted", "handle:Hika_R", json!({"object": "a/1", "text": text})).await;
    assert_eq!(sent["outcome"], "accepted", "{sent}");
    assert_eq!(hall.have(member).await, json!(1));
    let mine = hall.get(&token, "/api/v1/handles").await;
    assert_eq!((&mine["data"][0]["state"], &mine["data"][0]["waiting"]), (&json!("proved"), &json!(0)));
}

async fn a_code_in_anothers_words_proves_nothing(store: Store) {
    let hall = Hall::start(store).await;
    hall.source("https://other.example", &json!({})).await;
    let (_, thief) = hall.member("thief").await;
    let claim = claimed(&hall, &thief, SQUARE, "hika_r").await;
    let code = claim["code"].as_str().expect("a code");
    let text = json!({"object": "a/1", "title": code, "text": code, "body": code});
    // Whoever thanks or accepts writes the text; the title of an answer is the asker's.
    hall.event(SQUARE, "e-1", "thanks.given", "handle:hika_r", text.clone()).await;
    hall.event(SQUARE, "e-2", "answer.accepted", "handle:hika_r", text.clone()).await;
    hall.event(SQUARE, "e-3", "answer.posted", "handle:hika_r", json!({"object": "a/2", "title": code})).await;
    hall.event(SQUARE, "e-4", "answer.posted", "handle:thief2", text.clone()).await;
    hall.event("https://other.example", "e-5", "answer.posted", "handle:hika_r", text).await;
    assert_eq!(hall.get(&thief, "/api/v1/handles").await["data"][0]["state"], "open");
    let held = hall.test.count("SELECT COUNT(*) FROM contribution WHERE state = 'held'").await;
    assert_eq!(held, 2, "the thanks and the accepted answer still wait");
}

async fn a_handle_is_one_members_alone(store: Store) {
    let hall = Hall::start(store).await;
    let (_, first) = hall.member("hikari").await;
    let (_, second) = hall.member("ren").await;
    let mine = claimed(&hall, &first, SQUARE, "shared").await;
    let theirs = claimed(&hall, &second, SQUARE, "shared").await;
    let confirm = |claim: &Value| format!("/api/v1/handles/{}/confirm", id(claim));
    assert_eq!(hall.post(&hall.admin, &confirm(&mine), Value::Null).await.0, 200);
    let (status, body) = hall.post(&hall.admin, &confirm(&theirs), Value::Null).await;
    assert_eq!((status, &body["code"]), (409, &json!("handle_taken")));
    let (status, body) = hall.post(&second, "/api/v1/handles", json!({"source": SQUARE, "handle": "SHARED"})).await;
    assert_eq!((status, &body["code"]), (409, &json!("handle_taken")));
    // `hikari` is what staff wrote down for the first member when they were enrolled.
    let (status, body) = hall.post(&second, "/api/v1/handles", json!({"source": SQUARE, "handle": "hikari"})).await;
    assert_eq!((status, &body["code"]), (409, &json!("handle_taken")));
    for (source, handle) in
        [("https://nobody.example", "x"), ("waymark:links", "x"), (SQUARE, "two words"), (SQUARE, " @ ")]
    {
        let (status, _) = hall.post(&second, "/api/v1/handles", json!({"source": source, "handle": handle})).await;
        assert_eq!(status, 422, "{source} {handle}");
    }
}

async fn a_handle_at_one_source_is_none_elsewhere(store: Store) {
    let hall = Hall::start(store).await;
    hall.source("https://other.example", &json!({})).await;
    let (member, token) = hall.member("hikari").await;
    accepted(&hall, "e-1", SQUARE, "hika_r").await;
    let elsewhere = accepted(&hall, "e-1", "https://other.example", "hika_r").await;
    let claim = claimed(&hall, &token, SQUARE, "hika_r").await;
    assert_eq!(claim["waiting"], 1);
    hall.post(&hall.admin, &format!("/api/v1/handles/{}/confirm", id(&claim)), Value::Null).await;
    assert_eq!(hall.have(member).await, json!(1));
    assert_eq!(hall.state(elsewhere["contribution"].as_str().expect("kept")).await, "held");
}

async fn what_is_given_back_goes_to_the_next(store: Store) {
    let hall = Hall::start(store).await;
    let (first, a) = hall.member("hikari").await;
    let (second, b) = hall.member("ren").await;
    let claim = claimed(&hall, &a, SQUARE, "desk").await;
    hall.post(&hall.admin, &format!("/api/v1/handles/{}/confirm", id(&claim)), Value::Null).await;
    accepted(&hall, "e-1", SQUARE, "desk").await;
    let release = format!("/api/v1/handles/{}/release", id(&claim));
    assert_eq!(hall.post(&b, &release, Value::Null).await.0, 404);
    assert_eq!(hall.post(&a, &release, Value::Null).await.0, 200);
    assert_eq!(hall.post(&a, &release, Value::Null).await.0, 409);
    assert_eq!(accepted(&hall, "e-2", SQUARE, "desk").await["outcome"], "held");
    let next = claimed(&hall, &b, SQUARE, "desk").await;
    hall.post(&hall.admin, &format!("/api/v1/handles/{}/confirm", id(&next)), Value::Null).await;
    assert_eq!((hall.have(first).await, hall.have(second).await), (json!(1), json!(1)), "what was credited stays");
}

async fn a_code_expires_and_a_refusal_says_why(store: Store) {
    let hall = Hall::start(store).await;
    let (_, token) = hall.member("hikari").await;
    let claim = claimed(&hall, &token, SQUARE, "hika_r").await;
    let refuse = format!("/api/v1/handles/{}/refuse", id(&claim));
    assert_eq!(hall.post(&hall.admin, &refuse, json!({"reason": ""})).await.0, 422);
    assert_eq!(hall.post(&hall.admin, &refuse, json!({"reason": "The profile is empty."})).await.0, 200);
    assert_eq!(hall.get(&token, "/api/v1/handles").await["data"][0]["reason"], "The profile is empty.");
    assert_eq!(hall.told("contribution_refused").await.len(), 1);
    let again = claimed(&hall, &token, SQUARE, "hika_r").await;
    assert_ne!(again["code"], claim["code"]);
    hall.test.clock.advance(Duration::days(15));
    let (status, _) = hall.post(&hall.admin, &format!("/api/v1/handles/{}/confirm", id(&again)), Value::Null).await;
    assert_eq!(status, 409);
    hall.event(SQUARE, "e-1", "answer.posted", "handle:hika_r", json!({"object": "a", "text": again["code"]})).await;
    let states = hall.test.texts("SELECT state FROM handle_claim ORDER BY state").await;
    assert_eq!(states, ["open", "refused"]);
}

async fn an_address_in_what_a_source_sends_proves_nothing(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let data = json!({"object": "a/1", "email": "hikari@members.example", "user": {"email": "hikari@members.example"}});
    let sent = hall.event(SQUARE, "e-1", "answer.accepted", "handle:hika_r", data).await;
    assert_eq!(sent["reason"], "unknown_handle");
    let sent =
        hall.event(SQUARE, "e-2", "answer.accepted", "mailto:hikari@members.example", json!({"object": "a/2"})).await;
    assert_eq!(sent["reason"], "subject_form_not_listed");
    assert_eq!(hall.have(member).await, json!(0));
}

async fn many_events_of_others_do_not_keep_ones_own_waiting(store: Store) {
    let hall = Hall::start(store).await;
    hall.source("https://other.example", &json!({})).await;
    let (member, token) = hall.member("hikari").await;
    for n in 0..60 {
        accepted(&hall, &format!("o-{n}"), "https://other.example", "desk").await;
    }
    accepted(&hall, "mine", SQUARE, "desk").await;
    let claim = claimed(&hall, &token, SQUARE, "desk").await;
    hall.post(&hall.admin, &format!("/api/v1/handles/{}/confirm", id(&claim)), Value::Null).await;
    assert_eq!(hall.have(member).await, json!(1), "more than a page of them stand before it");
}

async fn the_pages_lead_through_it(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    accepted(&hall, "e-1", SQUARE, "hika_r").await;
    let me = Visitor::signed_in(&hall.test, member).await;
    let csrf = me.csrf("/me/handles").await;
    assert_eq!(me.post("/me/handles", json!({"csrf": csrf, "source": SQUARE, "handle": ""})).await, 422);
    assert_eq!(me.post("/me/handles", json!({"csrf": csrf, "source": SQUARE, "handle": "hika_r"})).await, 303);
    let claim = hall.get(&token, "/api/v1/handles").await["data"][0].clone();
    let shown = me.page("/me/handles", "ja").await;
    assert!(
        shown.contains(claim["code"].as_str().expect("a code")) && shown.contains("待っている貢献：1 件"),
        "{shown}"
    );
    let path = format!("/me/handles/{}", id(&claim));
    assert_eq!(me.post(&path, json!({"csrf": csrf, "step": "place", "place": "nowhere"})).await, 422);
    let place = json!({"csrf": csrf, "step": "place", "place": "https://square.example/u/hika_r"});
    assert_eq!(me.post(&path, place).await, 303);
    let (own, staff) = hall.colleague("admin2", Role::Admin).await;
    let queue = staff.page("/admin/handles", "en").await;
    assert!(queue.contains("https://square.example/u/hika_r"), "{queue}");
    let csrf_staff = staff.csrf("/admin/handles").await;
    let own_token = hall.token(own).await;
    let own_claim = claimed(&hall, &own_token, SQUARE, "boss").await;
    let confirm = json!({"csrf": csrf_staff, "step": "confirm"});
    assert_eq!(staff.post(&format!("/admin/handles/{}", id(&own_claim)), confirm.clone()).await, 422, "not their own");
    assert_eq!(staff.post(&format!("/admin/handles/{}", id(&claim)), confirm).await, 303);
    assert_eq!(hall.have(member).await, json!(1));
    let (stranger, _) = hall.member("ren").await;
    let other = Visitor::signed_in(&hall.test, stranger).await;
    let csrf_other = other.csrf("/me/handles").await;
    assert_eq!(other.post(&path, json!({"csrf": csrf_other, "step": "release"})).await, 404);
    assert_eq!(me.post(&path, json!({"csrf": csrf, "step": "release"})).await, 303);
    assert!(me.page("/me/handles", "en").await.contains("Given back"));
}
