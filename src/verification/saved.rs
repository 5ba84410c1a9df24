//! A report to keep: JSON, PDF, or a page to print. It is the answer to the request and nothing of it stays here; whoever wants it again verifies again.
//!
//! It says when, by which program, over which bytes, under which keys and with which checks; a copy of it proves nothing by itself, which is why
//! it says where the original stands.

mod paper;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::again::Again;
use super::batch::{Fault, Outcome, fault_words};
use super::pages::{told, told_of};
use super::service::{Checked, verify};
use super::view::{ReportView, report_json};
use crate::access::{Posted, Public};
use crate::app::{App, Limit};
use crate::clock::{Timestamp, rfc3339};
use crate::error::{Error, Result};
use crate::web::client::Client;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;
use crate::{badges, issuer};

/// The version of the JSON form; grows when a reader of the older one would be misled.
const FORM: u32 = 1;

/// What the holder said, where they were asked.
#[derive(Debug, Clone)]
pub struct HolderSaid {
    pub asked_at: Timestamp,
    /// When they confirmed, or none.
    pub confirmed_at: Option<Timestamp>,
}

/// One thing in a report.
pub struct Entry<'c> {
    /// The line of a list.
    pub at: Option<usize>,
    /// What was asked about, as it was given; empty for a document.
    pub given: String,
    pub found: std::result::Result<&'c Checked, &'c Fault>,
    pub holder: Option<HolderSaid>,
}

impl<'c> Entry<'c> {
    pub fn of_line(outcome: &'c Outcome) -> Self {
        Self { at: Some(outcome.at), given: outcome.given.clone(), found: outcome.found.as_ref(), holder: None }
    }
}

#[derive(Deserialize)]
pub struct ReportForm {
    #[serde(flatten)]
    again: Again,
    /// `json`, `pdf` or `page`.
    #[serde(default)]
    form: String,
}

/// `POST /verify/report`: verifies again and answers the report.
pub async fn report_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Posted(form): Posted<ReportForm>,
) -> Result<Response> {
    let shell = visitor.shell();
    let ReportForm { again, form } = form;
    let Some(asked) = again.asked(None) else { return Ok(told(shell, "after-nothing")) };
    client.spend(&app, Limit::Verification)?;
    if asked.is_guessable() {
        client.spend(&app, Limit::Guessable)?;
    }
    let checked = match verify(&app, asked).await {
        Ok(checked) => checked,
        Err(error) => return told_of(shell, error),
    };
    let entry = Entry { at: None, given: again.shown(), found: Ok(&checked), holder: None };
    answer(&app, shell, &form, &[entry], checked.at, &issuer::zone(app.db.read()).await?).await
}

/// The report in the form that was asked for; a page where none was.
///
/// # Errors
/// The store does not answer.
pub async fn answer(
    app: &App,
    shell: Shell,
    form: &str,
    entries: &[Entry<'_>],
    at: Timestamp,
    zone: &Zone,
) -> Result<Response> {
    if form == "json" {
        let document = document(app, &shell, entries, at, zone);
        let bytes = serde_json::to_vec_pretty(&document).map_err(Error::internal)?;
        return Ok(attached(bytes, "application/json", "json", at, zone));
    }
    let words = shell.w;
    let items: Vec<Item> = entries.iter().map(|entry| Item::of(entry, &shell, zone)).collect();
    let made_at = zone.instant(words, at);
    if form == "pdf" {
        let paper = paper::paper(words, &made_at, &tool(), app.links.base(), &items);
        let fonts = badges::fonts()?;
        let pdf = app.workbench.run(move || paper.pdf(fonts)).await?.map_err(Error::internal)?;
        return Ok(attached(pdf, "application/pdf", "pdf", at, zone));
    }
    Ok(Page(SavedPage { made_at, tool: tool(), server: app.links.base().to_owned(), items, shell }).into_response())
}

fn tool() -> String {
    format!("Waymark {}", env!("CARGO_PKG_VERSION"))
}

fn document(app: &App, shell: &Shell, entries: &[Entry<'_>], at: Timestamp, zone: &Zone) -> Value {
    let results = entries.iter().map(|entry| {
        let mut result = match entry.found {
            Ok(checked) => {
                let mut result = report_json(checked, shell.w, zone);
                result["input"] = json!({"sha256": checked.input_hash(), "bytes": checked.input.len()});
                result["proofs"] = checked
                    .report
                    .proofs()
                    .iter()
                    .map(|proof| {
                        json!({"suite": proof.suite, "verification_method": proof.method, "key_thumbprint": proof.thumbprint,
                            "created": proof.created.as_ref().map(waymark_credential::model::DateTime::as_str)})
                    })
                    .collect();
                result
            }
            Err(fault) => json!({"problem": fault.json()}),
        };
        if !entry.given.is_empty() {
            result["given"] = json!(entry.given);
        }
        if let Some(line) = entry.at {
            result["line"] = json!(line);
        }
        if let Some(holder) = &entry.holder {
            result["holder"] = json!({"asked_at": rfc3339(holder.asked_at), "confirmed_at": holder.confirmed_at.map(rfc3339)});
        }
        result
    });
    json!({
        "type": "VerificationReport", "form": FORM, "made_at": rfc3339(at),
        "tool": {"name": "Waymark", "version": env!("CARGO_PKG_VERSION"), "server": app.links.base()},
        "results": results.collect::<Vec<_>>(),
    })
}

/// A file to keep, named by its day.
pub fn attached(bytes: Vec<u8>, media_type: &'static str, suffix: &str, at: Timestamp, zone: &Zone) -> Response {
    let (year, month, day) = zone.calendar(at);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"waymark-report-{year}-{month:02}-{day:02}.{suffix}\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

#[derive(Template)]
#[template(path = "verification/saved.html")]
struct SavedPage {
    shell: Shell,
    made_at: String,
    tool: String,
    server: String,
    items: Vec<Item>,
}

/// One thing on the page.
struct Item {
    at: Option<usize>,
    given: String,
    view: Option<ReportView>,
    problem: String,
    hash: String,
    proofs: Vec<Proof>,
    holder: Option<String>,
}

struct Proof {
    suite: &'static str,
    method: String,
    thumbprint: String,
}

impl Item {
    fn of(entry: &Entry<'_>, shell: &Shell, zone: &Zone) -> Self {
        let words = shell.w;
        let holder = entry.holder.as_ref().map(|said| holder_words(said, shell, zone));
        let base = Self {
            at: entry.at,
            given: entry.given.clone(),
            view: None,
            problem: String::new(),
            hash: String::new(),
            proofs: vec![],
            holder,
        };
        match entry.found {
            Err(fault) => Self { problem: fault_words(fault, words), ..base },
            Ok(checked) => {
                let proof = |proof: &waymark_credential::verify::ProvedBy| Proof {
                    suite: proof.suite,
                    method: proof.method.clone(),
                    thumbprint: proof.thumbprint.clone(),
                };
                let proofs = checked.report.proofs().iter().map(proof).collect();
                Self { view: Some(ReportView::of(checked, words, zone)), hash: checked.input_hash(), proofs, ..base }
            }
        }
    }
}

/// What the holder said, in a sentence.
pub fn holder_words(said: &HolderSaid, shell: &Shell, zone: &Zone) -> String {
    match said.confirmed_at {
        Some(at) => shell.w.with1("question-confirmed-at", "time", zone.instant(shell.w, at)),
        None => shell.w.with1("question-asked-at", "time", zone.instant(shell.w, said.asked_at)),
    }
}
