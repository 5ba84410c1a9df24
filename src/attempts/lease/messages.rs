//! What staff say to a candidate in the middle of an attempt. It stays in sight until the candidate says that they read it.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use waymark_assess::attempt::State;

use super::entity::message;
use crate::attempts::log::{self, Kind};
use crate::attempts::service::{hold_for_staff, lock};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{AttemptId, MemberId};

/// In characters.
pub const LONGEST_MESSAGE: usize = 500;
const MOST_MESSAGES: i32 = 50;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Counts the messages of the attempt from 1.
    pub number: u32,
    pub text: String,
    pub sent_at: Timestamp,
    /// Who of staff, as the row says it: never for the candidate.
    pub sent_by: String,
    pub read_at: Option<Timestamp>,
}

/// Sends a message to a candidate at work, or in a break. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// No such attempt, or one that is over; an empty or too long text; too many of them.
pub async fn send(ch: &mut Change<'_>, id: AttemptId, text: &str, reason: &str) -> Result<u32> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > LONGEST_MESSAGE {
        let detail = format!("write 1 to {LONGEST_MESSAGE} characters");
        return Err(Error::invalid(vec![Fault::new("/text", "length", detail)]));
    }
    let attempt = hold_for_staff(ch, id).await?;
    if attempt.life.state(ch.now) != State::InProgress {
        return Err(Error::new(Code::AttemptClosed));
    }
    let last: Option<i32> = message::Entity::find()
        .select_only()
        .column(message::Column::Number)
        .filter(message::Column::Attempt.eq(id.to_string()))
        .order_by_desc(message::Column::Number)
        .into_tuple()
        .one(ch.tx())
        .await?;
    let number = last.unwrap_or_default() + 1;
    if number > MOST_MESSAGES {
        return Err(Error::new(Code::TooMany));
    }
    let row = message::ActiveModel {
        attempt: Set(id.to_string()),
        number: Set(number),
        content: Set(text.to_owned()),
        sent_at: Set(millis(ch.now)),
        sent_by: Set(ch.actor.to_string()),
        read_at: Set(None),
    };
    message::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let about = json!({"by": ch.actor.to_string(), "text": text, "reason": reason});
    log::append_with_note(ch, id, Kind::MessageSent, json!({"message": number}), &about).await?;
    ch.audit(AuditEntry::new("attempt.message", id, json!({"message": number, "reason": reason}))).await?;
    Ok(number.unsigned_abs())
}

/// The candidate says that they read it; a second time changes nothing.
///
/// # Errors
/// A foreign attempt; no such message.
pub async fn read(ch: &mut Change<'_>, id: AttemptId, member: MemberId, number: u32) -> Result<()> {
    lock(ch, id, member).await?;
    let number = i32::try_from(number).map_err(|_| Error::not_found())?;
    let row = message::Entity::find_by_id((id.to_string(), number)).one(ch.tx()).await?;
    if row.ok_or_else(Error::not_found)?.read_at.is_some() {
        return Ok(());
    }
    message::Entity::update_many()
        .col_expr(message::Column::ReadAt, Expr::value(millis(ch.now)))
        .filter(message::Column::Attempt.eq(id.to_string()))
        .filter(message::Column::Number.eq(number))
        .exec(ch.tx())
        .await?;
    log::append(ch, id, Kind::MessageRead, json!({"message": number})).await
}

/// The messages of an attempt, oldest first; only those not read yet where `unread` says so.
pub async fn messages_of(db: &impl Read, id: AttemptId, unread: bool) -> Result<Vec<Message>> {
    let mut find = message::Entity::find().filter(message::Column::Attempt.eq(id.to_string()));
    if unread {
        find = find.filter(message::Column::ReadAt.is_null());
    }
    let rows = find.order_by_asc(message::Column::Number).all(db).await?;
    let message = |row: message::Model| Message {
        number: row.number.unsigned_abs(),
        text: row.content,
        sent_at: from_millis(row.sent_at),
        sent_by: row.sent_by,
        read_at: row.read_at.map(from_millis),
    };
    Ok(rows.into_iter().map(message).collect())
}
