//! `/api/v1/handles`: claim, list, confirm, refuse, give back.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::service::{self, ClaimState, HandleClaim};
use crate::access::{LinkHandles, May, Permission as _, SelfOr, SignedIn};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::HandleClaimId;
use crate::web::input::Json;

#[derive(Serialize)]
pub struct ClaimBody {
    id: String,
    member: String,
    source: String,
    handle: String,
    /// What to put where only the handle can write; shown to its claimant and to whoever confirms.
    code: String,
    state: &'static str,
    place: Option<String>,
    claimed_at: String,
    expires_at: String,
    decided_at: Option<String>,
    reason: Option<String>,
    /// Events that wait for this handle.
    waiting: u64,
}

impl ClaimBody {
    async fn of(app: &App, c: HandleClaim) -> Result<Self> {
        Ok(Self {
            waiting: service::waiting(app.db.read(), &c.source, &c.handle).await?,
            id: c.id.to_string(),
            member: c.member.to_string(),
            source: c.source,
            handle: c.handle,
            code: c.code,
            state: c.state.as_str(),
            place: c.place,
            claimed_at: rfc3339(c.claimed_at),
            expires_at: rfc3339(c.expires_at),
            decided_at: c.decided_at.map(rfc3339),
            reason: c.reason,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewClaim {
    source: String,
    handle: String,
    #[serde(default)]
    place: Option<String>,
}

/// `POST /api/v1/handles`.
pub async fn claim_handle(
    who: SignedIn,
    State(app): State<App>,
    Json(body): Json<NewClaim>,
) -> Result<impl IntoResponse> {
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let claim = service::claim(&mut ch, who.member, &body.source, &body.handle).await?;
    if let Some(place) = body.place {
        service::say_where(&ch, claim.id, &place).await?;
    }
    let claim = service::find(ch.tx(), claim.id).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(ClaimBody::of(&app, claim).await?)))
}

/// `GET /api/v1/handles`: to whoever may confirm, what waits; to a member, their own.
pub async fn list_handles(
    who: SelfOr<LinkHandles>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let found = match who.principal.member() {
        Some(member) if !who.principal.holds(LinkHandles::ROLES) => service::of_member(db, member).await?,
        _ => {
            let after = page.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
            service::list(db, ClaimState::Open, after, page.limit() + 1).await?
        }
    };
    let listed = Listed::cut(found, page.limit(), |c| c.id.to_string());
    let mut data = vec![];
    for claim in listed.data {
        data.push(ClaimBody::of(&app, claim).await?);
    }
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

/// `POST /api/v1/handles/{id}/confirm`.
pub async fn confirm_handle(
    may: May<LinkHandles>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: HandleClaimId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let claim = service::confirm(&mut ch, id).await?;
    let said = json!({"claim": id, "source": claim.source, "handle": claim.handle});
    ch.audit(AuditEntry::new("handle.link", claim.member, said)).await?;
    ch.commit().await?;
    Ok(axum::Json(ClaimBody::of(&app, claim).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    reason: String,
}

/// `POST /api/v1/handles/{id}/refuse`.
pub async fn refuse_handle(
    may: May<LinkHandles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<Why>,
) -> Result<impl IntoResponse> {
    let id: HandleClaimId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let claim = service::refuse(&mut ch, id, &body.reason).await?;
    ch.audit(AuditEntry::new("handle.refuse", claim.member, json!({"claim": id, "reason": claim.reason}))).await?;
    ch.commit().await?;
    Ok(axum::Json(ClaimBody::of(&app, claim).await?))
}

/// `POST /api/v1/handles/{id}/release`: by the member, or by whoever may link handles.
pub async fn release_handle(
    who: SelfOr<LinkHandles>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: HandleClaimId = id.parse().map_err(|_| Error::not_found())?;
    who.about(service::find(app.db.read(), id).await?.member)?;
    let claim = released(&app, who.actor(), id).await?;
    Ok(axum::Json(ClaimBody::of(&app, claim).await?))
}

/// Gives it back; audited, since what comes for the handle goes elsewhere from now on.
pub(super) async fn released(app: &App, actor: crate::actor::Actor, id: HandleClaimId) -> Result<HandleClaim> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let claim = service::release(&mut ch, id).await?;
    let said = json!({"claim": id, "source": claim.source, "handle": claim.handle});
    ch.audit(AuditEntry::new("handle.release", claim.member, said)).await?;
    ch.commit().await?;
    Ok(claim)
}
