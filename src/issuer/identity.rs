//! Under which identifier this installation signs, which of its keys does so, and the keyring that holds them.

use std::sync::Arc;

use serde_json::Value;
use time::Duration;
use waymark_credential::did::{self, PublishedKey, WebDid};
use waymark_credential::key::PublicKey;
use waymark_credential::verify::{KeyUse, OwnKey};

use super::keys::{self, IssuerKey, KeyState};
use crate::app::App;
use crate::clock::Timestamp;
use crate::config::{Config, DidMethod};
use crate::database::Read;
use crate::error::{Code, Error, Result};
use crate::ids::{IntentId, SigningKeyId};
use crate::signing::{self, Identity, Keyring, KeyringError, ListedKey, Purpose, Sealed};

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

    /// The DID document as it stood while each key signed: without what became of the keys since. It says whether a signature fits, and nothing
    /// about whose it is.
    pub fn document_when_signed(&self) -> Value {
        let undated = |key: PublishedKey| PublishedKey { expires: None, revoked: None, ..key };
        match &self.web {
            Some(did) => did::web_document(did, &self.published().into_iter().map(undated).collect::<Vec<_>>()),
            None => self.document(),
        }
    }

    fn published(&self) -> Vec<PublishedKey> {
        // written in whole seconds, as proofs are: what was signed in the key's last second was signed before
        let after = |at: Timestamp| at + Duration::SECOND;
        let published =
            |k: &IssuerKey| PublishedKey { key: k.public, expires: k.retired_at.map(after), revoked: k.revoked_at };
        self.vouching().map(published).collect()
    }

    fn vouching(&self) -> impl Iterator<Item = &IssuerKey> {
        self.keys.iter().filter(|k| k.purpose != Purpose::Conformance)
    }

    /// What each key of the history is used for, as verifiers take it. No DID document says so.
    pub fn own_keys(&self) -> Vec<OwnKey> {
        let uses = |purpose| match (&self.web, purpose) {
            (None, Purpose::Credential) => vec![KeyUse::Credential, KeyUse::StatusList],
            (Some(_), Purpose::Credential) => vec![KeyUse::Credential],
            (Some(_), Purpose::StatusList) => vec![KeyUse::StatusList],
            (_, Purpose::Conformance) | (None, Purpose::StatusList) => vec![],
        };
        self.vouching().map(|key| OwnKey { key: key.public, uses: uses(key.purpose) }).collect()
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
        let (listed, missing) = self.left();
        missing.map_or(Ok(listed), |purpose| Err(NotIssuing::NoKey(purpose)))
    }

    /// The active keys that there are, and a purpose that has none.
    fn left(&self) -> (Vec<ListedKey>, Option<Purpose>) {
        let own = if self.web.is_some() { DidMethod::Web } else { DidMethod::Key };
        let (mut listed, mut missing) = (vec![], None);
        for purpose in keys::purposes(own) {
            let Some(key) = self.active(*purpose) else {
                missing = missing.or(Some(*purpose));
                continue;
            };
            let purposes = if self.web.is_some() { vec![*purpose] } else { Purpose::ISSUING.to_vec() };
            listed.push(ListedKey { id: key.id, public: key.public, purposes });
        }
        (listed, missing)
    }
}

/// The open keyring, opened now if nobody needed it before or the history has changed since; else why nothing can be signed.
pub async fn keyring(app: &App) -> Result<Arc<Keyring>, NotIssuing> {
    let identity = identity(app.db.read(), &app.config).await?;
    let named = Identity { did: identity.did().to_owned(), document: identity.document() };
    let listed = identity.listed()?;
    let known = app.keyring.get();
    if let Some(why) = known.as_ref().and_then(|known| known.stopped()) {
        return Err(NotIssuing::Stopped(why.to_owned()));
    }
    if let Some(open) = known.filter(|known| known.is_of(&listed, &named)) {
        return Ok(open);
    }
    let (folder, passphrase) = (app.config.keys_dir(), app.config.keys.passphrase_file.clone());
    let seen = signing::fingerprint(&folder, &passphrase);
    if let Some(why) = app.keyring.refused(&seen) {
        return Err(KeyringError::Sealed(why).into());
    }
    let demo = app.config.demo;
    // opening what is sealed keeps a processor busy
    let opened = app.workbench.run(move || Keyring::open(&folder, &passphrase, listed, named, demo)).await?;
    match opened {
        Ok(opened) => {
            let opened = Arc::new(opened);
            app.keyring.set(opened.clone());
            Ok(opened)
        }
        Err(KeyringError::Sealed(why)) => {
            app.keyring.refuse(seen, why.clone());
            Err(KeyringError::Sealed(why).into())
        }
        Err(why) => Err(why.into()),
    }
}

/// Seals a committed intent with this installation's keyring. Where a purpose has no key any more, the others go on: lists are kept fresh while
/// nothing is issued.
pub async fn seal(app: &App, intent: IntentId) -> Result<Sealed> {
    let keys = match keyring(app).await {
        Err(NotIssuing::NoKey(_)) => Arc::new(what_is_left(app).await?),
        other => other?,
    };
    Ok(signing::seal(&app.db, &keys, intent).await?)
}

async fn what_is_left(app: &App) -> Result<Keyring> {
    let identity = identity(app.db.read(), &app.config).await?;
    let named = Identity { did: identity.did().to_owned(), document: identity.document() };
    let (listed, _) = identity.left();
    let (folder, passphrase, demo) = (app.config.keys_dir(), app.config.keys.passphrase_file.clone(), app.config.demo);
    let opened = app.workbench.run(move || Keyring::open(&folder, &passphrase, listed, named, demo)).await?;
    Ok(opened.map_err(NotIssuing::from)?)
}

/// Seals a committed intent with the key for conformance suites, on a keyring that holds no other. It works without any key of the issuer, and
/// no key of the issuer can be reached through it.
pub async fn seal_conformance(app: &App, intent: IntentId) -> Result<Sealed> {
    let key = keys::conformance_key(app).await?;
    let listed = vec![ListedKey { id: key.id, public: key.public, purposes: vec![Purpose::Conformance] }];
    let named = Identity { did: format!("did:key:{}", key.multikey()), document: did::key_document(&key.public) };
    let passphrase = &app.config.keys.passphrase_file;
    let ring =
        Keyring::open(&app.config.keys_dir(), passphrase, listed, named, app.config.demo).map_err(NotIssuing::from)?;
    Ok(signing::seal(&app.db, &ring, intent).await?)
}
