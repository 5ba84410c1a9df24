//! A key that stands by itself at an address, as the older JWT form of Open Badges names it (Open Badges 3.0 §8.2.3): a JWK, a set of
//! them, one verification method, or a whole controlled identifier document.

use serde_json::Value;

use super::{
    ControllerDocument, Did, DocumentError,
    document::{MAX_BYTES, read_method},
};
use crate::{jwk, strict_json};

/// The most keys that are read of one set.
const MAX_KEYS: usize = 64;

/// Whether what stands at `address` can only have been put there by `issuer`: it lies beneath the address that the issuer's identifier
/// is, or stands for. A common host is not enough; many people may write there.
pub fn stands_beneath(address: &str, issuer: &str) -> bool {
    let base = match Did::parse(issuer) {
        Ok(Did::Web(web)) => web.base_url(),
        _ if issuer.starts_with("https://") => issuer.to_owned(),
        _ => return false,
    };
    let base = base.strip_suffix('/').unwrap_or(&base);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%".contains(&byte);
    // a segment that a client would resolve away, or decode, could climb out again
    let stays = |segment: &str| {
        !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(plain) && {
            let lower = segment.to_ascii_lowercase();
            !["%2e", "%2f", "%5c"].iter().any(|escape| lower.contains(escape))
        }
    };
    let beneath = address.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
    !base.contains(['?', '#']) && beneath.is_some_and(|path| path.split('/').all(stays))
}

/// Reads what stands at the address of `method` (an https address, perhaps with a fragment) as the key of `issuer`. That the address is
/// the issuer's is for the caller to know: [`stands_beneath`].
pub fn key_at(bytes: &[u8], method: &str, issuer: &str) -> Result<ControllerDocument, DocumentError> {
    let (address, fragment) = method.split_once('#').map_or((method, None), |(address, name)| (address, Some(name)));
    let document = strict_json::parse(bytes, MAX_BYTES)?;
    let named = |jwk: &Value| {
        let kid = jwk.get("kid").and_then(Value::as_str);
        kid.is_some_and(|kid| kid == method || Some(kid) == fragment)
    };
    let jwk = if document.get("kty").is_some() {
        // without a fragment the address names this one key, whatever it calls itself
        Some(&document).filter(|jwk| fragment.is_none() || named(jwk))
    } else if let Some(keys) = document.get("keys") {
        let keys = keys.as_array().filter(|keys| keys.len() <= MAX_KEYS).ok_or(DocumentError::Malformed("keys"))?;
        match (keys.as_slice(), fragment) {
            ([only], None) => Some(only),
            (keys, _) => {
                let mut found = keys.iter().filter(|jwk| named(jwk));
                found.next().filter(|_| found.next().is_none())
            }
        }
    } else if document.get("id").is_some_and(|id| id == method) && document.get("verificationMethod").is_none() {
        let method = read_method(&document)?;
        return Ok(ControllerDocument::of_one_key(issuer, method));
    } else {
        return ControllerDocument::parse(bytes, address);
    };
    let jwk = jwk.ok_or_else(|| DocumentError::NoSuchKey(method.chars().take(200).collect()))?;
    let key = jwk::read(method, jwk).map_err(|error| DocumentError::Jwk(method.chars().take(200).collect(), error))?;
    Ok(ControllerDocument::of_key(issuer, method, key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::did::NotAuthorised;

    const ISSUER: &str = "https://college.example/issuer";
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn jwk(kid: Option<&str>) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": kid})
    }

    fn finds(document: &Value, method: &str) -> bool {
        key_at(document.to_string().as_bytes(), method, ISSUER)
            .is_ok_and(|document| document.assertion_key(method).is_ok())
    }

    #[test]
    fn only_what_lies_beneath_the_issuers_address_is_the_issuers() {
        for (address, issuer) in [
            ("https://college.example/issuer/keys/1", ISSUER),
            ("https://college.example/issuer/keys/1", "https://college.example/issuer/"),
            ("https://college.example/keys", "https://college.example"),
            ("https://college.example/keys", "did:web:college.example"),
            ("https://college.example/art/keys", "did:web:college.example:art"),
        ] {
            assert!(stands_beneath(address, issuer), "{address}");
        }
        for address in [
            "https://college.example/keys/1",
            "https://college.example/issuer",
            "https://college.example/issuer/",
            "https://college.example/issuer-of-others/keys",
            "https://college.example.evil.example/issuer/keys",
            "https://college.example/issuer/../mallory/key",
            "https://college.example/issuer/%2e%2e/mallory/key",
            "https://college.example/issuer/..%2fmallory/key",
            "https://college.example/issuer/%2E./mallory",
            "https://college.example/issuer/\\..\\mallory",
            "https://college.example/issuer//key",
            "https://college.example/issuer/key?go=elsewhere",
            "http://college.example/issuer/key",
        ] {
            assert!(!stands_beneath(address, ISSUER), "{address}");
        }
        assert!(!stands_beneath("https://a.example/?id=1/key", "https://a.example/?id=1"));
        assert!(!stands_beneath("did:key:z6Mk/x", "did:key:z6Mk"));
    }

    #[test]
    fn a_key_by_itself_and_in_a_set() {
        let (plain, named) = ("https://college.example/issuer/key", "https://college.example/issuer/keys#a");
        assert!(finds(&jwk(None), plain));
        assert!(finds(&jwk(Some("a")), plain));
        assert!(finds(&jwk(Some("a")), named));
        assert!(finds(&jwk(Some(named)), named));
        assert!(!finds(&jwk(Some("b")), named));
        assert!(!finds(&jwk(None), named));
        let set = |keys: Vec<Value>| json!({"keys": keys});
        assert!(finds(&set(vec![jwk(None)]), plain));
        assert!(finds(&set(vec![jwk(Some("a")), jwk(Some("b"))]), named));
        assert!(!finds(&set(vec![jwk(Some("a")), jwk(Some("b"))]), plain), "which of two is not said");
        assert!(!finds(&set(vec![jwk(Some("a")), jwk(Some("a"))]), named), "two of one name");
        assert!(!finds(&set(vec![]), plain));
        assert!(!finds(&set(vec![jwk(Some("a")); MAX_KEYS + 1]), named));
        let mut secret = jwk(Some("a"));
        secret["d"] = json!("AAAA");
        assert!(!finds(&secret, plain));
    }

    #[test]
    fn a_verification_method_and_a_document() {
        let method = "https://college.example/issuer/keys#a";
        let entry = |controller: &str| json!({"id": method, "type": "JsonWebKey", "controller": controller, "publicKeyJwk": jwk(None)});
        assert!(finds(&entry(ISSUER), method));
        let read = |document: Value| key_at(document.to_string().as_bytes(), method, ISSUER);
        let other = read(entry("https://evil.example")).unwrap().assertion_key(method);
        assert_eq!(other, Err(NotAuthorised::OtherController));
        let address = "https://college.example/issuer/keys";
        let document = json!({"id": address, "verificationMethod": [entry(address)], "assertionMethod": [method]});
        assert!(finds(&document, method));
        assert!(matches!(read(json!({"id": "https://evil.example"})), Err(DocumentError::OtherId { .. })));
        assert!(matches!(read(json!([])), Err(DocumentError::Malformed(_))));
    }
}
