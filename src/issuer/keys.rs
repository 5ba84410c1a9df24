//! The key history: the public half of every key that ever signed here, with what became of it.

use std::path::PathBuf;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_credential::jwk::thumbprint;
use waymark_credential::key::{decode_multikey, encode_multikey};

use super::entity::key;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::config::DidMethod;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Code, Error, Result};
use crate::ids::{self, SigningKeyId};
use crate::signing::{self, Passphrase, Purpose, SealingCost};

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Signs.
    Active,
    /// Signs no more; what it signed holds.
    Retired,
    /// Somebody else may have it.
    Compromised,
}

impl KeyState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Compromised => "compromised",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Retired, Self::Compromised].into_iter().find(|state| state.as_str() == text)
    }
}

/// One key of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKey {
    pub id: SigningKeyId,
    /// The RFC 7638 thumbprint, under which `/keys/{kid}` answers.
    pub kid: String,
    pub purpose: Purpose,
    /// The 32 public bytes.
    pub public: [u8; 32],
    pub state: KeyState,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
    /// From when on somebody else may have had it.
    pub revoked_at: Option<Timestamp>,
    /// Why, for staff only.
    pub revoked_why: Option<String>,
}

impl IssuerKey {
    /// `z6Mk…`.
    pub fn multikey(&self) -> String {
        encode_multikey(&self.public)
    }
}

/// The whole history, oldest first.
pub async fn keys(db: &impl Read) -> Result<Vec<IssuerKey>> {
    let rows = key::Entity::find().order_by_asc(key::Column::CreatedAt).order_by_asc(key::Column::Id).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The keys that somebody else may have: what they signed is to be issued anew.
pub async fn compromised(db: &impl Read) -> Result<Vec<IssuerKey>> {
    Ok(keys(db).await?.into_iter().filter(|key| key.state == KeyState::Compromised).collect())
}

/// The key that `name` means among those that vouch for something: by its thumbprint, its multikey or its id.
pub async fn find_key(db: &impl Read, name: &str) -> Result<IssuerKey> {
    let named = |key: &IssuerKey| key.kid == name || key.multikey() == name || key.id.to_string() == name;
    let found = keys(db).await?.into_iter().find(|key| key.purpose != Purpose::Conformance && named(key));
    found.ok_or_else(Error::not_found)
}

/// The purposes that need a key of their own. A `did:key` is one key, which signs lists too.
pub fn purposes(method: DidMethod) -> &'static [Purpose] {
    match method {
        DidMethod::Key => &[Purpose::Credential],
        DidMethod::Web => &Purpose::ISSUING,
    }
}

/// Makes the keys that are missing, each with its file in the key folder, its row and its audit row. Nothing is missing → conflict.
pub async fn generate_keys(app: &App, actor: Actor) -> Result<Vec<IssuerKey>> {
    let known = keys(app.db.read()).await?;
    let active = |purpose| known.iter().any(|k| k.purpose == purpose && k.state == KeyState::Active);
    let mut made = vec![];
    for purpose in purposes(app.config.issuer.did_method).iter().copied().filter(|p| !active(*p)) {
        made.push(generate(app, actor, purpose).await?);
    }
    app.keyring.clear();
    if made.is_empty() { Err(Error::new(Code::Conflict).because("each purpose has its active key")) } else { Ok(made) }
}

/// The key of the interface for conformance suites, made now if there is none. It is in no DID document of the issuer.
pub async fn conformance_key(app: &App) -> Result<IssuerKey> {
    let find = async || {
        let known = keys(app.db.read()).await?;
        Ok::<_, Error>(known.into_iter().find(|k| k.purpose == Purpose::Conformance && k.state == KeyState::Active))
    };
    if let Some(key) = find().await? {
        return Ok(key);
    }
    match generate(app, Actor::System("vc_api"), Purpose::Conformance).await {
        Ok(made) => Ok(made),
        // another request was faster
        Err(e) => find().await?.ok_or(e),
    }
}

/// The identifiers of all keys that ever signed for conformance suites.
pub async fn conformance_dids(db: &impl Read) -> Result<Vec<String>> {
    let known = keys(db).await?;
    Ok(known
        .iter()
        .filter(|k| k.purpose == Purpose::Conformance)
        .map(|k| format!("did:key:{}", k.multikey()))
        .collect())
}

async fn generate(app: &App, actor: Actor, purpose: Purpose) -> Result<IssuerKey> {
    let fresh = Fresh::make(app, purpose)?;
    fresh
        .settle(app, async |fresh| {
            let mut ch = app.db.change(actor, Kind::Privileged).await?;
            let made = list(&mut ch, fresh).await?;
            let detail = json!({"purpose": purpose.as_str(), "kid": made.kid, "multikey": made.multikey()});
            ch.audit(AuditEntry::new("key.generate", made.id, detail)).await?;
            ch.commit().await?;
            Ok(made)
        })
        .await
}

/// A new key whose file is in the folder and which the history does not know yet.
pub(super) struct Fresh {
    id: SigningKeyId,
    purpose: Purpose,
    public: [u8; 32],
    path: PathBuf,
}

impl Fresh {
    /// Makes it: the file first, durably, and sealed where there is a passphrase. What signs for conformance suites stands for nothing and is never sealed.
    pub(super) fn make(app: &App, purpose: Purpose) -> Result<Self> {
        let off = |e| Error::new(Code::IssuingOff).because(e);
        let id: SigningKeyId = ids::fresh(app.db.now(), app.db.entropy.as_ref());
        let name = format!("{}-{id}", purpose.as_str());
        let passphrase = match purpose {
            Purpose::Conformance => None,
            _ => Passphrase::read(&app.config.keys.passphrase_file).map_err(off)?,
        };
        let sealed = passphrase.as_ref().map(|passphrase| (passphrase, cost(app)));
        let (public, path) =
            signing::generate(&app.config.keys_dir(), &name, app.db.entropy.as_ref(), sealed).map_err(off)?;
        Ok(Self { id, purpose, public, path })
    }

    /// Writes it down with `listed`; where that fails, takes the file back.
    pub(super) async fn settle<T>(&self, app: &App, listed: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        let done = listed(self).await;
        app.keyring.clear();
        done.inspect_err(|e: &Error| {
            // When the outcome of the commit is open, the history may name the key.
            if e.code() != Code::OutcomeUnknown {
                signing::discard(&self.path);
            }
        })
    }
}

/// What trying a passphrase on a new file is to cost, as configured.
pub(super) fn cost(app: &App) -> SealingCost {
    app.config.keys.sealing_cost.map_or_else(SealingCost::default, |(log_n, r, p)| SealingCost(log_n, r, p))
}

/// Lists a new key as active. The audit row is the caller's.
pub(super) async fn list(ch: &mut Change<'_>, fresh: &Fresh) -> Result<IssuerKey> {
    let made = IssuerKey {
        id: fresh.id,
        kid: thumbprint(&fresh.public),
        purpose: fresh.purpose,
        public: fresh.public,
        state: KeyState::Active,
        created_at: ch.now,
        retired_at: None,
        revoked_at: None,
        revoked_why: None,
    };
    let row = key::ActiveModel {
        id: Set(made.id.to_string()),
        kid: Set(made.kid.clone()),
        purpose: Set(made.purpose.as_str().to_owned()),
        multikey: Set(made.multikey()),
        state: Set(made.state.as_str().to_owned()),
        active_for: Set(Some(made.purpose.as_str().to_owned())),
        created_at: Set(millis(ch.now)),
        retired_at: Set(None),
        revoked_at: Set(None),
        revoked_why: Set(None),
    };
    key::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(made)
}

fn read(row: key::Model) -> Result<IssuerKey> {
    let broken = |what: &str| Error::internal(format!("the key {} in the history has an unknown {what}", row.id));
    Ok(IssuerKey {
        id: row.id.parse().map_err(Error::internal)?,
        purpose: Purpose::parse(&row.purpose).ok_or_else(|| broken("purpose"))?,
        public: decode_multikey(&row.multikey).map_err(Error::internal)?,
        state: KeyState::parse(&row.state).ok_or_else(|| broken("state"))?,
        kid: row.kid,
        created_at: from_millis(row.created_at),
        retired_at: row.retired_at.map(from_millis),
        revoked_at: row.revoked_at.map(from_millis),
        revoked_why: row.revoked_why,
    })
}
