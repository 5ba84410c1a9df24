//! The picture of an item, shown to staff.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use crate::access::{May, ReadBanks};
use crate::app::App;
use crate::banks;
use crate::error::{Error, Result};

/// `GET /admin/figures/{sha256}`: a picture as staff see it, in an attempt or not.
pub async fn figure(
    _: May<ReadBanks>,
    State(app): State<App>,
    Path(sha256): Path<String>,
) -> Result<impl IntoResponse> {
    let picture = banks::figure(app.db.read(), &sha256).await?.ok_or_else(Error::not_found)?;
    let media_type = HeaderValue::from_str(&picture.media_type).map_err(Error::internal)?;
    let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, kept)], picture.bytes))
}
