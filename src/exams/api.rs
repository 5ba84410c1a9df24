//! `GET /api/v1/exams`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::service::{self, Exam};
use crate::access::Public;
use crate::app::App;
use crate::database::pagination::Listed;
use crate::error::Result;

/// `{data: [{id, slug, version, title, description, minutes, attempts, cool_down_days, release}]}`: the whole list on one page.
pub async fn list(_: Public, State(app): State<App>) -> Result<impl IntoResponse> {
    let exams = service::list(app.db.read()).await?;
    Ok(Json(Listed::whole(exams.iter().map(summary).collect())))
}

fn summary(exam: &Exam) -> Value {
    let spec = &exam.spec;
    json!({
        "id": exam.id,
        "slug": spec.slug,
        "version": exam.version,
        "title": spec.title,
        "description": spec.description,
        "minutes": spec.timing.minutes,
        "attempts": spec.rules.attempts,
        "cool_down_days": spec.rules.cool_down_days,
        "release": spec.release.as_str(),
    })
}
