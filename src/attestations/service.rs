//! Saying it, and taking it back.

use std::collections::BTreeSet;

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use waymark_criteria::{Amount, Detail};

use super::entity as attestation;
use crate::access;
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::facts::{self, NewFact};
use crate::ids::{AttestationId, FactId, MemberId};
use crate::{members, tracks};

const LONGEST_NOTE: usize = 1000;
const LONGEST_REASON: usize = 500;

/// What somebody said of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    pub id: AttestationId,
    pub member: MemberId,
    pub role: String,
    /// Who said it: a member's id, also where they spoke by a key that they made; another key's id, or `operator`.
    pub by: String,
    /// For staff only.
    pub note: Option<String>,
    pub fact: FactId,
    pub at: Timestamp,
    pub taken_back: Option<TakenBack>,
}

/// That it was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
}

#[derive(Debug, Clone)]
pub enum Attested {
    New(Attestation),
    /// The same person said it before; nothing was written.
    Known(Attestation),
}

/// The roles that the tracks of today ask for.
pub async fn roles(db: &impl Read) -> Result<BTreeSet<String>> {
    let versions = tracks::current(db).await?;
    let trees = versions.into_iter().flat_map(|version| [Some(version.requirements()), version.renewal_requirements()]);
    Ok(trees.flatten().flat_map(|tree| tree.reads().roles).collect())
}

/// Vouches for a member. The change must be privileged; its audit row is written here, where something is new.
///
/// # Errors
/// A role that no track asks for, a note that is too long, a member who speaks of themselves: a key that they made is their voice.
pub async fn attest(ch: &mut Change<'_>, member: MemberId, role: &str, note: Option<&str>) -> Result<Attested> {
    let member = members::find(ch.tx(), member).await?.id;
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    let known = roles(ch.tx()).await?;
    let mut faults = vec![];
    if !known.contains(role) {
        let listed: Vec<&str> = known.iter().map(String::as_str).collect();
        let detail = match listed[..] {
            [] => "no track asks for an attestation".to_owned(),
            _ => format!("no track asks for this role; the roles asked for are {}", listed.join(", ")),
        };
        faults.push(Fault::new("/role", "unknown_role", detail));
    }
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        let detail = format!("a note has at most {LONGEST_NOTE} characters");
        faults.push(Fault::new("/note", "invalid_note", detail));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let giver = match access::behind(ch.tx(), ch.actor).await? {
        Actor::Member(who) => Some(members::resolve(ch.tx(), who).await?),
        _ => None,
    };
    if giver == Some(member) {
        return Err(Error::new(Code::OwnAttestation));
    }
    let by = giver.map_or_else(|| ch.actor.to_string(), |giver| giver.to_string());
    let stands = format!("{member} {role} {by}");
    ch.take_turn(&format!("attestations {member}")).await?;
    let before = attestation::Entity::find().filter(attestation::Column::Stands.eq(&stands)).one(ch.tx()).await?;
    if let Some(row) = before {
        return Ok(Attested::Known(read(row)?));
    }
    let id: AttestationId = ch.id();
    let fact = NewFact {
        member,
        happened_at: ch.now,
        object: None,
        giver,
        amount: Amount::ONE,
        detail: Detail::Attestation { role: role.to_owned() },
        origin: format!("attestation:{id}"),
    };
    let fact = facts::record(ch, fact).await?;
    let row = attestation::Model {
        id: id.to_string(),
        member: member.to_string(),
        role: role.to_owned(),
        by: by.clone(),
        note: note.map(str::to_owned),
        fact: fact.to_string(),
        at: millis(ch.now),
        stands: Some(stands),
        voided_at: None,
        voided_by: None,
        void_reason: None,
    };
    let new = attestation::ActiveModel::from(row.clone());
    attestation::Entity::insert(new).exec_without_returning(ch.tx()).await?;
    let told = json!({"member": member, "role": role, "by": by, "fact": fact});
    ch.audit(AuditEntry::new("attestation.record", id, told)).await?;
    Ok(Attested::New(read(row)?))
}

/// Takes an attestation back, and its fact; answers whether that was new. The change must be privileged, and is audited where it was.
///
/// # Errors
/// No reason, or one that is too long.
pub async fn void(ch: &mut Change<'_>, id: AttestationId, reason: &str) -> Result<(Attestation, bool)> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let detail = format!("say why, in 1 to {LONGEST_REASON} characters");
        return Err(Error::invalid(vec![Fault::new("/reason", "invalid_reason", detail)]));
    }
    let known = find(ch.tx(), id).await?;
    ch.take_turn(&format!("attestations {}", known.member)).await?;
    let known = find(ch.tx(), id).await?;
    if known.taken_back.is_some() {
        return Ok((known, false));
    }
    facts::void(ch, known.fact, reason).await?;
    attestation::Entity::update_many()
        .col_expr(attestation::Column::Stands, Expr::value(Option::<String>::None))
        .col_expr(attestation::Column::VoidedAt, Expr::value(millis(ch.now)))
        .col_expr(attestation::Column::VoidedBy, Expr::value(ch.actor.to_string()))
        .col_expr(attestation::Column::VoidReason, Expr::value(reason))
        .filter(attestation::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    let told = json!({"member": known.member, "role": known.role, "reason": reason});
    ch.audit(AuditEntry::new("attestation.void", id, told)).await?;
    Ok((find(ch.tx(), id).await?, true))
}

pub async fn find(db: &impl Read, id: AttestationId) -> Result<Attestation> {
    read(attestation::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// What was said of a member, also what was taken back, oldest first.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Attestation>> {
    let member = members::resolve(db, member).await?;
    let rows = attestation::Entity::find()
        .filter(attestation::Column::Member.eq(member.to_string()))
        .order_by_asc(attestation::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// What was said lately, the latest first, before `before`.
pub async fn latest(db: &impl Read, before: Option<AttestationId>, limit: u64) -> Result<Vec<Attestation>> {
    let mut find = attestation::Entity::find().order_by_desc(attestation::Column::Id).limit(limit);
    if let Some(before) = before {
        find = find.filter(attestation::Column::Id.lt(before.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

fn read(row: attestation::Model) -> Result<Attestation> {
    let taken_back = match (row.voided_at, row.voided_by, row.void_reason) {
        (Some(at), Some(by), Some(reason)) => Some(TakenBack { at: from_millis(at), by, reason }),
        _ => None,
    };
    Ok(Attestation {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        role: row.role,
        by: row.by,
        note: row.note,
        fact: row.fact.parse().map_err(Error::internal)?,
        at: from_millis(row.at),
        taken_back,
    })
}
