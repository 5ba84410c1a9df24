//! `/admin/members/import…`: the file, its columns, what would become of each row, and the confirmation. Nobody is enrolled before it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::{of_path, settings};
use super::columns::{self, Column};
use super::progress;
use super::sheet::Settings;
use super::work::{self, Tried};
use crate::access::{EnrolMembers, LinkHandles, May, Permission as _, Posted, check_multipart};
use crate::app::App;
use crate::error::{Code, Result};
use crate::issuer;
use crate::jobs::{self, Job, JobKind, JobState};
use crate::tables::finding::cut;
use crate::tables::{self, ColumnsPage, Encoding, Finding, TABLE_LIMIT, uploaded};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

pub(super) const FIRST: &str = "/admin/members/import";
/// Rows that the report names.
const NAMED: usize = 200;
const EARLIER: u64 = 10;

pub(super) fn address(id: &str) -> String {
    format!("{FIRST}/{id}")
}

struct Earlier {
    id: String,
    name: String,
    when: String,
    state: String,
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
    let zone = issuer::zone(db).await?;
    let earlier = jobs::recent(db, JobKind::MemberTable, EARLIER).await?;
    let earlier = earlier.into_iter().map(|job| Earlier {
        name: job.input["name"].as_str().filter(|n| !n.is_empty()).map_or_else(|| job.id.to_string(), str::to_owned),
        when: zone.instant(w, job.created_at),
        state: w.t(&format!("job-{}", job.state.as_str())),
        id: job.id.to_string(),
    });
    let language = match language {
        "" => issuer::language(db).await?.as_str().to_owned(),
        said => said.to_owned(),
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let handles = may.principal.holds(LinkHandles::ROLES);
    let page = UploadPage { language, problems, earlier: earlier.collect(), handles, shell };
    Ok((status, Page(page)).into_response())
}

/// `POST /admin/members/import`: reads the file, keeps it, and leads to its columns.
pub async fn import_post(may: May<EnrolMembers>, State(app): State<App>, request: Request) -> Result<Response> {
    let w = may.shell().w;
    let posted = match uploaded(request, &app, TABLE_LIMIT).await {
        Err(e) if e.code() == Code::TooLarge => {
            return upload_page(&app, &may, "", vec![w.t("bulk-why-too-large")]).await;
        }
        other => other?,
    };
    check_multipart(&may.principal, posted.field("csrf"))?;
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
    if let Err(wrong) = tables::opened(&app, &posted.file, settings.encoding).await? {
        return upload_page(&app, &may, language, vec![wrong.told(w)]).await;
    }
    let id = work::prepare(&app, may.actor(), &settings, posted.file).await?;
    Ok(see_other(&address(&id.to_string())))
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
    let job = of_path(&app, &id).await?;
    if job.state != JobState::Prepared {
        return Ok(progress::page(&app, may.shell(), &job, asked.invited).await?.into_response());
    }
    let (settings, bytes): (Settings, _) = tables::handed_in(&app, &job).await?;
    match settings.columns {
        None => ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await,
        Some(_) => report_page(&app, may.shell(), &job, &settings, &bytes).await,
    }
}

async fn ask_columns(
    app: &App,
    shell: Shell,
    job: &Job,
    settings: &Settings,
    bytes: &[u8],
    problems: Vec<String>,
) -> Result<Response> {
    let w = shell.w;
    let (table, encoding) = tables::opened(app, bytes, settings.encoding).await??;
    let meanings = tables::meant::<Column>(&table.header, settings.columns.as_deref());
    let page = ColumnsPage {
        first: FIRST,
        title: w.t("member-table-title"),
        address: address(&job.id.to_string()),
        about: w.with2("import-columns-about", "file", settings.name.as_str(), "rows", table.rows.len()),
        encoding: encoding.as_str(),
        columns: tables::column_rows(w, "member-table-column-", &table, &meanings),
        problems,
        shell,
    };
    Ok(page.into_response())
}

/// `GET /admin/members/import/{job}/columns`: back to the columns.
pub async fn columns_page(may: May<EnrolMembers>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (settings, bytes) = tables::handed_in(&app, &job).await?;
    ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await
}

/// `POST /admin/members/import/{job}/columns`: what the columns mean, as somebody confirmed it.
pub async fn columns_post(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<BTreeMap<String, String>>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (mut settings, bytes): (Settings, _) = tables::handed_in(&app, &job).await?;
    let w = may.shell().w;
    settings.encoding = form.get("encoding").and_then(|label| Encoding::parse(label));
    let count = match tables::opened(&app, &bytes, settings.encoding).await? {
        Ok((table, _)) => table.header.len(),
        Err(wrong) => {
            settings.encoding = None;
            return ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![wrong.told(w)]).await;
        }
    };
    let meanings = tables::of_form(&form, count);
    let wrong = columns::check(&meanings);
    settings.columns = Some(meanings);
    if !wrong.is_empty() {
        let problems = wrong.iter().map(|f| in_words(f, w)).collect();
        return ask_columns(&app, may.shell(), &job, &settings, &bytes, problems).await;
    }
    tables::confirm(&app, may.actor(), job.id, &settings).await?;
    Ok(see_other(&address(&id)))
}

/// What was found, in the reader's language.
pub(super) fn in_words(finding: &Finding, w: Words) -> String {
    said(finding.code, &finding.named, w).unwrap_or_else(|| finding.told(w))
}

/// The sentence for a code; none where this room has none of its own.
pub(super) fn said(code: &str, named: &str, w: Words) -> Option<String> {
    let key = format!("member-table-why-{}", code.replace('_', "-"));
    w.has(&key).then(|| w.with1(&key, "named", named))
}

pub(super) fn chip(outcome: &str) -> &'static str {
    match outcome {
        "enrolled" => "valid",
        "rejected" | "failed" => "revoked",
        _ => "unknown",
    }
}

pub(super) struct Line {
    pub row: String,
    pub name: String,
    pub email: String,
    /// The class of the chip.
    pub chip: &'static str,
    pub outcome: String,
    /// The column, where one is at fault, and what to do.
    pub why: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "invitations/import_report.html")]
struct ReportPage {
    shell: Shell,
    address: String,
    file: String,
    counts: Vec<(String, usize)>,
    good: usize,
    lines: Vec<Line>,
    more: usize,
}

async fn report_page(app: &App, shell: Shell, job: &Job, settings: &Settings, bytes: &[u8]) -> Result<Response> {
    let w = shell.w;
    let tried = match work::try_out(app, bytes, settings).await? {
        Ok(tried) => tried,
        Err(wrong) => {
            let problems = wrong.iter().map(|f| in_words(f, w)).collect();
            return ask_columns(app, shell, job, settings, bytes, problems).await;
        }
    };
    let counts = ["enrolled", "known", "rejected"].map(|outcome| {
        let n = tried.iter().filter(|t| t.outcome == outcome).count();
        (w.t(&format!("member-table-outcome-{outcome}")), n)
    });
    // What needs a look stands first.
    let mut rows: Vec<&Tried> = tried.iter().collect();
    rows.sort_by_key(|t| (t.outcome != "rejected", t.findings.is_empty(), t.row));
    let page = ReportPage {
        address: address(&job.id.to_string()),
        file: settings.name.clone(),
        counts: counts.into(),
        good: tried.iter().filter(|t| t.enrols()).count(),
        more: rows.len().saturating_sub(NAMED),
        lines: rows.into_iter().take(NAMED).map(|t| line(t, w)).collect(),
        shell,
    };
    Ok(Page(page).into_response())
}

fn line(t: &Tried, w: Words) -> Line {
    let why = t.findings.iter().map(|f| (f.column.clone().unwrap_or_default(), in_words(f, w)));
    Line {
        row: t.row.to_string(),
        name: cut(&t.name),
        email: cut(&t.email),
        chip: chip(t.outcome),
        outcome: w.t(&format!("member-table-outcome-{}", t.outcome)),
        why: why.collect(),
    }
}

#[derive(Deserialize)]
pub struct Confirmed {
    confirm: String,
}

/// `POST /admin/members/import/{job}/start`: the rows that bring somebody in, and no other.
pub async fn start_post(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let back = see_other(&address(&id));
    let Some(bytes) = jobs::attachment(app.db.read(), job.id).await? else { return Ok(back) };
    let mut settings: Settings = serde_json::from_value(job.input.clone())?;
    // The rights of whoever starts it count, not of whoever uploaded it.
    settings.handles = may.principal.holds(LinkHandles::ROLES);
    if form.confirm != "yes" || settings.columns.is_none() {
        return Ok(back);
    }
    if let Ok(tried) = work::try_out(&app, &bytes, &settings).await?
        && tried.iter().any(|t| t.outcome != "rejected")
    {
        work::start(&app, may.actor(), job.id, &settings, &tried).await?;
    }
    Ok(back)
}
