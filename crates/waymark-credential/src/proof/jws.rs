//! Compact JWS (RFC 7515 §7.1), read strictly: every part in the one base64url spelling it has, a header without doubles, and nothing
//! in the header that would change what is signed, how, or by which key.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{
    key::{Algorithm, VerifyingKey},
    strict_json,
};

/// The most bytes of a header.
const MAX_HEADER: usize = 16 * 1024;

/// Header members that change what is signed, how, or by which key (RFC 7515 §4.1, RFC 7797, RFC 7516). `jwk` is the caller's to refuse:
/// one old form has it, where it may name a key but never vouch for it.
const REFUSED: [&str; 9] = ["jku", "x5c", "x5u", "crit", "b64", "zip", "enc", "epk", "p2c"];

/// Algorithms that are sound but not checked here (RFC 7518 §3.1, RFC 8812 §3.2, RFC 8037 §3.1).
const UNSUPPORTED: [&str; 7] = ["ES256K", "RS384", "RS512", "PS256", "PS384", "PS512", "Ed448"];

/// Why a text is not a compact JWS, or not one that is checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    #[error("a compact JWS has three parts with a dot between them")]
    NotThreeParts,
    #[error("the {0} is not base64url")]
    Encoding(&'static str),
    #[error("the header is {0}")]
    Header(String),
    #[error("the header names {0}, which is refused")]
    Refused(&'static str),
    #[error("the algorithm {0} proves nothing to others")]
    NoSignature(String),
    #[error("the algorithm {0} is not supported here")]
    Unsupported(String),
    #[error("the header says {header}, but the key is one for {key}")]
    OtherAlgorithm { header: &'static str, key: &'static str },
}

/// A compact JWS taken apart; nothing in it is believed yet.
#[derive(Debug, Clone)]
pub struct CompactJws<'a> {
    header: Map<String, Value>,
    payload: Vec<u8>,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// Takes the parts apart.
    pub fn parse(compact: &'a str) -> Result<Self, JwsError> {
        let (signed, signature) = compact.rsplit_once('.').ok_or(JwsError::NotThreeParts)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::NotThreeParts)?;
        if payload.contains('.') {
            return Err(JwsError::NotThreeParts);
        }
        let decode = |part: &str, name| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Encoding(name));
        let header = decode(header, "header")?;
        let (payload, signature) = (decode(payload, "payload")?, decode(signature, "signature")?);
        match strict_json::parse(&header, MAX_HEADER) {
            Ok(Value::Object(header)) => Ok(Self { header, payload, signed, signature }),
            Ok(_) => Err(JwsError::Header("not a JSON object".into())),
            Err(error) => Err(JwsError::Header(error.to_string())),
        }
    }

    /// The header, of which only what is asked for by name is looked at.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The signed bytes of the payload, decoded.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The algorithm that the header names, if the header is one that is checked here.
    pub fn algorithm(&self) -> Result<Algorithm, JwsError> {
        if let Some(name) = REFUSED.into_iter().find(|name| self.header.contains_key(*name)) {
            return Err(JwsError::Refused(name));
        }
        let name = self.header.get("alg").and_then(Value::as_str).unwrap_or_default();
        let shown = || name.chars().take(64).collect();
        match Algorithm::parse(name) {
            Some(algorithm) => Ok(algorithm),
            None if UNSUPPORTED.contains(&name) => Err(JwsError::Unsupported(shown())),
            // none, and what signs with a shared secret
            None => Err(JwsError::NoSignature(shown())),
        }
    }

    /// Whether `key` made the signature. The key has one algorithm; a header that names another is an error, not a choice.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> Result<bool, JwsError> {
        let algorithm = self.algorithm()?;
        if algorithm != key.algorithm() {
            return Err(JwsError::OtherAlgorithm { header: algorithm.as_str(), key: key.algorithm().as_str() });
        }
        Ok(key.verifies(self.signed.as_bytes(), &self.signature))
    }
}
