//! What exams keep of a person, and for how long.
//!
//! * Kept as long as the attempt is: the form, every response that was chosen or typed into a short field, its times and points, under the member's id
//!   alone. Without them the figures of items would change, and no score could be counted again.
//! * Erased on request, once the person's attempts are over and marked: what they wrote in their own words or handed in as a file, what was said to
//!   them and of them, why they were allowed more than others, and the address that somebody else's result came under. Where an answer stood, stands
//!   [`ERASED`]. The log of an attempt goes on to hold; its score counts to the same again.
//! * Forgotten by itself after [`KEPT`]: answers that came too late, and what windows and browsers said of themselves.
//!
//! Name and address of the person are with their account, and go with it; rows of the audit log stay as they were written.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::json;
use time::Duration;
use waymark_assess::item::ItemType;

use super::entity::{attempt, candidate_file, candidate_file_bytes, marking, response, response_save};
use super::service::{Attempt, Notice, form, hold_for_staff};
use super::{lease, log, outside, scheduling, seb};
use crate::actor::Actor;
use crate::app::App;
use crate::banks;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{AttemptId, MemberId};

/// Stands where an answer in somebody's own words stood.
pub const ERASED: &str = "[erased]";
/// How long after its end an attempt keeps what came too late and what its windows said of themselves.
pub const KEPT: Duration = Duration::days(90);
/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// What was erased, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    pub attempts: u64,
    /// Answers in own words, each version of each.
    pub answers: u64,
    pub files: u64,
    /// What was said of the person: reasons of staff, notes of markers.
    pub notes: u64,
    pub messages: u64,
    pub late_answers: u64,
    pub accommodations: u64,
    pub outside_results: u64,
}

/// Erases what exams keep of a member beyond pseudonymous answers. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// No reason; an attempt that is under way; answers that wait to be marked.
pub async fn erase(ch: &mut Change<'_>, member: MemberId, reason: &str) -> Result<Erased> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let detail = format!("say on what ground, in 1 to {LONGEST_REASON} characters");
        return Err(Error::invalid(vec![Fault::new("/reason", "length", detail)]));
    }
    let mut erased = Erased::default();
    for id in of(ch.tx(), member).await? {
        let attempt = hold_for_staff(ch, id).await?;
        if !attempt.life.is_closed() {
            return Err(Error::new(Code::AttemptOpen));
        }
        of_attempt(ch, &attempt, &mut erased).await?;
        erased.attempts += 1;
    }
    erased.accommodations = scheduling::erase_reasons(ch, member).await?;
    erased.outside_results = outside::erase_names(ch, member).await?;
    seb::forget_of(ch, member).await?;
    ch.audit(AuditEntry::new("member.erase_exam_traces", member, json!({"reason": reason, "erased": erased}))).await?;
    Ok(erased)
}

async fn of(db: &impl Read, member: MemberId) -> Result<Vec<AttemptId>> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::Member.eq(member.to_string()))
        .order_by_asc(attempt::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(|row| row.id.parse().map_err(Error::internal)).collect()
}

async fn of_attempt(ch: &mut Change<'_>, attempt: &Attempt, erased: &mut Erased) -> Result<()> {
    let id = attempt.id;
    let own = marking::Entity::find().filter(marking::Column::Attempt.eq(id.to_string()));
    if own.filter(marking::Column::MarkedAt.is_null()).count(ch.tx()).await? > 0 {
        return Err(Error::new(Code::MarkingWaits));
    }
    answers(ch, id, erased).await?;
    erased.files += files(ch, id).await?;
    erased.notes += log::erase_notes(ch, id).await?;
    let notes = marking::Entity::update_many()
        .col_expr(marking::Column::Note, Expr::value(None::<String>))
        .filter(marking::Column::Attempt.eq(id.to_string()))
        .filter(marking::Column::Note.is_not_null())
        .exec(ch.tx())
        .await?;
    erased.notes += notes.rows_affected;
    let quiet: Vec<Notice> =
        attempt.notices.iter().map(|notice| Notice { reason: String::new(), ..notice.clone() }).collect();
    attempt::Entity::update_many()
        .col_expr(attempt::Column::Notices, Expr::value(serde_json::to_string(&quiet)?))
        .filter(attempt::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    let (messages, late) = lease::erase(ch, id).await?;
    erased.messages += messages;
    erased.late_answers += late;
    Ok(())
}

/// Answers in own words: those to essays. A file is answered by its id, which says nothing.
async fn answers(ch: &Change<'_>, id: AttemptId, erased: &mut Erased) -> Result<()> {
    let form = form(ch.tx(), id).await?;
    let contents = banks::contents(ch.tx(), form.positions().iter().map(|position| position.item)).await?;
    let essay = |version| contents.get(version).is_some_and(|content| content.item_type() == ItemType::Essay);
    let positions: Vec<u32> = form.positions().iter().filter(|p| essay(&p.item)).map(|p| p.number).collect();
    let (word, nothing) = (json!(ERASED).to_string(), ["[]", "null", "\"\""]);
    let saves = response_save::Entity::update_many()
        .col_expr(response_save::Column::Response, Expr::value(word.as_str()))
        .col_expr(response_save::Column::Digest, Expr::value("erased"))
        .filter(response_save::Column::Attempt.eq(id.to_string()))
        .filter(response_save::Column::Position.is_in(positions.clone()))
        .filter(response_save::Column::Digest.ne("erased"))
        .exec(ch.tx())
        .await?;
    response::Entity::update_many()
        .col_expr(response::Column::Response, Expr::value(word))
        .filter(response::Column::Attempt.eq(id.to_string()))
        .filter(response::Column::Position.is_in(positions))
        .filter(response::Column::Response.is_not_in(nothing))
        .exec(ch.tx())
        .await?;
    erased.answers += saves.rows_affected;
    Ok(())
}

/// The files of an attempt, and their bytes where nobody else handed in the same.
async fn files(ch: &Change<'_>, id: AttemptId) -> Result<u64> {
    let own = || candidate_file::Column::Attempt.eq(id.to_string());
    let rows = candidate_file::Entity::find().filter(own()).all(ch.tx()).await?;
    candidate_file::Entity::delete_many().filter(own()).exec(ch.tx()).await?;
    for row in &rows {
        let others = candidate_file::Entity::find().filter(candidate_file::Column::Sha256.eq(row.sha256.as_str()));
        if others.count(ch.tx()).await? == 0 {
            candidate_file_bytes::Entity::delete_by_id(row.sha256.clone()).exec(ch.tx()).await?;
        }
    }
    Ok(rows.len() as u64)
}

/// At start and every minute: what nobody needs any more is forgotten.
pub async fn tend(app: &App) -> Result<()> {
    let ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
    let gone = lease::forget(&ch, ch.now - KEPT).await? + seb::forget(&ch).await?;
    if gone == 0 { ch.undo().await } else { ch.commit().await }
}
