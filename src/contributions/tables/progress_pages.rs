//! The last steps of `/admin/imports…`: progress while it runs, and the report by row.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::of_path;
use super::pages::{chip, reason_words};
use crate::access::{ImportContributions, May, Posted};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{self, Counts, Job, JobRow, JobState};
use crate::tables;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// Rows that the page names; the file has all.
const NAMED: usize = 200;
const ALL: u64 = 100_000;

struct Line {
    row: String,
    who: String,
    chip: &'static str,
    outcome: String,
    why: String,
}

struct View {
    running: bool,
    cancelled: bool,
    counts: Counts,
    worked: u64,
    lines: Vec<Line>,
    more: usize,
}

#[derive(Template)]
#[template(path = "giving/import_job.html")]
struct JobPage {
    shell: Shell,
    id: String,
    file: String,
    view: View,
}

#[derive(Template)]
#[template(path = "giving/_import_progress.html")]
struct Fragment {
    shell: Shell,
    id: String,
    view: View,
}

pub(super) async fn page(app: &App, shell: Shell, job: &Job) -> Result<Page<impl Template>> {
    let view = view(app, shell.w, job).await?;
    let file = job.input["name"].as_str().unwrap_or_default().to_owned();
    Ok(Page(JobPage { id: job.id.to_string(), file, view, shell }))
}

async fn view(app: &App, w: Words, job: &Job) -> Result<View> {
    let counts = jobs::counts(app.db.read(), job.id).await?;
    let rows = jobs::rows(app.db.read(), job.id, 0, ALL).await?;
    Ok(View {
        running: job.state == JobState::Running,
        cancelled: job.state == JobState::Cancelled,
        worked: counts.total - counts.waiting,
        more: rows.len().saturating_sub(NAMED),
        lines: rows.iter().take(NAMED).map(|row| line(row, w)).collect(),
        counts,
    })
}

fn line(row: &JobRow, w: Words) -> Line {
    let said = row.outcome.as_ref().unwrap_or(&row.input["said"]);
    let text = |name: &str| said[name].as_str().unwrap_or_default();
    let outcome = if row.outcome.is_some() { text("outcome") } else { row.state.as_str() };
    Line {
        row: said["row"].as_u64().map_or_else(|| row.position.to_string(), |n| n.to_string()),
        who: text("who").to_owned(),
        chip: chip(outcome),
        outcome: w.t(&format!("import-outcome-{}", outcome.replace('_', "-"))),
        why: match text("reason") {
            "" => String::new(),
            reason => reason_words(reason, said["detail"].as_str(), w),
        },
    }
}

/// `GET /admin/imports/{job}/progress`: the part of the page that changes.
pub async fn import_progress(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let job = of_path(&app, &id).await?;
    let shell = may.shell();
    let view = view(&app, shell.w, &job).await?;
    Ok(Page(Fragment { id, view, shell }))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/imports/{job}/cancel`: what was taken in stands.
pub async fn import_cancel_post(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    tables::cancel(&app, may.actor(), &job).await?;
    Ok(see_other(&format!("/admin/imports/{id}")))
}

/// `GET /admin/imports/{job}/report.csv`: what became of each row.
pub async fn import_report(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let w = may.shell().w;
    let rows = jobs::rows(app.db.read(), job.id, 0, ALL).await?;
    let head = ["row", "who", "outcome", "why", "contribution"].map(str::to_owned).to_vec();
    let lines = rows.iter().map(|row| {
        let told = line(row, w);
        let contribution = row.outcome.as_ref().and_then(|o| o["contribution"].as_str()).unwrap_or_default();
        vec![told.row, told.who, told.outcome, told.why, contribution.to_owned()]
    });
    tables::download("report.csv", [head].into_iter().chain(lines))
}
