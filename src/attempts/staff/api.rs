//! `POST /api/v1/attempts/{id}/steps/{step}`.

use axum::Json as Answered;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::proctor;
use super::steps::{StaffStep, take};
use crate::access::{May, ProctorAttempts};
use crate::app::App;
use crate::attempts::in_path::attempt_id;
use crate::attempts::views;
use crate::database::Kind;
use crate::error::Result;
use crate::exams;
use crate::web::input::Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    reason: String,
    #[serde(default)]
    minutes: Option<u32>,
}

/// `POST /api/v1/attempts/{id}/steps/{step}` `{reason, minutes?}` → the attempt as it stands then. Steps: `add-time`, `pause`, `continue`, `end`, `void`.
/// A key of role proctor takes those that [`proctor::admit`] lets it.
pub async fn step_call(
    staff: May<ProctorAttempts>,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    Json(body): Json<StepBody>,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    proctor::admit(&mut ch, &staff.principal, id, &step).await?;
    let step = StaffStep::parse(&step, body.minutes)?;
    let attempt = take(&mut ch, id, step, &body.reason)
        .await?
        .map_err(|refused| views::refused(refused, None, staff.visitor.words))?;
    ch.commit().await?;
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let positions = crate::attempts::form(app.db.read(), id).await?.positions().len();
    Ok(Answered(views::state(&attempt, &exam, positions, app.db.now())))
}
