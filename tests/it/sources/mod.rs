//! Sources that speak their own language: payloads in the form that each system publishes, with forged and repeated ones beside them.

mod definitions;
mod feeds;
mod health;
mod hooks;
mod shedding;
mod titles;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use waymark::actor::Actor;
use waymark::contributions::{self, Contribution, SourceDefinition, keep_source};
use waymark::database::Kind;
use waymark::ids::MemberId;

use crate::contributions::{enrol, small_program, start};
use crate::support::{Store, TestApp};

pub const SECRET: &str = "a secret of the tests, long enough";

/// A payload of `payloads/`.
pub fn payload(name: &str) -> Value {
    let path = format!("{}/tests/it/sources/payloads/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).expect("the payload is there")).expect("JSON")
}

pub fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect()
}

pub async fn keep(test: &TestApp, definition: Value) {
    let read = SourceDefinition::from_value(&definition).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    keep_source(&mut ch, &read).await.expect("kept");
    ch.commit().await.expect("committed");
}

/// Puts the secret where the sources say that it stands.
pub fn put_secret(test: &TestApp, text: &str) {
    let path = test.app.config.data_dir.join("hook.secret");
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
}

/// A small program with a GitHub, a Discourse and a Forgejo source.
pub async fn with_sources(store: Store) -> TestApp {
    let test = start(store).await;
    small_program(&test).await;
    put_secret(&test, SECRET);
    let secret = json!({"file": "hook.secret"});
    keep(
        &test,
        json!({
            "source": "https://github.com/example-guild", "slug": "github", "title": "GitHub", "adapter": "github", "secret": secret,
            "from": ["example-guild/*"], "quiet_days": 7, "weights": {"change.merged": 3},
            "map": [
                {"when": "pull_request.merged", "type": "change.merged", "credit": ["author", "co_authors"]},
                {"when": "review.submitted", "type": "review.published"},
                {"when": "issue.opened", "type": "issue.reported"},
                {"when": "discussion.answered", "type": "answer.accepted"},
            ],
        }),
    )
    .await;
    keep(&test, json!({"source": "https://forum.example", "slug": "forum", "title": "Forum", "adapter": "discourse", "secret": secret})).await;
    keep(&test, json!({"source": "https://forge.example", "slug": "forge", "title": "Forge", "adapter": "forgejo", "secret": secret})).await;
    test
}

/// One delivery as its system sends it.
pub struct Sent<'a> {
    pub slug: &'a str,
    pub event: &'a str,
    pub delivery: &'a str,
    pub body: String,
    pub signed: String,
}

impl<'a> Sent<'a> {
    pub fn new(slug: &'a str, event: &'a str, delivery: &'a str, body: &Value) -> Self {
        let body = body.to_string();
        Self { slug, event, delivery, signed: signature(SECRET, &body), body }
    }

    /// Status and answer.
    pub async fn to(&self, test: &TestApp) -> (u16, Value) {
        let request =
            test.http.post(test.url(&format!("/hooks/{}", self.slug))).header("content-type", "application/json");
        let request = match self.slug {
            "github" => request
                .header("x-github-event", self.event)
                .header("x-github-delivery", self.delivery)
                .header("x-hub-signature-256", format!("sha256={}", self.signed)),
            "forum" => request
                .header("x-discourse-event", self.event)
                .header("x-discourse-event-id", self.delivery)
                .header("x-discourse-event-signature", format!("sha256={}", self.signed)),
            _ => request
                .header("x-forgejo-event", self.event)
                .header("x-forgejo-delivery", self.delivery)
                .header("x-forgejo-signature", &self.signed),
        };
        let answer = request.body(self.body.clone()).send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }
}

/// Delivers a payload under a name; answers what became of it.
pub async fn deliver(test: &TestApp, slug: &str, event: &str, delivery: &str, body: &Value) -> String {
    let (status, answer) = Sent::new(slug, event, delivery, body).to(test).await;
    assert_eq!(status, 202, "{answer}");
    answer["outcome"].as_str().expect("a word").to_owned()
}

pub async fn of(test: &TestApp, member: MemberId) -> Vec<Contribution> {
    contributions::of_member(test.app.db.read(), member, 50).await.expect("read")
}

pub async fn two_members(test: &TestApp) -> (MemberId, MemberId) {
    (enrol(test, "hikari-dev").await, enrol(test, "tsukumo").await)
}
