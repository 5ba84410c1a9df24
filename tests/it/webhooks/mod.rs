//! Webhooks against a receiver of our own on the loopback, which tests alone may switch on.

mod command;
mod managing;
mod receiver;
mod sending;
mod together;

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::outbound::Connector;

pub use receiver::{Receiver, is_signed_by};

use crate::credentials::Guild;
use crate::support::{Store, TestApp};

/// The guarded connector, which may also tell this machine.
pub fn telling_loopback() -> Connector {
    Connector::guarded().and_then(Connector::telling_own_machine).expect("a connector")
}

/// A guild whose webhooks may lead to this machine.
async fn guild(store: Store) -> Guild {
    let test = TestApp::start_reaching(store, telling_loopback(), |config| {
        config.issuer.did_method = waymark::config::DidMethod::Key;
    });
    let guild = Guild::in_app(test.await).await;
    waymark::issuer::generate_keys(&guild.test.app, waymark::actor::Actor::Operator).await.expect("a key is made");
    guild
}

/// Staff at the API of webhooks.
pub struct Staff<'t> {
    test: &'t TestApp,
    key: String,
}

impl<'t> Staff<'t> {
    pub async fn of(test: &'t TestApp) -> Self {
        Self { test, key: test.api_key(Role::Admin).await }
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.test.http.post(self.test.url(&format!("/api/v1/webhooks{path}"))).bearer_auth(&self.key);
        let answer = if body.is_null() { request } else { request.json(body) }.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub async fn get(&self, path: &str) -> Value {
        let request = self.test.http.get(self.test.url(&format!("/api/v1/webhooks{path}"))).bearer_auth(&self.key);
        let answer = request.send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    /// A webhook for these kinds: its path below `/api/v1/webhooks`, and its secret.
    pub async fn add(&self, url: &str, kinds: &[&str], exams: &[&str]) -> (String, String) {
        let (status, made) = self.post("", &json!({"url": url, "kinds": kinds, "exams": exams})).await;
        assert_eq!(status, 201, "{made}");
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        (format!("/{}", text("id")), text("secret"))
    }

    /// The deliveries of a webhook, the newest first.
    pub async fn deliveries(&self, hook: &str) -> Vec<Value> {
        self.get(&format!("{hook}/deliveries")).await["data"].as_array().expect("a list").clone()
    }
}
