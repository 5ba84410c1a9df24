//! Under which identifier this installation signs, which of its keys does so, and the keyring that holds them.

use std::sync::Arc;

use serde_json::Value;
use waymark_credential::did::{self, PublishedKey, WebDid};
use waymark_credential::key::PublicKey;

use super::keys::{self, IssuerKey, KeyState};
use crate::app::App;
use crate::config::{Config, DidMethod};
use crate::database::Read;
use crate::error::{Code, Error, Result};
use crate::ids::{IntentId, SigningKeyId};
use crate::signing::{self, Identity, Keyring, KeyringError, ListedKey, Purpose, SealError, Sealed};

/// Why nothing can be issued. Verification goes on.
#[derive(Debug, thiserror::Error)]
pub enum NotIssuing {
    #[error("there is no signing key for {} yet: run `waymark key generate`", .0.as_str())]
    NoKey(Purpose),
    #[error(
        "no did:web can be made of the base URL {0} (it needs https and a host name): set WAYMARK_BASE_URL, or WAYMARK_ISSUER__DID_METHOD=key"
    )]
    BaseUrl(String),
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error("the signer has stopped: {0}; find the cause, then start the server anew")]
    Stopped(String),
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<NotIssuing> for Error {
    fn from(e: NotIssuing) -> Self {
        match e {
            NotIssuing::Store(inner) => inner,
            other => Self::new(Code::IssuingOff).because(other),
        }
    }
}

/// The identifier, and the history of keys behind it.
#[derive(Debug, Clone)]
pub struct SigningIdentity {
    did: String,
    web: Option<WebDid>,
    keys: Vec<IssuerKey>,
}

/// The key that signs for one purpose today, under the names by which verifiers find it.
#[derive(Debug, Clone)]
pub struct Signer {
    pub key: SigningKeyId,
    /// What an embedded proof names.
    pub embedded: PublicKey,
    /// What a JWT's `kid` names.
    pub jwt: PublicKey,
}

/// The identity as configured, with the keys of the history.
pub async fn identity(db: &impl Read, config: &Config) -> Result<SigningIdentity, NotIssuing> {
    let keys = keys::keys(db).await?;
    match config.issuer.did_method {
        DidMethod::Key => {
            let key = keys.iter().find(|k| k.purpose == Purpose::Credential && k.state == KeyState::Active);
            let key = key.ok_or(NotIssuing::NoKey(Purpose::Credential))?;
            Ok(SigningIdentity { did: format!("did:key:{}", key.multikey()), web: None, keys })
        }
        DidMethod::Web => {
            let base = config.base_url.as_str();
            let did = WebDid::from_url(base).map_err(|_| NotIssuing::BaseUrl(base.to_owned()))?;
            Ok(SigningIdentity { did: did.to_string(), web: Some(did), keys })
        }
    }
}

impl SigningIdentity {
    /// `did:web:…` or `did:key:…`.
    pub fn did(&self) -> &str {
        &self.did
    }

    /// The DID document, with every key of the history under `did:web`.
    pub fn document(&self) -> Value {
        match &self.web {
            Some(did) => did::web_document(did, &self.published()),
            None => self.active(Purpose::Credential).map_or(Value::Null, |key| did::key_document(&key.public)),
        }
    }

    fn published(&self) -> Vec<PublishedKey> {
        let issuing = self.keys.iter().filter(|k| k.purpose != Purpose::Conformance);
        issuing.map(|k| PublishedKey { key: k.public, expires: None, revoked: k.revoked_at }).collect()
    }

    fn active(&self, purpose: Purpose) -> Option<&IssuerKey> {
        self.keys.iter().find(|k| k.purpose == purpose && k.state == KeyState::Active)
    }

    /// The key for a purpose.
    pub fn signer(&self, purpose: Purpose) -> Result<Signer, NotIssuing> {
        let unusable = |e| NotIssuing::Store(Error::internal(e));
        match &self.web {
            Some(did) => {
                let key = self.active(purpose).ok_or(NotIssuing::NoKey(purpose))?;
                let named = |method| PublicKey::new(method, key.public).map_err(unusable);
                Ok(Signer {
                    key: key.id,
                    embedded: named(did::multikey_method(did, &key.public))?,
                    jwt: named(did::jwk_method(did, &key.public))?,
                })
            }
            None => {
                let key = self.active(Purpose::Credential).ok_or(NotIssuing::NoKey(purpose))?;
                let public = PublicKey::did_key(key.public).map_err(unusable)?;
                Ok(Signer { key: key.id, embedded: public.clone(), jwt: public })
            }
        }
    }

    /// The active keys with what each may sign: those whose private halves must be in the keyring.
    fn listed(&self) -> Result<Vec<ListedKey>, NotIssuing> {
        let own = if self.web.is_some() { DidMethod::Web } else { DidMethod::Key };
        let mut listed = vec![];
        for purpose in keys::purposes(own) {
            let key = self.active(*purpose).ok_or(NotIssuing::NoKey(*purpose))?;
            let purposes = if self.web.is_some() { vec![*purpose] } else { Purpose::ISSUING.to_vec() };
            listed.push(ListedKey { id: key.id, public: key.public, purposes });
        }
        Ok(listed)
    }
}

/// The open keyring, opened now if nobody needed it before; else why nothing can be signed.
pub async fn keyring(app: &App) -> Result<Arc<Keyring>, NotIssuing> {
    let open = match app.keyring.get() {
        Some(open) => open,
        None => {
            let identity = identity(app.db.read(), &app.config).await?;
            let named = Identity { did: identity.did().to_owned(), document: identity.document() };
            let opened = Keyring::open(&app.config.keys_dir(), identity.listed()?, named, app.config.demo)?;
            let opened = Arc::new(opened);
            app.keyring.set(opened.clone());
            opened
        }
    };
    match open.stopped() {
        Some(why) => Err(NotIssuing::Stopped(why.to_owned())),
        None => Ok(open),
    }
}

/// Seals a committed intent with this installation's keyring. Where the keyring was opened before the key was made, it is opened anew.
pub async fn seal(app: &App, intent: IntentId) -> Result<Sealed> {
    let keys = keyring(app).await?;
    match signing::seal(&app.db, &keys, intent).await {
        Err(SealError::KeyNotHeld { .. }) => {
            app.keyring.clear();
            let keys = keyring(app).await?;
            Ok(signing::seal(&app.db, &keys, intent).await?)
        }
        other => Ok(other?),
    }
}

/// Seals a committed intent with the key for conformance suites, on a keyring that holds no other. It works without any key of the issuer, and
/// no key of the issuer can be reached through it.
pub async fn seal_conformance(app: &App, intent: IntentId) -> Result<Sealed> {
    let key = keys::conformance_key(app).await?;
    let listed = vec![ListedKey { id: key.id, public: key.public, purposes: vec![Purpose::Conformance] }];
    let named = Identity { did: format!("did:key:{}", key.multikey()), document: did::key_document(&key.public) };
    let ring = Keyring::open(&app.config.keys_dir(), listed, named, app.config.demo).map_err(NotIssuing::from)?;
    Ok(signing::seal(&app.db, &ring, intent).await?)
}
