//! `GET /api/v1/exams/{slug}`, `POST …/plan` and `POST …/publish`: an exam as its file says it, what a draft of one would come to, and a new version.

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::form::Plan;
use waymark_assess::{ExamSpec, Mistake};

use super::checking::{Changed, Checked, changes, checked_exam};
use super::service::{self, Exam, Published};
use crate::access::{May, PublishExams, ReadProgram};
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Fault, Result};
use crate::web::input::Json;

fn tag(version: i32) -> String {
    format!("\"{version}\"")
}

/// `GET /api/v1/exams/{slug}` → `{id, slug, version, exam}`, for staff; the `ETag` is the version.
pub async fn read_exam(
    _: May<ReadProgram>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = service::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let Exam { id, version, spec } = &exam;
    let body = json!({"id": id, "slug": spec.slug, "version": version, "exam": spec.to_value()});
    Ok(([(header::ETAG, tag(*version))], Answered(body)))
}

/// The exam that a body says. Its slug is the one in the address, and may be left out.
fn read(slug: &str, mut body: Value) -> Result<ExamSpec> {
    name(slug, &mut body)?;
    ExamSpec::from_value(&body).map_err(refused)
}

/// Writes the slug into the document.
///
/// # Errors
/// Another one stands there.
pub(super) fn name(slug: &str, document: &mut Value) -> Result<()> {
    let Some(object) = document.as_object_mut() else { return Ok(()) };
    let said = object.entry("slug").or_insert_with(|| json!(slug));
    if said.as_str().is_some_and(|said| said != slug) {
        let detail = format!("the address names the exam `{slug}`: write the same slug, or leave it out");
        return Err(Error::invalid(vec![Fault::new("/slug", "another_slug", detail)]));
    }
    Ok(())
}

pub(super) fn refused(mistakes: Vec<Mistake>) -> Error {
    Error::invalid(mistakes.into_iter().map(|m| Fault::new(m.pointer, m.code, m.message)).collect())
}

/// `POST /api/v1/exams/{slug}/plan`: what forms of this exam would be drawn from, or the constraints that cannot be met, and what publishing it would
/// change; nothing is kept. → `{slug, feasible, positions, scored, pretest, sections: [{name, needed, available}], forms: [{name, scored}],
/// binding: [{pointer, code, detail}], version, changes: [{change, line}]}`.
pub async fn plan_exam(
    may: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(body): Json<Value>,
) -> Result<impl IntoResponse> {
    let spec = read(&slug, body)?;
    let known = service::find(app.db.read(), &slug).await?;
    let checked = checked_exam(app.db.read(), spec).await?;
    Ok(Answered(planned(known.as_ref(), &checked, may.visitor.words.lang())))
}

/// What reads as an exam, as `plan` answers it; null for what does not.
pub(super) fn planned(known: Option<&Exam>, checked: &Checked, lang: &str) -> Value {
    let (Some(spec), plan) = (&checked.spec, &checked.plan) else { return Value::Null };
    let fixed = plan.as_ref().is_some_and(|plan| plan.forms().next().is_some());
    let section =
        |(name, needed, available): (&str, u32, usize)| json!({"name": name, "needed": needed, "available": available});
    let form = |(name, scored): (&str, u32)| json!({"name": name, "scored": scored});
    let of = |count: fn(&Plan) -> u32| plan.as_ref().map(count);
    let version = match known {
        Some(exam) if exam.spec == *spec => exam.version,
        other => other.map_or(0, |exam| exam.version) + 1,
    };
    let line = |changed: Changed| json!({"change": if changed.tag == "del" { "removed" } else { "added" }, "line": changed.line});
    json!({
        "slug": spec.slug,
        "feasible": checked.good().is_some(),
        "positions": of(Plan::positions),
        "scored": of(Plan::scored),
        // Fixed forms hold what they list, each its own number.
        "pretest": of(|plan| plan.positions() - plan.scored()).filter(|_| !fixed),
        "sections": plan.iter().flat_map(Plan::sections).map(section).collect::<Vec<_>>(),
        "forms": plan.iter().flat_map(Plan::forms).map(form).collect::<Vec<_>>(),
        "binding": mistakes(checked, lang),
        "version": checked.good().map(|_| version),
        "changes": changes(known, &Value::Null, checked).into_iter().map(line).collect::<Vec<_>>(),
    })
}

/// What stands in the way of publishing, each with its place in the document.
pub(super) fn mistakes(checked: &Checked, lang: &str) -> Vec<Value> {
    let one = |m: &Mistake| json!({"pointer": m.pointer, "code": m.code, "detail": m.message_in(lang)});
    checked.mistakes.iter().map(one).collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishQuery {
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// `POST /api/v1/exams/{slug}/publish`: the version that new attempts begin with → `{id, slug, version, changed, dry_run}`, 201 for an exam that was not there.
/// `If-Match` names the version that was read; the same definition again is no new version.
pub async fn publish_exam(
    may: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<PublishQuery>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response> {
    let spec = read(&slug, body)?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    ch.take_turn(&format!("exam {slug}")).await?;
    let known = service::find(ch.tx(), &slug).await?;
    expect(&headers, known.as_ref())?;
    let published = service::publish(&mut ch, &spec).await?;
    if published.changed && !asked.dry_run {
        let detail = json!({"slug": spec.slug, "version": published.version});
        ch.audit(AuditEntry::new("exam.publish", published.exam, detail)).await?;
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    Ok(told(&slug, known.as_ref(), published, asked.dry_run))
}

/// What publishing did, or would do.
pub(super) fn told(slug: &str, known: Option<&Exam>, published: Published, dry_run: bool) -> Response {
    let new = known.is_none() && !dry_run;
    // The id of an exam that was only tried is nobody's.
    let id = Some(published.exam).filter(|_| known.is_some() || new);
    let body = json!({
        "id": id, "slug": slug, "version": published.version, "changed": published.changed, "dry_run": dry_run,
    });
    if dry_run {
        return Answered(body).into_response();
    }
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    (status, [(header::ETAG, tag(published.version))], Answered(body)).into_response()
}

/// Refuses an edit of another version than the one that was read. Without the header every version is overwritten: what a pipeline publishes stands in its files.
fn expect(headers: &HeaderMap, known: Option<&Exam>) -> Result<()> {
    let Some(read) = headers.get(header::IF_MATCH) else { return Ok(()) };
    let read = read.to_str().unwrap_or_default();
    let tag = known.map(|exam| tag(exam.version));
    let fits =
        read.split(',').map(str::trim).any(|given| tag.as_deref() == Some(given) || (given == "*" && tag.is_some()));
    if fits { Ok(()) } else { Err(Error::new(Code::PreconditionFailed).member("etag", tag)) }
}
