//! What members are told: on their page, by mail, once, in their language; and reminders over time.

mod mailbox;
mod mailing;
mod pages;
mod reminding;
mod telling;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access;
use waymark::actor::Actor;
use waymark::config::Config;
use waymark::database::Kind;
use waymark::domain_event::DomainEvent;
use waymark::facts::{self, NewFact};
use waymark::ids::{self, MemberId, ThanksId};
use waymark::issuer;
use waymark::members;
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;
use waymark_criteria::Amount;

use crate::giving::Hall;
use crate::openapi::Caller;
use crate::support::{Store, TestApp};

use mailbox::Mailbox;

/// A hall whose letters go to this mailbox.
async fn with_mail(store: Store, mailbox: &Mailbox) -> Hall {
    let port = mailbox.port;
    Hall::start_with(store, move |config: &mut Config| {
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.port = port;
        config.mail.from = "Guild <office@guild.example>".to_owned();
    })
    .await
}

/// A member who signed in, and whose address is proved to be theirs.
async fn member(hall: &Hall, name: &str, locale: Locale) -> MemberId {
    let mut ch = hall.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let email = format!("{name}@members.example");
    let member = members::find_or_enrol(&mut ch, &email, name, locale).await.expect("enrolled").id;
    members::verify_email(&mut ch, member).await.expect("verified");
    access::start_session(&mut ch, member).await.expect("signed in");
    ch.commit().await.expect("committed");
    hall.test.settle().await;
    member
}

/// A track that asks for so many merged changes.
async fn publish(hall: &Hall, slug: &str, at_least: u32, more: &Value) {
    let mut track = json!({
        "slug": slug, "kind": "milestone", "title": {"ja": format!("助ける人 {slug}"), "en": format!("Helper {slug}")},
        "criteria": {"ja": "変更をとりこむ", "en": "Have changes merged"},
        "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": at_least}}]},
    });
    track.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let mut ch = hall.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    let track = TrackDefinition::from_value(&track).expect("valid");
    tracks::publish(&mut ch, own.id, &track).await.expect("published");
    ch.commit().await.expect("committed");
    hall.test.settle().await;
}

/// So many merged changes of the member, yesterday.
async fn give(test: &TestApp, member: MemberId, names: &[&str]) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    for name in names {
        let fact = NewFact {
            member,
            happened_at: ch.now - time::Duration::DAY,
            object: None,
            giver: None,
            amount: Amount::ONE,
            detail: serde_json::from_value(json!({"kind": "contribution", "type": "change.merged"})).expect("a detail"),
            origin: format!("test:{member}:{name}"),
        };
        facts::record(&mut ch, fact).await.expect("recorded");
    }
    ch.commit().await.expect("committed");
}

/// Somebody thanked them.
async fn thank(hall: &Hall, member: MemberId) {
    let db = &hall.test.app.db;
    let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let thanks: ThanksId = ids::fresh(ch.now, db.entropy.as_ref());
    ch.tell(&DomainEvent::ThanksGiven { thanks, member }).await.expect("told");
    ch.commit().await.expect("committed");
    hall.test.settle().await;
}

/// What a member was told, oldest first: what, and how many days ahead where it is a reminder.
async fn told(test: &TestApp, member: MemberId) -> Vec<String> {
    let sql = format!(
        "SELECT CASE WHEN detail IS NULL THEN what ELSE what || ' ' || detail END FROM notice WHERE member = '{member}' ORDER BY at, id"
    );
    test.texts(&sql).await
}

/// The member's list through the API.
async fn listed(hall: &Hall, member: MemberId, language: &str) -> Vec<Value> {
    let token = hall.token(member).await;
    let request = hall.test.http.get(hall.test.url(&format!("/api/v1/members/{member}/notices"))).bearer_auth(token);
    let answer = request.header("accept-language", language).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.expect("JSON");
    body["data"].as_array().expect("a list").clone()
}

/// Every call of the room, for the test of the API's description.
pub async fn every_call(api: &mut Caller<'_>, token: &str, member: &str) {
    let (get, post, put, none) = (Method::GET, Method::POST, Method::PUT, Value::Null);
    api.test.settle().await;
    let path = "/api/v1/members/{id}/notices";
    let list = api.call(token, get.clone(), path, &[member], none.clone(), 200).await;
    let first = list["data"][0]["id"].as_str().expect("a notice").to_owned();
    let path = "/api/v1/members/{id}/notices/read";
    api.call(token, post.clone(), path, &[member], json!({"ids": [first]}), 200).await;
    let left = api.call(token, post.clone(), path, &[member], json!({"until": first}), 200).await;
    assert_eq!(left["unread"], 0);
    api.call(token, post, path, &[member], json!({}), 422).await;
    let path = "/api/v1/members/{id}/notice-settings";
    let known = api.call(token, get, path, &[member], none, 200).await;
    assert_eq!((&known["ways"]["near"], &known["mail"]), (&json!("weekly"), &json!(false)));
    let chosen = json!({"ways": {"near": "here"}, "letters": true});
    let known = api.call(token, put.clone(), path, &[member], chosen, 200).await;
    assert_eq!(known["ways"]["near"], "here");
    api.call(token, put, path, &[member], json!({"ways": {"near": "never"}}), 422).await;
}
