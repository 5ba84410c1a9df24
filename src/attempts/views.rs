//! What a candidate is shown: one position rendered in their language, and how far they are. Built without a key.

use serde::Serialize;
use serde_json::{Map, Value, json};
use waymark_assess::attempt::Attempt as Life;
use waymark_assess::attempt::{Closing, Refused};
use waymark_assess::candidate::{self, PositionView};
use waymark_assess::item::Figure;

use super::service::{Answer, Attempt, answers, form};
use crate::banks;
use crate::clock::{Timestamp, rfc3339};
use crate::database::Read;
use crate::error::{Code, Error, Fault, Result};
use crate::exams::Exam;
use crate::ids::AttemptId;
use crate::web::i18n::Words;

/// One position as the API answers it.
#[derive(Debug, Serialize)]
pub struct ItemBody {
    #[serde(flatten)]
    pub view: PositionView,
    pub response: Value,
    pub revision: u64,
    pub flagged: bool,
    pub saved_at: Option<String>,
}

/// A position of the attempt in the reader's language, with the answer as it stands.
///
/// # Errors
/// Not found, for a position that the form does not have.
pub async fn item(db: &impl Read, id: AttemptId, position: u32, answer: &Answer, words: Words) -> Result<ItemBody> {
    let form = form(db, id).await?;
    let position = form.position(position).ok_or_else(Error::not_found)?;
    let content = banks::contents(db, [position.item]).await?;
    let content = content.get(&position.item).ok_or_else(|| Error::internal("a version went missing"))?;
    let view = candidate::view(position, content, words.lang(), figure_path).map_err(Error::internal)?;
    Ok(ItemBody {
        view,
        response: answer.saved.response.to_value(),
        revision: answer.saved.revision,
        flagged: answer.flagged,
        saved_at: answer.saved_at.map(rfc3339),
    })
}

fn figure_path(figure: &Figure) -> String {
    format!("/figures/{}", figure.sha256())
}

/// How far the candidate is at one position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub position: u32,
    pub seen: bool,
    pub answered: bool,
    /// Something that the question asks for is left open.
    #[serde(skip)]
    pub incomplete: bool,
    pub flagged: bool,
    pub revision: u64,
    #[serde(skip)]
    pub saved_at: Option<Timestamp>,
}

/// How far the candidate is, position by position.
pub async fn progress(db: &impl Read, id: AttemptId) -> Result<Vec<Progress>> {
    let (form, answers) = (form(db, id).await?, answers(db, id).await?);
    let untouched = Answer::default();
    let positions = form.positions().iter().map(|position| {
        let answer = answers.get(&position.number).unwrap_or(&untouched);
        let response = &answer.saved.response;
        let answered = !response.is_cleared();
        Progress {
            position: position.number,
            seen: answer.seen,
            answered,
            incomplete: answered && !response.is_complete(position),
            flagged: answer.flagged,
            revision: answer.saved.revision,
            saved_at: answer.saved_at,
        }
    });
    Ok(positions.collect())
}

/// `{id, exam, state, ordinal, started_at, deadline, server_now, remaining_ms, positions, …}`: the clock of the attempt is the server's.
pub fn state(attempt: &Attempt, exam: &Exam, positions: usize, now: Timestamp) -> Map<String, Value> {
    let sitting = attempt.life.sitting();
    let body = json!({
        "id": attempt.id,
        "exam": exam.spec.slug,
        "ordinal": attempt.ordinal,
        "state": attempt.life.state(now).as_str(),
        "started_at": sitting.map(|s| rfc3339(s.started_at)),
        "deadline": sitting.map(|s| rfc3339(s.deadline)),
        "server_now": rfc3339(now),
        "remaining_ms": u64::try_from(attempt.life.remaining(now).whole_milliseconds()).unwrap_or_default(),
        "positions": positions,
    });
    let Value::Object(mut body) = body else { return Map::new() };
    if let Life::Closed(closed) = attempt.life {
        body.insert("closed_at".to_owned(), json!(rfc3339(closed.at)));
        body.insert("closed_by".to_owned(), json!(closed_by(closed.how)));
    }
    body
}

/// `submitted` or `expired`.
pub fn closed_by(how: Closing) -> &'static str {
    match how {
        Closing::Submitted => "submitted",
        Closing::Expired => "expired",
    }
}

/// Why a step was not taken, as an answer in the reader's language. `sent` is the response of a save.
pub fn refused(refused: Refused, sent: Option<&Value>, words: Words) -> Error {
    match refused {
        Refused::NotStarted => Error::new(Code::AttemptNotStarted),
        Refused::Closed(_) => Error::new(Code::AttemptClosed),
        Refused::Late(at) => Error::new(Code::AttemptOver).with("at", rfc3339(at)).member("ended_at", rfc3339(at)),
        Refused::NoSuchPosition { .. } => Error::not_found(),
        Refused::Response(mistakes) => {
            let fault = |m: waymark_assess::Mistake| {
                let detail = m.message_in(words.lang()).to_owned();
                Fault::new(format!("/response{}", m.pointer), m.code, detail)
            };
            Error::invalid(mistakes.into_iter().map(fault).collect())
        }
        Refused::Stale { stored, sent: revision } => Error::new(Code::ResponseStale)
            .member("stored", json!({"response": stored.response.to_value(), "revision": stored.revision}))
            .member("sent", json!({"response": sent, "revision": revision})),
        Refused::OperationId => {
            let detail = refused.to_string();
            Error::invalid(vec![Fault::new("/client_op_id", "client_op_id_invalid", detail)])
        }
        Refused::OperationReused => Error::new(Code::ClientOpIdReused),
        Refused::NotLater => Error::new(Code::Conflict),
    }
}
