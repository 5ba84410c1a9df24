//! What each key signed, and whether bytes that somebody shows are bytes that we wrote down before they were signed.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use super::Purpose;
use super::entity::intent;
use super::intents::hash;
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{IntentId, SigningKeyId};

/// How much rests on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignedBy {
    /// Credentials of which it signed a document.
    pub credentials: u64,
    /// Status lists that it ever signed.
    pub lists: u64,
    /// Credentials of which it was to sign a document, and has not yet.
    pub waiting: u64,
}

/// Whether an intent for a credential, carried out, has exactly this hash (SHA-256, hexadecimal) of what is signed, and still the bytes to it.
pub async fn holds(db: &impl Read, payload_hash: &str) -> Result<bool> {
    let rows = intent::Entity::find()
        .filter(intent::Column::PayloadHash.eq(payload_hash))
        .filter(intent::Column::Purpose.eq(Purpose::Credential.as_str()))
        .filter(intent::Column::Signed.is_not_null())
        .limit(2)
        .all(db)
        .await?;
    Ok(rows.iter().any(|row| hash(&row.message) == payload_hash))
}

/// Counts what the key signed.
pub async fn signed_by(db: &impl Read, key: SigningKeyId) -> Result<SignedBy> {
    let count = async |purpose: Purpose, signed: bool| -> Result<u64> {
        let found = intent::Entity::find()
            .select_only()
            .column(intent::Column::Subject)
            .distinct()
            .filter(intent::Column::Key.eq(key.to_string()))
            .filter(intent::Column::Purpose.eq(purpose.as_str()))
            .filter(if signed { intent::Column::Signed.is_not_null() } else { intent::Column::Signed.is_null() });
        Ok(found.count(db).await?)
    };
    Ok(SignedBy {
        credentials: count(Purpose::Credential, true).await?,
        lists: count(Purpose::StatusList, true).await?,
        waiting: count(Purpose::Credential, false).await?,
    })
}

/// The key that an intent names.
pub async fn key_of(db: &impl Read, id: IntentId) -> Result<SigningKeyId> {
    let row = intent::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    row.key.parse().map_err(Error::internal)
}

/// What an intent is to have signed: the document up to the place of the signature, or `header.payload`.
pub async fn intended(db: &impl Read, id: IntentId) -> Result<String> {
    let row = intent::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    Ok(row.payload)
}
