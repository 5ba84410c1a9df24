//! The last steps: progress while it runs, the result, and the tables to take along.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::super::api::of_path;
use super::super::check::check;
use super::super::finding::{Finding, Severity};
use super::super::sheet::Settings;
use super::address;
use crate::access::{IssueCredentials, May, Posted};
use crate::app::App;
use crate::credentials::claims;
use crate::error::Result;
use crate::issuer;
use crate::jobs::{self, Counts, Job, JobRow, JobState, RowState};
use crate::tables;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// Rows that could not be issued that the page names.
const NAMED: usize = 100;
const ALL: u64 = 100_000;

struct FailedRow {
    row: String,
    who: String,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "bulk/job.html")]
struct JobPage {
    shell: Shell,
    address: String,
    file: String,
    view: View,
}

#[derive(Template)]
#[template(path = "bulk/_progress.html")]
struct Fragment {
    shell: Shell,
    address: String,
    view: View,
}

/// What changes while it runs.
struct View {
    running: bool,
    cancelled: bool,
    counts: Counts,
    worked: u64,
    issued: usize,
    held: usize,
    unclaimed: bool,
    mail: bool,
    ended: Option<String>,
    failed: Vec<FailedRow>,
    more: usize,
}

pub(super) async fn page(app: &App, shell: Shell, job: &Job) -> Result<Page<impl Template>> {
    let view = view(app, shell.w, job).await?;
    let file = job.input["name"].as_str().unwrap_or_default().to_owned();
    Ok(Page(JobPage { address: address(job), file, view, shell }))
}

async fn view(app: &App, w: Words, job: &Job) -> Result<View> {
    let db = app.db.read();
    let counts = jobs::counts(db, job.id).await?;
    let rows = jobs::rows(db, job.id, 0, ALL).await?;
    let came_to =
        |result: &str| rows.iter().filter(|r| r.outcome.as_ref().is_some_and(|o| o["result"] == result)).count();
    let failed: Vec<FailedRow> =
        rows.iter().filter(|r| r.state == RowState::Failed).map(|row| failed(row, w)).collect();
    let zone = issuer::zone(db).await?;
    Ok(View {
        running: job.state == JobState::Running,
        cancelled: job.state == JobState::Cancelled,
        worked: counts.total - counts.waiting,
        issued: came_to("issued"),
        held: came_to("held"),
        unclaimed: rows.iter().any(|r| r.state == RowState::Done),
        mail: !app.config.mail.host.is_empty(),
        ended: job.ended_at.map(|at| zone.instant(w, at)),
        more: failed.len().saturating_sub(NAMED),
        failed: failed.into_iter().take(NAMED).collect(),
        counts,
    })
}

fn failed(row: &JobRow, w: Words) -> FailedRow {
    let said = row.outcome.clone().unwrap_or_default();
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    FailedRow {
        row: said["row"].as_u64().map_or_else(|| row.position.to_string(), |n| n.to_string()),
        who: [text("name"), text("email")].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · "),
        why: said["errors"].as_array().into_iter().flatten().map(|e| why(e, w)).collect(),
    }
}

/// A kept error in the reader's language.
fn why(error: &Value, w: Words) -> String {
    let text = |name: &str| error[name].as_str().unwrap_or_default();
    let key = format!("bulk-why-{}", text("code").replace('_', "-"));
    let said = if w.has(&key) { w.with1(&key, "named", text("column")) } else { text("detail").to_owned() };
    match text("column") {
        "" => said,
        column => w.with2("bulk-in-column", "column", column, "text", said),
    }
}

/// `GET /admin/credentials/bulk/{job}/progress`: the part of the page that changes.
pub async fn bulk_progress(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let job = of_path(&app, &id).await?;
    let shell = may.shell();
    let view = view(&app, shell.w, &job).await?;
    Ok(Page(Fragment { address: address(&job), view, shell }))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/credentials/bulk/{job}/cancel`.
pub async fn cancel_bulk(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    tables::cancel(&app, may.actor(), &job).await?;
    Ok(see_other(&address(&job)))
}

/// `GET /admin/credentials/bulk/{job}/errors.csv`: the rows that cannot be issued as they stood, with a column that says why.
pub async fn error_rows(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let w = may.shell().w;
    let (header, rows): (Vec<String>, Vec<(Vec<String>, String)>) = if job.state == JobState::Prepared {
        let (settings, bytes): (Settings, _) = tables::handed_in(&app, &job).await?;
        let checked = check(&app, &bytes, &settings).await?;
        let wrong = checked.sheet.rows.iter().filter(|row| row.request.is_none());
        let rows = wrong.map(|row| (row.cells.clone(), sentences(&row.findings, w))).collect();
        (checked.sheet.header, rows)
    } else {
        let header = serde_json::from_value(job.input["header"].clone()).unwrap_or_default();
        let rows = jobs::rows(app.db.read(), job.id, 0, ALL).await?;
        let wrong = rows.into_iter().filter(|row| row.state == RowState::Failed);
        let cells = |row: &JobRow| -> Vec<String> {
            let kept = serde_json::from_value(row.input["cells"].clone()).unwrap_or_default();
            if kept == Vec::<String>::new() { vec![row.input["request"].to_string()] } else { kept }
        };
        (header, wrong.map(|row| (cells(&row), failed(&row, w).why.join(" / "))).collect())
    };
    let width = rows.iter().map(|(cells, _)| cells.len()).chain([header.len()]).max().unwrap_or_default();
    let wide = |mut cells: Vec<String>, last: String| {
        cells.resize(width, String::new());
        cells.push(last);
        cells
    };
    let first = wide(header, w.t("bulk-errors-column"));
    tables::download("errors.csv", [first].into_iter().chain(rows.into_iter().map(|(cells, why)| wide(cells, why))))
}

fn sentences(findings: &[Finding], w: Words) -> String {
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    let told = errors.map(|f| match &f.column {
        Some(column) => w.with2("bulk-in-column", "column", column.as_str(), "text", f.told(w)),
        None => f.told(w),
    });
    told.collect::<Vec<_>>().join(" / ")
}

/// `GET /admin/credentials/bulk/{job}/result.csv`: what became of each row.
pub async fn bulk_result(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let w = may.shell().w;
    let header = ["row", "name", "email", "result", "number", "url", "error"].map(str::to_owned).to_vec();
    let rows = jobs::rows(app.db.read(), job.id, 0, ALL).await?;
    let lines = rows.iter().map(|row| {
        let said = row.outcome.as_ref().unwrap_or(&row.input["said"]);
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let result = said["result"].as_str().unwrap_or(row.state.as_str()).to_owned();
        let told = failed(row, w);
        vec![told.row, text("name"), text("email"), result, text("number"), text("url"), told.why.join(" / ")]
    });
    tables::download("result.csv", [header].into_iter().chain(lines))
}

/// `POST /admin/credentials/bulk/{job}/claim-links`: a table of new links for everybody who never signed in.
pub async fn bulk_links(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let made = claims::links_for(&app, may.actor(), job.id).await?;
    let header = ["name", "email", "number", "claim_link"].map(str::to_owned).to_vec();
    let rows = made.into_iter().map(|row| vec![row.name, row.email, row.number, row.link]);
    tables::download("claim-links.csv", [header].into_iter().chain(rows))
}
