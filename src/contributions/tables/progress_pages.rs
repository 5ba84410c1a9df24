//! The last steps of `/admin/imports…`: what became of each row, and the report by row.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::sheet::Settings;
use super::work::Tried;
use crate::access::{ImportContributions, May};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{Job, JobRow};
use crate::tables::finding::cut;
use crate::tables::{self, Import as _, Reached, RowProgress};
use crate::web::i18n::Words;
use crate::web::page::Shell;

/// A row of a table, with what becomes of it.
#[derive(Template)]
#[template(path = "giving/_import_row.html")]
pub struct Line {
    w: Words,
    /// The key of the outcome's column.
    outcome_of: &'static str,
    row: String,
    who: String,
    /// The class of the chip.
    chip: &'static str,
    outcome: String,
    why: String,
}

impl Line {
    /// What would become of a row.
    pub(super) fn tried(t: &Tried, w: Words) -> Self {
        let why = match (&t.finding, &t.reason) {
            (Some(finding), _) => Settings::told(finding, w),
            (None, Some(reason)) => why(reason, t.detail.as_deref(), w),
            (None, None) => String::new(),
        };
        Self {
            w,
            outcome_of: "import-becomes",
            row: t.row.to_string(),
            who: cut(&t.who),
            chip: chip(t.outcome),
            outcome: outcome_words(t.outcome, w),
            why,
        }
    }
}

pub(super) fn outcome_words(outcome: &str, w: Words) -> String {
    w.t(&format!("import-outcome-{}", outcome.replace('_', "-")))
}

fn chip(outcome: &str) -> &'static str {
    match outcome {
        "accepted" => "valid",
        "rejected" => "revoked",
        "held" => "suspended",
        _ => "unknown",
    }
}

/// The sentence for a reason; none where this room has none of its own.
pub(super) fn reason_words(reason: &str, w: Words) -> Option<String> {
    let key = format!("import-why-{}", reason.replace('_', "-"));
    w.has(&key).then(|| w.t(&key))
}

fn why(reason: &str, detail: Option<&str>, w: Words) -> String {
    reason_words(reason, w).unwrap_or_else(|| detail.unwrap_or_default().to_owned())
}

pub(super) async fn progress(app: &App, shell: Shell, job: &Job) -> Result<RowProgress<Line>> {
    let w = shell.w;
    let at = Reached::by(app, job).await?;
    let rows = tables::rows(app, job).await?;
    let counts = vec![(w.t("import-taken"), at.counts.done), (w.t("import-refused"), at.counts.failed)];
    Ok(tables::row_progress::<Settings>(shell, job, at, counts, rows.iter().map(|row| line(row, w))))
}

fn line(row: &JobRow, w: Words) -> Line {
    let said = row.outcome.as_ref().unwrap_or(&row.input["said"]);
    let text = |name: &str| said[name].as_str().unwrap_or_default();
    let outcome = if row.outcome.is_some() { text("outcome") } else { row.state.as_str() };
    Line {
        w,
        outcome_of: "import-became",
        row: tables::number_of(row, said),
        who: text("who").to_owned(),
        chip: chip(outcome),
        outcome: outcome_words(outcome, w),
        why: match text("reason") {
            "" => String::new(),
            reason => why(reason, said["detail"].as_str(), w),
        },
    }
}

/// `GET /admin/imports/{job}/report.csv`: what became of each row.
pub async fn import_report(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let w = may.shell().w;
    let rows = tables::rows(&app, &job).await?;
    let head = ["row", "who", "outcome", "why", "contribution"].map(str::to_owned).to_vec();
    let lines = rows.iter().map(|row| {
        let told = line(row, w);
        let contribution = row.outcome.as_ref().and_then(|o| o["contribution"].as_str()).unwrap_or_default();
        vec![told.row, told.who, told.outcome, told.why, contribution.to_owned()]
    });
    tables::download("report.csv", [head].into_iter().chain(lines))
}
