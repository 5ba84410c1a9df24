//! The `vc+jwt` form: a compact JWS whose payload is the credential itself (VC-JOSE-COSE §3.1, RFC 7515 §3.1).
//!
//! The algorithm is settled by us, never by the header: only `EdDSA` is checked. A header that brings its own key, a
//! critical extension or a compression is refused before anything is computed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    detail::{Code, Detail},
    input::MAX_DOCUMENT,
    report::Outcome,
    subject::Subject,
};
use crate::{model::DateTime, strict_json};

/// A compact JWS taken apart; nothing in it is believed yet.
pub(super) struct Jwt {
    header: Map<String, Value>,
    pub payload: Value,
    compact: String,
}

/// A JWT whose header is fit for checking, and the key it names.
#[derive(Debug, Clone)]
pub(super) struct JwtSeal {
    pub kid: String,
    pub compact: String,
}

/// Header members that change what is signed, how, or by which key (RFC 7515 §4.1, RFC 7797, RFC 7516).
const REFUSED: [&str; 10] = ["jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "enc", "epk", "p2c"];

impl Jwt {
    /// Three dot-separated parts in base64url letters, the first of them a JSON object.
    pub fn looks_like(text: &[u8]) -> bool {
        text.starts_with(b"eyJ")
            && text.iter().filter(|byte| **byte == b'.').count() == 2
            && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    }

    /// Takes the three parts apart. The error says which part cannot be read.
    pub fn split(text: &[u8]) -> Result<Self, String> {
        let mut parts = text.split(|byte| *byte == b'.');
        let mut part = |name: &str| {
            let part = parts.next().unwrap_or_default();
            BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| format!("the {name} is not base64url"))
        };
        let (header, payload, _) = (part("header")?, part("payload")?, part("signature")?);
        let json = |name: &str, bytes: &[u8]| {
            strict_json::parse(bytes, MAX_DOCUMENT).map_err(|error| format!("the {name} is {error}"))
        };
        let Value::Object(header) = json("header", &header)? else {
            return Err("the header is not a JSON object".into());
        };
        let payload = json("payload", &payload)?;
        let compact = String::from_utf8(text.to_vec()).map_err(|_| "the JWT is not text".to_owned())?;
        Ok(Self { header, payload, compact })
    }

    /// Whether the header is one that is checked here; else the outcome of the proof and why.
    pub fn seal(&self) -> Result<JwtSeal, (Outcome, Detail)> {
        let text = |name: &str| self.header.get(name).and_then(Value::as_str).unwrap_or_default();
        if let Some(name) = REFUSED.into_iter().find(|name| self.header.contains_key(*name)) {
            return Err((Outcome::Failed, Detail::of(Code::JwtHeaderRefused).with("found", name)));
        }
        match text("alg") {
            "EdDSA" => {}
            "ES256" | "ES384" | "ES512" | "ES256K" | "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512"
            | "Ed25519" | "Ed448" => {
                let detail = Detail::of(Code::JwtAlgorithmUnsupported).with("found", text("alg"));
                return Err((Outcome::NotChecked, detail));
            }
            // none, and what signs with a shared secret
            other => return Err((Outcome::Failed, Detail::of(Code::JwtAlgorithmRefused).with("found", other))),
        }
        match self.header.get("typ").map(|typ| typ.as_str()) {
            Some(Some("vc+jwt")) => {}
            // Open Badges' own form says JWT, and VC 1.1 says JWT or nothing
            None | Some(Some("JWT")) => return Err((Outcome::NotChecked, Code::JwtFormUnsupported.into())),
            Some(typ) => {
                let detail = Detail::of(Code::JwtTypeRefused).with("found", typ.unwrap_or("something else"));
                return Err((Outcome::Failed, detail));
            }
        }
        if self.header.get("cty").is_some_and(|cty| cty != "vc") {
            return Err((Outcome::Failed, Detail::of(Code::JwtTypeRefused).with("found", text("cty"))));
        }
        Ok(JwtSeal { kid: text("kid").to_owned(), compact: self.compact.clone() })
    }
}

/// The registered claims that may stand beside the credential's own members (RFC 7519 §4.1).
const REGISTERED: [&str; 6] = ["iss", "sub", "jti", "nbf", "exp", "iat"];

/// The payload's own members and, apart, the registered claims.
pub(super) fn part_claims(payload: &Value) -> (Value, Map<String, Value>) {
    let Value::Object(members) = payload else { return (payload.clone(), Map::new()) };
    let (claims, own) = members.clone().into_iter().partition(|(name, _)| REGISTERED.contains(&name.as_str()));
    (Value::Object(own), claims)
}

/// The first registered claim that does not say what the credential says (VC-JOSE-COSE §3.1.3). A claim of the wrong
/// type contradicts; it does not count as absent.
pub(super) fn contradiction(claims: &Map<String, Value>, subject: &Subject) -> Option<&'static str> {
    let seconds = |at: Option<crate::Timestamp>| at.map(|at| Value::from(at.unix_timestamp()));
    let text = |text: &str| Some(Value::from(text)).filter(|_| !text.is_empty());
    let expected = |name: &str| match name {
        "iss" => text(subject.issuer()),
        "sub" => subject.about().map(Value::from),
        "jti" => text(subject.id()),
        "nbf" => seconds(subject.begins().map(DateTime::at)),
        "exp" => seconds(subject.ends().map(DateTime::at)),
        _ => claims.get(name).filter(|claim| claim.is_i64()).cloned(),
    };
    REGISTERED.into_iter().find(|name| claims.get(*name).is_some_and(|claim| expected(name).as_ref() != Some(claim)))
}
