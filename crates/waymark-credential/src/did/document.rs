//! The documents behind identifiers: writing our own, and asking any such document whether it lets a key make assertions
//! (Controlled Identifiers 1.0 §3.3, retrieve verification method).

use serde_json::{Value, json};

use super::{Did, WebDid};
use crate::{
    Timestamp,
    jwk::{self, Jwk, JwkError, thumbprint},
    key::{KeyError, VerifyingKey, encode_multikey},
    model::DateTime,
    strict_json::{self, StrictJsonError},
};

/// The most bytes a fetched document may have.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most verification methods that are read from one document.
const MAX_METHODS: usize = 64;

/// A key as our document lists it. A retired key stays listed for assertions with the date from which it signs no more (`expires`), so that what
/// it signed before still verifies. A compromised one (`revoked`) stays with its date and may assert nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    pub key: [u8; 32],
    pub expires: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

/// The id under which `did` lists `key` as Multikey: what an embedded proof names.
pub fn multikey_method(did: &WebDid, key: &[u8; 32]) -> String {
    format!("{did}#{}", encode_multikey(key))
}

/// The id under which `did` lists `key` as `JsonWebKey`: what a JWT's `kid` names (VC-JOSE-COSE §3.3.2).
pub fn jwk_method(did: &WebDid, key: &[u8; 32]) -> String {
    format!("{did}#{}", thumbprint(key))
}

/// The document of a `did:web`: every key as Multikey and as `JsonWebKey`, all ids absolute, all for assertions but those that are revoked: a reader
/// that knows nothing of dates must not believe them either.
pub fn web_document(did: &WebDid, keys: &[PublishedKey]) -> Value {
    let id = did.to_string();
    let (mut methods, mut for_assertions) = (Vec::new(), Vec::new());
    for published in keys {
        let key = &published.key;
        if published.revoked.is_none() {
            for_assertions.extend([multikey_method(did, key), jwk_method(did, key)]);
        }
        let mut multikey = json!({"id": multikey_method(did, key), "type": "Multikey", "controller": id,
            "publicKeyMultibase": encode_multikey(key)});
        let mut jwk =
            json!({"id": jwk_method(did, key), "type": "JsonWebKey", "controller": id, "publicKeyJwk": Jwk::new(key)});
        for (member, at) in [("expires", published.expires), ("revoked", published.revoked)] {
            if let Some(at) = at {
                let at = DateTime::seconds(at);
                multikey[member] = json!(at);
                jwk[member] = json!(at);
            }
        }
        methods.extend([multikey, jwk]);
    }
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1", "https://w3id.org/security/jwk/v1"],
        "id": id,
        "verificationMethod": methods,
        "assertionMethod": for_assertions,
    })
}

/// The document that a `did:key` stands for (did:key method §3.1), with its one key as Multikey.
pub fn key_document(key: &[u8; 32]) -> Value {
    let multikey = encode_multikey(key);
    let id = format!("did:key:{multikey}");
    let method = format!("{id}#{multikey}");
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": id,
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": id, "publicKeyMultibase": multikey}],
        "assertionMethod": [method],
    })
}

/// Why a document cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error(transparent)]
    Json(#[from] StrictJsonError),
    #[error("the document's id is {found:?}, but {expected} was asked for")]
    OtherId { expected: String, found: String },
    #[error("{0} does not have the form that the specification gives it")]
    Malformed(&'static str),
    #[error("the verification method {0:?} is listed twice")]
    Twice(String),
    #[error("{0:?}: {1}")]
    Jwk(String, JwkError),
    #[error("there is not exactly one key {0:?}")]
    NoSuchKey(String),
}

/// Why a document does not let a verification method make assertions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAuthorised {
    #[error("the document does not list this verification method")]
    NotListed,
    #[error("the document lists the key, but not for assertions")]
    NotForAssertions,
    #[error("the key names another controller than the document it stands in")]
    OtherController,
    #[error("the key is of the kind {0:?}, which is not supported here")]
    Unsupported(String),
    #[error("the key cannot be read: {0}")]
    Key(#[from] KeyError),
}

/// A key that a document lets make assertions, with the dates that the document sets for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorised {
    pub key: VerifyingKey,
    pub expires: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

/// A DID document or other controlled identifier document, read from outside. Members that decide nothing are left aside.
#[derive(Debug, Clone, PartialEq)]
pub struct ControllerDocument {
    id: String,
    methods: Vec<Method>,
    for_assertions: Vec<String>,
    for_authentication: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Method {
    id: String,
    controller: String,
    key: Result<VerifyingKey, NotAuthorised>,
    expires: Option<Timestamp>,
    revoked: Option<Timestamp>,
}

impl ControllerDocument {
    /// Reads the document of `id`, which must say of itself that it is that one.
    pub fn parse(bytes: &[u8], id: &str) -> Result<Self, DocumentError> {
        let document = strict_json::parse(bytes, MAX_BYTES)?;
        let found = document.get("id").and_then(Value::as_str).ok_or(DocumentError::Malformed("id"))?;
        if found != id {
            return Err(DocumentError::OtherId { expected: id.to_owned(), found: found.chars().take(200).collect() });
        }
        let mut methods = Vec::new();
        for method in list(&document, "verificationMethod")? {
            methods.push(read_method(method)?);
        }
        let mut related = |member| {
            let mut ids = Vec::new();
            for entry in list(&document, member)? {
                match entry {
                    Value::String(id) => ids.push(id.clone()),
                    embedded => {
                        let method = read_method(embedded)?;
                        ids.push(method.id.clone());
                        methods.push(method);
                    }
                }
            }
            Ok::<_, DocumentError>(ids)
        };
        let (for_assertions, for_authentication) = (related("assertionMethod")?, related("authentication")?);
        if methods.len() > MAX_METHODS {
            return Err(DocumentError::Malformed("verificationMethod (more than 64 entries)"));
        }
        for (at, method) in methods.iter().enumerate() {
            if methods[..at].iter().any(|earlier| earlier.id == method.id) {
                return Err(DocumentError::Twice(method.id.clone()));
            }
        }
        Ok(Self { id: id.to_owned(), methods, for_assertions, for_authentication })
    }

    /// Whose document it is.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The document of a DID that is its own key (`did:key`, `did:jwk`), which needs no fetching.
    pub fn of_itself(did: &str) -> Option<Self> {
        let (key, method) = match Did::parse(did) {
            Ok(Did::Key(key)) => (key, format!("{did}#{}", did.strip_prefix("did:key:")?)),
            Ok(Did::Jwk(key)) => (key, format!("{did}{}", super::jwk::FRAGMENT)),
            Ok(Did::Web(_)) | Err(_) => return None,
        };
        Some(Self::of_key(did, &method, *key))
    }

    /// A document of one key, under the id `method`.
    pub(super) fn of_key(id: &str, method: &str, key: VerifyingKey) -> Self {
        let entry =
            Method { id: method.to_owned(), controller: id.to_owned(), key: Ok(key), expires: None, revoked: None };
        Self::of_one_key(id, entry)
    }

    /// A document of one verification method.
    pub(super) fn of_one_key(id: &str, method: Method) -> Self {
        let listed = vec![method.id.clone()];
        Self { id: id.to_owned(), for_assertions: listed.clone(), for_authentication: listed, methods: vec![method] }
    }

    /// The key behind `method` (an absolute id), if this document lets it make assertions.
    pub fn assertion_key(&self, method: &str) -> Result<Authorised, NotAuthorised> {
        self.key(method, &self.for_assertions)
    }

    /// The key behind `method`, if this document lets it speak for its subject in presentations.
    pub fn authentication_key(&self, method: &str) -> Result<Authorised, NotAuthorised> {
        self.key(method, &self.for_authentication)
    }

    /// A key that this document keeps without letting it assert anything, because it was revoked by `now`.
    pub fn withdrawn_key(&self, method: &str, now: Timestamp) -> Option<Authorised> {
        let found = self.methods.iter().find(|listed| listed.id == method && listed.controller == self.id)?;
        let revoked = found.revoked.filter(|at| *at <= now)?;
        Some(Authorised { key: found.key.clone().ok()?, expires: found.expires, revoked: Some(revoked) })
    }

    fn key(&self, method: &str, for_purpose: &[String]) -> Result<Authorised, NotAuthorised> {
        let found = self.methods.iter().find(|listed| listed.id == method).ok_or(NotAuthorised::NotListed)?;
        if !for_purpose.contains(&found.id) {
            return Err(NotAuthorised::NotForAssertions);
        }
        if found.controller != self.id {
            return Err(NotAuthorised::OtherController);
        }
        Ok(Authorised { key: found.key.clone()?, expires: found.expires, revoked: found.revoked })
    }
}

fn list<'a>(document: &'a Value, member: &'static str) -> Result<&'a [Value], DocumentError> {
    match document.get(member) {
        None => Ok(&[]),
        Some(Value::Array(entries)) => Ok(entries),
        Some(_) => Err(DocumentError::Malformed(member)),
    }
}

pub(super) fn read_method(method: &Value) -> Result<Method, DocumentError> {
    let text = |member: &'static str, path: &'static str| {
        method.get(member).and_then(Value::as_str).map(str::to_owned).ok_or(DocumentError::Malformed(path))
    };
    let date = |member: &'static str, path: &'static str| match method.get(member) {
        None => Ok(None),
        Some(Value::String(at)) => match DateTime::parse(at.clone()) {
            Ok(at) => Ok(Some(at.at())),
            Err(_) => Err(DocumentError::Malformed(path)),
        },
        Some(_) => Err(DocumentError::Malformed(path)),
    };
    let id = text("id", "verificationMethod.id")?;
    let kind = text("type", "verificationMethod.type")?;
    let key = match kind.as_str() {
        "Multikey" | "Ed25519VerificationKey2020" => {
            let multikey = text("publicKeyMultibase", "verificationMethod.publicKeyMultibase")?;
            match VerifyingKey::from_multikey(&id, &multikey) {
                // the older type is of that one kind
                Ok(key) if kind == "Ed25519VerificationKey2020" && key.ed25519().is_none() => {
                    Err(NotAuthorised::Unsupported(kind))
                }
                Ok(key) => Ok(key),
                Err(KeyError::Multicodec(_)) => Err(NotAuthorised::Unsupported(kind)),
                Err(error) => Err(NotAuthorised::Key(error)),
            }
        }
        "JsonWebKey" | "JsonWebKey2020" => {
            let jwk = method.get("publicKeyJwk").ok_or(DocumentError::Malformed("verificationMethod.publicKeyJwk"))?;
            match jwk::read(&id, jwk) {
                Ok(key) => Ok(key),
                Err(JwkError::Unsupported { kty, crv }) => Err(NotAuthorised::Unsupported(format!("{kty} {crv}"))),
                Err(JwkError::Key(error)) => Err(NotAuthorised::Key(error)),
                Err(error) => return Err(DocumentError::Jwk(id, error)),
            }
        }
        _ => Err(NotAuthorised::Unsupported(kind.chars().take(64).collect())),
    };
    Ok(Method {
        id,
        controller: text("controller", "verificationMethod.controller")?,
        key,
        expires: date("expires", "verificationMethod.expires")?,
        revoked: date("revoked", "verificationMethod.revoked")?,
    })
}

#[cfg(test)]
mod tests;
