//! The name under which a member appears: changed by staff, asked for by the member.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;

use super::entity::{member, name_request};
use super::service::{find, folded, shown_name};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::{MemberId, NameRequestId};

const LONGEST_NOTE: usize = 500;

/// A member asks to appear under another name, and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRequest {
    pub id: NameRequestId,
    pub member: MemberId,
    pub name: String,
    /// What they wrote to staff.
    pub note: Option<String>,
    pub asked_at: Timestamp,
}

fn wrong_name(detail: &'static str) -> Error {
    Error::invalid(vec![Fault::new("/name", "invalid_name", detail)])
}

/// Changes the name. The change must be privileged: the audit row is written here, without the names. A request of theirs that waits is closed:
/// granted. Answers false, and writes nothing, where the name is theirs already and nothing waits.
pub async fn rename(ch: &mut Change<'_>, id: MemberId, name: &str) -> Result<bool> {
    let name = shown_name(name).map_err(wrong_name)?;
    let known = find(ch.tx(), id).await?;
    let asked = name_request_of(ch.tx(), known.id).await?;
    if known.name == name && asked.is_none() {
        return Ok(false);
    }
    member::Entity::update_many()
        .col_expr(member::Column::NameFolded, Expr::value(folded(&name)))
        .col_expr(member::Column::Name, Expr::value(name))
        .filter(member::Column::Id.eq(known.id.to_string()))
        .exec(ch.tx())
        .await?;
    if let Some(asked) = &asked {
        close(ch, asked.id, "granted").await?;
    }
    ch.audit(AuditEntry::new("member.rename", known.id, json!({"asked": asked.map(|asked| asked.id)}))).await?;
    Ok(true)
}

/// The member asks for another name. One that waits already is changed to this.
pub async fn ask_for_name(ch: &mut Change<'_>, member: MemberId, name: &str, note: Option<&str>) -> Result<()> {
    let name = shown_name(name).map_err(wrong_name)?;
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    let bad = |note: &str| note.chars().count() > LONGEST_NOTE || note.chars().any(|c| c.is_control() && c != '\n');
    if note.is_some_and(bad) {
        let detail = "write at most 500 characters of plain text";
        return Err(Error::invalid(vec![Fault::new("/note", "invalid_text", detail)]));
    }
    if find(ch.tx(), member).await?.name == name {
        return Err(Error::invalid(vec![Fault::new("/name", "unchanged", "this is your name here already")]));
    }
    ch.take_turn(&format!("name of {member}")).await?;
    if let Some(waiting) = name_request_of(ch.tx(), member).await? {
        close(ch, waiting.id, "withdrawn").await?;
    }
    let row = name_request::ActiveModel {
        id: Set(ch.id::<NameRequestId>().to_string()),
        member: Set(member.to_string()),
        name: Set(name),
        note: Set(note.map(str::to_owned)),
        asked_at: Set(millis(ch.now)),
        open: Set(Some(member.to_string())),
        closed_at: Set(None),
        closed_by: Set(None),
        outcome: Set(None),
    };
    name_request::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Closes the request of a member without changing the name: declined by staff. The change must be privileged: the audit row is written here.
/// Answers false where none waits.
pub async fn close_request(ch: &mut Change<'_>, member: MemberId) -> Result<bool> {
    let Some(waiting) = name_request_of(ch.tx(), member).await? else { return Ok(false) };
    close(ch, waiting.id, "declined").await?;
    ch.audit(AuditEntry::new("member.rename.decline", member, json!({"asked": waiting.id}))).await?;
    Ok(true)
}

async fn close(ch: &Change<'_>, id: NameRequestId, outcome: &str) -> Result<()> {
    name_request::Entity::update_many()
        .col_expr(name_request::Column::Open, Expr::value(Option::<String>::None))
        .col_expr(name_request::Column::ClosedAt, Expr::value(millis(ch.now)))
        .col_expr(name_request::Column::ClosedBy, Expr::value(ch.actor.to_string()))
        .col_expr(name_request::Column::Outcome, Expr::value(outcome))
        .filter(name_request::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// What the member asked for, while it waits.
pub async fn name_request_of(db: &impl Read, member: MemberId) -> Result<Option<NameRequest>> {
    let row = name_request::Entity::find().filter(name_request::Column::Open.eq(member.to_string())).one(db).await?;
    row.map(read).transpose()
}

/// Up to `limit` requests that wait, oldest first, after `after`.
pub async fn name_requests(db: &impl Read, after: Option<NameRequestId>, limit: u64) -> Result<Vec<NameRequest>> {
    let mut find = name_request::Entity::find()
        .filter(name_request::Column::Open.is_not_null())
        .order_by_asc(name_request::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        find = find.filter(name_request::Column::Id.gt(after.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

pub async fn count_name_requests(db: &impl Read) -> Result<u64> {
    Ok(name_request::Entity::find().filter(name_request::Column::Open.is_not_null()).count(db).await?)
}

fn read(row: name_request::Model) -> Result<NameRequest> {
    Ok(NameRequest {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        name: row.name,
        note: row.note,
        asked_at: from_millis(row.asked_at),
    })
}
