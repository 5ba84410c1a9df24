//! `/admin/members/import…`: the file, its columns, what would become of each row, and the confirmation. Nobody is enrolled before it.

use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::settings;
use super::columns::{self, Column};
use super::progress::{self, Line};
use super::sheet::Settings;
use super::work::{self, Tried};
use crate::access::{EnrolMembers, LinkHandles, May, Permission as _, Posted};
use crate::app::App;
use crate::error::{Code, Result};
use crate::issuer;
use crate::jobs::{Job, JobKind, JobState};
use crate::tables::{self, Confirmed, Earlier, FileSettings, Finding, Import, RowByRow, RowProgress, RowTexts, Texts};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

impl Import for Settings {
    type Column = Column;
    type By = EnrolMembers;
    type Progress = RowProgress<Line>;

    const KIND: JobKind = JobKind::MemberTable;
    const FIRST: &'static str = "/admin/members/import";
    const TEXTS: Texts = Texts {
        title: "member-table-title",
        above: &[],
        steps: &[],
        columns: "import-columns-about",
        meaning: "member-table-column-",
        work: ("member-table-job", "member-table-job"),
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
        said(finding.code, &finding.named, w).unwrap_or_else(|| finding.told(w))
    }

    async fn progress(app: &App, shell: Shell, job: &Job) -> Result<RowProgress<Line>> {
        progress::progress(app, shell, job).await
    }
}

impl RowByRow for Settings {
    type Line = Line;

    const ROWS: RowTexts = RowTexts {
        about: "member-table-report-about",
        none: "member-table-none-new",
        start: "member-table-start",
        cancelled: "member-table-cancelled",
        who: "member-table-who",
        more: "member-table-more",
    };
}

#[derive(Template)]
#[template(path = "invitations/import.html")]
struct UploadPage {
    shell: Shell,
    language: String,
    problems: Vec<String>,
    earlier: Vec<Earlier>,
    /// Whether the visitor may say whose a handle is.
    handles: bool,
}

/// `GET /admin/members/import`.
pub async fn import_page(may: May<EnrolMembers>, State(app): State<App>) -> Result<Response> {
    upload_page(&app, &may, "", vec![]).await
}

async fn upload_page(app: &App, may: &May<EnrolMembers>, language: &str, problems: Vec<String>) -> Result<Response> {
    let (shell, db) = (may.shell(), app.db.read());
    let w = shell.w;
    let earlier = tables::earlier::<Settings>(app, w, &issuer::zone(db).await?).await?;
    let language = match language {
        "" => issuer::language(db).await?.as_str().to_owned(),
        said => said.to_owned(),
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let handles = may.principal.holds(LinkHandles::ROLES);
    let page = UploadPage { language, problems, earlier, handles, shell };
    Ok((status, Page(page)).into_response())
}

/// `POST /admin/members/import`: reads the file, keeps it, and leads to its columns.
pub async fn import_post(may: May<EnrolMembers>, State(app): State<App>, request: Request) -> Result<Response> {
    let w = may.shell().w;
    let Some(posted) = tables::sent(request, &app, &may.principal).await? else {
        return upload_page(&app, &may, "", vec![w.t("bulk-why-too-large")]).await;
    };
    let language = posted.field("language");
    if posted.file.is_empty() {
        return upload_page(&app, &may, language, vec![w.t("bulk-why-no-file")]).await;
    }
    let settings = match settings(&app, &may.principal, Some(language), None, &posted.name, &posted.file).await {
        Err(e) if e.code() == Code::ValidationFailed => {
            return upload_page(&app, &may, "", vec![w.t("bulk-why-unknown-locale")]).await;
        }
        other => other?,
    };
    if let Err(wrong) = tables::opened(&app, &posted.file, settings.file.encoding).await? {
        return upload_page(&app, &may, language, vec![wrong.told(w)]).await;
    }
    let id = work::prepare(&app, may.actor(), &settings, posted.file).await?;
    Ok(see_other(&format!("{}/{id}", Settings::FIRST)))
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// How many were written to just now.
    #[serde(default)]
    invited: Option<usize>,
}

/// `GET /admin/members/import/{job}`: the step at which it stands.
pub async fn step_page(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    if job.state != JobState::Prepared {
        let shell = may.shell();
        let done = asked.invited.map(|n| shell.w.with1("member-table-invited", "n", n));
        return tables::work_page::<Settings>(&app, shell, &job, done).await;
    }
    let (settings, bytes) = tables::handed_in::<Settings>(&app, &job).await?;
    match settings.file.columns {
        None => tables::ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await,
        Some(_) => report_page(&app, may.shell(), &job, &settings, &bytes).await,
    }
}

/// The sentence for a code; none where this room has none of its own.
pub(super) fn said(code: &str, named: &str, w: Words) -> Option<String> {
    let key = format!("member-table-why-{}", code.replace('_', "-"));
    w.has(&key).then(|| w.with1(&key, "named", named))
}

async fn report_page(app: &App, shell: Shell, job: &Job, settings: &Settings, bytes: &[u8]) -> Result<Response> {
    let w = shell.w;
    let tried = match work::try_out(app, bytes, settings).await? {
        Ok(tried) => tried,
        Err(wrong) => {
            let problems = Settings::sentences(&wrong, w);
            return tables::ask_columns(app, shell, job, settings, bytes, problems).await;
        }
    };
    let counts = ["enrolled", "known", "rejected"].map(|outcome| {
        let n = tried.iter().filter(|t| t.outcome == outcome).count();
        (w.t(&format!("member-table-outcome-{outcome}")), n)
    });
    // What needs a look stands first.
    let mut rows: Vec<&Tried> = tried.iter().collect();
    rows.sort_by_key(|t| (t.outcome != "rejected", t.findings.is_empty(), t.row));
    let good = tried.iter().filter(|t| t.enrols()).count();
    let lines = rows.into_iter().map(|tried| Line::tried(tried, w));
    Ok(tables::report_page(shell, job, settings, (counts.into(), good), lines))
}

/// `POST /admin/members/import/{job}/start`: the rows that bring somebody in, and no other.
pub async fn start_post(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    let back = see_other(&Settings::address(&job));
    let Some((mut settings, bytes)) = tables::confirmed::<Settings>(&app, &job, &form).await? else { return Ok(back) };
    // The rights of whoever starts it count, not of whoever uploaded it.
    settings.handles = may.principal.holds(LinkHandles::ROLES);
    if let Ok(tried) = work::try_out(&app, &bytes, &settings).await?
        && tried.iter().any(|t| t.outcome != "rejected")
    {
        work::start(&app, may.actor(), job.id, &settings, &tried).await?;
    }
    Ok(back)
}
