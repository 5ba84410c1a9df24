//! `POST /api/v1/credentials/{id}/claim-link`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use super::links::link_for;
use crate::access::{self, IssueCredentials, May};
use crate::app::App;
use crate::clock::rfc3339;
use crate::credentials::find;
use crate::error::{Error, Result};
use crate::members::CLAIM_LINK;

/// A new link to hand over; the one made before is worth nothing. 409 once the recipient has signed in.
pub async fn make_claim_link(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let known = find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    let url = link_for(&app, may.actor(), &known, false).await?;
    let expires_at = rfc3339(app.db.now() + CLAIM_LINK);
    // A secret is shown once: no kept answer may show it again.
    Ok((
        StatusCode::CREATED,
        axum::Extension(access::NotKept),
        axum::Json(json!({"url": url, "expires_at": expires_at})),
    ))
}
