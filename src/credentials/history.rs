//! Writing down what happened to a credential.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::entity::history;
use super::lifecycle::ReasonCode;
use crate::clock::millis;
use crate::database::Change;
use crate::error::Result;
use crate::ids::CredentialId;

/// Why something was done to a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub code: ReasonCode,
    /// Shown to whoever sees the credential.
    pub public: Option<String>,
    /// Shown to staff.
    pub internal: Option<String>,
}

/// A line without a reason.
pub(super) async fn note(ch: &Change<'_>, id: CredentialId, what: &str) -> Result<()> {
    append(ch, id, what, None).await
}

/// A line with the reason for it.
pub(super) async fn note_why(ch: &Change<'_>, id: CredentialId, what: &str, reason: &Reason) -> Result<()> {
    append(ch, id, what, Some(reason)).await
}

async fn append(ch: &Change<'_>, id: CredentialId, what: &str, reason: Option<&Reason>) -> Result<()> {
    let row = history::ActiveModel {
        credential: Set(id.to_string()),
        at: Set(millis(ch.now)),
        actor: Set(ch.actor.to_string()),
        what: Set(what.to_owned()),
        reason_code: Set(reason.map(|r| r.code.as_str().to_owned())),
        public_reason: Set(reason.and_then(|r| r.public.clone())),
        internal_note: Set(reason.and_then(|r| r.internal.clone())),
        ..Default::default()
    };
    history::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}
