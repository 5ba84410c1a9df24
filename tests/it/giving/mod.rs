//! What people hand in themselves: links, handles, gatherings, tables; and what is held back, strikes, who gives to whom.

mod gatherings;
mod handles;
mod links;
mod quarantine;
mod tables;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::config::{Config, DidMethod};
use waymark::contributions::{SourceDefinition, keep_source};
use waymark::database::Kind;
use waymark::domain_event::DomainEvent;
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::enrol;
use crate::home::Visitor;
use crate::openapi::Caller;
use crate::support::{Store, TestApp};

pub const SQUARE: &str = "https://square.example";

/// A program whose one track counts whatever is handed in here, each object once.
pub struct Hall {
    pub test: TestApp,
    pub admin: String,
}

impl Hall {
    pub async fn start(store: Store) -> Self {
        Self::start_with(store, |_| {}).await
    }

    pub async fn start_with(store: Store, adjust: impl FnOnce(&mut Config)) -> Self {
        let test = TestApp::start_with(store, |config| {
            config.issuer.did_method = DidMethod::Key;
            adjust(config);
        })
        .await;
        let profile = json!({"issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"}, "time_zone": "Asia/Tokyo"});
        let track = json!({
            "slug": "shown", "kind": "milestone", "title": {"ja": "示した人", "en": "Shown"},
            "criteria": {"ja": "九件の貢献", "en": "Nine contributions"},
            "requires": {"all": [{"id": "give", "contributions": {
                "types": ["content.published", "event.attended", "answer.accepted"], "at_least": 9, "distinct": "object",
            }}]},
        });
        issuer::generate_keys(&test.app, Actor::Operator).await.expect("keys are made");
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
        let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
        tracks::publish(&mut ch, own.id, &TrackDefinition::from_value(&track).expect("valid"))
            .await
            .expect("published");
        ch.commit().await.expect("committed");
        let admin = test.api_key(Role::Admin).await;
        let hall = Self { test, admin };
        hall.source(SQUARE, &json!({})).await;
        hall
    }

    /// Keeps a source that takes handles and ids.
    pub async fn source(&self, name: &str, more: &Value) {
        let mut source = json!({
            "source": name, "title": "Square", "types": ["answer.accepted", "answer.posted", "thanks.given"],
            "subjects": ["member", "handle"],
        });
        source.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let definition = SourceDefinition::from_value(&source).expect("valid");
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        keep_source(&mut ch, &definition).await.expect("kept");
        ch.commit().await.expect("committed");
    }

    /// A member and a token that acts as them.
    pub async fn member(&self, name: &str) -> (MemberId, String) {
        let member = enrol(&self.test, name).await;
        (member, self.token(member).await)
    }

    pub async fn token(&self, member: MemberId) -> String {
        let (status, body) = self.post(&self.admin, &format!("/api/v1/members/{member}/tokens"), Value::Null).await;
        assert_eq!(status, 201, "{body}");
        body["token"].as_str().expect("a token").to_owned()
    }

    /// A member who is staff, in a browser.
    pub async fn colleague(&self, name: &str, role: Role) -> (MemberId, Visitor<'_>) {
        let member = enrol(&self.test, name).await;
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        access::give_role(&mut ch, member, role).await.expect("given");
        ch.commit().await.expect("committed");
        (member, Visitor::signed_in(&self.test, member).await)
    }

    pub async fn call(&self, who: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.test.http.request(method, self.test.url(path)).bearer_auth(who);
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub async fn post(&self, who: &str, path: &str, body: Value) -> (u16, Value) {
        self.call(who, Method::POST, path, body).await
    }

    pub async fn get(&self, who: &str, path: &str) -> Value {
        let (status, body) = self.call(who, Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Sends one event as staff; answers its result.
    pub async fn event(&self, source: &str, id: &str, kind: &str, subject: &str, data: Value) -> Value {
        let event = json!({
            "specversion": "1.0", "id": id, "source": source, "type": kind, "subject": subject, "time": "2026-11-20T09:00:00Z", "data": data,
        });
        let request = self.test.http.post(self.test.url("/api/v1/events")).bearer_auth(&self.admin);
        let request = request.header("content-type", "application/cloudevents+json").body(event.to_string());
        let answer = request.send().await.expect("answered");
        assert_eq!(answer.status(), 202);
        let body: Value = answer.json().await.expect("JSON");
        self.test.settle().await;
        body["results"][0].clone()
    }

    /// How much counts for the member.
    pub async fn have(&self, member: MemberId) -> Value {
        self.test.settle().await;
        let progress = self.get(&self.admin, &format!("/api/v1/members/{member}/progress")).await;
        let nodes = progress["data"][0]["requirements"].as_array().expect("a list").clone();
        nodes.into_iter().find(|node| node["id"] == "give").expect("the requirement")["have"].clone()
    }

    pub async fn state(&self, contribution: &str) -> String {
        self.test.texts(&format!("SELECT state FROM contribution WHERE id = '{contribution}'")).await.remove(0)
    }

    /// Domain events of this name that were told.
    pub async fn told(&self, name: &str) -> Vec<DomainEvent> {
        let rows = self.test.texts("SELECT event FROM outbox ORDER BY seq").await;
        let read = rows.iter().map(|text| serde_json::from_str::<DomainEvent>(text).expect("an event"));
        read.filter(|event| serde_json::to_value(event).expect("JSON")["event"] == name).collect()
    }
}

/// Every call of the room, for the test of the API's description.
pub async fn every_call(api: &mut Caller<'_>, admin: &str, token: &str, member: &str) {
    let (get, post, none) = (Method::GET, Method::POST, Value::Null);
    let link = |n: u32| json!({"url": format!("https://blog.example/{n}"), "type": "content.published", "happened_on": "2026-11-20", "sentence": "An article.", "disclosure": "none"});
    let mut ids = vec![];
    for n in 1..=2 {
        let made = api.call(token, post.clone(), "/api/v1/links", &[], link(n), 201).await;
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    api.call(token, post.clone(), "/api/v1/links", &[], link(1), 409).await;
    api.call(token, get.clone(), "/api/v1/links", &[], none.clone(), 200).await;
    api.call(admin, get.clone(), "/api/v1/links/{id}", &[&ids[0]], none.clone(), 200).await;
    api.call(admin, post.clone(), "/api/v1/links/{id}/accept", &[&ids[0]], json!({}), 200).await;
    api.call(admin, post.clone(), "/api/v1/links/{id}/refuse", &[&ids[1]], json!({"reason": "Not found."}), 200).await;
    api.call(token, post.clone(), "/api/v1/links/{id}/answer", &[&ids[1]], json!({"text": "Now it is."}), 200).await;
    api.call(token, post.clone(), "/api/v1/links/{id}/withdraw", &[&ids[1]], none.clone(), 200).await;

    for (handle, step) in [("ada", "confirm"), ("ada2", "refuse")] {
        let claim =
            json!({"source": "https://connpass.com", "handle": handle, "place": "https://connpass.com/user/ada/"});
        let made = api.call(token, post.clone(), "/api/v1/handles", &[], claim, 201).await;
        let id = made["id"].as_str().expect("an id").to_owned();
        api.call(admin, get.clone(), "/api/v1/handles", &[], none.clone(), 200).await;
        let body = if step == "refuse" { json!({"reason": "Not there."}) } else { none.clone() };
        api.call(admin, post.clone(), &format!("/api/v1/handles/{{id}}/{step}"), &[&id], body, 200).await;
        if step == "confirm" {
            api.call(token, post.clone(), "/api/v1/handles/{id}/release", &[&id], none.clone(), 200).await;
        }
    }

    let gathering =
        json!({"title": "Meet-up", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-21T12:00:00Z"});
    let mut places = vec![];
    for _ in 1..=3 {
        let made = api.call(admin, post.clone(), "/api/v1/gatherings", &[], gathering.clone(), 201).await;
        places.push(made);
    }
    let id = |n: usize| places[n]["id"].as_str().expect("an id");
    api.call(admin, get.clone(), "/api/v1/gatherings", &[], none.clone(), 200).await;
    let path = "/api/v1/gatherings/{id}/attendances";
    let code = places[0]["attend_url"].as_str().and_then(|url| url.rsplit('/').next()).expect("a code");
    api.call(token, post.clone(), path, &[id(0)], json!({"code": code}), 201).await;
    for (n, step, body) in [(1, "confirm", none.clone()), (2, "refuse", json!({"reason": "Nobody saw them."}))] {
        let asked = api.call(token, post.clone(), path, &[id(n)], json!({"note": "By the window."}), 201).await;
        let asked = asked["id"].as_str().expect("an id");
        api.call(admin, post.clone(), &format!("/api/v1/attendances/{{id}}/{step}"), &[asked], body, 200).await;
    }
    api.call(admin, get.clone(), "/api/v1/gatherings/{id}", &[id(0)], none.clone(), 200).await;

    let path = "/api/v1/contributions/import";
    let csv = "ユーザー名,表示名,出欠ステータス\nada3,Ada,出席\n";
    for (dry_run, expected) in [("true", 200), ("false", 202)] {
        let query = [
            ("preset", "connpass"),
            ("object", "https://guild.connpass.com/event/1/"),
            ("day", "2026-11-20"),
            ("dry_run", dry_run),
        ];
        api.send_file(admin, path, (path, &query), ("text/csv", csv.as_bytes()), expected).await;
    }
    let strike = json!({"reason": "The same text three times.", "days": 30});
    let strike = api.call(admin, post.clone(), "/api/v1/members/{id}/strikes", &[member], strike, 201).await;
    let event = json!({"specversion": "1.0", "id": "held-1", "source": "https://forum.example", "type": "answer.accepted", "subject": member, "data": {"object": "a/held"}});
    let held = api.call(admin, post.clone(), "/api/v1/events", &[], event, 202).await;
    let held = held["results"][0]["contribution"].as_str().expect("kept");
    api.fetch(admin, "/api/v1/held", "/api/v1/held", &[("reason", "suspicious")]).await;
    api.call(admin, post.clone(), "/api/v1/contributions/{id}/release", &[held], none.clone(), 200).await;
    api.call(token, get.clone(), "/api/v1/members/{id}/strikes", &[member], none.clone(), 200).await;
    let strike = strike["id"].as_str().expect("an id");
    api.call(admin, post, "/api/v1/strikes/{id}/lift", &[strike], json!({"reason": "It was another's."}), 200).await;
    api.call(admin, get, "/api/v1/reciprocity", &[], none, 200).await;
}
