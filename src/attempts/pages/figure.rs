//! Figures of questions, for those who may see them.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::access::{AuthorBanks, Permission, SelfOr};
use crate::app::App;
use crate::attempts::service::shows_figure;
use crate::banks;
use crate::clock::millis;
use crate::error::{Error, Result};

/// `GET /figures/{hash}`: for who may author banks, and for a candidate whose open attempt shows it. To all others it does not exist.
pub async fn figure(who: SelfOr<AuthorBanks>, State(app): State<App>, Path(sha256): Path<String>) -> Result<Response> {
    if !who.principal.holds(AuthorBanks::ROLES) {
        let member = who.principal.member().ok_or_else(Error::not_found)?;
        if !shows_figure(app.db.read(), member, &sha256, millis(app.db.now())).await? {
            return Err(Error::not_found());
        }
    }
    let picture = banks::figure(app.db.read(), &sha256).await?.ok_or_else(Error::not_found)?;
    let media_type = HeaderValue::from_str(&picture.media_type).map_err(Error::internal)?;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600, immutable")),
    ];
    Ok((headers, picture.bytes).into_response())
}
