//! Who may do what to whose account. Each verb takes the one who asks, and refuses what reaches above them.

use serde_json::json;

use crate::access::{self, Principal, Role};
use crate::database::{AuditEntry, Change};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::members;

const LONGEST_REASON: usize = 500;

/// A reason as it is kept, or what is wrong with it.
fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_REASON || text.chars().any(|c| c.is_control() && c != '\n') {
        let detail = "write why, in 1 to 500 characters of plain text";
        return Err(Error::invalid(vec![Fault::new("/reason", "invalid_text", detail)]));
    }
    Ok(text.to_owned())
}

/// The role with this name, among those that people hold.
fn role(name: &str) -> Result<Role> {
    let found = Role::parse(name).filter(|role| Role::STAFF.contains(role));
    found.ok_or_else(|| {
        let detail = "use owner, admin, issuer, examiner or auditor";
        Error::invalid(vec![Fault::new("/role", "unknown_role", detail)])
    })
}

/// The token of a one-time sign-in link for the member. Writes the audit row.
///
/// # Errors
/// [`Code::RoleAbove`], where the member's roles stand above those of the one who asks.
pub async fn hand_link(ch: &mut Change<'_>, by: &Principal, member: MemberId) -> Result<String> {
    access::take_turn_of_roles(ch).await?;
    let member = members::find(ch.tx(), member).await?.id;
    by.reaches(&access::roles_of(ch.tx(), member).await?)?;
    access::hand_link(ch, member).await
}

/// Signs the member out everywhere. Answers how many sessions there were. Writes the audit row.
///
/// # Errors
/// [`Code::RoleAbove`], as for a link.
pub async fn sign_out(ch: &mut Change<'_>, by: &Principal, member: MemberId) -> Result<u64> {
    let member = members::find(ch.tx(), member).await?.id;
    by.reaches(&access::roles_of(ch.tx(), member).await?)?;
    let ended = access::end_sign_ins(ch, member).await?;
    ch.audit(AuditEntry::new("session.end_all", member, json!({"sessions": ended}))).await?;
    Ok(ended)
}

/// Gives a role. Answers false, and writes nothing, where they hold it. Writes the audit row.
///
/// # Errors
/// [`Code::OwnRoles`], [`Code::RoleAbove`], a role that people do not hold, or no reason.
pub async fn give(ch: &mut Change<'_>, by: &Principal, member: MemberId, name: &str, why: &str) -> Result<bool> {
    let (member, role, why) = asked(ch, by, member, name, why).await?;
    access::give_role_because(ch, member, role, &why).await
}

/// Takes a role. Answers false, and writes nothing, where they do not hold it. Writes the audit row.
///
/// # Errors
/// As for giving, and [`Code::LastOwner`].
pub async fn take(ch: &mut Change<'_>, by: &Principal, member: MemberId, name: &str, why: &str) -> Result<bool> {
    let (member, role, why) = asked(ch, by, member, name, why).await?;
    access::take_role(ch, member, role, &why).await
}

/// What is asked, where whoever asks may ask it.
async fn asked(
    ch: &Change<'_>,
    by: &Principal,
    member: MemberId,
    name: &str,
    why: &str,
) -> Result<(MemberId, Role, String)> {
    let member = members::find(ch.tx(), member).await?.id;
    let role = role(name)?;
    let person = match by.person(ch.tx()).await? {
        Some(person) => Some(members::resolve(ch.tx(), person).await?),
        None => None,
    };
    if person == Some(member) {
        return Err(Error::new(Code::OwnRoles));
    }
    by.reaches(&[role])?;
    Ok((member, role, reason(why)?))
}
