//! `/healthz`: the process answers. `/readyz`: it can do its work; without a usable signing key it verifies but does not issue, and says so.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use crate::access::Public;
use crate::app::App;
use crate::issuer;

pub async fn alive(_: Public) -> impl IntoResponse {
    "ok\n"
}

/// 200 when ready or able to verify only, 503 when the store does not answer or waits for a migration.
pub async fn ready(_: Public, State(app): State<App>) -> impl IntoResponse {
    let (status, word) = match app.db.require_current().await {
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
        Ok(()) => match issuer::keyring(&app).await {
            Ok(_) => (StatusCode::OK, "ready"),
            Err(_) => (StatusCode::OK, "verifies_only"),
        },
    };
    (status, axum::Json(json!({"status": word})))
}
