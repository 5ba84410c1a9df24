//! Public keys as JSON Web Keys: our own Ed25519 ones written (RFC 8037 §2), with their thumbprints (RFC 7638) and key sets (RFC 7517
//! §5), and those of others [read](read()).
//!
//! Only the public half exists here: a JWK that carries a secret member is refused, never stripped.

mod read;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
pub use read::{JwkError, read};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::key::VerifyingKey;

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

/// The same of a key of any kind that is read here: the members that RFC 7638 §3.2 names, in their order, without white space.
pub fn key_thumbprint(key: &VerifyingKey) -> String {
    let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let on_curve = |curve: &str, point: &[u8]| {
        // an uncompressed point of SEC 1: 4, then both coordinates in full length
        let (x, y) = point[1..].split_at((point.len() - 1) / 2);
        format!(r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#, text(x), text(y))
    };
    let required = match key {
        VerifyingKey::Ed25519(key) => return thumbprint(key.bytes()),
        VerifyingKey::P256(key) => on_curve("P-256", key.to_sec1_point(false).as_bytes()),
        VerifyingKey::P384(key) => on_curve("P-384", key.to_sec1_point(false).as_bytes()),
        VerifyingKey::P521(key) => on_curve("P-521", key.to_sec1_point(false).as_bytes()),
        VerifyingKey::Rsa(key) => {
            let exponent = key.exponent().to_be_bytes();
            let from = exponent.iter().position(|byte| *byte != 0).unwrap_or_default();
            format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(&exponent[from..]), text(key.modulus()))
        }
    };
    text(&Sha256::digest(required))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    #[test]
    fn the_thumbprints_of_other_kinds() {
        // RFC 7638 §3.1
        let rsa = json!({"kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"});
        let read_key = |jwk| read("did:web:guild.example#k", &jwk).unwrap();
        assert_eq!(key_thumbprint(&read_key(rsa)), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        // RFC 7515 appendix A.3.1, by its members written down
        let (x, y) = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let required = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let expected = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(required));
        assert_eq!(key_thumbprint(&read_key(json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}))), expected);
    }
}
