//! The receipt of an attempt that is over: a page to print or keep, and the same as a file.

use askama::Template;
use axum::Json as Answered;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use waymark_assess::attempt::{Attempt as Life, Closing};

use super::{title, zone};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::closing::look;
use crate::attempts::in_path::attempt_id;
use crate::attempts::lease::{late_of, read};
use crate::attempts::receipt;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::exams;
use crate::members;
use crate::web::page::{Page, Shell, see_other};

struct Line {
    position: u32,
    answered: bool,
    saved: Option<String>,
    revision: u64,
}

#[derive(Template)]
#[template(path = "attempts/receipt.html")]
struct ReceiptPage {
    shell: Shell,
    attempt: String,
    title: String,
    name: String,
    ordinal: u32,
    started: String,
    closed: String,
    expired: bool,
    lines: Vec<Line>,
    answered: usize,
    short_code: String,
    code: String,
    late: usize,
}

/// `GET /exam/{attempt}/receipt`: what was saved when. It keeps its address.
pub async fn receipt_page(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    if !matches!(attempt.life, Life::Closed(_)) {
        return Ok(see_other(&format!("/exam/{}", attempt.id)));
    }
    let receipt = receipt::of(app.db.read(), &attempt).await?;
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let (shell, zone) = (who.shell(), zone(&app).await?);
    let line = |line: &receipt::Line| Line {
        position: line.position,
        answered: line.answered,
        saved: line.saved_at.map(|at| zone.clock(at)),
        revision: line.revision,
    };
    let lines: Vec<Line> = receipt.lines.iter().map(line).collect();
    Ok(Page(ReceiptPage {
        attempt: attempt.id.to_string(),
        title: title(&exam, shell.w),
        name: members::find(app.db.read(), who.member).await?.name,
        ordinal: attempt.ordinal,
        started: zone.instant(shell.w, receipt.closed.sitting.started_at),
        closed: zone.instant(shell.w, receipt.closed.at),
        expired: receipt.closed.how == Closing::Expired,
        answered: lines.iter().filter(|line| line.answered).count(),
        short_code: receipt.short_code(),
        late: late_of(app.db.read(), attempt.id).await?.len(),
        code: receipt.code,
        lines,
        shell,
    })
    .into_response())
}

/// `GET /api/v1/attempts/{id}/receipt` → the receipt with its `code`, as a file.
pub async fn receipt_file(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    let receipt = receipt::of(app.db.read(), &attempt).await?;
    let mut body = receipt.body;
    body["code"] = json!(receipt.code);
    let name = format!("attachment; filename=\"receipt-{}.json\"", attempt.id);
    let disposition = HeaderValue::from_str(&name).map_err(Error::internal)?;
    Ok(([(header::CONTENT_DISPOSITION, disposition)], Answered(body)))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadForm {
    /// Where the candidate was.
    #[serde(default)]
    position: Option<u32>,
}

/// `POST /exam/{attempt}/messages/{number}`: the candidate has read a message of staff.
pub async fn message_read(
    who: Candidate,
    State(app): State<App>,
    Path((id, number)): Path<(String, u32)>,
    Posted(form): Posted<ReadForm>,
) -> Result<Response> {
    let id = attempt_id(&id)?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    read(&mut ch, id, who.member, number).await?;
    ch.commit().await?;
    let attempt = look(&app, id, who.member).await?;
    Ok(see_other(&match form.position {
        Some(position) => format!("/exam/{id}/{position}"),
        // Where the clock stands, back to the page that says so.
        None if attempt.life.at_work(app.db.now()).is_err() => format!("/exam/{id}"),
        None => format!("/exam/{id}/review"),
    }))
}
