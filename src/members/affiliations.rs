//! A member's ties to organizations, all of them, and their ends.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::entity::affiliation;
use super::service::Affiliation;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::MemberId;

/// Every tie of the member with its number, the latest first.
pub async fn affiliations(db: &impl Read, member: MemberId) -> Result<Vec<(i64, Affiliation)>> {
    let rows = affiliation::Entity::find()
        .filter(affiliation::Column::Member.eq(member.to_string()))
        .order_by_desc(affiliation::Column::FromAt)
        .order_by_desc(affiliation::Column::Seq)
        .all(db)
        .await?;
    let tie = |row: affiliation::Model| Affiliation {
        organization: row.organization,
        title: row.title,
        from: from_millis(row.from_at),
        until: row.until_at.map(from_millis),
    };
    Ok(rows.into_iter().map(|row| (row.seq, tie(row))).collect())
}

/// Ends a tie that stands open. Answers false, and writes nothing, where it has ended. Writes the audit row.
pub async fn end_affiliation(ch: &mut Change<'_>, member: MemberId, seq: i64, until: Timestamp) -> Result<bool> {
    let row = affiliation::Entity::find_by_id(seq).one(ch.tx()).await?;
    let row = row.filter(|row| row.member == member.to_string()).ok_or_else(Error::not_found)?;
    if row.until_at.is_some() {
        return Ok(false);
    }
    if millis(until) <= row.from_at {
        let detail = "write a day after the one on which it began";
        return Err(Error::invalid(vec![Fault::new("/until", "invalid_time", detail)]));
    }
    let ended = affiliation::Entity::update_many()
        .col_expr(affiliation::Column::UntilAt, Expr::value(millis(until)))
        .filter(affiliation::Column::Seq.eq(seq))
        .filter(affiliation::Column::UntilAt.is_null())
        .exec(ch.tx())
        .await?;
    if ended.rows_affected != 1 {
        return Ok(false);
    }
    ch.audit(AuditEntry::new("affiliation.end", member, json!({"number": seq}))).await?;
    Ok(true)
}
