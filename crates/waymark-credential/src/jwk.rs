//! Ed25519 public keys as JSON Web Keys (RFC 8037 §2), their thumbprints (RFC 7638) and key sets (RFC 7517 §5).
//!
//! Only the public half exists here: a JWK that carries a secret member is refused, never stripped.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Members that hold a secret in any key type (RFC 7518 §6, RFC 8037 §2).
const SECRET: [&str; 8] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

/// Why a JWK is not an Ed25519 public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    #[error("a JWK is a JSON object")]
    NotAnObject,
    #[error("the JWK publishes the secret member {0:?}; treat this key as compromised")]
    Secret(&'static str),
    #[error("key type {kty:?} with curve {crv:?} is not supported; only OKP with Ed25519 is")]
    Unsupported { kty: String, crv: String },
    #[error("x must be the 32 bytes of the key as base64url without padding")]
    Malformed,
    #[error("the JWK is not meant for verifying EdDSA signatures: {0}")]
    OtherUse(&'static str),
}

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

    /// Reads the key's 32 bytes out of a JWK. Unknown public members are left aside (RFC 7517 §4); `kid` is not believed.
    pub fn read(jwk: &Value) -> Result<[u8; 32], JwkError> {
        let jwk = jwk.as_object().ok_or(JwkError::NotAnObject)?;
        if let Some(secret) = SECRET.into_iter().find(|member| jwk.contains_key(*member)) {
            return Err(JwkError::Secret(secret));
        }
        let text = |member: &str| jwk.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        if (jwk.get("kty"), jwk.get("crv")) != (Some(&"OKP".into()), Some(&"Ed25519".into())) {
            return Err(JwkError::Unsupported { kty: text("kty"), crv: text("crv") });
        }
        if jwk.get("use").is_some_and(|usage| usage != "sig") {
            return Err(JwkError::OtherUse("use is not sig"));
        }
        if jwk.get("alg").is_some_and(|alg| alg != "EdDSA" && alg != "Ed25519") {
            return Err(JwkError::OtherUse("alg is not EdDSA"));
        }
        if jwk.get("key_ops").is_some_and(|ops| !ops.as_array().is_some_and(|ops| ops.contains(&"verify".into()))) {
            return Err(JwkError::OtherUse("key_ops does not list verify"));
        }
        let x = jwk.get("x").and_then(Value::as_str).filter(|x| x.len() == 43).ok_or(JwkError::Malformed)?;
        BASE64_URL_SAFE_NO_PAD.decode(x).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(JwkError::Malformed)
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

    /// RFC 8037 appendix A.2 and A.3.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn the_thumbprint_of_the_rfc() {
        let key = Jwk::read(&json!({"kty": "OKP", "crv": "Ed25519", "x": X})).unwrap();
        assert_eq!(thumbprint(&key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let jwk = serde_json::to_value(Jwk::new(&key)).unwrap();
        assert_eq!(
            jwk,
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": thumbprint(&key), "alg": "EdDSA", "use": "sig"})
        );
        assert_eq!(Jwk::read(&jwk), Ok(key));
    }

    #[test]
    fn a_secret_is_refused_by_name() {
        for secret in SECRET {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": X});
            jwk[secret] = json!("AAAA");
            assert_eq!(Jwk::read(&jwk), Err(JwkError::Secret(secret)));
        }
    }

    #[test]
    fn other_keys_and_uses_are_refused() {
        let with = |changes: Value| {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": X});
            jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            Jwk::read(&jwk)
        };
        assert!(matches!(with(json!({"crv": "X25519"})), Err(JwkError::Unsupported { .. })));
        assert!(matches!(with(json!({"kty": "EC"})), Err(JwkError::Unsupported { .. })));
        assert!(matches!(with(json!({"kty": 5})), Err(JwkError::Unsupported { .. })));
        assert!(matches!(with(json!({"use": "enc"})), Err(JwkError::OtherUse(_))));
        assert!(matches!(with(json!({"alg": "HS256"})), Err(JwkError::OtherUse(_))));
        assert!(matches!(with(json!({"key_ops": ["sign"]})), Err(JwkError::OtherUse(_))));
        assert!(with(json!({"key_ops": ["verify"], "kid": "anything", "x-note": 1})).is_ok());
        for x in [json!(""), json!(format!("{X}=")), json!(&X[..42]), json!(7), json!(X.replace('_', "/"))] {
            assert_eq!(with(json!({"x": x})), Err(JwkError::Malformed));
        }
        assert_eq!(Jwk::read(&json!([])), Err(JwkError::NotAnObject));
    }
}
