//! `GET` and `POST /api/v1/known-issuers`, `POST /api/v1/known-issuers/{id}/names`, `POST /api/v1/known-issuers/{id}/end`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::service::{self, KnownIssuer, KnownName, NewIssuer, NewName};
use crate::access::{KeepTrustList, May, ReadProgram};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::ids::KnownIssuerId;
use crate::web::input::Json;

/// One entry as the API tells it.
#[derive(Debug, Serialize)]
struct KnownIssuerBody {
    id: String,
    issuer: String,
    /// The one of today.
    name: String,
    /// All of them, the one of today first.
    names: Vec<KnownNameBody>,
    keys: Vec<String>,
    note: String,
    since: String,
    added_by: String,
    added_at: String,
    ended_at: Option<String>,
}

/// One name and since when.
#[derive(Debug, Serialize)]
struct KnownNameBody {
    name: String,
    since: String,
    added_by: String,
    added_at: String,
}

impl From<KnownName> for KnownNameBody {
    fn from(known: KnownName) -> Self {
        Self {
            name: known.name,
            since: rfc3339(known.since),
            added_by: known.added_by,
            added_at: rfc3339(known.added_at),
        }
    }
}

impl From<KnownIssuer> for KnownIssuerBody {
    fn from(known: KnownIssuer) -> Self {
        Self {
            id: known.id.to_string(),
            name: known.name().to_owned(),
            names: known.names.into_iter().map(Into::into).collect(),
            issuer: known.issuer,
            keys: known.keys,
            note: known.note,
            since: rfc3339(known.since),
            added_by: known.added_by,
            added_at: rfc3339(known.added_at),
            ended_at: known.ended_at.map(rfc3339),
        }
    }
}

/// `GET /api/v1/known-issuers`: what ended included.
pub async fn list_known_issuers(
    _: May<ReadProgram>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let data: Vec<KnownIssuerBody> = service::all(app.db.read()).await?.into_iter().map(Into::into).collect();
    Ok(axum::Json(Listed::of(data, &page, |known| known.id.clone())?))
}

/// `POST /api/v1/known-issuers`.
pub async fn add_known_issuer(
    may: May<KeepTrustList>,
    State(app): State<App>,
    Json(new): Json<NewIssuer>,
) -> Result<impl IntoResponse> {
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let added = service::add(&app, &mut ch, new).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(KnownIssuerBody::from(added))))
}

/// `POST /api/v1/known-issuers/{id}/names`.
pub async fn name_known_issuer(
    may: May<KeepTrustList>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewName>,
) -> Result<impl IntoResponse> {
    let id: KnownIssuerId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let known = service::rename(&mut ch, id, new).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(KnownIssuerBody::from(known))))
}

/// Nothing is asked; an unknown field is still refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /api/v1/known-issuers/{id}/end`.
pub async fn end_known_issuer(
    may: May<KeepTrustList>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<impl IntoResponse> {
    let id: KnownIssuerId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    if service::end(&mut ch, id).await? {
        ch.commit().await?;
    } else {
        drop(ch);
    }
    Ok(axum::Json(KnownIssuerBody::from(service::find(app.db.read(), id).await?)))
}
