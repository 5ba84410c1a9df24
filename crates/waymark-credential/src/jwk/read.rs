//! Reading the JWK of somebody else: Ed25519 (RFC 8037 §2), the NIST curves and RSA (RFC 7518 §6.2.1, §6.3.1).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::key::{Algorithm, Curve, KeyError, PublicKey, RsaError, RsaKey, VerifyingKey};

/// Members that hold a secret in any key type (RFC 7518 §6, RFC 8037 §2).
const SECRET: [&str; 8] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

/// The most base64url letters of a number: 8192 bits.
const MAX_NUMBER: usize = 1366;

/// Why a JWK is not a public key that is used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    #[error("a JWK is a JSON object")]
    NotAnObject,
    #[error("the JWK publishes the secret member {0:?}; treat this key as compromised")]
    Secret(&'static str),
    #[error(
        "key type {kty:?} with curve {crv:?} is not supported; OKP with Ed25519, EC with P-256, P-384 or P-521, and RSA are"
    )]
    Unsupported { kty: String, crv: String },
    #[error("{0} must be the bytes of the key as base64url without padding, of the length that its type has")]
    Malformed(&'static str),
    #[error("the JWK is not meant for verifying the signatures of its type: {0}")]
    OtherUse(&'static str),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Rsa(#[from] RsaError),
}

/// Reads the key of a JWK, to be known under the absolute id `method`. Unknown public members are left aside (RFC 7517 §4); `kid` is
/// not believed; `alg`, where it stands, must be the one of the key.
pub fn read(method: &str, jwk: &Value) -> Result<VerifyingKey, JwkError> {
    let jwk = jwk.as_object().ok_or(JwkError::NotAnObject)?;
    if let Some(secret) = SECRET.into_iter().find(|member| jwk.contains_key(*member)) {
        return Err(JwkError::Secret(secret));
    }
    if jwk.get("use").is_some_and(|usage| usage != "sig") {
        return Err(JwkError::OtherUse("use is not sig"));
    }
    if jwk.get("key_ops").is_some_and(|ops| !ops.as_array().is_some_and(|ops| ops.contains(&"verify".into()))) {
        return Err(JwkError::OtherUse("key_ops does not list verify"));
    }
    let name = |member: &str| jwk.get(member).and_then(Value::as_str).unwrap_or_default();
    let key = match (name("kty"), name("crv")) {
        ("OKP", "Ed25519") => VerifyingKey::Ed25519(PublicKey::new(method, bytes::<32>(jwk, "x")?)?),
        ("EC", "P-256") => point(jwk, Curve::P256)?,
        ("EC", "P-384") => point(jwk, Curve::P384)?,
        ("EC", "P-521") => point(jwk, Curve::P521)?,
        ("RSA", "") if !jwk.contains_key("crv") => {
            VerifyingKey::Rsa(RsaKey::new(&number(jwk, "n")?, &number(jwk, "e")?)?)
        }
        (kty, crv) => {
            let shown = |text: &str| text.chars().take(64).collect();
            return Err(JwkError::Unsupported { kty: shown(kty), crv: shown(crv) });
        }
    };
    match jwk.get("alg").map(|alg| alg.as_str().and_then(Algorithm::parse)) {
        None => Ok(key),
        Some(Some(algorithm)) if algorithm == key.algorithm() => Ok(key),
        Some(_) => Err(JwkError::OtherUse("alg is not the one of its type")),
    }
}

/// Both coordinates in full length (RFC 7518 §6.2.1.2), as the uncompressed point of SEC 1.
fn point(jwk: &Map<String, Value>, curve: Curve) -> Result<VerifyingKey, JwkError> {
    let mut point = vec![4];
    for member in ["x", "y"] {
        let coordinate = number(jwk, member)?;
        if coordinate.len() != curve.coordinate() {
            return Err(JwkError::Malformed(member));
        }
        point.extend(coordinate);
    }
    curve.key(&point).map_err(|_| JwkError::Malformed("the point"))
}

fn number(jwk: &Map<String, Value>, member: &'static str) -> Result<Vec<u8>, JwkError> {
    let text = jwk.get(member).and_then(Value::as_str).filter(|text| text.len() <= MAX_NUMBER);
    text.and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok()).ok_or(JwkError::Malformed(member))
}

fn bytes<const N: usize>(jwk: &Map<String, Value>, member: &'static str) -> Result<[u8; N], JwkError> {
    number(jwk, member)?.try_into().map_err(|_| JwkError::Malformed(member))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const METHOD: &str = "did:web:guild.example#k";
    /// RFC 8037 appendix A.2.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn okp() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": X})
    }

    /// RFC 7515 appendix A.3.1.
    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    }

    /// RFC 7515 appendix A.2.1.
    fn rsa() -> Value {
        json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})
    }

    fn with(mut jwk: Value, changes: Value) -> Result<VerifyingKey, JwkError> {
        jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        read(METHOD, &jwk)
    }

    #[test]
    fn the_keys_of_the_standards() {
        for (jwk, algorithm) in [(okp(), Algorithm::EdDsa), (ec(), Algorithm::Es256), (rsa(), Algorithm::Rs256)] {
            assert_eq!(read(METHOD, &jwk).unwrap().algorithm(), algorithm);
            for named in Algorithm::ALL {
                let named_right =
                    with(jwk.clone(), json!({"alg": named.as_str(), "kid": "anything", "x-note": 1})).is_ok();
                assert_eq!(named_right, named == algorithm, "{algorithm:?} as {named:?}");
            }
        }
        assert!(with(okp(), json!({"alg": "Ed25519"})).is_ok());
    }

    #[test]
    fn a_secret_is_refused_by_name() {
        for jwk in [okp(), ec(), rsa()] {
            for secret in SECRET {
                assert_eq!(with(jwk.clone(), json!({secret: "AAAA"})), Err(JwkError::Secret(secret)));
            }
        }
    }

    #[test]
    fn other_keys_and_uses_are_refused() {
        for changes in [json!({"crv": "X25519"}), json!({"kty": "EC"}), json!({"kty": 5}), json!({"kty": "oct"})] {
            assert!(matches!(with(okp(), changes), Err(JwkError::Unsupported { .. })));
        }
        for changes in
            [json!({"crv": "secp256k1"}), json!({"crv": "Ed25519"}), json!({"kty": "OKP"}), json!({"kty": "RSA"})]
        {
            assert!(matches!(with(ec(), changes), Err(JwkError::Unsupported { .. })));
        }
        for jwk in [okp(), ec(), rsa()] {
            for changes in [
                json!({"use": "enc"}),
                json!({"alg": "HS256"}),
                json!({"alg": 1}),
                json!({"key_ops": ["sign"]}),
                json!({"key_ops": "verify"}),
            ] {
                assert!(matches!(with(jwk.clone(), changes), Err(JwkError::OtherUse(_))));
            }
            assert!(with(jwk, json!({"use": "sig", "key_ops": ["verify"]})).is_ok());
        }
        assert_eq!(read(METHOD, &json!([])), Err(JwkError::NotAnObject));
    }

    #[test]
    fn numbers_have_one_spelling_and_the_length_of_their_type() {
        for x in [json!(""), json!(format!("{X}=")), json!(&X[..42]), json!(7), json!(X.replace('_', "/")), json!(null)]
        {
            assert_eq!(with(okp(), json!({"x": x})), Err(JwkError::Malformed("x")));
        }
        let ec_x = ec()["x"].as_str().unwrap().to_owned();
        for x in [json!(format!("AA{ec_x}")), json!(&ec_x[..40]), json!(format!("{ec_x}="))] {
            assert_eq!(with(ec(), json!({"x": x})), Err(JwkError::Malformed("x")));
        }
        assert_eq!(with(ec(), json!({"y": ec_x})), Err(JwkError::Malformed("the point")), "off the curve");
        assert_eq!(with(ec(), json!({"y": null})), Err(JwkError::Malformed("y")));
        assert_eq!(with(ec(), json!({"crv": "P-384"})), Err(JwkError::Malformed("x")));
        let n = rsa()["n"].as_str().unwrap().to_owned();
        assert_eq!(with(rsa(), json!({"n": &n[..168]})), Err(JwkError::Rsa(RsaError::ModulusSize(1008))));
        assert!(matches!(with(rsa(), json!({"e": "AQ"})), Err(JwkError::Rsa(RsaError::Exponent))));
        assert_eq!(with(rsa(), json!({"n": "_".repeat(MAX_NUMBER + 1)})), Err(JwkError::Malformed("n")));
        let mut small_order = [0; 32];
        small_order[0] = 1;
        let x = BASE64_URL_SAFE_NO_PAD.encode(small_order);
        assert_eq!(with(okp(), json!({"x": x})), Err(JwkError::Key(KeyError::Point)));
    }

    /// RFC 7515 appendix A.2 and A.3: the signatures there, and the same with one bit changed.
    #[test]
    fn the_signatures_of_the_standard_hold() {
        let payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        for (jwk, header, signature) in [
            (
                ec(),
                "eyJhbGciOiJFUzI1NiJ9",
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            ),
            (
                rsa(),
                "eyJhbGciOiJSUzI1NiJ9",
                "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
            ),
        ] {
            let key = read(METHOD, &jwk).unwrap();
            let message = format!("{header}.{payload}");
            let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
            assert!(key.verifies(message.as_bytes(), &signature), "{jwk}");
            assert!(!key.verifies(format!("{message}A").as_bytes(), &signature));
            assert!(!key.verifies(message.as_bytes(), &signature[1..]));
            assert!(!key.verifies(message.as_bytes(), &[&[0], &signature[..]].concat()));
            for at in [0, 31, 32, signature.len() - 1] {
                let mut changed = signature.clone();
                changed[at] ^= 1;
                assert!(!key.verifies(message.as_bytes(), &changed), "{at}");
            }
            assert!(!key.verifies(message.as_bytes(), &vec![0; signature.len()]), "r and s of zero prove nothing");
        }
    }
}
