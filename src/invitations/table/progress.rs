//! The last steps of `/admin/members/import…`: progress while it runs, the report by row, and the invitations.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::api::of_path;
use super::pages::{Line, address, chip, said};
use crate::access::{EnrolMembers, May, Posted};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{self, Counts, Job, JobRow, JobState, RowState};
use crate::tables::{self, finding::cut};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// Rows that the page names; the file has all.
const NAMED: usize = 200;
const ALL: u64 = 100_000;

struct View {
    running: bool,
    cancelled: bool,
    counts: Counts,
    worked: u64,
    enrolled: usize,
    known: usize,
    lines: Vec<Line>,
    more: usize,
}

#[derive(Template)]
#[template(path = "invitations/import_job.html")]
struct JobPage {
    shell: Shell,
    address: String,
    file: String,
    view: View,
    mail: bool,
    invited: Option<usize>,
}

#[derive(Template)]
#[template(path = "invitations/_import_progress.html")]
struct Fragment {
    shell: Shell,
    address: String,
    view: View,
    mail: bool,
}

pub(super) async fn page(app: &App, shell: Shell, job: &Job, invited: Option<usize>) -> Result<Page<impl Template>> {
    let view = view(app, shell.w, job).await?;
    let file = job.input["name"].as_str().unwrap_or_default().to_owned();
    let mail = !app.config.mail.host.is_empty();
    Ok(Page(JobPage { address: address(&job.id.to_string()), file, view, mail, invited, shell }))
}

async fn view(app: &App, w: Words, job: &Job) -> Result<View> {
    let counts = jobs::counts(app.db.read(), job.id).await?;
    let mut rows = jobs::rows(app.db.read(), job.id, 0, ALL).await?;
    let came_to =
        |word: &str| rows.iter().filter(|row| row.outcome.as_ref().is_some_and(|o| o["outcome"] == word)).count();
    let (enrolled, known) = (came_to("enrolled"), came_to("known"));
    // What needs a look stands first.
    rows.sort_by_key(|row| (row.state != RowState::Failed, row.position));
    Ok(View {
        running: job.state == JobState::Running,
        cancelled: job.state == JobState::Cancelled,
        worked: counts.total - counts.waiting,
        enrolled,
        known,
        more: rows.len().saturating_sub(NAMED),
        lines: rows.iter().take(NAMED).map(|row| line(row, w)).collect(),
        counts,
    })
}

fn line(row: &JobRow, w: Words) -> Line {
    let kept = row.outcome.as_ref().unwrap_or(&row.input["said"]);
    let text = |name: &str| kept[name].as_str().unwrap_or_default();
    let outcome = match (&row.outcome, text("outcome")) {
        (Some(_), word) if !word.is_empty() => word,
        _ => row.state.as_str(),
    };
    let findings = if row.outcome.is_some() { kept["findings"].as_array() } else { None };
    // What was given up after many tries says why under another name.
    let findings = findings.or_else(|| kept["errors"].as_array()).into_iter().flatten();
    Line {
        row: kept["row"].as_u64().map_or_else(|| row.position.to_string(), |n| n.to_string()),
        name: cut(text("name")),
        email: cut(text("email")),
        chip: chip(outcome),
        outcome: w.t(&format!("member-table-outcome-{outcome}")),
        why: findings.map(|finding| why(finding, w)).collect(),
    }
}

/// A kept finding in the reader's language.
fn why(finding: &Value, w: Words) -> (String, String) {
    let text = |name: &str| finding[name].as_str().unwrap_or_default();
    let general = format!("bulk-why-{}", text("code").replace('_', "-"));
    let told = said(text("code"), text("value"), w);
    let told = told.or_else(|| w.has(&general).then(|| w.with1(&general, "named", text("column"))));
    (text("column").to_owned(), told.unwrap_or_else(|| text("detail").to_owned()))
}

/// `GET /admin/members/import/{job}/progress`: the part of the page that changes.
pub async fn import_progress(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let job = of_path(&app, &id).await?;
    let shell = may.shell();
    let view = view(&app, shell.w, &job).await?;
    Ok(Page(Fragment { address: address(&id), view, mail: !app.config.mail.host.is_empty(), shell }))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/members/import/{job}/cancel`: whoever was enrolled stays.
pub async fn import_cancel_post(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    tables::cancel(&app, may.actor(), &job).await?;
    Ok(see_other(&address(&id)))
}

/// `GET /admin/members/import/{job}/report.csv`: what became of each row.
pub async fn import_report(may: May<EnrolMembers>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let w = may.shell().w;
    let rows = jobs::rows(app.db.read(), job.id, 0, ALL).await?;
    let head = ["row", "name", "email", "outcome", "why", "member"].map(str::to_owned).to_vec();
    let lines = rows.iter().map(|row| {
        let told = line(row, w);
        let in_column = |(column, text): &(String, String)| match column.as_str() {
            "" => text.clone(),
            column => w.with2("bulk-in-column", "column", column, "text", text.as_str()),
        };
        let why = told.why.iter().map(in_column).collect::<Vec<_>>().join(" / ");
        let member = row.outcome.as_ref().and_then(|o| o["member"].as_str()).unwrap_or_default();
        vec![told.row, told.name, told.email, told.outcome, why, member.to_owned()]
    });
    tables::download("report.csv", [head].into_iter().chain(lines))
}
