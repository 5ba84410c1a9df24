//! Accounts kept by staff: sign-in links that are handed over, sessions ended from outside, who holds which role.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;

use super::Role;
use super::entity::{handed_link, login_link, member_token, session, staff_role};
use super::service::{create_login_link, hashed};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Result};
use crate::ids::MemberId;

/// The token of a sign-in link that somebody hands to the member, who is told that it was made. Writes the audit row.
pub async fn hand_link(ch: &mut Change<'_>, member: MemberId) -> Result<String> {
    let token = create_login_link(ch, member).await?;
    let row = handed_link::ActiveModel {
        hash: Set(hashed(&token)),
        member: Set(member.to_string()),
        made_by: Set(ch.actor.to_string()),
        made_at: Set(millis(ch.now)),
    };
    handed_link::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.audit(AuditEntry::new("login_link.create", member, json!({}))).await?;
    Ok(token)
}

/// When others made sign-in links for this member, from `since` on, and who; the latest one first.
pub async fn links_of(db: &impl Read, member: MemberId, since: Timestamp) -> Result<Vec<(Timestamp, String)>> {
    let rows = handed_link::Entity::find()
        .filter(handed_link::Column::Member.eq(member.to_string()))
        .filter(handed_link::Column::MadeAt.gte(millis(since)))
        .order_by_desc(handed_link::Column::MadeAt)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (from_millis(row.made_at), row.made_by)).collect())
}

/// How many sessions of the member have not run out, and when the last of them began.
pub async fn sign_ins(db: &impl Read, member: MemberId, now: Timestamp) -> Result<(usize, Option<Timestamp>)> {
    let begun: Vec<i64> = session::Entity::find()
        .select_only()
        .column(session::Column::CreatedAt)
        .filter(session::Column::Member.eq(member.to_string()))
        .filter(session::Column::ExpiresAt.gt(millis(now)))
        .order_by_desc(session::Column::CreatedAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok((begun.len(), begun.first().copied().map(from_millis)))
}

/// Ends every session of the member, the links to sign in that wait, and the tokens that act as them. Answers how many sessions there were.
/// The caller writes the audit row.
pub async fn end_sign_ins(ch: &mut Change<'_>, member: MemberId) -> Result<u64> {
    let member = member.to_string();
    // Links first: whoever is just using one has committed their session, or never will, once the link is gone.
    login_link::Entity::delete_many().filter(login_link::Column::Member.eq(member.as_str())).exec(ch.tx()).await?;
    let ended =
        session::Entity::delete_many().filter(session::Column::Member.eq(member.as_str())).exec(ch.tx()).await?;
    // A token stays in the list of those that the member is told of; it is over now.
    member_token::Entity::update_many()
        .col_expr(member_token::Column::ExpiresAt, Expr::value(millis(ch.now)))
        .filter(member_token::Column::Member.eq(member.as_str()))
        .filter(member_token::Column::ExpiresAt.gt(millis(ch.now)))
        .exec(ch.tx())
        .await?;
    Ok(ended.rows_affected)
}

/// A role that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    pub role: Role,
    pub since: Timestamp,
    /// Who gave it, as audit rows name them; not known of old.
    pub given_by: Option<String>,
    pub reason: Option<String>,
}

/// Somebody with roles, the highest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    pub member: MemberId,
    pub roles: Vec<HeldRole>,
}

/// Everybody who holds a role, in order of their ids.
pub async fn staff(db: &impl Read) -> Result<Vec<StaffMember>> {
    let mut found: BTreeMap<MemberId, Vec<HeldRole>> = BTreeMap::new();
    for row in staff_role::Entity::find().all(db).await? {
        let Some(role) = Role::parse(&row.role) else { continue };
        found.entry(row.member.parse().map_err(Error::internal)?).or_default().push(HeldRole {
            role,
            since: from_millis(row.given_at),
            given_by: row.given_by,
            reason: row.reason,
        });
    }
    let place = |held: &HeldRole| Role::ALL.iter().position(|role| *role == held.role);
    Ok(found
        .into_iter()
        .map(|(member, mut roles)| {
            roles.sort_by_key(place);
            StaffMember { member, roles }
        })
        .collect())
}

/// Changes of roles come one after the other, so that two cannot take the last two owners at once.
const TURN: &str = "staff roles";

/// Waits for whoever changes roles just now: what is read after it stands until the change is committed.
pub async fn take_turn_of_roles(ch: &Change<'_>) -> Result<()> {
    ch.take_turn(TURN).await
}

/// Gives a role with its reason. Answers false, and writes nothing, where they hold it already. Writes the audit row.
///
/// Whoever gets a role signs in anew: a link that somebody else made for them before, or a session begun by it, would hold the role otherwise.
pub async fn give_role_because(ch: &mut Change<'_>, member: MemberId, role: Role, reason: &str) -> Result<bool> {
    ch.take_turn(TURN).await?;
    if super::roles_of(ch.tx(), member).await?.contains(&role) {
        return Ok(false);
    }
    let row = staff_role::ActiveModel {
        member: Set(member.to_string()),
        role: Set(role.as_str().to_owned()),
        given_at: Set(millis(ch.now)),
        given_by: Set(Some(ch.actor.to_string())),
        reason: Set(Some(reason.to_owned())),
    };
    staff_role::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    end_sign_ins(ch, member).await?;
    ch.audit(AuditEntry::new("role.give", member, json!({"role": role.as_str(), "reason": reason}))).await?;
    Ok(true)
}

/// Takes a role with its reason. Answers false, and writes nothing, where they do not hold it. Writes the audit row.
///
/// # Errors
/// [`Code::LastOwner`]: nobody could give that role again.
pub async fn take_role(ch: &mut Change<'_>, member: MemberId, role: Role, reason: &str) -> Result<bool> {
    ch.take_turn(TURN).await?;
    if !super::roles_of(ch.tx(), member).await?.contains(&role) {
        return Ok(false);
    }
    if role == Role::Owner && super::holders_of(ch.tx(), &[Role::Owner]).await?.len() < 2 {
        return Err(Error::new(Code::LastOwner));
    }
    staff_role::Entity::delete_by_id((member.to_string(), role.as_str().to_owned())).exec(ch.tx()).await?;
    ch.audit(AuditEntry::new("role.take", member, json!({"role": role.as_str(), "reason": reason}))).await?;
    Ok(true)
}
