//! Keys over time: one takes the place of another, one is given up, one is known to be in other hands. Each is one audited change, and each tells
//! what rests on the key before anybody decides.

use std::path::PathBuf;

use sea_orm::entity::prelude::*;
use serde_json::json;

use super::entity::key;
use super::keys::{self, Fresh, IssuerKey, KeyState};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::config::DidMethod;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::signing::{self, Passphrase, Purpose, SignedBy};

/// Longer reasons are cut by nobody: they are refused.
const LONGEST_REASON: usize = 500;

/// Why a key cannot be changed. Said to staff and at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    #[error(
        "under did:key the key is the issuer: a new key would be a new issuer, and nobody could be told that the old one is void. Move to did:web first: give the server an https address (WAYMARK_BASE_URL), set WAYMARK_ISSUER__DID_METHOD=web, run `waymark key generate`, and issue anew what was signed under did:key"
    )]
    DidKey,
    #[error("there is no active key for {}: `waymark key generate` makes one", .0.as_str())]
    NoneActive(Purpose),
    #[error("the key {kid} is {} already", .state.as_str())]
    Already { kid: String, state: KeyState },
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<NotChanged> for Error {
    fn from(e: NotChanged) -> Self {
        match e {
            NotChanged::Store(inner) => inner,
            other => Self::new(Code::Conflict).because(other),
        }
    }
}

/// Rotated: who signed until now, and who signs from now on.
#[derive(Debug, Clone)]
pub struct Rotated {
    pub old: IssuerKey,
    pub new: IssuerKey,
}

/// Compromised: the key, and the one made in its place where it was the active one.
#[derive(Debug, Clone)]
pub struct Compromised {
    pub key: IssuerKey,
    pub successor: Option<IssuerKey>,
}

/// Whether keys can be changed at all under the identifier as configured.
pub fn may_change(app: &App) -> Result<(), NotChanged> {
    match app.config.issuer.did_method {
        DidMethod::Web => Ok(()),
        DidMethod::Key => Err(NotChanged::DidKey),
    }
}

/// The key that signs for a purpose now.
pub async fn active_key(db: &impl Read, purpose: Purpose) -> Result<IssuerKey, NotChanged> {
    let known = keys::keys(db).await?;
    let active = known.into_iter().find(|key| key.purpose == purpose && key.state == KeyState::Active);
    active.ok_or(NotChanged::NoneActive(purpose))
}

/// What rests on the key.
pub async fn resting_on(db: &impl Read, key: &IssuerKey) -> Result<SignedBy> {
    signing::signed_by(db, key.id).await
}

/// Puts a new key in the place of the active one for `purpose`. What the old one signed goes on being valid.
pub async fn rotate_key(app: &App, actor: Actor, purpose: Purpose) -> Result<Rotated, NotChanged> {
    may_change(app)?;
    let old = active_key(app.db.read(), purpose).await?;
    let fresh = Fresh::make(app, purpose)?;
    let rotated = fresh.settle(app, async |fresh| {
        let mut ch = app.db.change(actor, Kind::Privileged).await?;
        let old = retire(&ch, &old).await?;
        let new = keys::list(&mut ch, fresh).await?;
        let detail =
            json!({"purpose": purpose.as_str(), "kid": new.kid, "multikey": new.multikey(), "retired": old.kid});
        ch.audit(AuditEntry::new("key.rotate", new.id, detail)).await?;
        ch.tell(&DomainEvent::KeyGivenUp { key: old.id }).await?;
        ch.commit().await?;
        Ok(Rotated { old, new })
    });
    Ok(rotated.await?)
}

/// Retires an active key and puts none in its place: nothing is issued until there is a new one.
pub async fn retire_key(app: &App, actor: Actor, key: &IssuerKey) -> Result<IssuerKey, NotChanged> {
    may_change(app)?;
    if key.state != KeyState::Active {
        return Err(NotChanged::Already { kid: key.kid.clone(), state: key.state });
    }
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let retired = retire(&ch, key).await?;
    let detail = json!({"purpose": key.purpose.as_str(), "kid": key.kid});
    ch.audit(AuditEntry::new("key.retire", key.id, detail)).await?;
    ch.tell(&DomainEvent::KeyGivenUp { key: key.id }).await?;
    ch.commit().await?;
    app.keyring.clear();
    Ok(retired)
}

/// Writes down that somebody else may have had the key since `at`. Where it was the active one, a new one takes its place in the same change.
pub async fn compromise_key(
    app: &App,
    actor: Actor,
    key: &IssuerKey,
    at: Timestamp,
    reason: &str,
) -> Result<Compromised, NotChanged> {
    may_change(app)?;
    check(key, at, reason, app.db.now())?;
    if key.state == KeyState::Compromised {
        return Err(NotChanged::Already { kid: key.kid.clone(), state: key.state });
    }
    let change = async |fresh: Option<&Fresh>| -> Result<Compromised> {
        let mut ch = app.db.change(actor, Kind::Privileged).await?;
        let done = withdraw(&ch, key, at, reason).await?;
        let successor = match fresh {
            Some(fresh) => Some(keys::list(&mut ch, fresh).await?),
            None => None,
        };
        let detail = json!({"purpose": key.purpose.as_str(), "kid": key.kid, "revoked_at": crate::clock::rfc3339(at),
                            "reason": reason, "successor": successor.as_ref().map(|key| &key.kid)});
        ch.audit(AuditEntry::new("key.compromise", key.id, detail)).await?;
        ch.tell(&DomainEvent::KeyCompromised { key: key.id }).await?;
        ch.commit().await?;
        Ok(Compromised { key: done, successor })
    };
    if key.state != KeyState::Active {
        let done = change(None).await?;
        app.keyring.clear();
        return Ok(done);
    }
    let fresh = Fresh::make(app, key.purpose)?;
    Ok(fresh.settle(app, async |fresh| change(Some(fresh)).await).await?)
}

/// What is said of a compromise must make sense: not ahead of us, not before the key was made, and why.
fn check(key: &IssuerKey, at: Timestamp, reason: &str, now: Timestamp) -> Result<()> {
    let mut faults = vec![];
    if at > now {
        faults.push(Fault::new(
            "/at",
            "in_the_future",
            "name the moment since when somebody else may have had the key, or leave it out for now",
        ));
    }
    if at < key.created_at {
        faults.push(Fault::new("/at", "before_the_key", "the key was made later than that: name a moment since then"));
    }
    if reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON || reason.chars().any(char::is_control) {
        faults.push(Fault::new("/reason", "invalid_text", "say in at most 500 characters, on one line, what happened"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

async fn retire(ch: &Change<'_>, key: &IssuerKey) -> Result<IssuerKey> {
    let update = key::Entity::update_many()
        .col_expr(key::Column::State, Expr::value(KeyState::Retired.as_str()))
        .col_expr(key::Column::ActiveFor, Expr::value(Option::<String>::None))
        .col_expr(key::Column::RetiredAt, Expr::value(millis(ch.now)))
        .filter(key::Column::State.eq(KeyState::Active.as_str()));
    one(update, ch, key).await?;
    Ok(IssuerKey { state: KeyState::Retired, retired_at: Some(ch.now), ..key.clone() })
}

async fn withdraw(ch: &Change<'_>, key: &IssuerKey, at: Timestamp, reason: &str) -> Result<IssuerKey> {
    let update = key::Entity::update_many()
        .col_expr(key::Column::State, Expr::value(KeyState::Compromised.as_str()))
        .col_expr(key::Column::ActiveFor, Expr::value(Option::<String>::None))
        .col_expr(key::Column::RevokedAt, Expr::value(millis(at)))
        .col_expr(key::Column::RevokedWhy, Expr::value(reason))
        .filter(key::Column::State.eq(key.state.as_str()));
    one(update, ch, key).await?;
    let why = Some(reason.to_owned());
    Ok(IssuerKey { state: KeyState::Compromised, revoked_at: Some(at), revoked_why: why, ..key.clone() })
}

/// Changes the row of the key, unless somebody else changed it in the meantime.
async fn one(update: sea_orm::UpdateMany<key::Entity>, ch: &Change<'_>, key: &IssuerKey) -> Result<()> {
    let changed = update.filter(key::Column::Id.eq(key.id.to_string())).exec(ch.tx()).await?;
    if changed.rows_affected == 1 {
        return Ok(());
    }
    Err(Error::new(Code::Conflict).because(format!("the key {} was changed by somebody else just now", key.kid)))
}

/// Seals the key files that are in the clear with the passphrase as configured. The audit row tells how many.
pub async fn encrypt_keys(app: &App, actor: Actor) -> Result<Vec<PathBuf>> {
    let refused = |e: signing::FolderError| Error::new(Code::IssuingOff).because(e);
    let passphrase = passphrase(app)?;
    let known = keys::keys(app.db.read()).await?;
    let plain =
        known.iter().filter(|key| key.purpose == Purpose::Conformance).map(|key| key.public).collect::<Vec<_>>();
    let done =
        signing::encrypt_files(&app.config.keys_dir(), &passphrase, keys::cost(app), app.db.entropy.as_ref(), &plain)
            .map_err(refused)?;
    if !done.is_empty() {
        let mut ch = app.db.change(actor, Kind::Privileged).await?;
        ch.audit(AuditEntry::new("key.encrypt", "keys", json!({"files": done.len()}))).await?;
        ch.commit().await?;
    }
    app.keyring.clear();
    Ok(done)
}

/// The passphrase, long enough to seal with.
pub fn passphrase(app: &App) -> Result<Passphrase> {
    let found = Passphrase::read(&app.config.keys.passphrase_file)
        .map_err(|e| Error::new(Code::IssuingOff).because(e))?
        .filter(Passphrase::is_long_enough);
    found.ok_or_else(|| {
        let detail = "give a passphrase of at least 12 characters: in the file that WAYMARK_KEYS__PASSPHRASE_FILE names, or as the systemd credential waymark-key-passphrase";
        Error::invalid(vec![Fault::new("", "no_passphrase", detail)])
    })
}
