//! What a candidate is shown: one position rendered in their language, and how far they are. Built without a key.

use serde::Serialize;
use serde_json::{Map, Value, json};
use waymark_assess::attempt::Attempt as Life;
use waymark_assess::attempt::{Closing, Course, Refused};
use waymark_assess::candidate::{self, PositionView};
use waymark_assess::item::Figure;

use super::service::{Answer, Attempt, Notice, answers, course, find_for_staff, form};
use super::wording::section_title;
use crate::banks;
use crate::clock::{Timestamp, from_millis, rfc3339};
use crate::database::Read;
use crate::error::{Code, Error, Fault, Result};
use crate::exams::Exam;
use crate::ids::AttemptId;
use crate::web::i18n::Words;
use crate::web::zone::Zone;

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
    // As it was settled by whoever looked at the attempt before: nothing of a section leaves while it is closed.
    let attempt = find_for_staff(db, id).await?;
    if let Some(sitting) = attempt.life.sitting() {
        let at = sitting.pause.map_or(sitting.started_at, |pause| pause.since);
        let shown = attempt.life.may_answer(&course(db, &attempt).await?, position.number, at);
        shown.map_err(|refused| self::refused(refused, None, words))?;
    }
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
        "deadline": sitting.map(|s| rfc3339(s.deadline_at(now))),
        "server_now": rfc3339(now),
        "remaining_ms": u64::try_from(attempt.life.remaining(now).whole_milliseconds()).unwrap_or_default(),
        "positions": positions,
    });
    let Value::Object(mut body) = body else { return Map::new() };
    if exam.spec.sitting.untimed {
        body.insert("untimed".to_owned(), json!(true));
    }
    if let Some(pause) = sitting.filter(|_| !attempt.life.is_closed()).and_then(|s| s.paused(now)) {
        let until = pause.ends().map(rfc3339);
        body.insert(
            "pause".to_owned(),
            json!({"kind": pause.kind.as_str(), "since": rfc3339(pause.since), "until": until}),
        );
    }
    if !attempt.notices.is_empty() {
        body.insert("notices".to_owned(), attempt.notices.iter().map(notice).collect());
    }
    if let Life::Closed(closed) = attempt.life {
        body.insert("closed_at".to_owned(), json!(rfc3339(closed.at)));
        body.insert("closed_by".to_owned(), json!(closed_by(closed.how)));
    }
    body
}

/// The positions that can be shown now, in order: those of the sections that stand open; in a linear one the last shown and the one after it.
pub fn open_positions(life: &Life, course: &Course, positions: usize, now: Timestamp) -> Vec<u32> {
    let last = u32::try_from(positions).unwrap_or(u32::MAX);
    (1..=last).filter(|position| life.show(course, *position, now).is_ok()).collect()
}

/// The section that stands open: `{name, title, navigation, positions, remaining_ms?, last}`; None for an exam without sections, or closed.
pub fn section(attempt: &Attempt, exam: &Exam, course: &Course, words: Words, now: Timestamp) -> Option<Value> {
    let Life::InProgress(sitting) = attempt.life else { return None };
    let at = sitting.place.at;
    let section = course.sections().get(at)?;
    // While the clock stands nothing is shown; what stands open is told all the same.
    let all: Vec<u32> = course.open_with(at).collect();
    let shown = |position: &u32| match attempt.life.show(course, *position, now) {
        Err(Refused::SectionUnopened | Refused::SectionClosed) => false,
        Ok(_) | Err(_) => true,
    };
    let mut body = json!({
        "name": section.name,
        "title": section_title(exam, words, &section.name),
        "navigation": section.navigation.as_str(),
        "positions": all.into_iter().filter(shown).collect::<Vec<_>>(),
        "last": course.after(at).is_none(),
    });
    if let Some(left) = attempt.life.section_remaining(now) {
        body["remaining_ms"] = json!(u64::try_from(left.whole_milliseconds()).unwrap_or_default());
    }
    Some(body)
}

/// What staff did, in the reader's words: "10:42:07 · 10 minutes were added: the projector failed".
pub fn notice_words(words: Words, zone: &Zone, notice: &Notice) -> String {
    let kind = notice.kind.replace('_', "-");
    let minutes = notice.minutes.unwrap_or_default();
    let text = words.with1(&format!("notice-{kind}"), "minutes", minutes);
    let at = zone.clock(from_millis(notice.at));
    if notice.reason.is_empty() { format!("{at} · {text}") } else { format!("{at} · {text} {}", notice.reason) }
}

fn notice(notice: &Notice) -> Value {
    let mut value = json!({"at": rfc3339(from_millis(notice.at)), "kind": notice.kind});
    if let Some(minutes) = notice.minutes {
        value["minutes"] = json!(minutes);
    }
    if !notice.reason.is_empty() {
        value["reason"] = json!(notice.reason);
    }
    value
}

/// `submitted`, `expired` or `ended`.
pub fn closed_by(how: Closing) -> &'static str {
    match how {
        Closing::Submitted => "submitted",
        Closing::Expired => "expired",
        Closing::Ended => "ended",
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
        Refused::Paused(kind) => Error::new(Code::AttemptPaused).member("kind", kind.as_str()),
        Refused::NotPaused => Error::new(Code::AttemptNotPaused),
        Refused::NoBreakLeft => Error::new(Code::NoBreakLeft),
        Refused::SectionUnopened => Error::new(Code::SectionNotOpen),
        Refused::SectionClosed => Error::new(Code::SectionClosed),
        Refused::LastSection => Error::new(Code::LastSection),
    }
}
