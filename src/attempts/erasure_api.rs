//! `POST /api/v1/members/{id}/attempts/erase`.

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::erasure;
use crate::access::{EraseTraces, May};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::members;
use crate::web::input::Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseBody {
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseQuery {
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/v1/members/{id}/attempts/erase` `{reason}` → `{member, dry_run, erased: {attempts, answers, files, notes, messages, late_answers,
/// accommodations, outside_results}}`; `?dry_run=true` only counts.
pub async fn erase_call(
    staff: May<EraseTraces>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<EraseQuery>,
    Json(body): Json<EraseBody>,
) -> Result<impl IntoResponse> {
    let member: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let member = members::resolve(app.db.read(), member).await?;
    if !members::exists(app.db.read(), member).await? {
        return Err(Error::not_found());
    }
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let erased = erasure::erase(&mut ch, member, &body.reason).await?;
    match asked.dry_run {
        true => ch.undo().await?,
        false => ch.commit().await?,
    }
    Ok(Answered(json!({"member": member, "dry_run": asked.dry_run, "erased": erased})))
}
