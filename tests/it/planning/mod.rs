//! Tracks being written: drafts, the dry run over stored facts, publishing now, later, silently; the form without a terminal; health of requirements.

mod designer;
mod guided;
mod newcomer;
mod outlook;
mod publishing;
mod testing;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::clock::parse_rfc3339;
use waymark::contributions::{self, SourceDefinition};
use waymark::database::Kind;
use waymark::facts::{self, NewFact};
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::members::{self, NewMember};
use waymark::web::i18n::Locale;
use waymark_criteria::{Amount, Detail};

use crate::openapi::Caller;
use crate::support::TestApp;

/// An installation with an issuer and a source, and no track.
pub async fn furnish(test: &TestApp) {
    let profile = json!({
        "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"}, "time_zone": "Asia/Tokyo",
    });
    let source = json!({"source": "https://forum.example", "title": {"ja": "広場", "en": "Square"}, "types": ["change.merged", "form.filled"]});
    issuer::generate_keys(&test.app, Actor::Operator).await.expect("keys are made");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
    let source = SourceDefinition::from_value(&source).expect("valid");
    contributions::keep_source(&mut ch, &source).await.expect("kept");
    ch.commit().await.expect("committed");
}

/// A member with one merged change on each of these days of May 2026, at nine in the morning UTC.
pub async fn giver(test: &TestApp, name: &str, locale: Locale, days: &[u8]) -> MemberId {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let new = NewMember {
        email: format!("{name}@members.example"),
        name: name.to_owned(),
        locale,
        handle: None,
        affiliation: None,
        joined_at: parse_rfc3339("2026-01-10T00:00:00Z"),
    };
    let member = members::enrol(&mut ch, new).await.expect("enrolled").id;
    for day in days {
        let at = parse_rfc3339(&format!("2026-05-{day:02}T09:00:00Z")).expect("a time");
        let detail = json!({"kind": "contribution", "type": "change.merged"});
        let fact = NewFact {
            member,
            happened_at: at,
            object: None,
            giver: None,
            amount: Amount::ONE,
            detail: serde_json::from_value::<Detail>(detail).expect("a detail"),
            origin: format!("test:{member}:{day}"),
        };
        facts::record(&mut ch, fact).await.expect("recorded");
    }
    ch.commit().await.expect("committed");
    test.settle().await;
    member
}

/// A milestone that asks for so many merged changes.
pub fn helper(at_least: u32) -> Value {
    json!({
        "kind": "milestone", "title": {"ja": "助ける人", "en": "Helper"}, "criteria": {"ja": "変更をとりこむ", "en": "Have changes merged"},
        "goal": {"ja": "助ける人を増やす", "en": "More helpers", "measure": "awards", "target": 10, "owner": "事務局"},
        "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": at_least}}]},
        "template": "seal", "achievement_type": "Badge",
    })
}

/// A call with a key; the status, the tag and the body.
pub async fn call(
    test: &TestApp,
    key: &str,
    method: Method,
    path: &str,
    etag: Option<&str>,
    body: Option<&Value>,
) -> (u16, String, Value) {
    let mut request = test.http.request(method, test.url(path)).bearer_auth(key);
    if let Some(etag) = etag {
        request = request.header("if-match", etag);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.expect("answered");
    let etag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
    let status: StatusCode = answer.status();
    (status.as_u16(), etag, answer.json().await.unwrap_or(Value::Null))
}

/// Every call of this room, held against its description.
pub async fn every_call(api: &mut Caller<'_>, admin: &str) {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let none = Value::Null;
    let (draft, plan, publish) =
        ("/api/v1/tracks/{slug}/draft", "/api/v1/tracks/{slug}/plan", "/api/v1/tracks/{slug}/publish");
    api.call(admin, get.clone(), draft, &["helper"], none.clone(), 404).await;
    let kept = api.call(admin, put.clone(), draft, &["helper"], json!({"kind": "milestone"}), 200).await;
    assert_ne!(kept["mistakes"], json!([]));
    api.call(admin, put, draft, &["helper"], helper(1), 200).await;
    api.call(admin, get.clone(), draft, &["helper"], none.clone(), 200).await;
    api.call(admin, get.clone(), plan, &["helper"], none.clone(), 404).await;
    api.call(admin, post.clone(), plan, &["helper"], json!({}), 200).await;
    api.call(admin, get.clone(), plan, &["helper"], none.clone(), 200).await;
    api.call(admin, post.clone(), publish, &["helper"], json!({"kind": "milestone"}), 422).await;
    api.call(admin, post.clone(), publish, &["helper"], json!({}), 200).await;
    api.call(admin, post.clone(), publish, &["foundations"], helper(1), 409).await;
    api.call(admin, get.clone(), "/api/v1/requirement-health", &[], none.clone(), 404).await;
    api.call(admin, post, "/api/v1/requirement-health", &[], none.clone(), 200).await;
    api.call(admin, get, "/api/v1/requirement-health", &[], none, 200).await;
}
