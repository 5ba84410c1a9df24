//! Cancelling what nobody has claimed: revoked, and never shown to the one who would have held it.

use sea_orm::entity::prelude::*;
use serde_json::json;

use super::refused;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::millis;
use crate::credentials::entity::credential;
use crate::credentials::find::{self, Credential};
use crate::credentials::history::{self, Reason};
use crate::credentials::lifecycle::{ReasonCode, Status, StatusChange};
use crate::credentials::standing;
use crate::database::{AuditEntry, Change, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::CredentialId;
use crate::{access, members};

/// Cancels. The change must be privileged: the audit row is written here. Answers false, and writes nothing, where it was cancelled before. Once the
/// member has signed in it is refused: what they may have seen is revoked, in the open.
pub async fn cancel(ch: &mut Change<'_>, id: CredentialId, note: Option<String>) -> Result<bool> {
    let reason = Reason { code: ReasonCode::IssuedInError, public: None, internal: note };
    standing::check(&reason)?;
    let known = find::find(ch.tx(), id).await?;
    if known.cancelled_at.is_some() {
        return Ok(false);
    }
    if known.status == Status::Revoked {
        return Err(refused("revoked"));
    }
    let member = members::resolve(ch.tx(), known.member).await?;
    if access::first_sign_in(ch.tx(), member).await?.is_some() {
        return Err(Error::new(Code::Claimed));
    }
    match known.is_released() {
        true => standing::end(ch, &known, StatusChange::Revoke, &reason).await?,
        false => standing::stop(ch, &known, &reason).await?,
    }
    credential::Entity::update_many()
        .col_expr(credential::Column::CancelledAt, Expr::value(millis(ch.now)))
        .filter(credential::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    history::note_why(ch, id, "cancel", &reason).await?;
    ch.audit(AuditEntry::new("credential.cancel", id, json!({"number": known.number}))).await?;
    Ok(true)
}

/// Cancels and signs the lists anew.
pub async fn cancel_now(app: &App, actor: Actor, id: CredentialId, note: Option<String>) -> Result<Credential> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    match cancel(&mut ch, id, note).await? {
        true => ch.commit().await?,
        false => ch.undo().await?,
    }
    standing::publish_status(app, id).await;
    find::find(app.db.read(), id).await
}
