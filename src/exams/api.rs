//! `GET /api/v1/exams`.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::service::{self, Exam};
use crate::access::Public;
use crate::app::App;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::Result;

/// `{data: [{id, slug, version, title, description, minutes, attempts, cool_down_days, release}]}`.
pub async fn list(_: Public, State(app): State<App>, Query(page): Query<PageQuery>) -> Result<impl IntoResponse> {
    let exams = Listed::of(service::list(app.db.read()).await?, &page, |exam| exam.id.to_string())?;
    let data: Vec<Value> = exams.data.iter().map(summary).collect();
    Ok(Json(Listed { data, next_cursor: exams.next_cursor, has_more: exams.has_more }))
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
