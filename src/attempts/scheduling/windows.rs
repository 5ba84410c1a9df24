//! Windows and seats.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::entity::{exam_window, seat};
use crate::access;
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis, rfc3339};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{ExamId, ExamWindowId, MemberId};

/// When an exam can be begun, by how many, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub id: ExamWindowId,
    pub exam: ExamId,
    pub name: String,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    /// None is without limit.
    pub seats: Option<u64>,
    /// Whether the end cuts the time of whoever begins late.
    pub cuts: bool,
    /// Whether staff have to have seen the papers of whoever begins.
    pub identity: bool,
    /// Said in the room; without it nobody begins.
    pub start_code: Option<String>,
    /// When it was called off and why: nobody begins in it any more.
    pub cancelled: Option<(Timestamp, String)>,
}

impl Window {
    pub fn is_open(&self, now: Timestamp) -> bool {
        (self.opens_at..self.closes_at).contains(&now)
    }

    /// Whether this is what was said in the room. Case and spaces around it do not matter.
    pub fn takes(&self, code: &str) -> bool {
        let plain = |text: &str| text.trim().to_lowercase();
        self.start_code.as_deref().is_none_or(|known| plain(known).as_bytes().ct_eq(plain(code).as_bytes()).into())
    }
}

/// A place in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub window: ExamWindowId,
    pub member: MemberId,
    pub registered_at: Timestamp,
    /// When staff saw the papers of the person.
    pub identity_seen_at: Option<Timestamp>,
    /// Who of staff saw them, as the row says it.
    pub identity_seen_by: Option<String>,
}

/// A window about to be made.
#[derive(Debug, Clone)]
pub struct NewWindow {
    pub name: String,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub seats: Option<u64>,
    pub cuts: bool,
    pub identity: bool,
    pub start_code: Option<String>,
}

const MOST_SEATS: u64 = 100_000;
const LONGEST_NAME: usize = 120;

/// What is about to stand, tidied; `taken` seats are given.
///
/// # Errors
/// What does not fit, field by field.
pub(super) fn checked(new: NewWindow, taken: u64) -> Result<NewWindow> {
    let mut faults = vec![];
    let mut wrong = |pointer: &str, code, detail: &str| faults.push(Fault::new(pointer, code, detail));
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        wrong("/name", "length", "write a name of 1 to 120 characters");
    }
    if new.closes_at <= new.opens_at {
        wrong("/closes_at", "before_start", "let the window close after it opens");
    }
    if new.seats.is_some_and(|seats| seats == 0 || seats > MOST_SEATS) {
        wrong("/seats", "out_of_range", "write a number from 1 to 100000, or leave it out");
    } else if new.seats.is_some_and(|seats| seats < taken) {
        wrong("/seats", "below_taken", "keep as many seats as are taken");
    }
    let start_code = new.start_code.as_ref().map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    if start_code.as_ref().is_some_and(|code| code.chars().count() > 40) {
        wrong("/start_code", "too_long", "shorten it to 40 characters");
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    Ok(NewWindow { name, start_code, ..new })
}

/// Makes a window. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// What does not fit, field by field.
pub async fn open_window(ch: &mut Change<'_>, exam: ExamId, new: NewWindow) -> Result<ExamWindowId> {
    let new = checked(new, 0)?;
    let id: ExamWindowId = ch.id();
    let row = exam_window::ActiveModel {
        id: Set(id.to_string()),
        exam: Set(exam.to_string()),
        name: Set(new.name),
        opens_at: Set(millis(new.opens_at)),
        closes_at: Set(millis(new.closes_at)),
        seats: Set(new.seats.map(i64::try_from).transpose().map_err(Error::internal)?),
        cuts: Set(new.cuts),
        identity: Set(new.identity),
        start_code: Set(new.start_code),
        created_at: Set(millis(ch.now)),
        cancelled_at: Set(None),
        cancel_reason: Set(None),
    };
    exam_window::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let about = json!({"exam": exam, "opens_at": rfc3339(new.opens_at), "closes_at": rfc3339(new.closes_at), "seats": new.seats});
    ch.audit(AuditEntry::new("window.open", id, about)).await?;
    Ok(id)
}

fn read(row: exam_window::Model) -> Result<Window> {
    Ok(Window {
        id: row.id.parse().map_err(Error::internal)?,
        exam: row.exam.parse().map_err(Error::internal)?,
        name: row.name,
        opens_at: from_millis(row.opens_at),
        closes_at: from_millis(row.closes_at),
        seats: row.seats.map(u64::try_from).transpose().map_err(Error::internal)?,
        cuts: row.cuts,
        identity: row.identity,
        start_code: row.start_code,
        cancelled: row.cancelled_at.map(|at| (from_millis(at), row.cancel_reason.unwrap_or_default())),
    })
}

/// One window.
///
/// # Errors
/// Not found.
pub async fn find(db: &impl Read, id: ExamWindowId) -> Result<Window> {
    let row = exam_window::Entity::find_by_id(id.to_string()).one(db).await?;
    row.map(read).transpose()?.ok_or_else(Error::not_found)
}

/// The window, held against whoever would cancel it until the change ends.
///
/// # Errors
/// Not found; it was cancelled.
pub async fn hold_window(ch: &Change<'_>, id: ExamWindowId) -> Result<Window> {
    let row = exam_window::Entity::find_by_id(id.to_string()).lock_shared().one(ch.tx()).await?;
    standing(row.map(read).transpose()?.ok_or_else(Error::not_found)?)
}

/// The window, unless it was cancelled.
pub(super) fn standing(window: Window) -> Result<Window> {
    if window.cancelled.is_some() { Err(Error::new(Code::WindowCancelled)) } else { Ok(window) }
}

/// The windows of an exam that admit somebody at `since` or later, the first one first: none that was cancelled.
pub async fn of_exam(db: &impl Read, exam: ExamId, since: Timestamp) -> Result<Vec<Window>> {
    let mut all = with_cancelled(db, exam, since).await?;
    all.retain(|window| window.cancelled.is_none());
    Ok(all)
}

/// The windows of an exam that have not closed before `since`, cancelled ones among them, the first one first.
pub async fn with_cancelled(db: &impl Read, exam: ExamId, since: Timestamp) -> Result<Vec<Window>> {
    let rows = exam_window::Entity::find()
        .filter(exam_window::Column::Exam.eq(exam.to_string()))
        .filter(exam_window::Column::ClosesAt.gt(millis(since)))
        .order_by_asc(exam_window::Column::OpensAt)
        .order_by_asc(exam_window::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

fn taken(window: ExamWindowId) -> Select<seat::Entity> {
    seat::Entity::find()
        .filter(seat::Column::ExamWindow.eq(window.to_string()))
        .filter(seat::Column::CancelledAt.is_null())
}

/// How many seats are taken.
pub async fn count(db: &impl Read, window: ExamWindowId) -> Result<u64> {
    Ok(taken(window).count(db).await?)
}

/// Takes a seat for the member; a second time answers the first.
///
/// # Errors
/// A window that is over or cancelled; no seat left.
pub async fn register(ch: &mut Change<'_>, window: ExamWindowId, member: MemberId) -> Result<()> {
    ch.take_turn(&format!("window:{window}")).await?;
    let known = standing(find(ch.tx(), window).await?)?;
    if known.closes_at <= ch.now {
        return Err(Error::not_found());
    }
    if seat_of(ch.tx(), window, member).await?.is_some() {
        return Ok(());
    }
    if let Some(seats) = known.seats
        && count(ch.tx(), window).await? >= seats
    {
        return Err(Error::new(Code::NoSeatLeft));
    }
    // One that was given back before is taken anew.
    seat::Entity::delete_by_id((window.to_string(), member.to_string())).exec(ch.tx()).await?;
    let row = seat::ActiveModel {
        exam_window: Set(window.to_string()),
        member: Set(member.to_string()),
        registered_at: Set(millis(ch.now)),
        cancelled_at: Set(None),
        identity_seen_at: Set(None),
        identity_seen_by: Set(None),
    };
    seat::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Gives the seat back.
pub async fn cancel_seat(ch: &mut Change<'_>, window: ExamWindowId, member: MemberId) -> Result<()> {
    seat::Entity::update_many()
        .col_expr(seat::Column::CancelledAt, Expr::value(millis(ch.now)))
        .filter(seat::Column::ExamWindow.eq(window.to_string()))
        .filter(seat::Column::Member.eq(member.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

fn place(row: &seat::Model) -> Result<Seat> {
    Ok(Seat {
        window: row.exam_window.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        registered_at: from_millis(row.registered_at),
        identity_seen_at: row.identity_seen_at.map(from_millis),
        identity_seen_by: row.identity_seen_by.clone(),
    })
}

/// The member's seat, if they have one.
pub async fn seat_of(db: &impl Read, window: ExamWindowId, member: MemberId) -> Result<Option<Seat>> {
    let row = taken(window).filter(seat::Column::Member.eq(member.to_string())).one(db).await?;
    row.as_ref().map(place).transpose()
}

/// Who has a seat, in the order in which they took them.
pub async fn roster(db: &impl Read, window: ExamWindowId) -> Result<Vec<Seat>> {
    let rows = taken(window).order_by_asc(seat::Column::RegisteredAt).all(db).await?;
    rows.iter().map(place).collect()
}

/// Notes that staff saw who it is. Nobody sees their own papers. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// Not found, for somebody without a seat; [`Code::OwnAttempt`].
pub async fn see_identity(ch: &mut Change<'_>, window: ExamWindowId, member: MemberId) -> Result<()> {
    seat_of(ch.tx(), window, member).await?.ok_or_else(Error::not_found)?;
    if access::behind(ch.tx(), ch.actor).await? == Actor::Member(member) {
        return Err(Error::new(Code::OwnAttempt));
    }
    seat::Entity::update_many()
        .col_expr(seat::Column::IdentitySeenAt, Expr::value(millis(ch.now)))
        .col_expr(seat::Column::IdentitySeenBy, Expr::value(ch.actor.to_string()))
        .filter(seat::Column::ExamWindow.eq(window.to_string()))
        .filter(seat::Column::Member.eq(member.to_string()))
        .exec(ch.tx())
        .await?;
    ch.audit(AuditEntry::new("seat.identity", window, json!({"member": member}))).await
}
