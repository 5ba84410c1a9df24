//! `/api/v1/credentials…`, `/api/v1/members/{id}/credentials` and `/status/{list_id}`.

use axum::extract::{FromRequest as _, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::find::{self, Credential};
use super::history::Reason;
use super::issue::issue_apart;
use super::life;
use super::lifecycle::{ReasonCode, StatusChange, Visibility};
use super::lists::{self, FRESH_SECONDS};
use super::release::release;
use super::request::IssueRequest;
use super::standing::{change_status, publish_status};
use super::visibility::show_to;
use super::{Awarded, Stage, Status};
use crate::access::{self, ChangeStatus, IssueCredentials, May, Public, ReadCredentials, SelfOr};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Code, Error, Result};
use crate::ids::{CredentialId, MemberId, StatusListId};
use crate::web::input::Json;
use crate::web::published::{Published, published};
use crate::{issuer, members, tracks};

/// One credential as the API shows it to its member, to staff and to keys.
#[derive(Debug, Serialize)]
pub struct CredentialBody {
    id: String,
    /// `intended`, `released`, `suspended` or `revoked`.
    state: &'static str,
    status: &'static str,
    share_id: String,
    url: String,
    number: String,
    check_code: String,
    member: String,
    track: String,
    track_slug: String,
    track_version: String,
    term: u32,
    basis: Value,
    name: String,
    visibility: &'static str,
    awarded_at: String,
    issued_at: String,
    valid_until: Option<String>,
    status_changed_at: Option<String>,
    reason_code: Option<&'static str>,
    public_reason: Option<String>,
    /// The credential in whose place it came.
    replaces: Option<String>,
    /// The one that stands in its place today.
    replaced_by: Option<String>,
    /// The one of a later term.
    renewed_by: Option<String>,
    /// When it was withdrawn before anybody claimed it.
    cancelled_at: Option<String>,
    /// The signed document; none before it is released.
    credential: Option<Value>,
    /// Whether the signed status lists say what `status` says. False until they are signed anew: other verifiers do not know yet.
    status_published: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct DryRun {
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// `POST /api/v1/credentials`: 201 with the released credential; 200 with the one that the member holds already.
pub async fn issue_credential(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Query(dry): Query<DryRun>,
    headers: HeaderMap,
    Json(body): Json<IssueRequest>,
) -> Result<Response> {
    let body = body.checked()?;
    if !dry.dry_run {
        access::require_idempotency_key(&headers)?;
        // Nothing is begun that could not be finished.
        issuer::keyring(&app).await?;
    }
    let (ch, awarded) = issue_apart(&app, may.actor(), &body, None).await?;
    let (id, status) = match awarded {
        Awarded::New { document, .. } if dry.dry_run => {
            return Ok(axum::Json(json!({"dry_run": true, "credential": document})).into_response());
        }
        Awarded::New { credential, .. } => {
            ch.commit().await?;
            (credential, StatusCode::CREATED)
        }
        Awarded::Held(held) => {
            ch.undo().await?;
            (held.id, StatusCode::OK)
        }
    };
    if !dry.dry_run {
        release(&app, id).await?;
    }
    created(&app, &find::find(app.db.read(), id).await?, status == StatusCode::CREATED).await
}

/// 201 with the credential that was made, or 200 with the one that was there.
pub(super) async fn created(app: &App, known: &Credential, made: bool) -> Result<Response> {
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    let location = format!("/api/v1/credentials/{}", known.id);
    Ok((status, [(header::LOCATION, location)], axum::Json(described(app, known).await?)).into_response())
}

/// `GET /api/v1/credentials/{id}`.
pub async fn read_credential(
    who: SelfOr<ReadCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let known = of_path(&app, &id).await?;
    who.about(known.member)?;
    Ok(axum::Json(described(&app, &known).await?))
}

/// `GET /api/v1/members/{id}/credentials`, newest first.
pub async fn member_credentials(
    who: SelfOr<ReadCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let member: MemberId = id.parse().map_err(|_| Error::not_found())?;
    who.about(member)?;
    let member = members::find(app.db.read(), members::resolve(app.db.read(), member).await?).await?;
    let listed = Listed::of(find::of_member(app.db.read(), member.id).await?, &page, |known| known.id.to_string())?;
    let mut data = vec![];
    for known in &listed.data {
        data.push(described(&app, known).await?);
    }
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    reason_code: ReasonCode,
    #[serde(default)]
    public_reason: Option<String>,
    #[serde(default)]
    internal_note: Option<String>,
}

pub async fn revoke(
    may: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(dry): Query<DryRun>,
    Json(body): Json<ReasonBody>,
) -> Result<Response> {
    step(&may, &app, &id, dry, StatusChange::Revoke, body).await
}

pub async fn suspend(
    may: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(dry): Query<DryRun>,
    Json(body): Json<ReasonBody>,
) -> Result<Response> {
    step(&may, &app, &id, dry, StatusChange::Suspend, body).await
}

pub async fn reinstate(
    may: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(dry): Query<DryRun>,
    Json(body): Json<ReasonBody>,
) -> Result<Response> {
    step(&may, &app, &id, dry, StatusChange::Reinstate, body).await
}

/// Takes the step and waits until the lists, or the new document, are signed; a step that was taken before answers the same.
async fn step(
    may: &May<ChangeStatus>,
    app: &App,
    id: &str,
    dry: DryRun,
    step: StatusChange,
    body: ReasonBody,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let reason = Reason { code: body.reason_code, public: body.public_reason, internal: body.internal_note };
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let changed = change_status(app, &mut ch, id, step, &reason).await?;
    if dry.dry_run {
        return Ok(axum::Json(json!({"dry_run": true, "changes": changed, "status": step.to()})).into_response());
    }
    if changed {
        ch.commit().await?;
        if step == StatusChange::Reinstate {
            release(app, id).await?;
        }
        publish_status(app, id).await;
    } else {
        ch.undo().await?;
    }
    let known = find::find(app.db.read(), id).await?;
    Ok(axum::Json(described(app, &known).await?).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisibilityBody {
    visibility: Visibility,
}

/// `PUT /api/v1/credentials/{id}/visibility`: the member alone. Staff and keys are refused, and so is a token that staff had made, but in the demo.
pub async fn set_visibility(
    who: Public,
    State(app): State<App>,
    Path(id): Path<String>,
    request: Request,
) -> Result<impl IntoResponse> {
    // A key is told so even where there is no such credential.
    let holder = who.principal.in_person(app.config.demo)?;
    let known = of_path(&app, &id).await?;
    if known.member != holder && who.principal.holds(<ReadCredentials as access::Permission>::ROLES) {
        return Err(Error::new(Code::Forbidden).with("needs", "own-session"));
    }
    // Only now: what the body says is nobody else's business.
    let Json(body) = Json::<VisibilityBody>::from_request(request, &app).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let known = show_to(&mut ch, known.id, &who.principal, app.config.demo, body.visibility).await?;
    ch.commit().await?;
    Ok(axum::Json(described(&app, &known).await?))
}

/// `GET /status/{list_id}`.
pub async fn status_list_document(
    _: Public,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let id: StatusListId = id.parse().map_err(|_| Error::not_found())?;
    let list = lists::status_list(&app, id).await?.into_bytes();
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let plain = accept.contains("application/json") && !accept.contains("application/vc");
    let kind = if plain { "application/json" } else { "application/vc" };
    Ok(published(&headers, Published::new(kind, FRESH_SECONDS, list).varies_by("Accept")))
}

async fn of_path(app: &App, id: &str) -> Result<Credential> {
    find::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await
}

/// The credential as the API and the command line show it.
pub async fn described(app: &App, known: &Credential) -> Result<CredentialBody> {
    let version = tracks::version(app.db.read(), known.track_version).await?;
    let around = life::succession(app.db.read(), known).await?;
    let named = |other: Option<Credential>| other.map(|other| other.id.to_string());
    let signed = match known.is_released() {
        true => Some(serde_json::from_str(&find::signed_json(app.db.read(), known).await?)?),
        false => None,
    };
    Ok(CredentialBody {
        id: known.id.to_string(),
        state: match (known.stage, known.status) {
            (_, Status::Revoked) => Status::Revoked.as_str(),
            (Stage::Intended, _) => known.stage.as_str(),
            (Stage::Released, Status::Valid) => known.stage.as_str(),
            (Stage::Released, other) => other.as_str(),
        },
        status: known.status.as_str(),
        share_id: known.share_id.clone(),
        url: app.links.share(&known.share_id),
        number: known.number.clone(),
        check_code: known.check_code.clone(),
        member: known.member.to_string(),
        track: known.track.to_string(),
        track_slug: version.definition.slug,
        track_version: known.track_version.to_string(),
        term: known.term,
        basis: serde_json::to_value(known.basis)?,
        name: known.name.clone(),
        visibility: known.visibility.as_str(),
        awarded_at: rfc3339(known.awarded_at),
        issued_at: rfc3339(known.released_at.unwrap_or(known.intended_at)),
        valid_until: known.valid_until.map(rfc3339),
        status_changed_at: known.status_changed_at.map(rfc3339),
        reason_code: known.reason.map(ReasonCode::as_str),
        public_reason: known.public_reason.clone(),
        replaces: named(around.replaces),
        replaced_by: named(around.replaced_by),
        renewed_by: named(around.renewed_by),
        cancelled_at: known.cancelled_at.map(rfc3339),
        credential: signed,
        status_published: lists::are_published(app.db.read(), known.id).await?,
    })
}
