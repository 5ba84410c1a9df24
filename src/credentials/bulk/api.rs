//! `POST /api/v1/credentials/bulk` and the links for its recipients.

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::check::check;
use super::sheet::{Format, Settings};
use super::text::Encoding;
use super::work;
use crate::access::{self, IssueCredentials, May};
use crate::app::App;
use crate::credentials::claims;
use crate::database::pagination::Listed;
use crate::error::{Code, Error, Fault, Result};
use crate::issuer;
use crate::jobs;
use crate::tables::{self, FileSettings};
use crate::web::i18n::Locale;
use crate::web::input;

/// What the address says about the body.
#[derive(Debug, Default, Deserialize)]
pub struct BulkQuery {
    /// The track of rows that name none.
    #[serde(default)]
    track: Option<String>,
    /// The language of new recipients whose row names none.
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// A table of recipients → 202 with the work that was started and the report by row; a dry run answers 200 with the report alone.
pub async fn issue_bulk(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Query(asked): Query<BulkQuery>,
    request: Request,
) -> Result<Response> {
    let headers = request.headers().clone();
    let (format, encoding) = written(&headers)?;
    if let Some(tag) = asked.locale.as_deref().filter(|tag| Locale::parse(tag).is_none()) {
        return Err(Error::invalid(vec![Fault::new(
            "/locale",
            "unknown_locale",
            format!("`{tag}` is not known; use `ja` or `en`"),
        )]));
    }
    if !asked.dry_run {
        access::require_idempotency_key(&headers)?;
        // Nothing is begun that could not be finished.
        issuer::keyring(&app).await?;
    }
    let (_, bytes) = input::upload(request, tables::TABLE_LIMIT).await?;
    let settings = Settings {
        format,
        track: asked.track.filter(|t| !t.is_empty()),
        locale: asked.locale,
        file: FileSettings::of("", encoding, &bytes),
    };
    let checked = check(&app, &bytes, &settings).await?;
    let mut report = checked.report();
    if asked.dry_run {
        report["dry_run"] = json!(true);
        return Ok(axum::Json(report).into_response());
    }
    if checked.good().next().is_none() {
        let detail = "no row can be issued: `report` names what is wrong in each";
        return Err(Error::invalid(vec![Fault::new("", "no_good_row", detail)]).member("report", report));
    }
    let id = work::prepare(&app, may.actor(), &settings, vec![], None).await?;
    work::start(&app, may.actor(), id, &settings, &checked).await?;
    let job = jobs::find(app.db.read(), id).await?;
    let mut body = serde_json::to_value(jobs::body_of(&app, &job).await?)?;
    body["validation"] = report;
    let location = format!("/jobs/{id}");
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], axum::Json(body)).into_response())
}

/// By the content type: `text/csv`, `text/tab-separated-values`, `application/x-ndjson`, with its charset where it names one.
fn written(headers: &header::HeaderMap) -> Result<(Format, Option<Encoding>)> {
    const KNOWN: &[&str] =
        &["text/csv", "text/tab-separated-values", "application/x-ndjson", "application/ndjson", "application/jsonl"];
    input::require_type(headers, KNOWN)?;
    let format = if input::content_type(headers).to_ascii_lowercase().starts_with("text/") {
        Format::Csv
    } else {
        Format::Ndjson
    };
    let whole = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let named = whole
        .split(';')
        .skip(1)
        .filter_map(|p| p.trim().split_once('='))
        .find(|(n, _)| n.eq_ignore_ascii_case("charset"));
    let encoding =
        match named {
            None => None,
            Some((_, label)) => Some(Encoding::parse(label.trim_matches('"')).ok_or_else(|| {
                Error::new(Code::UnsupportedType).with("expected", "charset=utf-8, utf-16 or shift_jis")
            })?),
        };
    Ok((format, encoding))
}

/// `POST /api/v1/credentials/bulk/{job}/claim-links`: new links for everybody of the table who never signed in.
pub async fn bulk_claim_links(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(job): Path<String>,
) -> Result<impl IntoResponse> {
    let job = tables::of_path::<Settings>(&app, &job).await?;
    let made = claims::links_for(&app, may.actor(), job.id).await?;
    let data: Vec<_> = made
        .into_iter()
        .map(|row| json!({"name": row.name, "email": row.email, "number": row.number, "url": row.link}))
        .collect();
    Ok((axum::Extension(access::NotKept), axum::Json(Listed::whole(data))))
}
