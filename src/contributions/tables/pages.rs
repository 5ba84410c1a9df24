//! `/admin/imports…`: the file, its columns, what would become of each row, and the confirmation. Nothing is counted before it.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::api::{ImportQuery, settings};
use super::columns::{self, Column};
use super::progress_pages::{self, Line, outcome_words, reason_words};
use super::sheet::{Preset, Settings};
use super::work::{self, Tried};
use crate::access::{ImportContributions, May, Posted};
use crate::app::App;
use crate::contributions::own;
use crate::contributions::told::told;
use crate::error::Result;
use crate::issuer;
use crate::jobs::{Job, JobKind, JobState};
use crate::tables::{
    self, Choice, Confirmed, Earlier, FileSettings, Finding, Import, RowByRow, RowProgress, RowTexts, Texts, Uploaded,
};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

impl Import for Settings {
    type Column = Column;
    type By = ImportContributions;
    type Progress = RowProgress<Line>;

    const KIND: JobKind = JobKind::ContributionTable;
    const FIRST: &'static str = "/admin/imports";
    const TEXTS: Texts = Texts {
        title: "import-title",
        above: &[],
        steps: &[],
        columns: "import-columns-about",
        meaning: "import-column-",
        work: ("import-job-title", "import-job-title"),
    };

    fn file(&self) -> &FileSettings<Column> {
        &self.file
    }

    fn file_mut(&mut self) -> &mut FileSettings<Column> {
        &mut self.file
    }

    fn check(&self, meanings: &[Option<Column>]) -> Vec<Finding> {
        columns::check(meanings)
    }

    fn told(finding: &Finding, w: Words) -> String {
        reason_words(finding.code, w).unwrap_or_else(|| finding.told(w))
    }

    async fn progress(app: &App, shell: Shell, job: &Job) -> Result<RowProgress<Line>> {
        progress_pages::progress(app, shell, job).await
    }
}

impl RowByRow for Settings {
    type Line = Line;

    const ROWS: RowTexts = RowTexts {
        about: "import-report-about",
        none: "import-none-good",
        start: "import-start",
        cancelled: "import-cancelled",
        who: "bulk-who",
        more: "bulk-more-rows",
    };
}

#[derive(Template)]
#[template(path = "giving/import.html")]
struct UploadPage {
    shell: Shell,
    presets: Vec<Choice>,
    kinds: Vec<Choice>,
    object: String,
    title: String,
    day: String,
    problems: Vec<String>,
    earlier: Vec<Earlier>,
}

/// `GET /admin/imports`.
pub async fn import_page(may: May<ImportContributions>, State(app): State<App>) -> Result<Response> {
    upload_page(&app, may.shell(), &Uploaded::default(), vec![]).await
}

async fn upload_page(app: &App, shell: Shell, typed: &Uploaded, problems: Vec<String>) -> Result<Response> {
    let w = shell.w;
    let said = |name: &str| typed.fields.get(name).cloned().unwrap_or_default();
    let earlier = tables::earlier::<Settings>(app, w, &issuer::zone(app.db.read()).await?).await?;
    let presets = Preset::ALL.into_iter().map(|preset| Choice {
        value: preset.as_str(),
        word: w.t(&format!("import-preset-{}", preset.as_str())),
        chosen: said("preset") == preset.as_str(),
    });
    let kinds = own::TABLE_TYPES.into_iter().map(|kind| Choice {
        value: kind,
        word: w.t(&format!("kind-{}", kind.replace('.', "-"))),
        chosen: said("type") == kind,
    });
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = UploadPage {
        presets: presets.collect(),
        kinds: kinds.collect(),
        earlier,
        object: said("object"),
        title: said("title"),
        day: said("day"),
        problems,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// `POST /admin/imports`: reads the file, keeps it, and leads to its columns.
pub async fn import_post(may: May<ImportContributions>, State(app): State<App>, request: Request) -> Result<Response> {
    let w = may.shell().w;
    let Some(posted) = tables::sent(request, &app, &may.principal).await? else {
        return upload_page(&app, may.shell(), &Uploaded::default(), vec![w.t("bulk-why-too-large")]).await;
    };
    if posted.file.is_empty() {
        return upload_page(&app, may.shell(), &posted, vec![w.t("bulk-why-no-file")]).await;
    }
    let query = ImportQuery::of_form(|field| posted.fields.get(field).cloned());
    let settings = match settings(query, &posted.name, &posted.file) {
        Ok(settings) => settings,
        Err(e) => {
            let problem = told(w, e)?;
            return upload_page(&app, may.shell(), &posted, vec![problem]).await;
        }
    };
    if let Err(wrong) = tables::opened(&app, &posted.file, settings.file.encoding).await? {
        return upload_page(&app, may.shell(), &posted, vec![wrong.told(w)]).await;
    }
    let id = tables::prepare(&app, may.actor(), &settings, posted.file, None).await?;
    Ok(see_other(&format!("{}/{id}", Settings::FIRST)))
}

/// `GET /admin/imports/{job}`: the step at which it stands.
pub async fn import_step_page(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    if job.state != JobState::Prepared {
        return tables::work_page::<Settings>(&app, may.shell(), &job, None).await;
    }
    let (settings, bytes) = tables::handed_in::<Settings>(&app, &job).await?;
    match settings.file.columns {
        None => tables::ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await,
        Some(_) => report_page(&app, &may, &job, &settings, &bytes).await,
    }
}

async fn report_page(
    app: &App,
    may: &May<ImportContributions>,
    job: &Job,
    settings: &Settings,
    bytes: &[u8],
) -> Result<Response> {
    let shell = may.shell();
    let w = shell.w;
    let tried = match work::try_out(app, may.actor(), bytes, settings).await? {
        Ok(tried) => tried,
        Err(wrong) => {
            let problems = Settings::sentences(&wrong, w);
            return tables::ask_columns(app, shell, job, settings, bytes, problems).await;
        }
    };
    let counts = ["accepted", "held", "duplicate", "not_there", "rejected"].map(|outcome| {
        let n = tried.iter().filter(|t| t.outcome == outcome).count();
        (outcome_words(outcome, w), n)
    });
    // What needs a look stands first.
    let mut rows: Vec<&Tried> = tried.iter().collect();
    rows.sort_by_key(|t| (t.outcome != "rejected", t.outcome != "held", t.row));
    let good = tried.iter().filter(|t| t.counts()).count();
    let lines = rows.into_iter().map(|tried| Line::tried(tried, w));
    Ok(tables::report_page(shell, job, settings, (counts.into(), good), lines))
}

/// `POST /admin/imports/{job}/start`: the rows that count, and no other.
pub async fn import_start_post(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let back = see_other(&Settings::address(&job));
    let Some((settings, bytes)) = tables::confirmed::<Settings>(&app, &job, &form).await? else { return Ok(back) };
    if let Ok(tried) = work::try_out(&app, may.actor(), &bytes, &settings).await?
        && tried.iter().any(Tried::counts)
    {
        work::start(&app, may.actor(), job.id, &settings, &tried).await?;
    }
    Ok(back)
}
