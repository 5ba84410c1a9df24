//! `/api/v1/exams/{slug}/draft`: the document that the form keeps, mistakes and all. Nothing of it reaches a candidate before it is published.

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::checking::checked;
use super::definition_api::{PublishQuery, mistakes, name, planned, refused, told};
use super::work::Work;
use crate::access::{May, PublishExams, ReadDrafts};
use crate::app::App;
use crate::banks;
use crate::clock::rfc3339;
use crate::error::{Code, Error, Fault, Result};
use crate::web::input::Json;

/// The published version and the draft's revision: an edit of either makes another.
fn tag(work: &Work) -> String {
    format!("\"{}\"", work.seen())
}

/// The draft with what stands in its way and what publishing it would come to.
async fn described(app: &App, slug: &str, lang: &str) -> Result<(String, Value)> {
    let work = Work::of(app.db.read(), slug).await?;
    let draft = work.draft.as_ref().ok_or_else(Error::not_found)?;
    let checked = checked(app.db.read(), &draft.document).await?;
    let body = json!({
        "slug": slug,
        "published": work.known.as_ref().map(|exam| exam.version),
        "changed_at": rfc3339(draft.changed_at),
        "ready": checked.good().is_some(),
        "mistakes": mistakes(&checked, lang),
        "plan": planned(work.known.as_ref(), &checked, lang),
        "exam": draft.document,
    });
    Ok((tag(&work), body))
}

/// `GET /api/v1/exams/{slug}/draft` → `{slug, published, changed_at, ready, mistakes, plan, exam}`.
pub async fn read_draft(
    may: May<ReadDrafts>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let (tag, body) = described(&app, &slug, may.visitor.words.lang()).await?;
    Ok(([(header::ETAG, tag)], Answered(body)))
}

/// `PUT /api/v1/exams/{slug}/draft`: the exam as far as it is written; 201 where there was no draft. `If-Match` names the draft that was read, and is
/// needed where there is one: somebody may be writing it.
pub async fn write_draft(
    may: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Json(mut document): Json<Value>,
) -> Result<Response> {
    if !banks::is_slug(&slug) {
        let detail = "write 1 to 64 lower-case letters, digits and hyphens into the address";
        return Err(Error::invalid(vec![Fault::new("/slug", "not_a_slug", detail)]));
    }
    if !document.is_object() {
        return Err(Error::invalid(vec![Fault::new(
            "",
            "not_an_object",
            "an exam is an object: {bank, blueprint, …}",
        )]));
    }
    name(&slug, &mut document)?;
    document["slug"] = json!(slug);
    let work = Work::of(app.db.read(), &slug).await?;
    expect(&headers, &work, work.draft.is_some())?;
    if !work.keep(&app, may.actor(), &slug, &document).await? {
        return Err(changed(&app, &slug).await?);
    }
    let status = if work.draft.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    let (tag, body) = described(&app, &slug, may.visitor.words.lang()).await?;
    Ok((status, [(header::ETAG, tag)], Answered(body)).into_response())
}

/// `POST /api/v1/exams/{slug}/draft/publish`: what stands in the draft becomes the version that new attempts begin with, and the draft is gone.
/// `If-Match` names the draft that was read.
pub async fn publish_draft(
    may: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<PublishQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let work = Work::of(app.db.read(), &slug).await?;
    let draft = work.draft.as_ref().ok_or_else(Error::not_found)?;
    expect(&headers, &work, true)?;
    let checked = checked(app.db.read(), &draft.document).await?;
    let Some(spec) = checked.good() else { return Err(refused(checked.mistakes)) };
    match work.publish(&app, may.actor(), spec, asked.dry_run).await? {
        Some(published) => Ok(told(&slug, work.known.as_ref(), published, asked.dry_run)),
        None => Err(changed(&app, &slug).await?),
    }
}

/// `POST /api/v1/exams/{slug}/draft/discard` → `{slug, discarded}`. What is published stays. `If-Match` names the draft that was read.
pub async fn discard_draft(
    may: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let work = Work::of(app.db.read(), &slug).await?;
    work.draft.as_ref().ok_or_else(Error::not_found)?;
    expect(&headers, &work, true)?;
    if !work.discard(&app, may.actor()).await? {
        return Err(changed(&app, &slug).await?);
    }
    Ok(Answered(json!({"slug": slug, "discarded": true})))
}

fn expect(headers: &HeaderMap, work: &Work, needed: bool) -> Result<()> {
    let Some(read) = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()) else {
        return if needed { Err(Error::new(Code::PreconditionRequired)) } else { Ok(()) };
    };
    let tag = tag(work);
    let fits = read.split(',').map(str::trim).any(|given| given == tag || (given == "*" && work.draft.is_some()));
    if fits { Ok(()) } else { Err(Error::new(Code::PreconditionFailed).member("etag", tag)) }
}

/// Somebody else wrote between the look and the change.
async fn changed(app: &App, slug: &str) -> Result<Error> {
    let now = Work::of(app.db.read(), slug).await?;
    Ok(Error::new(Code::PreconditionFailed).member("etag", tag(&now)))
}
