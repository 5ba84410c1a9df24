//! The key history: the public half of every key that ever signed here, with what became of it.

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
use crate::signing::{self, Purpose};

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
    pub revoked_at: Option<Timestamp>,
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
    let id: SigningKeyId = ids::fresh(app.db.now(), app.db.entropy.as_ref());
    let name = format!("{}-{id}", purpose.as_str());
    let (public, path) = signing::generate(&app.config.keys_dir(), &name, app.db.entropy.as_ref())
        .map_err(|e| Error::new(Code::IssuingOff).because(e))?;
    let list = async {
        let mut ch = app.db.change(actor, Kind::Privileged).await?;
        let made = list(&mut ch, id, purpose, public).await?;
        ch.commit().await?;
        Ok(made)
    };
    list.await.inspect_err(|e: &Error| {
        // When the outcome of the commit is open, the history may name the key.
        if e.code() != Code::OutcomeUnknown {
            signing::discard(&path);
        }
    })
}

/// Lists a new key as active.
async fn list(ch: &mut Change<'_>, id: SigningKeyId, purpose: Purpose, public: [u8; 32]) -> Result<IssuerKey> {
    let made = IssuerKey {
        id,
        kid: thumbprint(&public),
        purpose,
        public,
        state: KeyState::Active,
        created_at: ch.now,
        retired_at: None,
        revoked_at: None,
    };
    let row = key::ActiveModel {
        id: Set(id.to_string()),
        kid: Set(made.kid.clone()),
        purpose: Set(purpose.as_str().to_owned()),
        multikey: Set(made.multikey()),
        state: Set(made.state.as_str().to_owned()),
        active_for: Set(Some(purpose.as_str().to_owned())),
        created_at: Set(millis(ch.now)),
        retired_at: Set(None),
        revoked_at: Set(None),
    };
    key::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let detail = json!({"purpose": purpose.as_str(), "kid": made.kid, "multikey": made.multikey()});
    ch.audit(AuditEntry::new("key.generate", id, detail)).await?;
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
    })
}
