//! `/achievements/{id}/badge.svg` and `.png`: pictures that belong to nobody and may be kept for a while.

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;

use super::draw::{Picture, picture};
use crate::access::Public;
use crate::app::App;
use crate::error::{Error, Result};
use crate::ids::TrackId;
use crate::{issuer, tracks};

pub async fn badge_svg(who: Public, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let drawn = find(&app, &id, who).await?;
    Ok((headers("image/svg+xml"), drawn.svg.clone()))
}

pub async fn badge_png(who: Public, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let drawn = find(&app, &id, who).await?;
    Ok((headers("image/png"), drawn.png.clone()))
}

async fn find(app: &App, id: &str, who: Public) -> Result<std::sync::Arc<Picture>> {
    let id: TrackId = id.parse().map_err(|_| Error::not_found())?;
    let version = tracks::find(app.db.read(), id).await?;
    let issuer = issuer::find(app.db.read(), version.issuer).await?;
    picture(app.db.read(), &issuer, &version, who.visitor.words.locale).await
}

fn headers(media_type: &'static str) -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
        (header::VARY, HeaderValue::from_static("accept-language, cookie")),
    ]
}
