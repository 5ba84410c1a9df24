//! The last steps: progress while it runs, the result, and the tables to take along.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use super::super::check::check;
use super::super::finding::{Finding, Severity};
use super::super::sheet::Settings;
use crate::access::{IssueCredentials, May, Posted};
use crate::app::App;
use crate::credentials::claims;
use crate::error::Result;
use crate::issuer;
use crate::jobs::{Job, JobRow, JobState, RowState};
use crate::tables::{self, Import as _, Nothing, Reached};
use crate::web::i18n::Words;
use crate::web::page::Shell;

/// Rows that could not be issued that the page names.
const NAMED: usize = 100;

struct FailedRow {
    row: String,
    who: String,
    why: Vec<String>,
}

/// What changes while it runs.
#[derive(Template)]
#[template(path = "bulk/_progress.html")]
pub struct Progress {
    shell: Shell,
    address: String,
    at: Reached,
    issued: usize,
    held: usize,
    unclaimed: bool,
    mail: bool,
    ended: Option<String>,
    failed: Vec<FailedRow>,
    more: usize,
}

pub(super) async fn progress(app: &App, shell: Shell, job: &Job) -> Result<Progress> {
    let w = shell.w;
    let at = Reached::by(app, job).await?;
    let rows = tables::rows(app, job).await?;
    let came_to =
        |result: &str| rows.iter().filter(|r| r.outcome.as_ref().is_some_and(|o| o["result"] == result)).count();
    let failed: Vec<FailedRow> =
        rows.iter().filter(|r| r.state == RowState::Failed).map(|row| failed(row, w)).collect();
    let zone = issuer::zone(app.db.read()).await?;
    Ok(Progress {
        address: Settings::address(job),
        at,
        issued: came_to("issued"),
        held: came_to("held"),
        unclaimed: rows.iter().any(|r| r.state == RowState::Done),
        mail: !app.config.mail.host.is_empty(),
        ended: job.ended_at.map(|at| zone.instant(w, at)),
        more: failed.len().saturating_sub(NAMED),
        failed: failed.into_iter().take(NAMED).collect(),
        shell,
    })
}

fn failed(row: &JobRow, w: Words) -> FailedRow {
    let said = row.outcome.clone().unwrap_or_default();
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    FailedRow {
        row: tables::number_of(row, &said),
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

/// `GET /admin/credentials/bulk/{job}/errors.csv`: the rows that cannot be issued as they stood, with a column that says why.
pub async fn error_rows(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let w = may.shell().w;
    let (header, rows): (Vec<String>, Vec<(Vec<String>, String)>) = if job.state == JobState::Prepared {
        let (settings, bytes) = tables::handed_in::<Settings>(&app, &job).await?;
        let checked = check(&app, &bytes, &settings).await?;
        let wrong = checked.sheet.rows.iter().filter(|row| row.request.is_none());
        let rows = wrong.map(|row| (row.cells.clone(), sentences(&row.findings, w))).collect();
        (checked.sheet.header, rows)
    } else {
        let header = serde_json::from_value(job.input["header"].clone()).unwrap_or_default();
        let rows = tables::rows(&app, &job).await?;
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
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let w = may.shell().w;
    let header = ["row", "name", "email", "result", "number", "url", "error"].map(str::to_owned).to_vec();
    let rows = tables::rows(&app, &job).await?;
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
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let made = claims::links_for(&app, may.actor(), job.id).await?;
    let header = ["name", "email", "number", "claim_link"].map(str::to_owned).to_vec();
    let rows = made.into_iter().map(|row| vec![row.name, row.email, row.number, row.link]);
    tables::download("claim-links.csv", [header].into_iter().chain(rows))
}
