//! What becomes of a window after it was made: other times and seats before it opens, or its end before anybody began.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::entity::exam_window;
use super::windows::{NewWindow, Window, checked, count, find, roster, standing};
use crate::attempts::entity::attempt;
use crate::clock::{Timestamp, millis, rfc3339};
use crate::database::{AuditEntry, Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{ExamWindowId, MemberId};
use crate::web::input::disturbs;

/// Longest reason for cancelling, in characters.
pub const LONGEST_REASON: usize = 500;

/// Whether it still changes: it has not opened, and was not cancelled.
pub fn may_change(window: &Window, now: Timestamp) -> bool {
    window.cancelled.is_none() && now < window.opens_at
}

/// Whether it may still be cancelled: it stands, has not closed, and nobody began in it.
pub async fn may_cancel(db: &impl Read, window: &Window, now: Timestamp) -> Result<bool> {
    Ok(window.cancelled.is_none() && now < window.closes_at && !was_used(db, window.id).await?)
}

/// Whether anybody began an attempt in it.
async fn was_used(db: &impl Read, id: ExamWindowId) -> Result<bool> {
    let begun = attempt::Entity::find().filter(attempt::Column::ExamWindow.eq(id.to_string()));
    Ok(begun.limit(1).count(db).await? > 0)
}

/// Holds the window against everybody else until the change ends, whoever takes a seat or begins an attempt included.
async fn hold(ch: &mut Change<'_>, id: ExamWindowId) -> Result<Window> {
    ch.take_turn(&format!("window:{id}")).await?;
    exam_window::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    standing(find(ch.tx(), id).await?)
}

/// Tells everybody who has a seat.
async fn tell(ch: &mut Change<'_>, id: ExamWindowId, event: impl Fn(MemberId) -> DomainEvent) -> Result<usize> {
    let told: Vec<DomainEvent> = roster(ch.tx(), id).await?.iter().map(|seat| event(seat.member)).collect();
    ch.tell_all(&told).await?;
    Ok(told.len())
}

/// Puts other times, seats and rules in the place of those that stand. Whoever has a seat keeps it, and hears of other times. The change is to be
/// privileged: this writes its row in the audit log.
///
/// # Errors
/// Not found; it was cancelled, or has opened; what does not fit, field by field.
pub async fn change_window(
    ch: &mut Change<'_>,
    id: ExamWindowId,
    new: impl FnOnce(&Window) -> NewWindow,
) -> Result<()> {
    let known = hold(ch, id).await?;
    if !may_change(&known, ch.now) {
        return Err(Error::new(Code::WindowOpened));
    }
    let new = checked(new(&known), count(ch.tx(), id).await?)?;
    if new.closes_at <= ch.now {
        let detail = "let it close at a time to come; to call it off, cancel it with a reason";
        return Err(Error::invalid(vec![Fault::new("/closes_at", "past", detail)]));
    }
    // the code itself is told to nobody
    let new_code = new.start_code != known.start_code;
    let seats = new.seats.map(i64::try_from).transpose().map_err(Error::internal)?;
    let name = new.name.clone();
    exam_window::Entity::update_many()
        .col_expr(exam_window::Column::Name, Expr::value(new.name))
        .col_expr(exam_window::Column::OpensAt, Expr::value(millis(new.opens_at)))
        .col_expr(exam_window::Column::ClosesAt, Expr::value(millis(new.closes_at)))
        .col_expr(exam_window::Column::Seats, Expr::value(seats))
        .col_expr(exam_window::Column::Cuts, Expr::value(new.cuts))
        .col_expr(exam_window::Column::Identity, Expr::value(new.identity))
        .col_expr(exam_window::Column::StartCode, Expr::value(new.start_code))
        .filter(exam_window::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    if (known.opens_at, known.closes_at) != (new.opens_at, new.closes_at) {
        tell(ch, id, |member| DomainEvent::WindowMoved { window: id, member }).await?;
    }
    let times = |opens, closes| json!({"opens_at": rfc3339(opens), "closes_at": rfc3339(closes)});
    let about = json!({
        "from": times(known.opens_at, known.closes_at), "to": times(new.opens_at, new.closes_at),
        "name": {"from": known.name, "to": name}, "seats": {"from": known.seats, "to": new.seats},
        "cuts": {"from": known.cuts, "to": new.cuts}, "identity": {"from": known.identity, "to": new.identity},
        "start_code_changed": new_code,
    });
    ch.audit(AuditEntry::new("window.change", id, about)).await
}

/// Calls the window off: nobody takes a seat or begins in it any more, and whoever has a seat hears of it, with the reason. The change is to be
/// privileged: this writes its row in the audit log.
///
/// # Errors
/// Not found; it was cancelled before, is over, or somebody began in it; no reason, or one that is too long.
pub async fn cancel_window(ch: &mut Change<'_>, id: ExamWindowId, reason: &str) -> Result<()> {
    let reason = reason.trim();
    let known = hold(ch, id).await?;
    if known.closes_at <= ch.now {
        return Err(Error::new(Code::WindowOver));
    }
    if was_used(ch.tx(), id).await? {
        return Err(Error::new(Code::WindowInUse));
    }
    let unseen = |c: char| disturbs(c) || matches!(c, '\u{200B}'..='\u{200F}');
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON || reason.chars().any(unseen) {
        let detail = "say why, in 1 to 500 characters: those who have a seat read it";
        return Err(Error::invalid(vec![Fault::new("/reason", "length", detail)]));
    }
    exam_window::Entity::update_many()
        .col_expr(exam_window::Column::CancelledAt, Expr::value(millis(ch.now)))
        .col_expr(exam_window::Column::CancelReason, Expr::value(reason))
        .filter(exam_window::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    let told = tell(ch, id, |member| DomainEvent::WindowCancelled { window: id, member }).await?;
    ch.audit(AuditEntry::new("window.cancel", id, json!({"reason": reason, "told": told}))).await
}
