//! The calls of a player about itself: the lease, the sign of life, messages, answers that came too late.

use axum::Json as Answered;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::attempt::MAX_OPERATION_ID;

use super::late::{self, Sent};
use super::{messages, service};
use crate::access::{Candidate, May, ProctorAttempts};
use crate::app::App;
use crate::attempts::closing::look;
use crate::attempts::in_path::attempt_id;
use crate::attempts::monitor::reason;
use crate::attempts::pages::zone;
use crate::attempts::service::{course_of, form};
use crate::attempts::staff::admit;
use crate::attempts::{answering, views};
use crate::clock::{parse_rfc3339, rfc3339};
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::exams;
use crate::ids::AttemptId;
use crate::web::input::Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseBody {
    holder: String,
    #[serde(default)]
    take_over: bool,
}

/// `POST /api/v1/attempts/{id}/lease` `{holder, take_over?}` → `{held, epoch, local_key, taken_at, contact_at}`. `holder` is 16 to 100 characters that a window
/// drew for itself. Not held means: read only, unless it is asked again with `take_over`.
pub async fn ask_lease(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<LeaseBody>,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    if !(16..=100).contains(&body.holder.len()) || !body.holder.bytes().all(|b| b.is_ascii_graphic()) {
        let detail = "draw 16 to 100 printable ASCII characters, anew for each window";
        return Err(Error::invalid(vec![Fault::new("/holder", "not_a_name", detail)]));
    }
    look(&app, id, who.member).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let granted = service::ask(&mut ch, id, who.member, &body.holder, body.take_over).await?;
    ch.commit().await?;
    Ok(Answered(json!({
        "held": granted.held,
        "epoch": granted.epoch,
        "local_key": granted.local_key,
        "taken_at": rfc3339(granted.taken_at),
        "contact_at": rfc3339(granted.contact_at),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    #[serde(default)]
    lease: u64,
    #[serde(default)]
    unsent: u32,
    #[serde(default)]
    lag_ms: Option<u32>,
}

/// `POST /api/v1/attempts/{id}/contact` `{lease, unsent?, lag_ms?}` → `{state, paused, server_now, deadline, remaining_ms, closes_ms, section?, notices, held, epoch,
/// messages}`: a sign of life, which ends a lost connection where the exam credits those, and the clock as it stands.
pub async fn contact(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<ContactBody>,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    let attempt = look(&app, id, who.member).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let attempt = answering::contact(&mut ch, id, who.member).await?.unwrap_or(attempt);
    let (held, epoch) = service::hear(&mut ch, id, who.member, body.lease, body.unsent, body.lag_ms).await?;
    ch.commit().await?;
    let (now, zone) = (app.db.now(), zone(&app).await?);
    let unread = messages::messages_of(app.db.read(), id, true).await?;
    let messages: Vec<Value> =
        unread.iter().map(|m| json!({"number": m.number, "text": m.text, "sent_at": rfc3339(m.sent_at)})).collect();
    let sitting = attempt.life.sitting();
    let closes_ms =
        sitting.map_or(0, |s| i64::try_from((s.effective_deadline() - now).whole_milliseconds()).unwrap_or(0));
    let paused = !attempt.life.is_closed() && sitting.is_some_and(|s| s.paused(now).is_some());
    let words = who.visitor.words;
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let form = form(app.db.read(), id).await?;
    let notices: Vec<String> = attempt.notices.iter().map(|one| views::notice_words(words, &zone, one)).collect();
    Ok(Answered(json!({
        "state": attempt.life.state(now).as_str(),
        "paused": paused,
        "server_now": rfc3339(now),
        "deadline": sitting.map(|s| rfc3339(s.deadline_at(now))),
        "remaining_ms": u64::try_from(attempt.life.remaining(now).whole_milliseconds()).unwrap_or_default(),
        "closes_ms": closes_ms,
        "section": views::section(&attempt, &exam, &course_of(&exam, &form), words, now),
        "notices": notices,
        "held": held,
        "epoch": epoch,
        "messages": messages,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `PUT /api/v1/attempts/{id}/messages/{number}/read` `{}` → `{number, read: true}`.
pub async fn read_message(
    who: Candidate,
    State(app): State<App>,
    Path((id, number)): Path<(String, u32)>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<impl IntoResponse> {
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    messages::read(&mut ch, attempt_id(&id)?, who.member, number).await?;
    ch.commit().await?;
    Ok(Answered(json!({"number": number, "read": true})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageBody {
    text: String,
    reason: String,
}

/// `POST /api/v1/attempts/{id}/messages` `{text, reason}` → 201 `{number}`: staff, or a proctoring service in its exams, to a candidate at work.
pub async fn send_message(
    staff: May<ProctorAttempts>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<MessageBody>,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    let reason = reason(&body.reason)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    admit(&mut ch, &staff.principal, id, "message").await?;
    let number = messages::send(&mut ch, id, &body.text, &reason).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, Answered(json!({"number": number}))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateBody {
    answers: Vec<LateAnswerBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LateAnswerBody {
    position: u32,
    response: Value,
    client_op_id: String,
    #[serde(default)]
    at: Option<String>,
}

/// Answers in one report, and bytes of one of them.
const AT_ONCE: usize = 500;
const LONGEST: usize = 64 * 1024;

/// `POST /api/v1/attempts/{id}/late-answers` `{answers: [{position, response, client_op_id, at?}]}` → 202 `{outcome: keep|reject}`: after the end only.
pub async fn late_answers(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<LateBody>,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    let attempt = look(&app, id, who.member).await?;
    let positions = form(app.db.read(), id).await?.positions().len();
    let mut faults = vec![];
    if body.answers.len() > AT_ONCE {
        faults.push(Fault::new("/answers", "too_many", format!("send at most {AT_ONCE} at once")));
    }
    let mut sent: Vec<Sent> = vec![];
    for (n, answer) in body.answers.into_iter().enumerate() {
        let mut wrong =
            |name: &str, code, detail: &str| faults.push(Fault::new(format!("/answers/{n}/{name}"), code, detail));
        let op = answer.client_op_id;
        if op.is_empty() || op.len() > MAX_OPERATION_ID || !op.bytes().all(|b| b.is_ascii_graphic()) {
            wrong("client_op_id", "client_op_id_invalid", "1 to 100 printable ASCII characters");
        }
        if usize::try_from(answer.position).is_ok_and(|p| p == 0 || p > positions) {
            wrong("position", "no_such_position", "the form has no such position");
        }
        if answer.response.to_string().len() > LONGEST {
            wrong("response", "too_long", "at most 64 KiB");
        }
        let client_at = answer.at.as_deref().and_then(parse_rfc3339);
        if sent.iter().all(|one| one.client_op_id != op) {
            sent.push(Sent { position: answer.position, response: answer.response, client_op_id: op, client_at });
        }
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if !attempt.life.is_closed() {
        return Err(Error::new(Code::AttemptOpen));
    }
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let outcome = late::take(&mut ch, id, who.member, &sent).await?;
    ch.commit().await?;
    Ok((StatusCode::ACCEPTED, Answered(json!({"outcome": outcome.as_str()}))))
}

/// Writes down that a window wrote which had lost the lease.
pub(in crate::attempts) async fn note_lost(app: &App, who: &Candidate, id: AttemptId, epoch: u64) -> Result<()> {
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    service::note_lost(&mut ch, id, who.member, epoch).await?;
    ch.commit().await
}
