//! The routes under `/vc-api`. What the suites expect is answered as they expect it: 201 for what was issued, 200 for what holds, 400 with
//! `errors` for what does not.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use waymark_credential::strict_json;

use super::issue::{self, Options};
use super::lists::{self, FRESH_SECONDS, Kept, Purpose};
use super::problems;
use super::signer;
use super::verify::{self, Asked, Verdict};
use crate::access::{Conformance, Public};
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::input;
use crate::web::input::BODY_LIMIT;
use crate::web::published::{Published, published};

/// `GET /vc-api`: who signs here, and how.
pub async fn about(_: Conformance, State(app): State<App>) -> Result<Response> {
    let issuer = signer::issuer(&app).await?;
    Ok(axum::Json(json!({"issuer": issuer, "cryptosuites": ["eddsa-rdfc-2022", "eddsa-jcs-2022"]})).into_response())
}

/// `POST /vc-api/credentials/issue`.
pub async fn issue_credential(_: Conformance, State(app): State<App>, request: Request) -> Result<Response> {
    let body = match read(request, &app).await? {
        Ok(body) => body,
        Err(refused) => return Ok(refused),
    };
    let options = Options::read(body.get("options"));
    match issue::issue(&app, &body["credential"], &options).await? {
        Ok(signed) => Ok((StatusCode::CREATED, axum::Json(json!({"verifiableCredential": signed}))).into_response()),
        Err(invalid) => Ok(bad(&json!({"errors": problems::of_invalid(&invalid)}))),
    }
}

/// `POST /vc-api/credentials/verify`.
pub async fn verify_credential(_: Conformance, State(app): State<App>, request: Request) -> Result<Response> {
    let body = match read(request, &app).await? {
        Ok(body) => body,
        Err(refused) => return Ok(refused),
    };
    let asked = Asked::read(body.get("options"));
    Ok(answer(verify::credential(&app, &body["verifiableCredential"], &asked).await?))
}

/// `POST /vc-api/presentations/verify`.
pub async fn verify_presentation(_: Conformance, State(app): State<App>, request: Request) -> Result<Response> {
    let body = match read(request, &app).await? {
        Ok(body) => body,
        Err(refused) => return Ok(refused),
    };
    let asked = Asked::read(body.get("options"));
    Ok(answer(verify::presentation(&app, &body["verifiablePresentation"], &asked).await?))
}

/// `POST /vc-api/credentials/status`: `status` is true unless it says otherwise.
pub async fn change_status(_: Conformance, State(app): State<App>, request: Request) -> Result<Response> {
    let body = match read(request, &app).await? {
        Ok(body) => body,
        Err(refused) => return Ok(refused),
    };
    let refuse = |problem: &str| Ok(bad(&json!({"errors": [problems::unreadable(problem)]})));
    let Some(id) = body.get("credentialId").and_then(Value::as_str) else {
        return refuse("credentialId must be the id of a credential that was issued here");
    };
    let entry = body.get("credentialStatus");
    if entry.and_then(|e| e.get("type")).is_some_and(|kind| kind != "BitstringStatusListEntry") {
        return refuse("credentialStatus.type must be BitstringStatusListEntry");
    }
    let purpose = match entry.and_then(|e| e.get("statusPurpose")) {
        None => None,
        Some(purpose) => match purpose.as_str().and_then(Purpose::parse) {
            Some(purpose) => Some(purpose),
            None => return refuse("credentialStatus.statusPurpose must be revocation or suspension"),
        },
    };
    let on = match body.get("status") {
        None => true,
        Some(Value::Bool(on)) => *on,
        Some(Value::String(on)) if on == "1" || on == "0" => on == "1",
        Some(_) => return refuse("status must be true or false"),
    };
    match lists::set(&app, id, purpose, on).await? {
        Ok(()) => Ok((StatusCode::OK, axum::Json(json!({}))).into_response()),
        Err(Kept::Unknown) => Err(Error::not_found()),
        Err(Kept::Revoked) => refuse("a revocation is for good; only a suspension can be lifted"),
    }
}

/// `GET /vc-api/status-lists/{list_id}`: public like every status list.
pub async fn list_document(
    _: Public,
    State(app): State<App>,
    Path(list_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    if !app.config.vc_api.enabled {
        return Err(Error::not_found());
    }
    let body = lists::document(&app, &list_id).await?.into_bytes();
    Ok(published(&headers, Published::new("application/vc", FRESH_SECONDS, body)))
}

/// The body as a JSON object, or the refusal in the form that suites read.
async fn read(request: Request, app: &App) -> Result<Result<Value, Response>> {
    input::require_type(request.headers(), &["application/json", "application/ld+json"])?;
    let bytes = input::body(request, app).await?;
    match strict_json::parse(&bytes, BODY_LIMIT) {
        Ok(value) if input::nul_in(&value).is_some() => Ok(Err(refused("no text may have the character U+0000"))),
        Ok(value) if value.is_object() => Ok(Ok(value)),
        Ok(_) => Ok(Err(refused("the body must be an object"))),
        Err(why) => Ok(Err(refused(&why.to_string()))),
    }
}

fn refused(why: &str) -> Response {
    bad(&json!({"verified": false, "errors": [problems::unreadable(why)]}))
}

fn answer(verdict: Verdict) -> Response {
    if verdict.errors.is_empty() {
        let body = json!({"verified": true, "errors": [], "warnings": verdict.warnings});
        return (StatusCode::OK, axum::Json(body)).into_response();
    }
    bad(&json!({"verified": false, "errors": verdict.errors, "warnings": verdict.warnings}))
}

fn bad(body: &Value) -> Response {
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}
