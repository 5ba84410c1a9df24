//! `GET /api/v1/tracks`.

use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::Serialize;

use super::service;
use crate::access::Public;
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::Result;

#[derive(Serialize)]
pub struct TrackBody {
    id: String,
    slug: String,
    kind: &'static str,
    version: i32,
    title: std::collections::BTreeMap<String, String>,
    criteria: std::collections::BTreeMap<String, String>,
    requires: serde_json::Value,
    validity: Option<super::Validity>,
    published_at: String,
}

pub async fn list_tracks(
    _: Public,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let tracks = service::current(app.db.read()).await?;
    let data = tracks
        .into_iter()
        .map(|t| TrackBody {
            id: t.track.to_string(),
            slug: t.definition.slug,
            kind: t.definition.kind.as_str(),
            version: t.number,
            title: t.definition.title,
            criteria: t.definition.criteria,
            requires: t.definition.requires,
            validity: t.definition.validity,
            published_at: rfc3339(t.published_at),
        })
        .collect();
    Ok(axum::Json(Listed::of(data, &page, |track: &TrackBody| track.id.clone())?))
}
