//! Intents: stored before anything is signed, read back when it is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use waymark_credential::proof::{Suite, ToBeSigned};

use super::entity::intent;
use super::unsealed::SealError;
use super::{Purpose, verified};
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Database, Kind, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::{IntentId, SigningKeyId};

/// Stores what will be signed, by which key and for what, with its hash (T1). Nothing is signed here. What a verifier would not even read is refused:
/// too long, or not of the known shape.
pub async fn intend(
    ch: &mut Change<'_>,
    purpose: Purpose,
    key: SigningKeyId,
    payload: &ToBeSigned,
    subject: impl ToString,
) -> Result<IntentId> {
    verified::fits(purpose, payload, ch.now).map_err(|why| {
        let detail = format!("what would be signed is not what a verifier takes: {why}");
        Error::invalid(vec![Fault::new("", "invalid_document", detail)])
    })?;
    let id: IntentId = ch.id();
    let row = intent::ActiveModel {
        id: Set(id.to_string()),
        purpose: Set(purpose.as_str().to_owned()),
        subject: Set(subject.to_string()),
        suite: Set(payload.suite().as_str().to_owned()),
        key: Set(key.to_string()),
        payload: Set(payload.payload().to_owned()),
        document_hash: Set(hash(payload.payload().as_bytes())),
        message: Set(payload.bytes.clone()),
        payload_hash: Set(hex(&payload.payload_hash)),
        created_at: Set(millis(ch.now)),
        signed: Set(None),
        signed_at: Set(None),
        set_aside: Set(None),
        set_aside_at: Set(None),
    };
    intent::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

/// The hash of what an intent will have signed, for the audit row of its cause.
pub fn payload_hash(payload: &ToBeSigned) -> String {
    hex(&payload.payload_hash)
}

/// The signed text of an intent: not found until it is sealed.
pub async fn signed(db: &impl Read, id: IntentId) -> Result<String> {
    let row = intent::Entity::find_by_id(id.to_string()).one(db).await?;
    row.and_then(|row| row.signed).ok_or_else(Error::not_found)
}

/// The document that an intent of the suite `vc+jwt` was made for, as JSON: also where it is not signed yet.
pub async fn intended_document(db: &impl Read, id: IntentId) -> Result<Vec<u8>> {
    let intent = reload(db, id).await.map_err(Error::internal)?;
    let claims = intent.payload.payload().split('.').nth(1).unwrap_or_default();
    URL_SAFE_NO_PAD.decode(claims).map_err(Error::internal)
}

/// Up to `limit` ids of what a key was to sign for this purpose, in order, after `after`.
pub async fn subjects_of(
    db: &impl Read,
    key: SigningKeyId,
    purpose: Purpose,
    after: &str,
    limit: u64,
) -> Result<Vec<String>> {
    Ok(intent::Entity::find()
        .select_only()
        .column(intent::Column::Subject)
        .distinct()
        .filter(intent::Column::Key.eq(key.to_string()))
        .filter(intent::Column::Purpose.eq(purpose.as_str()))
        .filter(intent::Column::Subject.gt(after))
        .order_by_asc(intent::Column::Subject)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// Those of the intents that are for this key.
pub async fn intents_of(db: &impl Read, key: SigningKeyId, among: &[String]) -> Result<Vec<String>> {
    Ok(intent::Entity::find()
        .select_only()
        .column(intent::Column::Id)
        .filter(intent::Column::Id.is_in(among))
        .filter(intent::Column::Key.eq(key.to_string()))
        .into_tuple()
        .all(db)
        .await?)
}

/// One intent that is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    pub intent: String,
    /// The id of what it is for.
    pub subject: String,
    pub why: String,
}

/// The intents that are set aside, oldest first.
pub async fn set_aside_intents(db: &impl Read) -> Result<Vec<SetAside>> {
    let rows = intent::Entity::find()
        .filter(intent::Column::SetAside.is_not_null())
        .order_by_asc(intent::Column::Id)
        .all(db)
        .await?;
    let told =
        |row: intent::Model| SetAside { intent: row.id, subject: row.subject, why: row.set_aside.unwrap_or_default() };
    Ok(rows.into_iter().map(told).collect())
}

/// How many intents there are, and those whose bytes are not what was intended, or whose signed text is not the payload that was.
pub async fn altered_intents(db: &impl Read) -> Result<(u64, Vec<String>)> {
    let (mut count, mut altered, mut after) = (0, vec![], String::new());
    loop {
        let page = intent::Entity::find()
            .filter(intent::Column::Id.gt(&after))
            .order_by_asc(intent::Column::Id)
            .limit(200)
            .all(db)
            .await?;
        let Some(last) = page.last().map(|row| row.id.clone()) else { return Ok((count, altered)) };
        for row in page {
            count += 1;
            let fits = hash(&row.message) == row.payload_hash && hash(row.payload.as_bytes()) == row.document_hash;
            if !fits || row.signed.is_some_and(|text| !text.starts_with(&row.payload)) {
                altered.push(row.id);
            }
        }
        after = last;
    }
}

/// An intent as it stands in the store, its hashes compared.
pub(super) struct Intent {
    pub id: IntentId,
    pub purpose: Purpose,
    pub key: SigningKeyId,
    pub created: Timestamp,
    pub payload: ToBeSigned,
    pub signed: Option<String>,
}

/// Reads a committed intent. One whose bytes are not those that were intended is refused.
pub(super) async fn reload(db: &impl Read, id: IntentId) -> Result<Intent, SealError> {
    let row = intent::Entity::find_by_id(id.to_string()).one(db).await.map_err(Error::from)?;
    let row = row.ok_or(SealError::NotIntended(id))?;
    let payload = match Suite::parse(&row.suite) {
        Some(suite) => ToBeSigned::restore(suite, row.message, row.payload),
        None => return Err(SealError::Altered(id)),
    };
    if hex(&payload.payload_hash) != row.payload_hash || hash(payload.payload().as_bytes()) != row.document_hash {
        return Err(SealError::Altered(id));
    }
    Ok(Intent {
        id,
        purpose: Purpose::parse(&row.purpose).ok_or(SealError::Altered(id))?,
        key: row.key.parse().map_err(|_| SealError::Altered(id))?,
        created: from_millis(row.created_at),
        payload,
        signed: row.signed,
    })
}

/// Stores the signed text (T2). A second time it changes nothing.
pub(super) async fn store(ch: &Change<'_>, id: IntentId, text: &str) -> Result<()> {
    intent::Entity::update_many()
        .col_expr(intent::Column::Signed, Expr::value(text.to_owned()))
        .col_expr(intent::Column::SignedAt, Expr::value(millis(ch.now)))
        .col_expr(intent::Column::SetAside, Expr::value(Option::<String>::None))
        .col_expr(intent::Column::SetAsideAt, Expr::value(Option::<i64>::None))
        .filter(intent::Column::Id.eq(id.to_string()))
        .filter(intent::Column::Signed.is_null())
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Notes why an intent is not signed.
pub(super) async fn set_aside(db: &Database, id: IntentId, why: &str) -> Result<()> {
    let ch = db.change(Actor::System("signing"), Kind::Ordinary).await?;
    intent::Entity::update_many()
        .col_expr(intent::Column::SetAside, Expr::value(why.to_owned()))
        .col_expr(intent::Column::SetAsideAt, Expr::value(millis(ch.now)))
        .filter(intent::Column::Id.eq(id.to_string()))
        .filter(intent::Column::Signed.is_null())
        .exec(ch.tx())
        .await?;
    ch.commit().await
}

/// Somebody saw to what was set aside for a subject: it will not be signed, and is no longer named.
pub async fn settle_aside(ch: &Change<'_>, subject: impl ToString) -> Result<()> {
    intent::Entity::update_many()
        .col_expr(intent::Column::SetAside, Expr::value(Option::<String>::None))
        .filter(intent::Column::Subject.eq(subject.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

pub(super) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
