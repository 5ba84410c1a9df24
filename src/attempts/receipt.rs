//! The receipt of an attempt that is over: what was saved when, and a code that stands for all of it.
//!
//! `code` is the SHA-256, in hex, over the JSON of everything else with sorted members and no blanks. It holds no answer, only the SHA-256 of each over
//! its JSON, so that a candidate who kept their answers can show them later, and nobody learns them from the receipt.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waymark_assess::attempt::{Attempt as Life, Closed};

use super::log::{self, chain};
use super::service::{Attempt, answers, form};
use super::views::closed_by;
use crate::clock::{Timestamp, rfc3339};
use crate::database::Read;
use crate::error::{Code, Error, Result};
use crate::exams;

/// One line of the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub position: u32,
    pub answered: bool,
    pub revision: u64,
    pub saved_at: Option<Timestamp>,
    /// The SHA-256 of the answer; None where none was ever saved.
    pub digest: Option<String>,
}

/// What a candidate can keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub closed: Closed,
    pub lines: Vec<Line>,
    /// All of it but the code.
    pub body: Value,
    pub code: String,
}

impl Receipt {
    /// The code as people read it aloud: the first 20 hex digits in groups of five. The whole of it stands in the file.
    pub fn short_code(&self) -> String {
        let digits: Vec<String> =
            self.code.as_bytes().chunks(5).take(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        digits.join("-").to_uppercase()
    }
}

/// The receipt of an attempt; the same for ever.
///
/// # Errors
/// One that is still open.
pub async fn of(db: &impl Read, attempt: &Attempt) -> Result<Receipt> {
    let Life::Closed(closed) = attempt.life else { return Err(Error::new(Code::AttemptOpen)) };
    let (form, answers) = (form(db, attempt.id).await?, answers(db, attempt.id).await?);
    let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
    let line = |position: u32| {
        let answer = answers.get(&position).filter(|answer| answer.saved.revision > 0);
        let response = answer.map(|answer| answer.saved.response.to_value());
        Line {
            position,
            answered: answer.is_some_and(|answer| !answer.saved.response.is_cleared()),
            revision: answer.map_or(0, |answer| answer.saved.revision),
            saved_at: answer.and_then(|answer| answer.saved_at),
            digest: response.map(|response| digest(&response)),
        }
    };
    let lines: Vec<Line> = form.positions().iter().map(|position| line(position.number)).collect();
    let written = |line: &Line| {
        json!({
            "position": line.position,
            "revision": line.revision,
            "saved_at": line.saved_at.map(rfc3339),
            "sha256": line.digest,
        })
    };
    let body = json!({
        "attempt": attempt.id,
        "exam": exam.spec.slug,
        "ordinal": attempt.ordinal,
        "started_at": rfc3339(closed.sitting.started_at),
        "closed_at": rfc3339(closed.at),
        "closed_by": closed_by(closed.how),
        "answers": lines.iter().map(written).collect::<Vec<_>>(),
        "log": closing_head(db, attempt).await?,
    });
    let code = digest(&body);
    Ok(Receipt { closed, lines, body, code })
}

/// The hash of the event that closed the attempt: with it the candidate holds the end of the log, which nobody can rewrite unseen any more.
async fn closing_head(db: &impl Read, attempt: &Attempt) -> Result<Option<String>> {
    let log = log::of_attempt(db, attempt.id).await?;
    let closed = log.events.into_iter().rev().find(|event| event.kind == log::Kind::Closed.as_str());
    Ok(closed.map(|event| event.hash))
}

fn digest(value: &Value) -> String {
    Sha256::digest(chain::canonical(value)).iter().map(|b| format!("{b:02x}")).collect()
}
