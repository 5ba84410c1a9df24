//! Tables of which each row has one outcome: what would become of each, and what became of it.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::import::Import;
use super::page::Head;
use super::work_page::Reached;
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};

/// Rows that a page names; the file has all.
const NAMED: usize = 200;

/// The keys of what the pages say beside what those of all tables say.
pub struct RowTexts {
    /// What is said above what would become of each row.
    pub about: &'static str,
    /// That there is nothing to start.
    pub none: &'static str,
    /// The button that starts `n` rows.
    pub start: &'static str,
    pub cancelled: &'static str,
    /// Whom a row is about.
    pub who: &'static str,
    /// That `n` rows more are in the file.
    pub more: &'static str,
}

/// A table of which each row has one outcome, which its room shows as a line.
pub trait RowByRow: Import {
    type Line: Template + Send;

    const ROWS: RowTexts;
}

/// The rows of a page, each as its room shows it.
#[derive(Template)]
#[template(path = "tables/_rows.html")]
struct Rows<L: Template> {
    w: Words,
    who: &'static str,
    /// The key of the outcome's column.
    outcome: &'static str,
    lines: Vec<L>,
    more_key: &'static str,
    more: usize,
}

impl<L: Template> Rows<L> {
    fn of<I: RowByRow<Line = L>>(w: Words, outcome: &'static str, lines: impl ExactSizeIterator<Item = L>) -> Self {
        Self {
            w,
            who: I::ROWS.who,
            outcome,
            more: lines.len().saturating_sub(NAMED),
            more_key: I::ROWS.more,
            lines: lines.take(NAMED).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "tables/report.html")]
struct ReportPage<L: Template> {
    shell: Shell,
    head: Head,
    first: &'static str,
    address: String,
    file: String,
    about: String,
    none: String,
    start: String,
    counts: Vec<(String, usize)>,
    good: usize,
    rows: Rows<L>,
}

/// What would become of each row: how many have which outcome, how many are `good` to start, and a line each, what needs a look first.
pub fn report_page<I: RowByRow>(
    shell: Shell,
    job: &Job,
    settings: &I,
    (counts, good): (Vec<(String, usize)>, usize),
    lines: impl ExactSizeIterator<Item = I::Line>,
) -> Response {
    let w = shell.w;
    let page = ReportPage {
        head: Head::of::<I>(w, "import-report-title", 3),
        first: I::FIRST,
        address: I::address(job),
        file: settings.file().name.clone(),
        about: w.t(I::ROWS.about),
        none: w.t(I::ROWS.none),
        start: w.with1(I::ROWS.start, "n", good),
        counts,
        good,
        rows: Rows::of::<I>(w, "import-becomes", lines),
        shell,
    };
    Page(page).into_response()
}

/// What changes while it runs: how far it is, what it came to, and what became of each row.
#[derive(Template)]
#[template(path = "tables/_progress.html")]
pub struct RowProgress<L: Template> {
    shell: Shell,
    at: Reached,
    first: &'static str,
    address: String,
    title: String,
    cancelled: String,
    counts: Vec<(String, u64)>,
    /// What there is to do once it ended, as a part of the page.
    next: Option<String>,
    rows: Rows<L>,
}

/// How far the work is, with what it came to.
pub fn row_progress<I: RowByRow>(
    shell: Shell,
    job: &Job,
    at: Reached,
    counts: Vec<(String, u64)>,
    lines: impl ExactSizeIterator<Item = I::Line>,
) -> RowProgress<I::Line> {
    let w = shell.w;
    RowProgress {
        at,
        first: I::FIRST,
        address: I::address(job),
        title: w.t(I::TEXTS.work.1),
        cancelled: w.t(I::ROWS.cancelled),
        counts,
        next: None,
        rows: Rows::of::<I>(w, "import-became", lines),
        shell,
    }
}

impl<L: Template> RowProgress<L> {
    /// With what there is to do once it ended.
    ///
    /// # Errors
    /// The part cannot be written.
    pub fn followed_by(mut self, next: &impl Template) -> Result<Self> {
        self.next = Some(next.render().map_err(Error::internal)?);
        Ok(self)
    }
}
