//! `/api/v1/jobs/{id}`, its report, and cancelling it.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::lifecycle::{JobKind, JobState};
use super::rows::{self, JobRow};
use super::service::{self, Counts, Job};
use crate::access::{CancelJobs, May, ReadJobs};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::Listed;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::JobId;

/// Rows on a page of the report, unless asked otherwise; and at most.
const ON_A_PAGE: u64 = 100;
const MOST: u64 = 1000;

/// Long work as the API shows it.
#[derive(Debug, Serialize)]
pub struct JobBody {
    pub id: String,
    pub kind: JobKind,
    pub state: JobState,
    #[serde(flatten)]
    pub counts: Counts,
    pub created_by: String,
    pub created_at: String,
    pub started_at: Option<String>,
    pub ended_at: Option<String>,
    /// Where the report by row is.
    pub report: String,
}

/// `GET /api/v1/jobs/{id}`, also `GET /jobs/{id}`.
pub async fn read_job(_: May<ReadJobs>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let mut response = axum::Json(body_of(&app, &job).await?).into_response();
    if !job.state.has_ended() {
        // Asking more often shows nothing new.
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    Ok(response)
}

#[derive(Debug, Deserialize)]
pub struct ReportQuery {
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
}

/// `GET /api/v1/jobs/{id}/report`: what became of each row, in order.
pub async fn read_report(
    _: May<ReadJobs>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<ReportQuery>,
) -> Result<impl IntoResponse> {
    let job = of_path(&app, &id).await?;
    let after = match asked.cursor.as_deref() {
        None => 0,
        Some(text) => text.parse().map_err(|_| {
            Error::invalid(vec![Fault::new("/cursor", "invalid_cursor", "take `next_cursor` of the page before")])
        })?,
    };
    let limit = asked.limit.unwrap_or(ON_A_PAGE).clamp(1, MOST);
    let found = rows::rows(app.db.read(), job.id, after, limit + 1).await?;
    let listed = Listed::cut(found, limit, |row| row.position.to_string());
    let data = listed.data.into_iter().map(reported).collect();
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

/// One row: its position, its state, and what its kind has to say about it.
fn reported(row: JobRow) -> Value {
    let mut said = match row.outcome {
        Some(Value::Object(said)) => said,
        _ => Map::new(),
    };
    said.insert("position".to_owned(), json!(row.position));
    said.insert("state".to_owned(), json!(row.state));
    Value::Object(said)
}

/// `POST /api/v1/jobs/{id}/cancel`: what was done until then stands.
pub async fn cancel_job(
    may: May<CancelJobs>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let job = of_path(&app, &id).await?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    if service::cancel(&ch, job.id).await? {
        ch.audit(AuditEntry::new("job.cancel", job.id, json!({"kind": job.kind}))).await?;
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    let job = service::find(app.db.read(), job.id).await?;
    Ok(axum::Json(body_of(&app, &job).await?))
}

async fn of_path(app: &App, id: &str) -> Result<Job> {
    service::find(app.db.read(), id.parse::<JobId>().map_err(|_| Error::not_found())?).await
}

/// The work as the API shows it.
pub async fn body_of(app: &App, job: &Job) -> Result<JobBody> {
    Ok(JobBody {
        id: job.id.to_string(),
        kind: job.kind,
        state: job.state,
        counts: service::counts(app.db.read(), job.id).await?,
        created_by: job.created_by.clone(),
        created_at: rfc3339(job.created_at),
        started_at: job.started_at.map(rfc3339),
        ended_at: job.ended_at.map(rfc3339),
        report: app.links.to(&format!("/api/v1/jobs/{}/report", job.id)),
    })
}
