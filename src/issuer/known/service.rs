//! Adding, ending and reading.

use std::collections::HashMap;

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
    /// Every name that is known of it, the one of today first. There is at least one.
    pub names: Vec<KnownName>,
    /// Multikeys, thumbprints or ids of verification methods; empty: whatever key its own document lists.
    pub keys: Vec<String>,
    pub note: String,
    pub since: Timestamp,
    pub added_by: String,
    pub added_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl KnownIssuer {
    /// The name of today.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", |first| &first.name)
    }
}

/// A name that an issuer bears, or bore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownName {
    pub name: String,
    /// It holds until the next one begins.
    pub since: Timestamp,
    pub added_by: String,
    pub added_at: Timestamp,
}

/// A further name of an issuer that is known.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewName {
    pub name: String,
    /// RFC 3339; now where nothing is said. May lie before others that are known.
    #[serde(default)]
    pub since: Option<String>,
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
const MOST_NAMES: usize = 50;

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
        names: vec![KnownName { name: new.name, since, added_by: ch.actor.to_string(), added_at: ch.now }],
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
        keys: Set(serde_json::to_string(&added.keys)?),
        note: Set(added.note.clone()),
        since: Set(millis(since)),
        added_by: Set(added.added_by.clone()),
        added_at: Set(millis(ch.now)),
        ended_at: Set(None),
        live: Set(Some(added.issuer.clone())),
    };
    entity::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    keep_name(ch, added.id, &added.names[0]).await?;
    let detail = json!({"issuer": added.issuer, "name": added.name(), "keys": added.keys, "since": millis(since)});
    ch.audit(AuditEntry::new("known_issuer.add", added.id, detail)).await?;
    Ok(added)
}

/// Notes a further name. Reports show the one of today, and know the others again. The change must be privileged.
///
/// # Errors
/// What cannot be read, each with its pointer; a conflict where the entry has ended, a name begins at that very moment, or there are too many.
pub async fn rename(ch: &mut Change<'_>, id: KnownIssuerId, new: NewName) -> Result<KnownIssuer> {
    let name = new.name.trim().to_owned();
    let mut faults = vec![];
    if !is_name(&name) {
        faults.push(Fault::new("/name", "not_usable", WRITE_NAME));
    }
    let since = since(new.since.as_deref(), ch.now).unwrap_or_else(|fault| {
        faults.push(fault);
        ch.now
    });
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let known = find(ch.tx(), id).await?;
    let refused = |why: &str| Err(Error::new(Code::Conflict).because(why));
    if known.ended_at.is_some() {
        return refused("the entry has ended");
    }
    if known.names.iter().any(|other| other.since == since) {
        return refused("another name begins at that moment");
    }
    if known.names.len() >= MOST_NAMES {
        return refused("it has as many names as an entry holds");
    }
    let added = KnownName { name, since, added_by: ch.actor.to_string(), added_at: ch.now };
    keep_name(ch, id, &added).await?;
    let detail = json!({"issuer": known.issuer, "name": added.name, "since": millis(since)});
    ch.audit(AuditEntry::new("known_issuer.name", id, detail)).await?;
    find(ch.tx(), id).await
}

async fn keep_name(ch: &Change<'_>, known: KnownIssuerId, name: &KnownName) -> Result<()> {
    let row = entity::name::ActiveModel {
        known: Set(known.to_string()),
        since: Set(millis(name.since)),
        name: Set(name.name.clone()),
        added_by: Set(name.added_by.clone()),
        added_at: Set(millis(name.added_at)),
    };
    entity::name::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

const WRITE_NAME: &str = "write the name under which readers know it, at most 200 characters";

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control)
}

/// A past moment; now where nothing is said.
fn since(text: Option<&str>, now: Timestamp) -> std::result::Result<Timestamp, Fault> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(now) };
    let read = crate::clock::parse_rfc3339(text).filter(|since| *since <= now);
    read.ok_or_else(|| Fault::new("/since", "not_usable", "write a past time such as 2026-04-01T00:00:00Z"))
}

fn checked(new: &NewIssuer, now: Timestamp) -> Result<Timestamp> {
    let mut faults = vec![];
    let since = since(new.since.as_deref(), now);
    let mut wrong = |at: &str, why: &str| faults.push(Fault::new(at, "not_usable", why));
    let names_one = ["did:web:", "did:key:", "https://"].iter().any(|start| new.issuer.starts_with(start));
    if !names_one || new.issuer.len() > LONGEST_IDENTIFIER || Iri::parse(&new.issuer).is_err() {
        wrong("/issuer", "write the issuer's identifier as its credentials do: did:web:…, did:key:… or https://…");
    }
    if !is_name(&new.name) {
        wrong("/name", WRITE_NAME);
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
    match since {
        Ok(since) if faults.is_empty() => Ok(since),
        Ok(_) => Err(Error::invalid(faults)),
        Err(fault) => {
            faults.push(fault);
            Err(Error::invalid(faults))
        }
    }
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
    let rows = entity::Entity::find().filter(entity::Column::EndedAt.is_null()).all(db).await?;
    let mut known = named(db, rows).await?;
    known.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(known)
}

/// Everything that ever was, the newest first.
pub async fn all(db: &impl Read) -> Result<Vec<KnownIssuer>> {
    let rows = entity::Entity::find().order_by_desc(entity::Column::Id).all(db).await?;
    named(db, rows).await
}

pub async fn find(db: &impl Read, id: KnownIssuerId) -> Result<KnownIssuer> {
    let row = entity::Entity::find_by_id(id.to_string()).one(db).await?;
    named(db, row.into_iter().collect()).await?.pop().ok_or_else(Error::not_found)
}

async fn named(db: &impl Read, rows: Vec<entity::Model>) -> Result<Vec<KnownIssuer>> {
    let mut names: HashMap<String, Vec<KnownName>> = HashMap::new();
    let of_these = entity::name::Column::Known.is_in(rows.iter().map(|row| row.id.as_str()));
    let newest_first = entity::name::Entity::find().filter(of_these).order_by_desc(entity::name::Column::Since);
    for row in newest_first.all(db).await? {
        let name = KnownName {
            name: row.name,
            since: from_millis(row.since),
            added_by: row.added_by,
            added_at: from_millis(row.added_at),
        };
        names.entry(row.known).or_default().push(name);
    }
    rows.into_iter()
        .map(|row| {
            Ok(KnownIssuer {
                id: row.id.parse().map_err(Error::internal)?,
                issuer: row.issuer,
                names: names.remove(&row.id).unwrap_or_default(),
                keys: serde_json::from_str(&row.keys)?,
                note: row.note,
                since: from_millis(row.since),
                added_by: row.added_by,
                added_at: from_millis(row.added_at),
                ended_at: row.ended_at.map(from_millis),
            })
        })
        .collect()
}
