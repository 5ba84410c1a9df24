//! Public keys as JSON Web Keys: our own Ed25519 ones written (RFC 8037 §2), with their thumbprints (RFC 7638) and key sets (RFC 7517
//! §5), and those of others [read](read()).
//!
//! Only the public half exists here: a JWK that carries a secret member is refused, never stripped.

mod read;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
pub use read::{JwkError, read};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// An Ed25519 public key as a JWK, with its thumbprint as `kid`. Serializes to the JSON that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    kid: String,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
}

impl Jwk {
    /// The JWK of a key given by its 32 bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            x: BASE64_URL_SAFE_NO_PAD.encode(key),
            kid: thumbprint(key),
            alg: "EdDSA",
            usage: "sig",
        }
    }

    /// The RFC 7638 thumbprint under which the key is published.
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

/// A JWK Set, in the order given. Serializes to the JSON that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwks {
    pub keys: Vec<Jwk>,
}

/// The SHA-256 thumbprint of a key, base64url without padding (RFC 7638 §3; members of RFC 8037 §2).
pub fn thumbprint(key: &[u8; 32]) -> String {
    let x = BASE64_URL_SAFE_NO_PAD.encode(key);
    let required = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(required))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::key::VerifyingKey;

    /// RFC 8037 appendix A.2 and A.3.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn the_thumbprint_of_the_rfc() {
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": X});
        let VerifyingKey::Ed25519(key) = read("did:web:guild.example#k", &jwk).unwrap() else { panic!("Ed25519") };
        assert_eq!(thumbprint(key.bytes()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let written = serde_json::to_value(Jwk::new(key.bytes())).unwrap();
        assert_eq!(
            written,
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": thumbprint(key.bytes()), "alg": "EdDSA", "use": "sig"})
        );
        assert_eq!(read("did:web:guild.example#k", &written), Ok(VerifyingKey::Ed25519(key)));
    }
}
