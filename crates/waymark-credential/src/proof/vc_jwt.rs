//! `application/vc+jwt`: the credential itself as the payload of a compact JWS (VC-JOSE-COSE §3.1.1). We sign with `EdDSA` and
//! nothing else.

use super::data_integrity::ProofError;
use super::jws::CompactJws;
use crate::key::{PublicKey, VerifyingKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

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

/// Whether `key` signed the compact JWS. Claims and whose key it is are for the caller to judge; the header is not: one that names
/// another algorithm than the key's is an error.
pub fn verify(compact: &str, key: &VerifyingKey) -> Result<bool, ProofError> {
    let jws = CompactJws::parse(compact).map_err(|error| ProofError::Jwt(error.to_string()))?;
    jws.is_signed_by(key).map_err(|error| ProofError::Jwt(error.to_string()))
}
