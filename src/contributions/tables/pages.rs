//! `/admin/imports…`: the file, its columns, what would become of each row, and the confirmation. Nothing is counted before it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::{ImportQuery, of_path, settings};
use super::columns::{self, Column};
use super::progress_pages;
use super::sheet::{Preset, Settings};
use super::work::{self, Tried};
use crate::access::{ImportContributions, May, Posted, check_multipart};
use crate::app::App;
use crate::contributions::own;
use crate::contributions::told::told;
use crate::error::{Code, Result};
use crate::issuer;
use crate::jobs::{self, Job, JobKind, JobState};
use crate::tables::finding::cut;
use crate::tables::{self, Choice, ColumnsPage, Encoding, Finding, TABLE_LIMIT, uploaded};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// Rows that the report names.
const NAMED: usize = 200;
const EARLIER: u64 = 10;

struct Earlier {
    id: String,
    name: String,
    when: String,
    state: String,
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
    upload_page(&app, may.shell(), &BTreeMap::new(), vec![]).await
}

async fn upload_page(
    app: &App,
    shell: Shell,
    typed: &BTreeMap<String, String>,
    problems: Vec<String>,
) -> Result<Response> {
    let w = shell.w;
    let said = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let zone = issuer::zone(app.db.read()).await?;
    let earlier = jobs::recent(app.db.read(), JobKind::ContributionTable, EARLIER).await?;
    let earlier = earlier.into_iter().map(|job| Earlier {
        name: job.input["name"].as_str().filter(|n| !n.is_empty()).map_or_else(|| job.id.to_string(), str::to_owned),
        when: zone.instant(w, job.created_at),
        state: w.t(&format!("job-{}", job.state.as_str())),
        id: job.id.to_string(),
    });
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
        earlier: earlier.collect(),
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
    let tables::Uploaded { fields, name, file: bytes } = match uploaded(request, &app, TABLE_LIMIT).await {
        Err(e) if e.code() == Code::TooLarge => {
            let problem = w.t("bulk-why-too-large");
            return upload_page(&app, may.shell(), &BTreeMap::new(), vec![problem]).await;
        }
        other => other?,
    };
    check_multipart(&may.principal, fields.get("csrf").map_or("", String::as_str))?;
    if bytes.is_empty() {
        return upload_page(&app, may.shell(), &fields, vec![w.t("bulk-why-no-file")]).await;
    }
    let query = ImportQuery::of_form(|field| fields.get(field).cloned());
    let settings = match settings(query, &name, &bytes) {
        Ok(settings) => settings,
        Err(e) => {
            let problem = told(w, e)?;
            return upload_page(&app, may.shell(), &fields, vec![problem]).await;
        }
    };
    if let Err(wrong) = tables::opened(&app, &bytes, settings.encoding).await? {
        return upload_page(&app, may.shell(), &fields, vec![wrong.told(w)]).await;
    }
    let id = work::prepare(&app, may.actor(), &settings, bytes).await?;
    Ok(see_other(&format!("/admin/imports/{id}")))
}

/// `GET /admin/imports/{job}`: the step at which it stands.
pub async fn import_step_page(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    if job.state != JobState::Prepared {
        return Ok(progress_pages::page(&app, may.shell(), &job).await?.into_response());
    }
    let (settings, bytes): (Settings, _) = tables::handed_in(&app, &job).await?;
    match settings.columns {
        None => columns_page(&app, may.shell(), &job, &settings, &bytes, vec![]).await,
        Some(_) => report_page(&app, &may, &job, &settings, &bytes).await,
    }
}

async fn columns_page(
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
        first: "/admin/imports",
        title: w.t("import-title"),
        address: format!("/admin/imports/{}", job.id),
        about: w.with2("import-columns-about", "file", settings.name.as_str(), "rows", table.rows.len()),
        encoding: encoding.as_str(),
        columns: tables::column_rows(w, "import-column-", &table, &meanings),
        problems,
        shell,
    };
    Ok(page.into_response())
}

/// `GET /admin/imports/{job}/columns`: back to the columns.
pub async fn import_columns_page(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (settings, bytes) = tables::handed_in(&app, &job).await?;
    columns_page(&app, may.shell(), &job, &settings, &bytes, vec![]).await
}

/// `POST /admin/imports/{job}/columns`: what the columns mean, as somebody confirmed it.
pub async fn import_columns_post(
    may: May<ImportContributions>,
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
            return columns_page(&app, may.shell(), &job, &settings, &bytes, vec![wrong.told(w)]).await;
        }
    };
    let meanings = tables::of_form(&form, count);
    let wrong = columns::check(&meanings);
    settings.columns = Some(meanings);
    if !wrong.is_empty() {
        let problems = wrong.iter().map(|f| in_words(f, w)).collect();
        return columns_page(&app, may.shell(), &job, &settings, &bytes, problems).await;
    }
    tables::confirm(&app, may.actor(), job.id, &settings).await?;
    Ok(see_other(&format!("/admin/imports/{id}")))
}

/// What was found, in the reader's language.
pub(super) fn in_words(finding: &Finding, w: Words) -> String {
    let key = format!("import-why-{}", finding.code.replace('_', "-"));
    if w.has(&key) { w.t(&key) } else { finding.told(w) }
}

struct TriedRow {
    row: u32,
    who: String,
    /// The class of the chip.
    chip: &'static str,
    outcome: String,
    why: String,
}

#[derive(Template)]
#[template(path = "giving/import_report.html")]
struct ReportPage {
    shell: Shell,
    id: String,
    file: String,
    counts: Vec<(String, usize)>,
    good: usize,
    rows: Vec<TriedRow>,
    more: usize,
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
            let problems = wrong.iter().map(|f| in_words(f, w)).collect();
            return columns_page(app, shell, job, settings, bytes, problems).await;
        }
    };
    let counts = ["accepted", "held", "duplicate", "not_there", "rejected"].map(|outcome| {
        let n = tried.iter().filter(|t| t.outcome == outcome).count();
        (w.t(&format!("import-outcome-{}", outcome.replace('_', "-"))), n)
    });
    // What needs a look stands first.
    let mut rows: Vec<&Tried> = tried.iter().collect();
    rows.sort_by_key(|t| (t.outcome != "rejected", t.outcome != "held", t.row));
    let page = ReportPage {
        id: job.id.to_string(),
        file: settings.name.clone(),
        counts: counts.into(),
        good: tried.iter().filter(|t| t.counts()).count(),
        more: rows.len().saturating_sub(NAMED),
        rows: rows.into_iter().take(NAMED).map(|t| tried_row(t, w)).collect(),
        shell,
    };
    Ok(Page(page).into_response())
}

fn tried_row(t: &Tried, w: Words) -> TriedRow {
    let why = match (&t.finding, &t.reason) {
        (Some(finding), _) => in_words(finding, w),
        (None, Some(reason)) => reason_words(reason, t.detail.as_deref(), w),
        (None, None) => String::new(),
    };
    TriedRow {
        row: t.row,
        who: cut(&t.who),
        chip: chip(t.outcome),
        outcome: w.t(&format!("import-outcome-{}", t.outcome.replace('_', "-"))),
        why,
    }
}

pub(super) fn chip(outcome: &str) -> &'static str {
    match outcome {
        "accepted" => "valid",
        "rejected" => "revoked",
        "held" => "suspended",
        _ => "unknown",
    }
}

pub(super) fn reason_words(reason: &str, detail: Option<&str>, w: Words) -> String {
    let key = format!("import-why-{}", reason.replace('_', "-"));
    if w.has(&key) { w.t(&key) } else { detail.unwrap_or_default().to_owned() }
}

#[derive(Deserialize)]
pub struct Confirmed {
    confirm: String,
}

/// `POST /admin/imports/{job}/start`: the rows that count, and no other.
pub async fn import_start_post(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let back = see_other(&format!("/admin/imports/{id}"));
    let Some(bytes) = jobs::attachment(app.db.read(), job.id).await? else { return Ok(back) };
    let settings: Settings = serde_json::from_value(job.input.clone())?;
    if form.confirm != "yes" || settings.columns.is_none() {
        return Ok(back);
    }
    if let Ok(tried) = work::try_out(&app, may.actor(), &bytes, &settings).await?
        && tried.iter().any(Tried::counts)
    {
        work::start(&app, may.actor(), job.id, &settings, &tried).await?;
    }
    Ok(back)
}
