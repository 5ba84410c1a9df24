//! Revoking, suspending, reinstating.

use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_credential::model::OpenBadgeCredential;
use waymark_credential::strict_json;

use super::award::{self, Placed};
use super::entity::{credential, document as rows};
use super::find::{self, Credential};
use super::history::{self, Reason};
use super::lifecycle::{ReasonCode, ReviewOutcome, StatusChange};
use super::{document, lists, release, reviews};
use crate::access;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::millis;
use crate::database::{AuditEntry, Change};
use crate::domain_event::{DomainEvent, Standing};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{CredentialId, MemberId};
use crate::signing::{self, Purpose};
use crate::{issuer, members};

const LONGEST_REASON: usize = 500;
/// More than any credential we sign.
const LONGEST_DOCUMENT: usize = 256 * 1024;

/// Whether whoever acts is the holder; a key that they made is their hand.
pub(super) async fn is_own(ch: &Change<'_>, holder: MemberId) -> Result<bool> {
    match access::behind(ch.tx(), ch.actor).await? {
        Actor::Member(person) => {
            Ok(members::resolve(ch.tx(), person).await? == members::resolve(ch.tx(), holder).await?)
        }
        _ => Ok(false),
    }
}

/// Staff give back what others hold, not what they hold themselves.
async fn of_another(ch: &Change<'_>, holder: MemberId) -> Result<()> {
    if is_own(ch, holder).await? { Err(Error::new(Code::OwnCredential)) } else { Ok(()) }
}

/// Takes a step. The change must be privileged: the audit row is written here. Answers false, and writes nothing, where the credential stands there
/// already. Reinstating stores a new document with a place of its own; the credential is valid again once that is released.
pub async fn change_status(
    app: &App,
    ch: &mut Change<'_>,
    id: CredentialId,
    step: StatusChange,
    reason: &Reason,
) -> Result<bool> {
    check(reason)?;
    let known = find::find(ch.tx(), id).await?;
    // What was never released cannot be suspended, but it can be stopped for good.
    if !known.is_released() && step != StatusChange::Revoke {
        return Err(Error::not_found());
    }
    if known.status == step.to() {
        return Ok(false);
    }
    if step == StatusChange::Reinstate {
        of_another(ch, known.member).await?;
    }
    if step.from(known.status).is_none() {
        return Err(Error::new(Code::StatusConflict)
            .with("status", known.status.as_str())
            .member("status", known.status.as_str()));
    }
    let hashes = match step {
        StatusChange::Revoke if !known.is_released() => {
            stop(ch, &known, reason).await?;
            None
        }
        StatusChange::Revoke | StatusChange::Suspend => {
            end(ch, &known, step, reason).await?;
            None
        }
        StatusChange::Reinstate => match begin_again(app, ch, &known).await? {
            Some(hashes) => Some(hashes),
            None => return Ok(false),
        },
    };
    history::note_why(ch, id, step.as_str(), reason).await?;
    let mut detail = json!({"reason_code": reason.code, "from": known.status, "number": known.number});
    if let Some(hashes) = hashes {
        detail["hashes"] = json!(hashes);
    }
    let action = match step {
        StatusChange::Revoke => "credential.revoke",
        StatusChange::Suspend => "credential.suspend",
        StatusChange::Reinstate => "credential.reinstate",
    };
    ch.audit(AuditEntry::new(action, id, detail)).await?;
    Ok(true)
}

/// Sets the bit, ends the holding in the ledger, tells the others.
pub(super) async fn end(ch: &mut Change<'_>, known: &Credential, step: StatusChange, reason: &Reason) -> Result<()> {
    lists::set_bits(ch, known.id).await?;
    release::take_back(ch, known, step.as_str()).await?;
    // What should not have been awarded was never held; what ends for another reason was held until now.
    let never = step == StatusChange::Revoke
        && matches!(reason.code, ReasonCode::IssuedInError | ReasonCode::RequirementsNotMet);
    let fact = match never {
        true => None,
        false => {
            let origin = format!("{}:{}", step.as_str(), known.generation);
            Some(release::record_held(ch, known, Some(ch.now), &origin).await?)
        }
    };
    let mut update = credential::Entity::update_many()
        .col_expr(credential::Column::Status, Expr::value(step.to().as_str()))
        .col_expr(credential::Column::StatusChangedAt, Expr::value(millis(ch.now)))
        .col_expr(credential::Column::ReasonCode, Expr::value(reason.code.as_str()))
        .col_expr(credential::Column::PublicReason, Expr::value(reason.public.clone()))
        .col_expr(credential::Column::Fact, Expr::value(fact.map(|f| f.to_string())))
        .filter(credential::Column::Id.eq(known.id.to_string()));
    if step == StatusChange::Revoke {
        give_up_waiting(ch, known.id).await?;
        reviews::close_with(ch, known.id, ReviewOutcome::Revoked).await?;
        update = update.col_expr(credential::Column::Live, Expr::value(Option::<String>::None));
    }
    update.exec(ch.tx()).await?;
    let to = match step {
        StatusChange::Revoke => Standing::Revoked,
        StatusChange::Suspend => Standing::Suspended,
        StatusChange::Reinstate => Standing::Valid,
    };
    ch.tell(&DomainEvent::CredentialStatusChanged { credential: known.id, member: known.member, to: Some(to) }).await
}

/// Revokes what is not released, and now never will be: nobody held it, and nobody else heard of it. Where it was to take the place of another, that
/// one's holding ends here.
pub(super) async fn stop(ch: &mut Change<'_>, known: &Credential, reason: &Reason) -> Result<()> {
    lists::set_bits(ch, known.id).await?;
    give_up_waiting(ch, known.id).await?;
    let fact = match known.fact {
        None => None,
        Some(_) => {
            release::take_back(ch, known, "stopped").await?;
            Some(release::record_held(ch, known, Some(ch.now), "stopped").await?)
        }
    };
    credential::Entity::update_many()
        .col_expr(credential::Column::Status, Expr::value(StatusChange::Revoke.to().as_str()))
        .col_expr(credential::Column::StatusChangedAt, Expr::value(millis(ch.now)))
        .col_expr(credential::Column::ReasonCode, Expr::value(reason.code.as_str()))
        .col_expr(credential::Column::PublicReason, Expr::value(reason.public.clone()))
        .col_expr(credential::Column::Live, Expr::value(Option::<String>::None))
        .col_expr(credential::Column::Fact, Expr::value(fact.map(|f| f.to_string())))
        .filter(credential::Column::Id.eq(known.id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// A document that waits for its signatures must never get them.
pub(super) async fn give_up_waiting(ch: &mut Change<'_>, id: CredentialId) -> Result<()> {
    rows::Entity::delete_many()
        .filter(rows::Column::Credential.eq(id.to_string()))
        .filter(rows::Column::ReleasedAt.is_null())
        .exec(ch.tx())
        .await?;
    signing::settle_aside(ch, id).await
}

/// Stores the next document: the same content from now on, under the same id and share link, with a new place. None where one waits already.
async fn begin_again(app: &App, ch: &mut Change<'_>, known: &Credential) -> Result<Option<[String; 2]>> {
    if find::unreleased(ch.tx(), known.id).await?.is_some() {
        return Ok(None);
    }
    if known.has_expired(ch.now) {
        return Err(Error::invalid(vec![Fault::new(
            "",
            "expired",
            "its validity has ended in the meantime: award it anew instead of reinstating it",
        )]));
    }
    let text = find::signed_json(ch.tx(), known).await?;
    let value = strict_json::parse(text.as_bytes(), LONGEST_DOCUMENT).map_err(Error::internal)?;
    let signed: OpenBadgeCredential = serde_json::from_value(value)?;
    let issuer = issuer::find(ch.tx(), known.issuer).await?;
    let identity = issuer::identity(ch.tx(), &app.config).await?;
    let signer = identity.signer(Purpose::Credential)?;
    let profile = issuer.profile.document(identity.did(), known.locale)?;
    let (list, place) = lists::take_place(ch, issuer.id, known.id).await?;
    let url = app.links.status_list(&list.to_string());
    let complete = document::write_anew(signed, profile, ch.now, &url, place)?;
    let intents = award::intend(ch, known.id, &complete, &signer).await?;
    let placed = Placed { list: list.to_string(), place, generation: known.generation + 1 };
    award::keep_document(ch, known.id, &placed, &intents).await?;
    ch.tell(&DomainEvent::CredentialIntended { credential: known.id, member: known.member }).await?;
    Ok(Some(intents.hashes().clone()))
}

pub(super) fn check(reason: &Reason) -> Result<()> {
    let mut faults = vec![];
    for (pointer, text) in [("/public_reason", &reason.public), ("/internal_note", &reason.internal)] {
        let bad = |t: &String| t.chars().count() > LONGEST_REASON || t.chars().any(|c| c.is_control() && c != '\n');
        if text.as_ref().is_some_and(bad) {
            faults.push(Fault::new(pointer, "invalid_text", "write at most 500 characters of plain text"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Signs the lists that a change of this credential touched, so that everybody sees it at once. Where that cannot be done now, the worker does
/// it later: our own pages read the record, not the list.
pub async fn publish_status(app: &App, id: CredentialId) {
    let signed = async {
        let known = find::find(app.db.read(), id).await?;
        for generation in 1..=known.generation {
            if let Some(document) = find::document_of(app.db.read(), id, generation).await? {
                lists::refresh(app, document.list).await?;
            }
        }
        Ok::<(), Error>(())
    };
    if let Err(e) = signed.await {
        tracing::warn!(credential = %id, error = %e, "the status list will be signed later");
    }
}
