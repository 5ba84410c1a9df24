//! `GET` and `POST /api/v1/members/{id}/attestations`, `POST /api/v1/attestations/{id}/void`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::service::{self, Attestation, Attested};
use crate::access::{Attest, May, ReadMembers};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::ids::{AttestationId, MemberId};
use crate::members;
use crate::web::input::Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestBody {
    role: String,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidBody {
    reason: String,
}

/// One attestation.
#[derive(Serialize)]
pub struct AttestationBody {
    id: String,
    member: String,
    role: String,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    fact: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    voided: Option<Value>,
}

impl From<Attestation> for AttestationBody {
    fn from(said: Attestation) -> Self {
        Self {
            id: said.id.to_string(),
            member: said.member.to_string(),
            role: said.role,
            by: said.by,
            note: said.note,
            fact: said.fact.to_string(),
            at: rfc3339(said.at),
            voided: said.taken_back.map(|t| json!({"at": rfc3339(t.at), "by": t.by, "reason": t.reason})),
        }
    }
}

/// `GET /api/v1/members/{id}/attestations`: what was said of a member, oldest first, also what was taken back.
pub async fn list_attestations(
    _: May<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let member = members::find(app.db.read(), id).await?.id;
    let said = service::of_member(app.db.read(), member).await?;
    let all: Vec<AttestationBody> = said.into_iter().map(AttestationBody::from).collect();
    Ok(axum::Json(Listed::of(all, &page, |said| said.id.clone())?))
}

/// `POST /api/v1/members/{id}/attestations` → 201, or 200 where the caller said so before.
pub async fn attest_call(
    may: May<Attest>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<AttestBody>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let (status, said) = match service::attest(&mut ch, id, &body.role, body.note.as_deref()).await? {
        Attested::New(said) => {
            ch.commit().await?;
            (StatusCode::CREATED, said)
        }
        Attested::Known(said) => {
            ch.undo().await?;
            (StatusCode::OK, said)
        }
    };
    Ok((status, axum::Json(AttestationBody::from(said))))
}

/// `POST /api/v1/attestations/{id}/void`. Taking back what was taken back answers it as it is.
pub async fn void_attestation(
    may: May<Attest>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<VoidBody>,
) -> Result<impl IntoResponse> {
    let id: AttestationId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let (said, new) = service::void(&mut ch, id, &body.reason).await?;
    if new {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    Ok(axum::Json(AttestationBody::from(said)))
}
