//! Adding, ending and reading.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde::Deserialize;
use serde_json::json;
use waymark_credential::model::Iri;

use super::entity;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::KnownIssuerId;

/// One entry of the trust list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownIssuer {
    pub id: KnownIssuerId,
    pub issuer: String,
    pub name: String,
    /// Multikeys, thumbprints or ids of verification methods; empty: whatever key its own document lists.
    pub keys: Vec<String>,
    pub note: String,
    pub since: Timestamp,
    pub added_by: String,
    pub added_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// What is to be added.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewIssuer {
    pub issuer: String,
    pub name: String,
    #[serde(default)]
    pub keys: Vec<String>,
    #[serde(default)]
    pub note: String,
    /// RFC 3339; now where nothing is said.
    #[serde(default)]
    pub since: Option<String>,
}

const LONGEST_IDENTIFIER: usize = 500;
const LONGEST_NAME: usize = 200;
const LONGEST_NOTE: usize = 500;
const MOST_KEYS: usize = 20;

/// Adds an issuer. The change must be privileged.
///
/// # Errors
/// What cannot be read, each with its pointer; a conflict where the issuer is known already or is this installation's own.
pub async fn add(app: &App, ch: &mut Change<'_>, new: NewIssuer) -> Result<KnownIssuer> {
    let new = NewIssuer {
        issuer: new.issuer.trim().to_owned(),
        name: new.name.trim().to_owned(),
        keys: new.keys.iter().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect(),
        ..new
    };
    let since = checked(&new, ch.now)?;
    let own = crate::issuer::identity(ch.tx(), &app.config).await.ok();
    if own.is_some_and(|own| own.did() == new.issuer) {
        return Err(Error::new(Code::Conflict).because("this installation's own issuer is always known"));
    }
    if entity::Entity::find().filter(entity::Column::Live.eq(&new.issuer)).one(ch.tx()).await?.is_some() {
        return Err(Error::new(Code::Conflict).because("it is known already; end the entry to write a new one"));
    }
    let added = KnownIssuer {
        id: ch.id(),
        issuer: new.issuer,
        name: new.name,
        keys: new.keys,
        note: new.note.trim().to_owned(),
        since,
        added_by: ch.actor.to_string(),
        added_at: ch.now,
        ended_at: None,
    };
    let row = entity::ActiveModel {
        id: Set(added.id.to_string()),
        issuer: Set(added.issuer.clone()),
        name: Set(added.name.clone()),
        keys: Set(serde_json::to_string(&added.keys)?),
        note: Set(added.note.clone()),
        since: Set(millis(since)),
        added_by: Set(added.added_by.clone()),
        added_at: Set(millis(ch.now)),
        ended_at: Set(None),
        live: Set(Some(added.issuer.clone())),
    };
    entity::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let detail = json!({"issuer": added.issuer, "name": added.name, "keys": added.keys, "since": millis(since)});
    ch.audit(AuditEntry::new("known_issuer.add", added.id, detail)).await?;
    Ok(added)
}

fn checked(new: &NewIssuer, now: Timestamp) -> Result<Timestamp> {
    let mut faults = vec![];
    let mut wrong = |at: &str, why: &str| faults.push(Fault::new(at, "not_usable", why));
    let names_one = ["did:web:", "did:key:", "https://"].iter().any(|start| new.issuer.starts_with(start));
    if !names_one || new.issuer.len() > LONGEST_IDENTIFIER || Iri::parse(&new.issuer).is_err() {
        wrong("/issuer", "write the issuer's identifier as its credentials do: did:web:…, did:key:… or https://…");
    }
    if new.name.is_empty() || new.name.chars().count() > LONGEST_NAME || new.name.chars().any(char::is_control) {
        wrong("/name", "write the name under which readers know it, at most 200 characters");
    }
    if new.note.chars().count() > LONGEST_NOTE {
        wrong("/note", "at most 500 characters");
    }
    let is_key = |key: &String| key.len() <= LONGEST_IDENTIFIER && key.bytes().all(|b| b.is_ascii_graphic());
    if new.keys.len() > MOST_KEYS || !new.keys.iter().all(is_key) {
        wrong(
            "/keys",
            "at most 20 keys, each as multikey (z6Mk…), SHA-256 thumbprint or id of the verification method",
        );
    }
    let since = match new.since.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => now,
        Some(text) => match crate::clock::parse_rfc3339(text).filter(|since| *since <= now) {
            Some(since) => since,
            None => {
                wrong("/since", "write a past time such as 2026-04-01T00:00:00Z");
                now
            }
        },
    };
    if faults.is_empty() { Ok(since) } else { Err(Error::invalid(faults)) }
}

/// Ends an entry: from now on its issuer is as unknown as any. Once more changes nothing and answers false. The change must be privileged.
pub async fn end(ch: &mut Change<'_>, id: KnownIssuerId) -> Result<bool> {
    let row = entity::Entity::find_by_id(id.to_string()).one(ch.tx()).await?.ok_or_else(Error::not_found)?;
    if row.ended_at.is_some() {
        return Ok(false);
    }
    entity::Entity::update_many()
        .col_expr(entity::Column::EndedAt, Expr::value(millis(ch.now)))
        .col_expr(entity::Column::Live, Expr::value(Option::<String>::None))
        .filter(entity::Column::Id.eq(&row.id))
        .exec(ch.tx())
        .await?;
    ch.audit(AuditEntry::new("known_issuer.end", id, json!({"issuer": row.issuer}))).await?;
    Ok(true)
}

/// What is known now, by name.
pub async fn live(db: &impl Read) -> Result<Vec<KnownIssuer>> {
    let known = entity::Entity::find().filter(entity::Column::EndedAt.is_null()).order_by_asc(entity::Column::Name);
    known.all(db).await?.into_iter().map(read).collect()
}

/// Everything that ever was, the newest first.
pub async fn all(db: &impl Read) -> Result<Vec<KnownIssuer>> {
    entity::Entity::find().order_by_desc(entity::Column::Id).all(db).await?.into_iter().map(read).collect()
}

fn read(row: entity::Model) -> Result<KnownIssuer> {
    Ok(KnownIssuer {
        id: row.id.parse().map_err(Error::internal)?,
        issuer: row.issuer,
        name: row.name,
        keys: serde_json::from_str(&row.keys)?,
        note: row.note,
        since: from_millis(row.since),
        added_by: row.added_by,
        added_at: from_millis(row.added_at),
        ended_at: row.ended_at.map(from_millis),
    })
}
