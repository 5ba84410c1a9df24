//! Responses that people mark: essays and files.
//!
//! * A response waits from the moment its attempt closes. Whoever marks it sees the question, the rubric and the answer, and
//!   not whose it is.
//! * A mark is given once, with points for each line of the rubric and a note, and stands in the audit log.
//! * When the last one of an attempt is given, the attempt is scored anew as another run, in the same transaction; only then
//!   can its result be released.

mod api;
mod pages;
pub(super) mod rows;

pub use api::{list_markings, mark, show_marking};
pub use pages::{mark_page, marked_file, marking_page, markings_page};
pub use rows::{Marking, count_waiting, waiting};

use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use waymark_assess::Rational;
use waymark_assess::item::{ItemVersion, KeyKind, Rubric};

use self::rows::find;
use super::closing;
use super::entity::marking;
use super::files::{self, Kept};
use super::service::{answers, find_for_staff, form, hold_for_staff, of_another};
use crate::banks;
use crate::clock::millis;
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::ids::MarkingId;

/// Longest note of a marker, in characters.
pub const LONGEST_NOTE: usize = 2_000;

/// What a marker looks at. Nothing here says whose it is.
pub struct Sheet {
    pub marking: Marking,
    pub exam: Exam,
    pub version: ItemVersion,
    /// As the API writes it.
    pub response: Value,
}

impl Sheet {
    pub fn rubric(&self) -> Result<&Rubric> {
        match self.version.key().kind() {
            KeyKind::Rubric(rubric) => Ok(rubric),
            _ => Err(Error::internal(format!("{} has no rubric", self.marking.id))),
        }
    }
}

/// What the marker of this response sees.
///
/// # Errors
/// Not found.
pub async fn sheet(db: &impl Read, id: MarkingId) -> Result<Sheet> {
    let marking = find(db, id).await?;
    let attempt = find_for_staff(db, marking.attempt).await?;
    let form = form(db, marking.attempt).await?;
    let position = form.position(marking.position).ok_or_else(|| Error::internal("a form lost a position"))?;
    let version = banks::version(db, position.item).await?;
    let response = answers(db, marking.attempt).await?.remove(&marking.position);
    let response = response.map(|answer| answer.saved.response.to_value()).unwrap_or_default();
    let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
    Ok(Sheet { marking, exam, version, response })
}

/// The file of a response that waits or waited.
///
/// # Errors
/// Not found; a response without a file.
pub async fn file(db: &impl Read, id: MarkingId) -> Result<Kept> {
    let marking = find(db, id).await?;
    let answer = answers(db, marking.attempt).await?.remove(&marking.position).ok_or_else(Error::not_found)?;
    let file = answer.saved.response.file().ok_or_else(Error::not_found)?;
    files::kept(db, file).await?.ok_or_else(Error::not_found)
}

/// Gives the mark: points for each line of the rubric. The change is a privileged one. Answers whether the attempt is
/// wholly marked now, and so scored anew.
///
/// # Errors
/// Not found; marked before; points that the rubric does not give; a note that is too long.
pub async fn give(ch: &mut Change<'_>, id: MarkingId, points: &[Rational], note: Option<&str>) -> Result<bool> {
    let sheet = sheet(ch.tx(), id).await?;
    // Two markers of one attempt: whoever comes second sees what the first one gave, and closes the run.
    let held = hold_for_staff(ch, sheet.marking.attempt).await?;
    of_another(ch, &held).await?;
    check(sheet.rubric()?, points, note)?;
    let stored = serde_json::to_string(points)?;
    let given = marking::Entity::update_many()
        .col_expr(marking::Column::Points, Expr::value(stored))
        .col_expr(marking::Column::Note, Expr::value(note.map(str::to_owned)))
        .col_expr(marking::Column::Marker, Expr::value(ch.actor.to_string()))
        .col_expr(marking::Column::MarkedAt, Expr::value(millis(ch.now)))
        .filter(marking::Column::Id.eq(id.to_string()))
        .filter(marking::Column::MarkedAt.is_null())
        .exec(ch.tx())
        .await?;
    if given.rows_affected == 0 {
        return Err(Error::new(Code::AlreadyMarked));
    }
    let attempt = sheet.marking.attempt;
    let detail = json!({"attempt": attempt, "position": sheet.marking.position, "points": points, "note": note});
    ch.audit(AuditEntry::new("response.mark", id, detail)).await?;
    let unmarked = marking::Entity::find()
        .filter(marking::Column::Attempt.eq(attempt.to_string()))
        .filter(marking::Column::MarkedAt.is_null());
    if unmarked.count(ch.tx()).await? > 0 {
        return Ok(false);
    }
    closing::score_again(ch, attempt).await?;
    Ok(true)
}

fn check(rubric: &Rubric, points: &[Rational], note: Option<&str>) -> Result<()> {
    let mut faults = vec![];
    if points.len() != rubric.criteria.len() {
        let detail = format!("give points for each of the {} lines of the rubric", rubric.criteria.len());
        faults.push(Fault::new("/points", "points_missing", detail));
    }
    for (n, (given, line)) in points.iter().zip(&rubric.criteria).enumerate() {
        if *given < Rational::ZERO || *given > Rational::from(line.points) || given.denominator() > 100 {
            let detail = format!("give 0 to {} points here", line.points);
            faults.push(Fault::new(format!("/points/{n}"), "points_out_of_range", detail));
        }
    }
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        faults.push(Fault::new("/note", "too_long", format!("shorten it to {LONGEST_NOTE} characters")));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// An id out of a path.
fn marking_id(text: &str) -> Result<MarkingId> {
    text.parse().map_err(|_| Error::not_found())
}
