//! `/admin/credentials/bulk…`: upload, columns, report with a preview, confirmation, progress, result. Nothing is issued before the confirmation.

mod checking;
mod progress;
mod upload;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

pub use checking::{set_columns, start_bulk};
pub use progress::{bulk_links, bulk_progress, bulk_result, cancel_bulk, error_rows};
pub use upload::{bulk_page, upload_bulk};

use super::api::of_path;
use super::sheet::{Format, Settings};
use crate::access::{IssueCredentials, May};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{Job, JobState};
use crate::tables::handed_in;

/// `GET /admin/credentials/bulk/{job}`: the step at which it stands.
pub async fn bulk_step(may: May<IssueCredentials>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    if job.state != JobState::Prepared {
        return Ok(progress::page(&app, may.shell(), &job).await?.into_response());
    }
    let (settings, bytes): (Settings, _) = handed_in(&app, &job).await?;
    match (settings.format, &settings.columns) {
        (Format::Csv, None) => checking::columns_page(&app, may.shell(), &job, &settings, &bytes, vec![]).await,
        _ => checking::report_page(&app, &may, &job, &settings, &bytes).await,
    }
}

/// `GET /admin/credentials/bulk/{job}/columns`: back to the columns.
pub async fn columns_again(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (settings, bytes) = handed_in(&app, &job).await?;
    checking::columns_page(&app, may.shell(), &job, &settings, &bytes, vec![]).await
}

fn address(job: &Job) -> String {
    format!("/admin/credentials/bulk/{}", job.id)
}
