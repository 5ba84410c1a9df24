//! The calls of a candidate: start, look, answer, flag, submit, result. Each is the member's own; to all others the attempt does not exist.

use axum::Json as Answered;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use waymark_assess::Rational;
use waymark_assess::attempt::{Receipt, Save};

use super::beginning::Given;
use super::closing::{self, Verdict, look, verdict};
use super::in_path::{attempt_id, position_number};
use super::lease::{self, Writer};
use super::saving::{self, Outcome, Saving};
use super::service::{Attempt, course_of, find};
use super::{answering, beginning, seb, views};
use crate::access::{self, Candidate, Principal, SignedIn};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::exams;
use crate::ids::AttemptId;
use crate::web::input::{self, Json};

/// What the exam asks for, as `GET /api/v1/exams/{slug}/eligibility` names it in `asks`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartBody {
    /// The hash of the agreement, as it was read.
    #[serde(default)]
    agreement: Option<String>,
    #[serde(default)]
    voucher: Option<String>,
    #[serde(default)]
    start_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `POST /api/v1/exams/{slug}/attempts` → 201; the attempt that is under way is answered with 200 instead. The body is empty, or
/// `{agreement?, voucher?, start_code?}`.
pub async fn start(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse> {
    let mut given = StartBody::default();
    if !body.is_empty() {
        input::require_type(&headers, &["application/json"])?;
        given = input::parse(&body)?;
    }
    let given =
        Given { agreed: false, agreement: given.agreement, voucher: given.voucher, start_code: given.start_code };
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    if !seb::fits_exam(&app, exam.id, who.member, &who.visitor.path, &headers).await? {
        return Err(Error::new(Code::BrowserRequired));
    }
    // Whoever a proctoring service watches sits in person: a token that staff made cannot be seen.
    if matches!(who.principal, Principal::Token { .. }) && access::has_proctor(app.db.read(), &slug).await? {
        return Err(Error::new(Code::ProctoredExam));
    }
    let begun = beginning::begin(&app, who.actor(), who.member, &slug, &given).await?;
    let attempt = look(&app, begun.attempt, who.member).await?;
    let status = if begun.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Answered(described(&app, &attempt).await?)))
}

async fn described(app: &App, attempt: &Attempt) -> Result<Map<String, Value>> {
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let positions = super::form(app.db.read(), attempt.id).await?.positions().len();
    Ok(views::state(attempt, &exam, positions, app.db.now()))
}

/// `GET /api/v1/attempts/{id}`: the clock, and how far the candidate is at each position.
pub async fn show(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    let progress = views::progress(app.db.read(), attempt.id).await?;
    let mut body = described(&app, &attempt).await?;
    body.insert("answered".to_owned(), json!(progress.iter().filter(|p| p.answered).count()));
    body.insert("items".to_owned(), json!(progress));
    Ok(Answered(body))
}

/// `GET /api/v1/attempts/{id}/items/{position}`, while the attempt is under way.
pub async fn item(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let words = who.visitor.words;
    let attempt = look(&app, id, who.member).await?;
    seb::admit(&app, &who, &headers, &attempt).await?;
    attempt.life.at_work(app.db.now()).map_err(|refused| views::refused(refused, None, words))?;
    let answer = answering::answer_at(app.db.read(), id, position).await?;
    if !answer.seen {
        let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
        answering::see(&mut ch, id, who.member, position)
            .await?
            .map_err(|refused| views::refused(refused, None, words))?;
        ch.commit().await?;
    }
    let body = views::item(app.db.read(), id, position, &answer, words).await?;
    Ok(Answered(body))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveBody {
    response: Value,
    revision: u64,
    client_op_id: String,
    /// The epoch of the lease, from a window that holds it.
    #[serde(default)]
    lease: Option<u64>,
}

/// `PUT /api/v1/attempts/{id}/responses/{position}` → `{seq, saved_at, revision}`.
pub async fn save(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    headers: HeaderMap,
    Json(body): Json<SaveBody>,
) -> Result<impl IntoResponse> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    seb::admit(&app, &who, &headers, &find(app.db.read(), id, who.member).await?).await?;
    let save = Save { position, response: body.response, revision: body.revision, client_op_id: body.client_op_id };
    let writer = Writer::calling(body.lease);
    let outcome = saving::save(&app, Saving { attempt: id, member: who.member, save: save.clone(), writer }).await?;
    match outcome {
        Outcome::Taken(Receipt { seq, saved_at, revision }) => {
            Ok(Answered(json!({"seq": seq, "saved_at": rfc3339(saved_at), "revision": revision})))
        }
        Outcome::Lost(epoch) => {
            lease::note_lost(&app, &who, id, writer.epoch()).await?;
            Err(lease::lost(epoch))
        }
        Outcome::Refused(refused) => {
            // Whoever finds the time over closes the attempt.
            look(&app, id, who.member).await?;
            Err(views::refused(refused, Some(&save.response), who.visitor.words))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagBody {
    flagged: bool,
    /// As for an answer.
    #[serde(default)]
    lease: Option<u64>,
}

/// `PUT /api/v1/attempts/{id}/positions/{n}/flag` → `{position, flagged}`.
pub async fn flag(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    headers: HeaderMap,
    Json(body): Json<FlagBody>,
) -> Result<impl IntoResponse> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    seb::admit(&app, &who, &headers, &find(app.db.read(), id, who.member).await?).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let flagged = answering::flag(&mut ch, id, who.member, position, body.flagged).await?;
    if !lease::is_over(&flagged)
        && let Err(lost) = lease::hold(&ch, id, Writer::calling(body.lease)).await?
    {
        ch.undo().await?;
        return Err(lost);
    }
    match flagged {
        Ok(()) => {
            ch.commit().await?;
            Ok(Answered(json!({"position": position, "flagged": body.flagged})))
        }
        Err(refused) => {
            ch.undo().await?;
            look(&app, id, who.member).await?;
            Err(views::refused(refused, None, who.visitor.words))
        }
    }
}

/// `POST /api/v1/attempts/{id}/submit`: a second time answers as the first.
pub async fn submit(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    if !body.is_empty() {
        input::require_type(&headers, &["application/json"])?;
        let Nothing {} = input::parse(&body)?;
    }
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let attempt = closing::submit(&mut ch, id, who.member)
        .await?
        .map_err(|refused| views::refused(refused, None, who.visitor.words))?;
    ch.commit().await?;
    Ok(Answered(described(&app, &attempt).await?))
}

/// What a step of the candidate says of itself.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    /// The section to leave, as the clock names it.
    #[serde(default)]
    pub section: Option<String>,
    /// As for an answer.
    #[serde(default)]
    pub lease: Option<u64>,
}

/// `POST /api/v1/attempts/{id}/moves/{step}`: `leave-section` with `{section}`, `take-break`, `end-break`, `contact` → the attempt as it stands then. A
/// section that does not stand open any more is not left again: the answer says which one does. A contact says that the candidate is there: where the
/// exam credits lost connections, one is over with it.
pub async fn move_call(
    who: Candidate,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse> {
    let said: MoveBody = if body.is_empty() {
        MoveBody::default()
    } else {
        input::require_type(&headers, &["application/json"])?;
        input::parse(&body)?
    };
    let id = attempt_id(&id)?;
    seb::admit(&app, &who, &headers, &find(app.db.read(), id, who.member).await?).await?;
    let attempt = moved(&who, &app, id, &step, said.section.as_deref(), Writer::calling(said.lease)).await?;
    Ok(Answered(described(&app, &attempt).await?))
}

/// Takes a step of the candidate's own, for the API and the pages alike. What changes what can be answered asks for the lease, as an answer does.
pub(super) async fn moved(
    who: &Candidate,
    app: &App,
    id: AttemptId,
    step: &str,
    section: Option<&str>,
    writer: Writer,
) -> Result<Attempt> {
    look(app, id, who.member).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let taken = match step {
        "leave-section" => {
            let missing = || Fault::new("/section", "required", "name the section to leave, as the clock names it");
            let section = section.ok_or_else(|| Error::invalid(vec![missing()]))?;
            answering::leave_section(&mut ch, id, who.member, section).await?
        }
        "take-break" => answering::take_break(&mut ch, id, who.member).await?,
        "end-break" => answering::end_break(&mut ch, id, who.member).await?,
        "contact" => answering::contact(&mut ch, id, who.member).await?,
        _ => return Err(Error::not_found()),
    };
    if step != "contact"
        && !lease::is_over(&taken)
        && let Err(lost) = lease::hold(&ch, id, writer).await?
    {
        ch.undo().await?;
        return Err(lost);
    }
    let attempt = taken.map_err(|refused| views::refused(refused, None, who.visitor.words))?;
    ch.commit().await?;
    Ok(attempt)
}

/// `GET /api/v1/attempts/{id}/clock`: `{id, state, deadline, server_now, remaining_ms, section?, pause?, notices?}`. What staff or an accommodation
/// changed is there at once; a page asks every few seconds.
pub async fn clock(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let form = super::form(app.db.read(), attempt.id).await?;
    let now = app.db.now();
    let mut body = views::state(&attempt, &exam, form.positions().len(), now);
    let words = who.visitor.words;
    if let Some(section) = views::section(&attempt, &exam, &course_of(&exam, &form), words, now) {
        body.insert("section".to_owned(), section);
    }
    Ok(Answered(body))
}

/// `GET /api/v1/attempts/{id}/result`: verdict and section table once released, `{released: false}` while it is held.
pub async fn result(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    if !attempt.life.is_closed() {
        return Err(Error::new(Code::AttemptOpen));
    }
    let mut body = described(&app, &attempt).await?;
    match verdict(app.db.read(), &attempt).await? {
        Some(Verdict::Released(result)) => {
            body.insert("released".to_owned(), json!(true));
            body.insert("passed".to_owned(), json!(result.passed));
            body.insert("points".to_owned(), number(result.points));
            body.insert("max".to_owned(), number(result.max));
            body.insert("cut".to_owned(), result.cut.clone());
            let from =
                exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?.spec.scoring.sections_from;
            let sections: Vec<Value> = match from {
                None => result.sections.iter().map(|section| json!(section)).collect(),
                Some(from) => {
                    let row = |s| json!({"section": closing::Section::name(s), "level": result.level(s, from)});
                    result.sections.iter().map(row).collect()
                }
            };
            body.insert("sections".to_owned(), json!(sections));
            if let Some(scaled) = result.scaled {
                body.insert("scaled".to_owned(), json!(scaled));
            }
        }
        Some(Verdict::Waiting) => {
            body.insert("released".to_owned(), json!(false));
            body.insert("waiting_for_marking".to_owned(), json!(true));
        }
        Some(Verdict::Held) | None => {
            body.insert("released".to_owned(), json!(false));
        }
    }
    Ok(Answered(body))
}

/// A whole number where it is one, else the fraction as text: `52`, `"105/2"`.
pub(super) fn number(value: Rational) -> Value {
    if value.denominator() == 1 { json!(value.numerator()) } else { json!(value.to_string()) }
}
