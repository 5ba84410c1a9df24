//! `/healthz`: the process answers. `/readyz`: it can do its work; without a usable signing key it verifies but does not issue, and says so.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use crate::access::Public;
use crate::app::App;
use crate::issuer::{self, NotIssuing};
use crate::signing::KeyringError;

pub async fn alive(_: Public) -> impl IntoResponse {
    "ok\n"
}

/// 200 when ready, or able to verify and to hold exams only: whoever asks a balancer goes on being answered. 503 when the store does not answer or waits
/// for a migration. `issuing` is `on`, `sealed` (the key files wait for their passphrase) or `off`.
pub async fn ready(_: Public, State(app): State<App>) -> impl IntoResponse {
    let (status, word, issuing) = match app.db.require_current().await {
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "off"),
        Ok(()) => match issuer::keyring(&app).await {
            Ok(_) => (StatusCode::OK, "ready", "on"),
            Err(NotIssuing::Keyring(KeyringError::Sealed(_))) => (StatusCode::OK, "verifies_only", "sealed"),
            Err(_) => (StatusCode::OK, "verifies_only", "off"),
        },
    };
    (status, axum::Json(json!({"status": word, "issuing": issuing})))
}
