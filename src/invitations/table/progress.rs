//! The last steps of `/admin/members/import…`: what became of each row, the report by row, and the invitations.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use super::pages::said;
use super::sheet::Settings;
use super::work::Tried;
use crate::access::{EnrolMembers, May};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{Job, JobRow, RowState};
use crate::tables::{self, Import as _, Reached, RowProgress, finding::cut};
use crate::web::i18n::Words;
use crate::web::page::Shell;

/// A row of a table, with what becomes of it.
#[derive(Template)]
#[template(path = "invitations/_row.html")]
pub struct Line {
    w: Words,
    row: String,
    name: String,
    email: String,
    /// The class of the chip.
    chip: &'static str,
    outcome: String,
    /// The column, where one is at fault, and what to do.
    why: Vec<(String, String)>,
}

impl Line {
    /// What would become of a row.
    pub(super) fn tried(t: &Tried, w: Words) -> Self {
        let why = t.findings.iter().map(|f| (f.column.clone().unwrap_or_default(), Settings::told(f, w)));
        Self {
            w,
            row: t.row.to_string(),
            name: cut(&t.name),
            email: cut(&t.email),
            chip: chip(t.outcome),
            outcome: w.t(&format!("member-table-outcome-{}", t.outcome)),
            why: why.collect(),
        }
    }
}

fn chip(outcome: &str) -> &'static str {
    match outcome {
        "enrolled" => "valid",
        "rejected" | "failed" => "revoked",
        _ => "unknown",
    }
}

/// What there is to do with those who came in.
#[derive(Template)]
#[template(path = "invitations/_invite_table.html")]
struct Invite {
    w: Words,
    csrf: String,
    address: String,
    mail: bool,
}

pub(super) async fn progress(app: &App, shell: Shell, job: &Job) -> Result<RowProgress<Line>> {
    let w = shell.w;
    let at = Reached::by(app, job).await?;
    let mut rows = tables::rows(app, job).await?;
    let came_to = |word: &str| {
        let those = rows.iter().filter(|row| row.outcome.as_ref().is_some_and(|o| o["outcome"] == word));
        (w.t(&format!("member-table-outcome-{word}")), those.count() as u64)
    };
    let (enrolled, known) = (came_to("enrolled"), came_to("known"));
    let somebody = enrolled.1 + known.1 > 0;
    let counts = vec![enrolled, known, (w.t("member-table-outcome-rejected"), at.counts.failed)];
    // What needs a look stands first.
    rows.sort_by_key(|row| (row.state != RowState::Failed, row.position));
    let lines = rows.iter().map(|row| line(row, w));
    let invite =
        Invite { w, csrf: shell.csrf.clone(), address: Settings::address(job), mail: !app.config.mail.host.is_empty() };
    let progress = tables::row_progress::<Settings>(shell, job, at, counts, lines);
    if somebody { progress.followed_by(&invite) } else { Ok(progress) }
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
        w,
        row: tables::number_of(row, kept),
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

/// `GET /admin/members/import/{job}/report.csv`: what became of each row.
pub async fn import_report(may: May<EnrolMembers>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let w = may.shell().w;
    let rows = tables::rows(&app, &job).await?;
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
