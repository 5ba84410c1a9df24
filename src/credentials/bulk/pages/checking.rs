//! The middle steps: what the columns mean, what was found in each row, three of the credentials as they would be, and the confirmation.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::api::of_path;
use super::super::check::{Checked, check};
use super::super::columns::{self, Column};
use super::super::sheet::{Format, Row, Settings};
use super::super::text::Encoding;
use super::super::work;
use super::address;
use crate::access::{IssueCredentials, May, Posted};
use crate::app::App;
use crate::clock::parse_rfc3339;
use crate::credentials::award::Awarded;
use crate::credentials::issue::issue;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::jobs::{self, Job};
use crate::tables::finding::cut;
use crate::tables::{self, ColumnRow, handed_in};
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// Rows with findings that the page names; the file to download has all.
const NAMED: usize = 100;
/// Credentials that are shown beforehand.
const SHOWN: usize = 3;
/// Rows that are tried for them: those whose recipients hold it already show nothing.
const TRIED: usize = 20;

#[derive(Template)]
#[template(path = "bulk/columns.html")]
struct ColumnsPage {
    shell: Shell,
    address: String,
    file: String,
    encoding: &'static str,
    rows: usize,
    columns: Vec<ColumnRow>,
    problems: Vec<String>,
}

pub(super) async fn columns_page(
    app: &App,
    shell: Shell,
    job: &Job,
    settings: &Settings,
    bytes: &[u8],
    problems: Vec<String>,
) -> Result<Response> {
    if settings.format != Format::Csv {
        return Err(Error::not_found());
    }
    let w = shell.w;
    let (table, encoding) = match tables::opened(app, bytes, settings.encoding).await? {
        Ok(read) => read,
        // The encoding that was chosen does not fit: what was guessed did.
        Err(wrong) if settings.encoding.is_some() => {
            let guessed = Settings { encoding: None, columns: None, ..settings.clone() };
            return Box::pin(columns_page(app, shell, job, &guessed, bytes, vec![wrong.told(w)])).await;
        }
        Err(wrong) => return Err(wrong.into()),
    };
    let meanings = tables::meant::<Column>(&table.header, settings.columns.as_deref());
    let refused = !problems.is_empty();
    let page = ColumnsPage {
        address: address(job),
        file: settings.name.clone(),
        encoding: encoding.as_str(),
        rows: table.rows.len(),
        columns: tables::column_rows(w, "bulk-column-", &table, &meanings),
        problems,
        shell,
    };
    let mut response = Page(page).into_response();
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// `POST /admin/credentials/bulk/{job}/columns`: what the columns mean, as somebody confirmed it.
pub async fn set_columns(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<BTreeMap<String, String>>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let (mut settings, bytes): (Settings, _) = handed_in(&app, &job).await?;
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
    let wrong = columns::check(&meanings, settings.track.is_some());
    settings.columns = Some(meanings);
    if !wrong.is_empty() {
        let problems = wrong.iter().map(|f| f.told(w)).collect();
        return columns_page(&app, may.shell(), &job, &settings, &bytes, problems).await;
    }
    tables::confirm(&app, may.actor(), job.id, &settings).await?;
    Ok(see_other(&address(&job)))
}

struct FoundRow {
    row: u32,
    name: String,
    email: String,
    found: Vec<Said>,
}

struct Said {
    error: bool,
    column: String,
    value: String,
    text: String,
}

struct Preview {
    badge: String,
    name: String,
    title: String,
    awarded: String,
    until: Option<String>,
}

#[derive(Template)]
#[template(path = "bulk/report.html")]
struct ReportPage {
    shell: Shell,
    address: String,
    file: String,
    table: bool,
    total: usize,
    good: usize,
    errors: usize,
    warned: usize,
    new_members: usize,
    mail: bool,
    rows: Vec<FoundRow>,
    more: usize,
    previews: Vec<Preview>,
    /// No key: nothing can be signed now.
    sealed: bool,
}

pub(super) async fn report_page(
    app: &App,
    may: &May<IssueCredentials>,
    job: &Job,
    settings: &Settings,
    bytes: &[u8],
) -> Result<Response> {
    let shell = may.shell();
    let w = shell.w;
    let checked = match check(app, bytes, settings).await {
        Ok(checked) => checked,
        // The program changed since the columns were confirmed.
        Err(e) if e.code() == Code::ValidationFailed && settings.format == Format::Csv => {
            let problems = e.faults().iter().map(|f| f.detail.clone()).collect();
            return columns_page(app, shell, job, settings, bytes, problems).await;
        }
        Err(e) => return Err(e),
    };
    let found: Vec<FoundRow> =
        checked.sheet.rows.iter().filter(|row| !row.findings.is_empty()).map(|row| found(row, w)).collect();
    let sealed = issuer::keyring(app).await.is_err();
    let previews = if sealed { vec![] } else { previews(app, may, w, &checked).await? };
    let more = found.len().saturating_sub(NAMED);
    Ok(Page(ReportPage {
        address: address(job),
        file: settings.name.clone(),
        table: settings.format == Format::Csv,
        total: checked.sheet.rows.len(),
        good: checked.good().count(),
        errors: checked.errors(),
        warned: checked.warned(),
        new_members: checked.new_members,
        mail: !app.config.mail.host.is_empty(),
        rows: found.into_iter().take(NAMED).collect(),
        more,
        previews,
        sealed,
        shell,
    })
    .into_response())
}

fn found(row: &Row, w: Words) -> FoundRow {
    let said = row.findings.iter().map(|f| Said {
        error: f.is_error(),
        column: f.column.clone().unwrap_or_default(),
        value: f.value.clone().unwrap_or_default(),
        text: f.told(w),
    });
    FoundRow { row: row.row, name: cut(&row.name), email: cut(&row.email), found: said.collect() }
}

/// The first credentials as they would be signed: issued in a change that is undone.
async fn previews(app: &App, may: &May<IssueCredentials>, w: Words, checked: &Checked) -> Result<Vec<Preview>> {
    let zone = issuer::zone(app.db.read()).await?;
    let mut shown = vec![];
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    for (_, request) in checked.good().take(TRIED) {
        let awarded = match issue(app, &mut ch, &request.clone().checked()?).await {
            Ok(awarded) => awarded,
            // The report says it; what it could not foresee shows when the row is issued.
            Err(e) if e.code() == Code::ValidationFailed => continue,
            Err(e) => return Err(e),
        };
        let Awarded::New { document, .. } = awarded else { continue };
        let day = |at: &str| document[at].as_str().and_then(parse_rfc3339).map(|t| zone.date(w, t));
        let track = match request.track.parse() {
            Ok(id) => Some(tracks::find(ch.tx(), id).await?),
            Err(_) => tracks::by_slug(ch.tx(), &request.track).await?,
        };
        shown.push(Preview {
            badge: track.map_or_else(String::new, |v| format!("/achievements/{}/badge.svg", v.track)),
            name: document["credentialSubject"]["name"].as_str().unwrap_or_default().to_owned(),
            title: document["credentialSubject"]["achievement"]["name"].as_str().unwrap_or_default().to_owned(),
            awarded: day("awardedDate").unwrap_or_default(),
            until: day("validUntil"),
        });
        if shown.len() == SHOWN {
            break;
        }
    }
    ch.undo().await?;
    Ok(shown)
}

#[derive(serde::Deserialize)]
pub struct Confirmed {
    confirm: String,
}

/// `POST /admin/credentials/bulk/{job}/start`: the good rows, and no other.
pub async fn start_bulk(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    let job = of_path(&app, &id).await?;
    let Some(bytes) = jobs::attachment(app.db.read(), job.id).await? else { return Ok(see_other(&address(&job))) };
    let settings: Settings = serde_json::from_value(job.input.clone())?;
    let confirmed = form.confirm == "yes" && (settings.format == Format::Ndjson || settings.columns.is_some());
    if confirmed {
        issuer::keyring(&app).await?;
        let checked = check(&app, &bytes, &settings).await?;
        if checked.good().next().is_some() {
            work::start(&app, may.actor(), job.id, &settings, &checked).await?;
        }
    }
    Ok(see_other(&address(&job)))
}
