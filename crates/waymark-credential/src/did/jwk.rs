//! `did:jwk`: a public key as a JWK, in base64url (did:jwk method §"Create", §"Read"). Its one verification method is `#0`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    jwk::{self, JwkError},
    key::VerifyingKey,
    strict_json::{self, StrictJsonError},
};

/// The fragment of the one key in it.
pub(super) const FRAGMENT: &str = "#0";

/// Why a `did:jwk` names no key that is used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwkDid {
    #[error("the identifier is not base64url without padding")]
    NotBase64,
    #[error(transparent)]
    Json(#[from] StrictJsonError),
    #[error(transparent)]
    Jwk(#[from] JwkError),
}

/// The key in the method-specific part of `did`.
///
/// The text must be the one way of writing its bytes, so that one key has one identifier of this spelling; a JWK written otherwise is another
/// identifier, and another issuer.
pub(super) fn parse(did: &str, specific: &str) -> Result<VerifyingKey, InvalidJwkDid> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(specific).map_err(|_| InvalidJwkDid::NotBase64)?;
    let jwk = strict_json::parse(&bytes, super::MAX_LENGTH)?;
    Ok(jwk::read(&format!("{did}{FRAGMENT}"), &jwk)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        did::{ControllerDocument, Did, InvalidDid},
        key::Algorithm,
    };

    fn did(jwk: &Value) -> String {
        format!("did:jwk:{}", BASE64_URL_SAFE_NO_PAD.encode(jwk.to_string()))
    }

    /// The first example of the method, with P-256.
    const P256: &str = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";

    #[test]
    fn every_kind_of_key_is_read_and_stands_for_itself() {
        let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        let rsa = json!({"kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"});
        for (did, algorithm) in
            [(P256.to_owned(), Algorithm::Es256), (did(&ed25519), Algorithm::EdDsa), (did(&rsa), Algorithm::Rs256)]
        {
            let Ok(Did::Jwk(key)) = Did::parse(&did) else { panic!("{did}: {:?}", Did::parse(&did)) };
            assert_eq!(key.algorithm(), algorithm);
            let document = ControllerDocument::of_itself(&did).unwrap();
            let method = format!("{did}#0");
            assert_eq!(document.assertion_key(&method).unwrap().key, *key);
            assert!(document.authentication_key(&method).is_ok());
            assert!(document.assertion_key(&did).is_err() && document.assertion_key(&format!("{did}#1")).is_err());
        }
    }

    #[test]
    fn what_is_no_public_key_for_signatures_is_refused() {
        let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        let with = |name: &str, value: Value| {
            let mut changed = key.clone();
            changed[name] = value;
            did(&changed)
        };
        for wrong in [
            with("d", json!("AAAA")),
            with("use", json!("enc")),
            with("alg", json!("ES256")),
            with("crv", json!("X25519")),
            did(&json!([])),
            "did:jwk:".to_owned(),
            format!("{P256}="),
            format!("{P256}#0"),
            format!("did:jwk:{}", BASE64_URL_SAFE_NO_PAD.encode(r#"{"kty":"OKP","kty":"EC"}"#)),
        ] {
            assert!(matches!(Did::parse(&wrong), Err(InvalidDid::Jwk(_))), "{wrong}");
            assert!(ControllerDocument::of_itself(&wrong).is_none());
        }
    }
}
