//! The calls of markers: what waits, one sheet, a mark.

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::Rational;

use super::{Marking, Sheet, give, marking_id, sheet, waiting};
use crate::access::{MarkResponses, May};
use crate::app::App;
use crate::attempts::api::number;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::Result;
use crate::web::i18n::Words;
use crate::web::input::Json;

/// `GET /api/v1/markings` → `{data: [{id, since}]}`: what waits, the longest waiting first.
pub async fn list_markings(
    _: May<MarkResponses>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let after = page.cursor.as_deref().map(marking_id).transpose()?;
    let rows = waiting(app.db.read(), after, page.limit() + 1).await?;
    let listed = Listed::cut(rows, page.limit(), |row: &Marking| row.id.to_string());
    let described = |row: &Marking| json!({"id": row.id, "since": rfc3339(row.since)});
    let data = listed.data.iter().map(described).collect::<Vec<Value>>();
    Ok(Answered(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

/// `GET /api/v1/markings/{id}` → `{id, since, exam, type, stem, response, rubric: [{text, points}], points, note}`.
pub async fn show_marking(
    may: May<MarkResponses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let sheet = sheet(app.db.read(), marking_id(&id)?).await?;
    Ok(Answered(described(&sheet, may.visitor.words)?))
}

fn described(sheet: &Sheet, words: Words) -> Result<Value> {
    let content = sheet.version.content();
    let line =
        |line: &waymark_assess::item::Criterion| json!({"text": line.text.pick(words.lang()).1, "points": line.points});
    let points = sheet.marking.points.as_ref().map(|points| points.iter().copied().map(number).collect::<Vec<_>>());
    Ok(json!({
        "id": sheet.marking.id,
        "since": rfc3339(sheet.marking.since),
        "exam": sheet.exam.spec.slug,
        "type": content.item_type(),
        "stem": content.stem.pick(words.lang()).1,
        "response": sheet.response,
        "rubric": sheet.rubric()?.criteria.iter().map(line).collect::<Vec<_>>(),
        "points": points,
        "note": sheet.marking.note,
    }))
}

/// Points as texts, so that fractions stay exact: `["2", "1/2"]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkBody {
    points: Vec<Rational>,
    #[serde(default)]
    note: Option<String>,
}

/// `POST /api/v1/markings/{id}` → `{scored}`: whether the attempt is wholly marked now.
pub async fn mark(
    may: May<MarkResponses>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<MarkBody>,
) -> Result<impl IntoResponse> {
    let id = marking_id(&id)?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let scored = give(&mut ch, id, &body.points, body.note.as_deref()).await?;
    ch.commit().await?;
    Ok(Answered(json!({ "scored": scored })))
}
