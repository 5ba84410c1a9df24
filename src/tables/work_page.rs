//! The page of the work: how far it is, and the button that stops it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::import::Import;
use super::page::Head;
use super::steps::{cancel, of_path};
use crate::access::{May, Posted};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{self, Counts, Job, JobRow, JobState};
use crate::web::page::{Page, Shell, see_other};

/// More rows than any file may have.
const ALL: u64 = 100_000;

/// How far the work is.
pub struct Reached {
    pub running: bool,
    pub cancelled: bool,
    pub counts: Counts,
    pub worked: u64,
}

impl Reached {
    pub async fn by(app: &App, job: &Job) -> Result<Self> {
        let counts = jobs::counts(app.db.read(), job.id).await?;
        Ok(Self {
            running: job.state == JobState::Running,
            cancelled: job.state == JobState::Cancelled,
            worked: counts.total - counts.waiting,
            counts,
        })
    }
}

/// Every row of the work.
pub async fn rows(app: &App, job: &Job) -> Result<Vec<JobRow>> {
    jobs::rows(app.db.read(), job.id, 0, ALL).await
}

/// The number of a row as its report has it; its place in the work where it has no report.
pub fn number_of(row: &JobRow, report: &Value) -> String {
    report["row"].as_u64().map_or_else(|| row.position.to_string(), |n| n.to_string())
}

#[derive(Template)]
#[template(path = "tables/work.html")]
struct WorkPage<P: Template> {
    shell: Shell,
    head: Head,
    title: String,
    /// What was done just now.
    done: Option<String>,
    address: String,
    file: String,
    running: bool,
    progress: P,
}

/// The page of work that was started; `done` says what its reader did just now.
pub async fn work_page<I: Import>(app: &App, shell: Shell, job: &Job, done: Option<String>) -> Result<Response> {
    let w = shell.w;
    let (here, title) = I::TEXTS.work;
    let page = WorkPage {
        head: Head::of::<I>(w, here, 4),
        title: w.t(title),
        done,
        address: I::address(job),
        file: job.input["name"].as_str().unwrap_or_default().to_owned(),
        running: job.state == JobState::Running,
        progress: I::progress(app, shell.clone(), job).await?,
        shell,
    };
    Ok(Page(page).into_response())
}

/// `GET …/{job}/progress`: the part of the page that changes.
pub async fn progress<I: Import>(may: May<I::By>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = of_path::<I>(&app, &id).await?;
    Ok(Page(I::progress(&app, may.shell(), &job).await?).into_response())
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST …/{job}/cancel`: what was done until then stands.
pub async fn cancel_post<I: Import>(
    may: May<I::By>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let job = of_path::<I>(&app, &id).await?;
    cancel(&app, may.actor(), &job).await?;
    Ok(see_other(&I::address(&job)))
}
