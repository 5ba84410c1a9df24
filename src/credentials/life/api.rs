//! `POST /api/v1/credentials/{id}/replace`, `/renew` and `/cancel`.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::cancel::{cancel, cancel_now};
use super::renew::{Renewal, Renewed, renew, renew_now};
use super::replace::{Correction, Dating, Replaced, replace, replace_now};
use crate::access::{self, ChangeStatus, IssueCredentials, May};
use crate::app::App;
use crate::credentials::api::{DryRun, created, described};
use crate::credentials::document::{GivenEvidence, GivenResult};
use crate::credentials::history::Reason;
use crate::credentials::lifecycle::ReasonCode;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::CredentialId;
use crate::web::input::Json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceBody {
    #[serde(default = "superseded")]
    reason_code: ReasonCode,
    #[serde(default)]
    public_reason: Option<String>,
    #[serde(default)]
    internal_note: Option<String>,
    #[serde(default)]
    evidence: Option<Vec<GivenEvidence>>,
    #[serde(default)]
    results: Option<Vec<GivenResult>>,
    #[serde(default)]
    valid_until: Option<String>,
}

fn superseded() -> ReasonCode {
    ReasonCode::Superseded
}

/// `POST /api/v1/credentials/{id}/replace`: 201 with the one that takes its place; 200 with the one that took it before.
pub async fn replace_call(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(dry): Query<DryRun>,
    headers: HeaderMap,
    Json(body): Json<ReplaceBody>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let correction = Correction {
        reason: Reason { code: body.reason_code, public: body.public_reason, internal: body.internal_note },
        evidence: body.evidence,
        results: body.results,
        valid_until: body.valid_until,
    };
    if dry.dry_run {
        let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
        let answer = match replace(&app, &mut ch, id, &correction, Dating::Reviewed).await? {
            Replaced::New(new) => {
                json!({"dry_run": true, "credential": new.document, "differences": new.differences})
            }
            Replaced::Already(known) => json!({"dry_run": true, "replaced_by": known.id}),
        };
        return Ok(axum::Json(answer).into_response());
    }
    access::require_idempotency_key(&headers)?;
    let (known, made) = replace_now(&app, may.actor(), id, &correction, Dating::Reviewed).await?;
    crate::credentials::publish_status(&app, id).await;
    created(&app, &known, made).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewBody {
    #[serde(default)]
    evidence: Vec<GivenEvidence>,
    #[serde(default)]
    results: Vec<GivenResult>,
    #[serde(default)]
    valid_until: Option<String>,
}

/// `POST /api/v1/credentials/{id}/renew`: 201 with the credential of the next term; 200 with the one that is held already.
pub async fn renew_call(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(dry): Query<DryRun>,
    headers: HeaderMap,
    Json(body): Json<RenewBody>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let renewal = Renewal { evidence: body.evidence, results: body.results, valid_until: body.valid_until };
    if dry.dry_run {
        let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
        let answer = match renew(&app, &mut ch, id, &renewal).await? {
            Renewed::New { document, .. } => json!({"dry_run": true, "credential": document}),
            Renewed::Held(known) => json!({"dry_run": true, "renewed_by": known.id}),
        };
        return Ok(axum::Json(answer).into_response());
    }
    access::require_idempotency_key(&headers)?;
    let (known, made) = renew_now(&app, may.actor(), id, &renewal).await?;
    created(&app, &known, made).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    #[serde(default)]
    internal_note: Option<String>,
}

/// `POST /api/v1/credentials/{id}/cancel`: only while its member never signed in.
pub async fn cancel_call(
    may: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(dry): Query<DryRun>,
    Json(body): Json<CancelBody>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    if dry.dry_run {
        let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
        let changes = cancel(&mut ch, id, body.internal_note).await?;
        return Ok(axum::Json(json!({"dry_run": true, "changes": changes, "status": "revoked"})).into_response());
    }
    let known = cancel_now(&app, may.actor(), id, body.internal_note).await?;
    Ok(axum::Json(described(&app, &known).await?).into_response())
}
