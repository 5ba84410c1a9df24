//! `application/vc+jwt`: the credential itself as the payload of a compact JWS (VC-JOSE-COSE §3.1.1), `EdDSA` and nothing else.
//!
//! `jsonwebtoken` runs on a provider of our own, which knows Ed25519 by `verify_strict` and refuses every other algorithm and all
//! signing: no private key comes here. It is installed on first use.

use super::data_integrity::ProofError;
use crate::key::{PublicKey, Signature};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::signature::{Error as SignatureError, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation};
use std::sync::LazyLock;

/// The `typ` of the header.
pub const TYPE: &str = "vc+jwt";

/// `header.payload`: what is signed. `credential` is the JSON text of the credential without an embedded proof.
pub(super) fn signing_input(credential: &str, key: &PublicKey) -> String {
    let header = serde_json::json!({ "alg": "EdDSA", "cty": "vc", "kid": key.verification_method(), "typ": TYPE });
    let mut input = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
    input.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(credential, &mut input);
    input
}

/// Whether `key` signed the compact JWS. Header, claims and whose key it is are for the caller to judge; the algorithm is not: a header
/// that names any but `EdDSA` is an error.
pub fn verify(compact: &str, key: &PublicKey) -> Result<bool, ProofError> {
    static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
        let mut validation = Validation::new(Algorithm::EdDSA);
        // Dates stand in the credential and are judged there, by the caller's clock; there is no audience.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation
    });
    if !install_provider() {
        return Err(ProofError::Jwt("another cryptography provider is installed in this process".into()));
    }
    let decoding = DecodingKey::from_ed_der(key.bytes());
    match jsonwebtoken::decode::<serde::de::IgnoredAny>(compact, &decoding, &VALIDATION) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => Ok(false),
        Err(error) => Err(ProofError::Jwt(error.to_string())),
    }
}

/// Puts our provider in place for the whole process; `false` if there was another before. Whoever else uses `jsonwebtoken` calls
/// this first.
pub fn install_provider() -> bool {
    static OURS: LazyLock<bool> = LazyLock::new(|| PROVIDER.install_default().is_ok());
    *OURS
}

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: no_signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

fn no_signer(_: &Algorithm, _: &EncodingKey) -> JwtResult<Box<dyn JwtSigner>> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> JwtResult<Box<dyn JwtVerifier>> {
    let bytes = key.try_get_as_bytes()?.try_into().map_err(|_| ErrorKind::InvalidKeyFormat)?;
    match (algorithm, PublicKey::did_key(bytes)) {
        (Algorithm::EdDSA, Ok(key)) => Ok(Box::new(Strict(key))),
        (Algorithm::EdDSA, Err(_)) => Err(ErrorKind::InvalidKeyFormat.into()),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

struct Strict(PublicKey);

impl JwtVerifier for Strict {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl Verifier<Vec<u8>> for Strict {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let signature = Signature::from_slice(signature).map_err(|_| SignatureError::new())?;
        if self.0.verifies(message, &signature) { Ok(()) } else { Err(SignatureError::new()) }
    }
}
