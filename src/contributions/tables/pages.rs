//! `/admin/imports…`: the file, its columns, what would become of each row, and the confirmation. Nothing is counted before it.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::{ImportQuery, TABLE_LIMIT, of_path, settings};
use super::columns::{self, Column};
use super::progress_pages;
use super::sheet::{self, Preset, Settings};
use super::work::{self, Tried};
use crate::access::{ImportContributions, May, Posted, check_multipart};
use crate::app::App;
use crate::contributions::own;
use crate::contributions::told::told;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::jobs::{self, Job, JobKind, JobState};
use crate::web::i18n::Words;
use crate::web::input;
use crate::web::page::{Page, Shell, see_other};
use crate::web::sheet::finding::{Finding, cut};
use crate::web::sheet::text::Encoding;

/// Rows that the report names.
const NAMED: usize = 200;
const EARLIER: u64 = 10;

struct Choice {
    value: &'static str,
    word: String,
    chosen: bool,
}

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
    let (fields, name, bytes) = match uploaded(request, &app).await {
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
    if let Err(wrong) = sheet::table(&bytes, settings.encoding) {
        return upload_page(&app, may.shell(), &fields, vec![wrong.told(w)]).await;
    }
    let id = work::prepare(&app, may.actor(), &settings, bytes).await?;
    Ok(see_other(&format!("/admin/imports/{id}")))
}

type Uploaded = (BTreeMap<String, String>, String, Vec<u8>);

/// The fields, the file's name, and the file.
async fn uploaded(request: Request, app: &App) -> Result<Uploaded> {
    let (parts, bytes) = input::upload(request, TABLE_LIMIT).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    let mut parts = Multipart::from_request(whole, app).await.map_err(|e| Error::malformed(e.body_text()))?;
    let (mut fields, mut file_name, mut file) = (BTreeMap::new(), String::new(), vec![]);
    while let Some(part) = parts.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            file_name = part.file_name().unwrap_or_default().to_owned();
            file = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
        } else {
            let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
            fields.insert(name, text);
        }
    }
    Ok((fields, file_name, file))
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
    let (settings, bytes) = handed_in(&app, &job).await?;
    match settings.columns {
        None => columns_page(may.shell(), &job, &settings, &bytes, vec![]),
        Some(_) => report_page(&app, may.shell(), &job, &settings, &bytes).await,
    }
}

/// What was uploaded and has not been started.
async fn handed_in(app: &App, job: &Job) -> Result<(Settings, Vec<u8>)> {
    let settings = serde_json::from_value(job.input.clone())?;
    let bytes = jobs::attachment(app.db.read(), job.id).await?.ok_or_else(Error::not_found)?;
    Ok((settings, bytes))
}

struct ColumnRow {
    number: usize,
    name: String,
    examples: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "giving/import_columns.html")]
struct ColumnsPage {
    shell: Shell,
    id: String,
    file: String,
    encoding: &'static str,
    rows: usize,
    columns: Vec<ColumnRow>,
    problems: Vec<String>,
}

fn columns_page(shell: Shell, job: &Job, settings: &Settings, bytes: &[u8], problems: Vec<String>) -> Result<Response> {
    let w = shell.w;
    let (table, encoding) = sheet::table(bytes, settings.encoding)?;
    let meanings = settings.columns.clone().unwrap_or_else(|| columns::guess(&table.header));
    let columns = table.header.iter().enumerate().map(|(at, name)| {
        let filled = table.rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty());
        let examples: Vec<String> = filled.take(2).map(|cell| cut(cell)).collect();
        let choices = Column::ALL.into_iter().map(|column| Choice {
            value: column.as_str(),
            word: w.t(&format!("import-column-{}", column.as_str())),
            chosen: meanings.get(at).copied().flatten() == Some(column),
        });
        ColumnRow { number: at, name: name.clone(), examples: examples.join(" · "), choices: choices.collect() }
    });
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ColumnsPage {
        id: job.id.to_string(),
        file: settings.name.clone(),
        encoding: encoding.as_str(),
        rows: table.rows.len(),
        columns: columns.collect(),
        problems,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /admin/imports/{job}/columns`: back to the columns.
pub async fn import_columns_page(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (settings, bytes) = handed_in(&app, &job).await?;
    columns_page(may.shell(), &job, &settings, &bytes, vec![])
}

/// `POST /admin/imports/{job}/columns`: what the columns mean, as somebody confirmed it.
pub async fn import_columns_post(
    may: May<ImportContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<BTreeMap<String, String>>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (mut settings, bytes) = handed_in(&app, &job).await?;
    let w = may.shell().w;
    settings.encoding = form.get("encoding").and_then(|label| Encoding::parse(label));
    let count = match sheet::table(&bytes, settings.encoding) {
        Ok((table, _)) => table.header.len(),
        Err(wrong) => {
            settings.encoding = None;
            return columns_page(may.shell(), &job, &settings, &bytes, vec![wrong.told(w)]);
        }
    };
    let meaning = |at: usize| form.get(&format!("column_{at}")).and_then(|text| Column::parse(text));
    let meanings: Vec<_> = (0..count).map(meaning).collect();
    let wrong = columns::check(&meanings);
    settings.columns = Some(meanings);
    if !wrong.is_empty() {
        let problems = wrong.iter().map(|f| in_words(f, w)).collect();
        return columns_page(may.shell(), &job, &settings, &bytes, problems);
    }
    let ch = app.db.change(may.actor(), Kind::Ordinary).await?;
    jobs::change_input(&ch, job.id, &serde_json::to_value(&settings)?).await?;
    ch.commit().await?;
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

async fn report_page(app: &App, shell: Shell, job: &Job, settings: &Settings, bytes: &[u8]) -> Result<Response> {
    let w = shell.w;
    let tried = match work::try_out(app, bytes, settings).await? {
        Ok(tried) => tried,
        Err(wrong) => {
            let problems = wrong.iter().map(|f| in_words(f, w)).collect();
            return columns_page(shell, job, settings, bytes, problems);
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
    if let Ok(tried) = work::try_out(&app, &bytes, &settings).await?
        && tried.iter().any(Tried::counts)
    {
        work::start(&app, may.actor(), job.id, &settings, &tried).await?;
    }
    Ok(back)
}
