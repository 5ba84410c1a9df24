//! `/admin/credentials/bulk…`: upload, columns, report with a preview, confirmation, progress, result. Nothing is issued before the confirmation.

mod checking;
mod progress;
mod upload;

use axum::extract::{Path, State};
use axum::response::Response;

pub use checking::start_bulk;
pub use progress::{bulk_links, bulk_result, error_rows};
pub use upload::{bulk_page, upload_bulk};

use super::columns::{self, Column};
use super::sheet::{Format, Settings};
use crate::access::{IssueCredentials, May};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{Job, JobKind, JobState};
use crate::tables::{self, FileSettings, Finding, Import, Texts};
use crate::web::page::Shell;

impl Import for Settings {
    type Column = Column;
    type By = IssueCredentials;
    type Progress = progress::Progress;

    const KIND: JobKind = JobKind::BulkIssue;
    const FIRST: &'static str = "/admin/credentials/bulk";
    const TEXTS: Texts = Texts {
        title: "bulk-title",
        above: &[("/admin/credentials", "staff-credentials")],
        steps: &["bulk-step-file", "bulk-step-columns", "bulk-step-check", "bulk-step-issue"],
        columns: "bulk-columns-about",
        meaning: "bulk-column-",
        work: ("bulk-step-issue", "bulk-job-title"),
    };

    fn file(&self) -> &FileSettings<Column> {
        &self.file
    }

    fn file_mut(&mut self) -> &mut FileSettings<Column> {
        &mut self.file
    }

    fn has_columns(&self) -> bool {
        self.format == Format::Csv
    }

    fn check(&self, meanings: &[Option<Column>]) -> Vec<Finding> {
        columns::check(meanings, self.track.is_some())
    }

    async fn progress(app: &App, shell: Shell, job: &Job) -> Result<progress::Progress> {
        progress::progress(app, shell, job).await
    }
}

/// `GET /admin/credentials/bulk/{job}`: the step at which it stands.
pub async fn bulk_step(may: May<IssueCredentials>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    if job.state != JobState::Prepared {
        return tables::work_page::<Settings>(&app, may.shell(), &job, None).await;
    }
    let (settings, bytes) = tables::handed_in::<Settings>(&app, &job).await?;
    match (settings.format, &settings.file.columns) {
        (Format::Csv, None) => tables::ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await,
        _ => checking::report_page(&app, &may, &job, &settings, &bytes).await,
    }
}
