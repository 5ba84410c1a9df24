//! A receiver on the loopback, and the check of a signature by arithmetic of its own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One message as it came.
#[derive(Debug, Clone)]
pub struct Came {
    pub headers: HeaderMap,
    pub body: String,
}

impl Came {
    pub fn header(&self, name: &str) -> String {
        self.headers[name].to_str().expect("text").to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

#[derive(Default)]
struct Desk {
    came: Vec<Came>,
    /// What to answer next; 200 when nothing is left.
    answers: VecDeque<u16>,
    answer_always: Option<u16>,
}

pub struct Receiver {
    pub url: String,
    desk: Arc<Mutex<Desk>>,
    server: tokio::task::JoinHandle<()>,
}

impl Receiver {
    pub async fn start() -> Self {
        let desk: Arc<Mutex<Desk>> = Arc::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
        let router = Router::new().fallback(receive).with_state(desk.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the receiver runs");
        });
        Self { url, desk, server }
    }

    /// Everything that came so far.
    pub fn came(&self) -> Vec<Came> {
        self.desk.lock().expect("no thread panics with it").came.clone()
    }

    /// What every message says, in their order.
    pub fn bodies(&self) -> Vec<Value> {
        self.came().iter().map(Came::json).collect()
    }

    /// The kinds that came, in their order.
    pub fn kinds(&self) -> Vec<String> {
        self.came().iter().map(|came| came.json()["type"].as_str().expect("a type").to_owned()).collect()
    }

    pub fn answer_next(&self, statuses: &[u16]) {
        self.desk.lock().expect("no thread panics with it").answers.extend(statuses);
    }

    pub fn answer_always(&self, status: Option<u16>) {
        self.desk.lock().expect("no thread panics with it").answer_always = status;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(
    State(desk): State<Arc<Mutex<Desk>>>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, [(header::HeaderName, &'static str); 1], &'static str) {
    let mut desk = desk.lock().expect("no thread panics with it");
    desk.came.push(Came { headers, body });
    let status = desk.answer_always.or_else(|| desk.answers.pop_front()).unwrap_or(200);
    // A redirect that is followed would come back and be counted.
    (StatusCode::from_u16(status).expect("a status"), [(header::LOCATION, "/followed")], "thank you\u{7}")
}

/// HMAC-SHA256 by its definition (RFC 2104), without the crate that signs.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

/// Whether one of the message's signatures is by this secret, as a receiver checks it.
pub fn is_signed_by(came: &Came, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a prefix")).expect("base64");
    assert_eq!(key.len(), 32);
    let signed = format!("{}.{}.{}", came.header("webhook-id"), came.header("webhook-timestamp"), came.body);
    let expected = format!("v1,{}", STANDARD.encode(hmac(&key, signed.as_bytes())));
    came.header("webhook-signature").split(' ').any(|one| one == expected)
}
