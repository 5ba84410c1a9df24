//! Handing in a file: by call, and by a form without script.

use axum::Json as Answered;
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use waymark_assess::attempt::{Refused, Save};
use waymark_assess::candidate::shown::megabytes;
use waymark_assess::item::{FileKind, MAX_UPLOAD};

use super::closing::look;
use super::files::{self, NotTaken};
use super::in_path::{attempt_id, position_number};
use super::lease::{Writer, hold};
use super::pages::{question_while_another_writes, question_with_fault};
use super::saving::{self, Outcome, Saving};
use super::{seb, views};
use crate::access::{Candidate, check_multipart};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{AttemptId, CandidateFileId};
use crate::web::i18n::Words;
use crate::web::input;
use crate::web::page::see_other;

/// Most bytes of a call or form with a file: the largest file, and room for the fields beside it.
pub const FILE_LIMIT: usize = MAX_UPLOAD as usize + 64 * 1024;

#[derive(Deserialize)]
pub struct LeaseQuery {
    #[serde(default)]
    lease: Option<u64>,
}

/// `POST /api/v1/attempts/{id}/positions/{position}/files`, the bytes as `application/octet-stream` → 201 `{file}`. The
/// answer is then saved as `{"file": "fil_…"}`. `?lease=` names the epoch, as `lease` does there.
pub async fn hand_in_file(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    Query(LeaseQuery { lease }): Query<LeaseQuery>,
    request: Request,
) -> Result<Response> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let attempt = look(&app, id, who.member).await?;
    seb::admit(&app, &who, request.headers(), &attempt).await?;
    input::require_type(request.headers(), &["application/octet-stream"])?;
    let (_, bytes) = input::upload(request, FILE_LIMIT).await?;
    let kept = keep(&who, &app, (id, position), Writer::calling(lease), bytes).await?;
    let file = kept.map_err(|why| call_refused(why, who.visitor.words))?;
    Ok((StatusCode::CREATED, Answered(json!({ "file": file }))).into_response())
}

async fn keep(
    who: &Candidate,
    app: &App,
    (id, position): (AttemptId, u32),
    writer: Writer,
    bytes: Vec<u8>,
) -> Result<std::result::Result<CandidateFileId, NotTaken>> {
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let kept = files::keep(&mut ch, id, who.member, position, bytes).await?;
    let over = matches!(&kept, Err(NotTaken::Refused(Refused::Closed(_) | Refused::Late(_))));
    if !over && let Err(lost) = hold(&ch, id, writer).await? {
        ch.undo().await?;
        return Err(lost);
    }
    if kept.is_ok() {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    Ok(kept)
}

fn call_refused(why: NotTaken, words: Words) -> Error {
    match why {
        NotTaken::Refused(refused) => views::refused(refused, None, words),
        NotTaken::NoFileHere => Error::not_found(),
        NotTaken::TooMany => Error::new(Code::TooMany),
        NotTaken::TooLarge(_) => Error::new(Code::TooLarge),
        other => Error::invalid(vec![Fault::new("", "file_refused", told(&other, words))]),
    }
}

/// What keeps a file from being taken, and what to do.
fn told(why: &NotTaken, words: Words) -> String {
    match why {
        NotTaken::TooLarge(bytes) => words.with1("player-upload-large", "megabytes", megabytes(*bytes)),
        NotTaken::Kind(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(|kind: &FileKind| kind.extension().to_uppercase()).collect();
            words.with1("player-upload-kind", "kinds", kinds.join(", "))
        }
        NotTaken::TooMany => words.t("player-upload-many"),
        _ => words.t("player-upload-none"),
    }
}

#[derive(Default)]
struct FileForm {
    csrf: String,
    revision: u64,
    op: String,
    lease: Option<u64>,
    file: Vec<u8>,
}

/// `POST /exam/{attempt}/{position}/file`: keeps the file and saves it as the answer.
pub async fn post_file(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    request: Request,
) -> Result<Response> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let attempt = look(&app, id, who.member).await?;
    if let Some(page) = seb::gate(&app, &who, request.headers(), &attempt).await? {
        return Ok(page);
    }
    input::require_type(request.headers(), &["multipart/form-data"])?;
    let form = read(request, &app).await?;
    check_multipart(&who.principal, &form.csrf)?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{id}/result")));
    }
    let file = match keep(&who, &app, (id, position), Writer::posting(form.lease), form.file).await {
        Err(lost) if lost.code() == Code::LeaseLost => {
            return question_while_another_writes(&who, &app, &attempt, position).await;
        }
        Err(other) => return Err(other),
        Ok(kept) => kept,
    };
    let file = match file {
        Ok(file) => file,
        Err(why @ (NotTaken::Refused(_) | NotTaken::NoFileHere)) => return Err(call_refused(why, who.visitor.words)),
        Err(why) => return question_with_fault(&who, &app, &attempt, position, told(&why, who.visitor.words)).await,
    };
    let response = json!({ "file": file });
    let save = Save { position, response: response.clone(), revision: form.revision, client_op_id: form.op };
    let writer = Writer::posting(form.lease);
    match saving::save(&app, Saving { attempt: id, member: who.member, save, writer }).await? {
        Outcome::Taken(_) => {}
        Outcome::Lost(_) => return question_while_another_writes(&who, &app, &attempt, position).await,
        Outcome::Refused(refused) => return Err(views::refused(refused, Some(&response), who.visitor.words)),
    }
    Ok(see_other(&format!("/exam/{id}/{position}")))
}

async fn read(request: Request, app: &App) -> Result<FileForm> {
    let (parts, bytes) = input::upload(request, FILE_LIMIT).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    let mut parts = Multipart::from_request(whole, app).await.map_err(|e| Error::malformed(e.body_text()))?;
    let mut form = FileForm::default();
    while let Some(part) = parts.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            form.file = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
            continue;
        }
        let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
        match name.as_str() {
            "csrf" => form.csrf = text,
            "op" => form.op = text,
            "lease" => form.lease = text.parse().ok(),
            "revision" => {
                form.revision = text.parse().map_err(|_| {
                    Error::invalid(vec![Fault::new("/revision", "invalid_form", "this is no revision")])
                })?;
            }
            _ => {}
        }
    }
    Ok(form)
}
