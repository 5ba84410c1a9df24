//! Terms: they follow each other, end by themselves, are put on hold, and are ended early.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::clock::{parse_rfc3339, rfc3339};
use waymark::credentials::{self, Status};
use waymark::decisions;

use super::office::{Office, Person};
use crate::support::{Store, on_both};

on_both!(
    the_next_term_counts_from_the_end_of_the_one_before,
    after_a_gap_a_title_is_given_anew,
    a_hold_suspends_and_is_lifted,
    what_was_decided_before_a_hold_waits,
    ending_early_opens_a_review,
    a_term_that_is_over_is_not_confirmed
);

impl Office {
    fn at(&self, moment: &str) {
        self.test.clock.set(parse_rfc3339(moment).expect("a time"));
    }

    async fn step(&self, id: &str, step: &str, body: &Value) -> (u16, Value) {
        self.ben().await.post(&format!("/api/v1/titles/{id}/{step}"), body).await
    }

    async fn state(&self, id: &str) -> String {
        self.term(id).await["state"].as_str().expect("a word").to_owned()
    }

    async fn call(&self, path: &str, body: &Value) -> (u16, Value) {
        let key = self.test.api_key(Role::Admin).await;
        let request = match body {
            Value::Null => self.test.http.get(self.test.url(path)),
            body => self.test.http.post(self.test.url(path)).json(body),
        };
        let answer = request.bearer_auth(key).send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn assert_replayed(&self) {
        let db = &self.test.app.db;
        assert_eq!(decisions::replay(db.read(), db.now()).await.expect("replayed").differing, []);
    }
}

async fn the_next_term_counts_from_the_end_of_the_one_before(store: Store) {
    let office = Office::start(store).await;
    let first = office.given(json!({"last_day": "2027-03-31"})).await;
    let mut early = office.proposal();
    early["first_day"] = json!("2027-03-31");
    let (status, refused) = office.ana().await.post("/api/v1/titles", &early).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/first_day")), "terms do not overlap");
    let second = office.given(json!({})).await;
    let term = office.term(&second).await;
    assert_eq!((&term["first_day"], &term["last_day"]), (&json!("2027-04-01"), &json!("2028-03-31")));
    assert_eq!((term["state"].as_str(), office.credentials().await.len()), (Some("ahead"), 1));

    office.at("2027-03-31T14:59:59Z");
    office.settle().await;
    assert_eq!(office.credentials().await.len(), 1, "to its last second it is the first term");
    office.at("2027-03-31T15:00:00Z");
    office.settle().await;
    let held = office.credentials().await;
    let next = held.iter().find(|credential| credential.term == 2).expect("the second term");
    assert_eq!(rfc3339(next.awarded_at), "2027-03-31T15:00:00Z");
    assert_eq!(next.valid_until.map(rfc3339).as_deref(), Some("2028-03-31T14:59:59Z"), "it counts from the old end");
    let before = held.iter().find(|credential| credential.term == 1).expect("the first term");
    assert!(before.has_expired(office.test.app.db.now()) && before.status == Status::Valid, "it ended by itself");
    let succession = credentials::succession(office.test.app.db.read(), before).await.expect("read");
    assert_eq!(succession.renewed_by.map(|later| later.id), Some(next.id));
    let history = credentials::history_of(office.test.app.db.read(), before.id).await.expect("read");
    assert!(history.iter().any(|entry| entry.what == "renew"), "{history:?}");
    assert_eq!((office.state(&first).await, office.state(&second).await), ("over".into(), "current".into()));
    office.assert_replayed().await;

    office.at("2028-03-31T15:00:00Z");
    office.settle().await;
    assert_eq!(office.state(&second).await, "over");
    let (_, progress) = office.call(&format!("/api/v1/members/{}/progress", office.member), &Value::Null).await;
    assert_ne!(progress["data"][0]["state"], "met", "nobody holds a title whose term is over");
    office.assert_replayed().await;
}

async fn after_a_gap_a_title_is_given_anew(store: Store) {
    let office = Office::start(store).await;
    office.given(json!({"last_day": "2026-12-31"})).await;
    office.at("2027-02-01T03:00:00Z");
    office.settle().await;
    let again = office.given(json!({"last_day": "2027-06-30"})).await;
    assert_eq!(office.term(&again).await["first_day"], "2027-02-01");
    let held = office.credentials().await;
    assert_eq!(held.len(), 2);
    let first = held.iter().find(|credential| credential.term == 1).expect("the first term");
    let history = credentials::history_of(office.test.app.db.read(), first.id).await.expect("read");
    assert!(history.iter().all(|entry| entry.what != "renew"), "what comes after a gap renews nothing: {history:?}");
    let me = Person::signed_in(&office.test, office.member).await;
    let mine = me.page("/me", "en").await;
    assert!(mine.contains("1 Feb 2027 to 30 Jun 2027") && mine.contains("21 Nov 2026 to 31 Dec 2026"), "{mine}");
    office.assert_replayed().await;
}

async fn a_hold_suspends_and_is_lifted(store: Store) {
    let office = Office::start(store).await;
    let helper = json!({
        "slug": "circle", "kind": "milestone", "title": {"en": "Circle"}, "criteria": {"en": "Be a fellow"},
        "requires": {"standing": "current", "id": "now", "held": {"track": "fellow"}},
    });
    office.publish(&helper).await;
    let state = async || {
        let (_, progress) = office.call(&format!("/api/v1/members/{}/progress", office.member), &Value::Null).await;
        let of = |slug: &str| progress["data"].as_array().expect("a list").iter().find(|p| p["track"] == slug).cloned();
        of("circle").expect("listed")["state"].clone()
    };
    let id = office.given(json!({})).await;
    assert_eq!(state().await, "met");
    let (status, body) =
        office.step(&id, "hold", &json!({"reason": "asked", "public_reason": "Being looked into"})).await;
    assert_eq!((status, &body["state"]), (200, &json!("on_hold")), "{body}");
    office.settle().await;
    let held = office.credentials().await;
    let fellow = held.iter().find(|credential| body["credential"] == json!(credential.id)).expect("the title's");
    assert_eq!((fellow.status, fellow.public_reason.as_deref()), (Status::Suspended, Some("Being looked into")));
    assert_ne!(state().await, "met", "a title on hold is not held now");
    let history = credentials::history_of(office.test.app.db.read(), fellow.id).await.expect("read");
    let suspended = history.iter().find(|entry| entry.what == "suspend").expect("written down");
    assert_eq!(
        (suspended.actor.as_str(), suspended.internal_note.as_deref()),
        (&*office.ben.to_string(), Some("asked"))
    );

    let key = office.call(&format!("/api/v1/titles/{id}/lift"), &json!({"reason": "x"})).await;
    assert_eq!(key.0, 403, "a key lifts nothing");
    let (status, body) = office.step(&id, "lift", &json!({"reason": "settled"})).await;
    assert_eq!((status, &body["state"]), (200, &json!("current")), "{body}");
    office.settle().await;
    assert_eq!(state().await, "met");
    let again = credentials::find(office.test.app.db.read(), fellow.id).await.expect("found");
    assert_eq!((again.status, again.share_id), (Status::Valid, fellow.share_id.clone()));
    let audited = office.test.audit_actions().await;
    for action in ["credential.suspend", "credential.reinstate"] {
        assert_eq!(audited.iter().filter(|row| *row == action).count(), 1, "{action}");
    }
    let ahead = office.given(json!({})).await;
    let (status, refused) = office.step(&ahead, "hold", &json!({"reason": "x"})).await;
    assert_eq!(
        (status, &refused["code"]),
        (409, &json!("title_state_conflict")),
        "what is not held is not put on hold"
    );
}

async fn what_was_decided_before_a_hold_waits(store: Store) {
    let office = Office::start(store).await;
    let first = office.given(json!({"last_day": "2027-03-31"})).await;
    let second = office.given(json!({})).await;
    assert_eq!(office.step(&first, "hold", &json!({"reason": "asked"})).await.0, 200);
    office.at("2027-03-31T15:00:00Z");
    office.settle().await;
    assert_eq!(office.credentials().await.len(), 1, "a term does not slip past a hold");
    assert_eq!(office.state(&second).await, "on_hold");
    assert_eq!(office.step(&second, "end", &json!({"reason": "decided anew"})).await.0, 200);
    let third = office.given(json!({})).await;
    let held = office.credentials().await;
    assert_eq!(held.len(), 2, "what two people decide after it counts");
    assert!(held.iter().any(|credential| credential.term == 2 && credential.status == Status::Valid), "{held:?}");
    assert_eq!(office.state(&third).await, "current");
    office.assert_replayed().await;
}

async fn ending_early_opens_a_review(store: Store) {
    let office = Office::start(store).await;
    let first = office.given(json!({"last_day": "2027-03-31"})).await;
    let second = office.given(json!({})).await;
    assert_eq!(office.step(&first, "end", &json!({"reason": ""})).await.0, 422);
    let key = office.call(&format!("/api/v1/titles/{first}/end"), &json!({"reason": "x"})).await;
    assert_eq!(key.0, 403, "a key ends nothing");
    let (status, body) = office.step(&first, "end", &json!({"reason": "stepped back"})).await;
    assert_eq!((status, &body["state"], &body["ended"]["reason"]), (200, &json!("ended"), &json!("stepped back")));
    assert_eq!(office.state(&second).await, "ended", "what was to follow ends with it");
    office.settle().await;
    let held = office.credentials().await;
    assert_eq!((held.len(), held[0].status), (1, Status::Valid), "what is issued stays as it is");
    let (_, reviews) = office.call("/api/v1/reviews", &Value::Null).await;
    assert_eq!(reviews["data"][0]["change"], "undone", "{reviews}");
    let (status, again) = office.step(&first, "end", &json!({"reason": "twice"})).await;
    assert_eq!((status, &again["code"]), (409, &json!("title_state_conflict")));
    assert_eq!(office.test.audit_actions().await.iter().filter(|action| *action == "title.end").count(), 1);

    let revoke = json!({"reason_code": "other"});
    assert_eq!(office.call(&format!("/api/v1/credentials/{}/revoke", held[0].id), &revoke).await.0, 200);
    office.settle().await;
    office.given(json!({})).await;
    let held = office.credentials().await;
    assert_eq!(held.iter().filter(|credential| credential.status == Status::Valid).count(), 1, "given again, it holds");
    office.assert_replayed().await;
}

async fn a_term_that_is_over_is_not_confirmed(store: Store) {
    let office = Office::start(store).await;
    let id = office.proposed(json!({"last_day": "2026-11-30"})).await;
    office.at("2026-11-30T15:00:00Z");
    let (status, refused) = office.step(&id, "confirm", &Value::Null).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("term_over")), "{refused}");
    assert_eq!(office.step(&id, "refuse", &json!({"reason": "too late"})).await.0, 200);
    // Confirmed later than on its first day, a term begins with the confirmation.
    let id = office.proposed(json!({"last_day": "2027-11-30"})).await;
    office.at("2026-12-05T03:00:00Z");
    assert_eq!(office.step(&id, "confirm", &Value::Null).await.0, 200);
    office.settle().await;
    assert_eq!(rfc3339(office.credentials().await[0].awarded_at), "2026-12-05T03:00:00Z");
}
