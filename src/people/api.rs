//! `GET` and `POST /api/v1/staff`, `POST /api/v1/staff/{id}/take`: who holds which role.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::service;
use crate::access::{self, GiveRoles, May, ReadStaff, StaffMember};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::web::input::Json;

#[derive(Debug, Serialize)]
struct StaffBody {
    member: String,
    roles: Vec<RoleBody>,
}

#[derive(Debug, Serialize)]
struct RoleBody {
    role: &'static str,
    since: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<StaffMember> for StaffBody {
    fn from(one: StaffMember) -> Self {
        let roles = one.roles.into_iter().map(|held| RoleBody {
            role: held.role.as_str(),
            since: rfc3339(held.since),
            given_by: held.given_by,
            reason: held.reason,
        });
        Self { member: one.member.to_string(), roles: roles.collect() }
    }
}

/// `GET /api/v1/staff`.
pub async fn list_staff(
    _: May<ReadStaff>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let data: Vec<StaffBody> = access::staff(app.db.read()).await?.into_iter().map(Into::into).collect();
    Ok(axum::Json(Listed::of(data, &page, |one| one.member.clone())?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveBody {
    member: String,
    role: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBody {
    role: String,
    reason: String,
}

/// `POST /api/v1/staff`: 201, or 200 where they held the role before.
pub async fn give_role_call(
    may: May<GiveRoles>,
    State(app): State<App>,
    Json(body): Json<GiveBody>,
) -> Result<impl IntoResponse> {
    let member: MemberId = body.member.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let given = service::give(&mut ch, &may.principal, member, &body.role, &body.reason).await?;
    if given {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    let status = if given { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(of(&app, member).await?)))
}

/// `POST /api/v1/staff/{id}/take`: what they hold afterwards.
pub async fn take_role_call(
    may: May<GiveRoles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<TakeBody>,
) -> Result<impl IntoResponse> {
    let member: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    if service::take(&mut ch, &may.principal, member, &body.role, &body.reason).await? {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    Ok(axum::Json(of(&app, member).await?))
}

async fn of(app: &App, member: MemberId) -> Result<StaffBody> {
    let member = crate::members::resolve(app.db.read(), member).await?;
    let known = access::staff(app.db.read()).await?.into_iter().find(|one| one.member == member);
    Ok(known.unwrap_or(StaffMember { member, roles: vec![] }).into())
}
