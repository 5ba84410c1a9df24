//! The calls of staff about results: look, and let held ones go.

use std::collections::BTreeSet;

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::number;
use super::conflict;
use super::in_path::attempt_id;
use super::results::{self, ResultRow, Which};
use super::views::closed_by;
use crate::access::{May, ReadResults, ReleaseResults};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Fault, Result};
use crate::exams;
use crate::ids::AttemptId;
use crate::web::input::Json;

/// `GET /api/v1/exams/{slug}/results` → `{data: [{attempt, member, ordinal, closed_at, closed_by, points, max, scaled, passed, state, released_at}]}`, the latest attempt
/// first.
pub async fn list_results(
    _: May<ReadResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let before = page.cursor.as_deref().map(attempt_id).transpose()?;
    let rows = results::of_exam(app.db.read(), exam.id, before, page.limit() + 1).await?;
    let listed = Listed::cut(rows, page.limit(), |row| row.attempt.to_string());
    let marked = conflict::marked(app.db.read(), listed.data.iter().map(|row| row.attempt)).await?;
    let described = |row: &ResultRow| {
        let mut body = described(row);
        body["conflict"] = json!(marked.get(&row.attempt));
        body
    };
    let data = listed.data.iter().map(described).collect::<Vec<Value>>();
    Ok(Answered(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

fn described(row: &ResultRow) -> Value {
    json!({
        "attempt": row.attempt,
        "member": row.member,
        "ordinal": row.ordinal,
        "closed_at": rfc3339(row.closed.at),
        "closed_by": closed_by(row.closed.how),
        "points": number(row.points),
        "max": number(row.max),
        "scaled": row.scaled,
        "passed": row.passed,
        "state": match row.released_at {
            Some(_) => "released",
            None if row.waiting => "waiting",
            None => "held",
        },
        "released_at": row.released_at.map(rfc3339),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {
    /// These attempts.
    #[serde(default)]
    attempts: Option<BTreeSet<String>>,
    /// Every result that is held now.
    #[serde(default)]
    all: Option<bool>,
    #[serde(default)]
    reason: Option<String>,
}

/// `POST /api/v1/exams/{slug}/results/release` `{attempts: […] | all: true, reason?}` → `{released: [att_…]}`: those that were held.
pub async fn release_results(
    who: May<ReleaseResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(body): Json<ReleaseBody>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let which = match (body.attempts, body.all) {
        (Some(named), None) => {
            let ids = named.iter().map(|text| attempt_id(text)).collect::<Result<BTreeSet<AttemptId>>>();
            Which::These(ids?)
        }
        (None, Some(true)) => Which::All,
        _ => {
            let detail = "send either `attempts`, a list of ids, or `all`: true";
            return Err(Error::invalid(vec![Fault::new("", "one_of", detail)]));
        }
    };
    let reason = body.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let released = results::release_held(&app, who.actor(), &exam, &which, reason).await?;
    Ok(Answered(json!({"released": released})))
}
