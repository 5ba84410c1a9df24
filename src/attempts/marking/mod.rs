//! Responses that people mark: essays and files.
//!
//! * A response waits from the moment its attempt closes. Whoever marks it sees the question, the rubric and the answer, and
//!   not whose it is.
//! * A mark is given once, with points for each line of the rubric and a note, and stands in the audit log.
//! * When the last one of an attempt is given, the attempt is scored anew as another run, in the same transaction; only then
//!   can its result be released.

mod api;
mod pages;

pub use api::{list_markings, mark, show_marking};
pub use pages::{mark_page, marked_file, marking_page, markings_page};

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::{Value, json};
use waymark_assess::Rational;
use waymark_assess::item::{ItemVersion, KeyKind, Rubric};

use super::closing;
use super::entity::marking;
use super::files::{self, Kept};
use super::service::{answers, find_for_staff, form, hold_for_staff, of_another};
use crate::banks;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::ids::{AttemptId, MarkingId};

/// Longest note of a marker, in characters.
pub const LONGEST_NOTE: usize = 2_000;

/// A response that waits, or waited, for a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    pub id: MarkingId,
    pub attempt: AttemptId,
    pub position: u32,
    pub since: Timestamp,
    /// Points for each line of the rubric, once marked.
    pub points: Option<Vec<Rational>>,
    pub note: Option<String>,
    /// Who gave them, as the row says it, and when.
    pub marked: Option<(String, Timestamp)>,
}

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

/// Notes that these positions wait.
pub(super) async fn wait(ch: &mut Change<'_>, attempt: AttemptId, positions: &[u32]) -> Result<()> {
    for position in positions {
        let row = marking::ActiveModel {
            id: Set(ch.id::<MarkingId>().to_string()),
            attempt: Set(attempt.to_string()),
            position: Set(i32::try_from(*position).map_err(Error::internal)?),
            created_at: Set(millis(ch.now)),
            points: Set(None),
            note: Set(None),
            marker: Set(None),
            marked_at: Set(None),
        };
        marking::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// What waits, the longest waiting first, after `after`.
pub async fn waiting(db: &impl Read, after: Option<MarkingId>, limit: u64) -> Result<Vec<Marking>> {
    let mut find = marking::Entity::find().filter(marking::Column::MarkedAt.is_null());
    if let Some(after) = after {
        find = find.filter(marking::Column::Id.gt(after.to_string()));
    }
    let rows = find.order_by_asc(marking::Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// How many responses wait.
pub async fn count_waiting(db: &impl Read) -> Result<u64> {
    Ok(marking::Entity::find().filter(marking::Column::MarkedAt.is_null()).count(db).await?)
}

fn read(row: marking::Model) -> Result<Marking> {
    Ok(Marking {
        id: row.id.parse().map_err(Error::internal)?,
        attempt: row.attempt.parse().map_err(Error::internal)?,
        position: u32::try_from(row.position).map_err(Error::internal)?,
        since: from_millis(row.created_at),
        points: row.points.map(|points| serde_json::from_str(&points)).transpose()?,
        note: row.note,
        marked: row.marker.zip(row.marked_at.map(from_millis)),
    })
}

async fn find(db: &impl Read, id: MarkingId) -> Result<Marking> {
    let row = marking::Entity::find_by_id(id.to_string()).one(db).await?;
    read(row.ok_or_else(Error::not_found)?)
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

/// The points that people gave so far, by position.
pub(super) async fn given(db: &impl Read, attempt: AttemptId) -> Result<BTreeMap<u32, Rational>> {
    let marked = marking::Entity::find()
        .filter(marking::Column::Attempt.eq(attempt.to_string()))
        .filter(marking::Column::MarkedAt.is_not_null());
    let mut marks = BTreeMap::new();
    for row in marked.all(db).await? {
        let marking = read(row)?;
        let sum = marking.points.unwrap_or_default().into_iter().try_fold(Rational::ZERO, Rational::checked_add);
        marks.insert(marking.position, sum.ok_or_else(|| Error::internal("points too fine to be added"))?);
    }
    Ok(marks)
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
