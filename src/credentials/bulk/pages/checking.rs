//! The middle steps: what was found in each row, three of the credentials as they would be, and the confirmation.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::super::check::{Checked, check};
use super::super::sheet::{Format, Row, Settings};
use super::super::work;
use crate::access::{IssueCredentials, May, Posted};
use crate::app::App;
use crate::clock::parse_rfc3339;
use crate::credentials::award::Awarded;
use crate::credentials::issue::issue;
use crate::database::Kind;
use crate::error::{Code, Result};
use crate::issuer;
use crate::jobs::Job;
use crate::tables::finding::cut;
use crate::tables::{self, Confirmed, Head, Import as _};
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// Rows with findings that the page names; the file to download has all.
const NAMED: usize = 100;
/// Credentials that are shown beforehand.
const SHOWN: usize = 3;
/// Rows that are tried for them: those whose recipients hold it already show nothing.
const TRIED: usize = 20;

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
    head: Head,
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
            return tables::ask_columns(app, shell, job, settings, bytes, problems).await;
        }
        Err(e) => return Err(e),
    };
    let found: Vec<FoundRow> =
        checked.sheet.rows.iter().filter(|row| !row.findings.is_empty()).map(|row| found(row, w)).collect();
    let sealed = issuer::keyring(app).await.is_err();
    let previews = if sealed { vec![] } else { previews(app, may, w, &checked).await? };
    let more = found.len().saturating_sub(NAMED);
    Ok(Page(ReportPage {
        head: Head::of::<Settings>(w, "bulk-step-check", 3),
        address: Settings::address(job),
        file: settings.file.name.clone(),
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

/// `POST /admin/credentials/bulk/{job}/start`: the good rows, and no other.
pub async fn start_bulk(
    may: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    let job = tables::of_path::<Settings>(&app, &id).await?;
    if let Some((settings, bytes)) = tables::confirmed::<Settings>(&app, &job, &form).await? {
        issuer::keyring(&app).await?;
        let checked = check(&app, &bytes, &settings).await?;
        if checked.good().next().is_some() {
            work::start(&app, may.actor(), job.id, &settings, &checked).await?;
        }
    }
    Ok(see_other(&Settings::address(&job)))
}
