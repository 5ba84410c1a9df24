//! A verification method with its secret half, as the suite hands it over: `JsonWebKey` with `publicKeyJwk` and `secretKeyJwk`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ecdsa::signature::Signer as _;
use serde_json::Value;
use waymark_credential::{jwk, key::VerifyingKey, strict_json};

pub struct Method {
    pub id: String,
    pub key: VerifyingKey,
    names: Vec<String>,
    secret: Option<Vec<u8>>,
}

impl Method {
    /// Reads the method; of `secretKeyJwk` only `d` is looked at.
    pub fn read(text: &str) -> Result<Self, String> {
        let method = strict_json::parse(text.as_bytes(), 64 * 1024).map_err(|error| error.to_string())?;
        let member = |name: &str| method.get(name).and_then(Value::as_str).ok_or(format!("{name} is missing"));
        if member("type")? != "JsonWebKey" {
            return Err("type is not JsonWebKey (VC-JOSE-COSE §4.2)".into());
        }
        let id = member("id")?.to_owned();
        if id.split('#').next() != Some(member("controller")?) {
            return Err("id does not begin with the controller".into());
        }
        let public = method.get("publicKeyJwk").ok_or("publicKeyJwk is missing")?;
        let key = jwk::read(&id, public).map_err(|error| error.to_string())?;
        let mut names = vec![id.clone()];
        names.extend(public.get("kid").and_then(Value::as_str).map(str::to_owned));
        let secret = match method.get("secretKeyJwk").and_then(|secret| secret.get("d")) {
            None => None,
            Some(d) => {
                let d = d.as_str().and_then(|d| BASE64_URL_SAFE_NO_PAD.decode(d).ok());
                Some(d.ok_or("secretKeyJwk.d is not base64url")?)
            }
        };
        Ok(Self { id, key, names, secret })
    }

    /// Whether `kid` names this method: by its id, or by the name that its JWK has.
    pub fn is_called(&self, kid: &str) -> bool {
        self.names.iter().any(|name| name == kid)
    }

    /// Signs, and refuses to have signed with a secret that is not the public key's.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let secret = self.secret.as_deref().ok_or("secretKeyJwk is missing")?;
        let no_key = |_| "secretKeyJwk.d is not a key of its type".to_owned();
        let signature = match &self.key {
            VerifyingKey::Ed25519(_) => {
                let secret = secret.try_into().map_err(|_| "secretKeyJwk.d has not 32 bytes".to_owned())?;
                ed25519_dalek::SigningKey::from_bytes(&secret).sign(message).to_bytes().to_vec()
            }
            VerifyingKey::P256(_) => {
                let key = p256::ecdsa::SigningKey::from_slice(secret).map_err(no_key)?;
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            VerifyingKey::P384(_) => {
                let key = p384::ecdsa::SigningKey::from_slice(secret).map_err(no_key)?;
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            VerifyingKey::P521(_) => {
                let key = p521::ecdsa::SigningKey::from_slice(secret).map_err(no_key)?;
                let signature: p521::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            VerifyingKey::Rsa(_) => return Err("RSA keys do not sign here".into()),
        };
        match self.key.verifies(message, &signature) {
            true => Ok(signature),
            false => Err("secretKeyJwk is not the secret half of publicKeyJwk".into()),
        }
    }
}
