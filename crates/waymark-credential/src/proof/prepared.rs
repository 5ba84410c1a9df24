//! From a complete document to the bytes to be signed, and from a signature to the signed document.

use super::data_integrity::{Document, hash_data};
use super::{Suite, vc_jwt};
use crate::Timestamp;
use crate::key::{PublicKey, Signature};
use crate::model::{
    Credential, Cryptosuite, DataIntegrityProof, DateTime, EndorsementCredential, Invalid, Iri, Is,
    StatusListCredential,
};
use crate::work::Work;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What a key must sign, and the document that waits for the signature. Suite, bytes and payload can be stored and restored, so that a
/// crash between intent and signature resumes from the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToBeSigned {
    /// The message for Ed25519: 64 bytes of hashes for embedded proofs, `header.payload` for a JWT.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub payload_hash: [u8; 32],
    suite: Suite,
    /// Embedded: the JSON text up to the place of the signature. JWT: `header.payload`.
    payload: String,
}

/// A signed document: JSON text with its proof, or a compact JWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBytes {
    suite: Suite,
    text: String,
}

impl SignedBytes {
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn into_string(self) -> String {
        self.text
    }

    pub fn suite(&self) -> Suite {
        self.suite
    }
}

/// How the JSON text goes on after the signature: `proofValue` is the last member of the only proof, the proof the last of the document.
const AFTER_SIGNATURE: &str = "\"}]}";
/// Of these, what belongs to the proof itself.
const AFTER_PROOF_VALUE: &str = "\"}";
/// The same where the proof stands alone, outside an array.
const AFTER_SINGLE: &str = "\"}}";

impl ToBeSigned {
    fn new(suite: Suite, bytes: Vec<u8>, payload: String) -> Self {
        Self { payload_hash: Sha256::digest(&bytes).into(), bytes, suite, payload }
    }

    /// For a document of any kind, whose proof stands alone.
    pub(crate) fn open(suite: Suite, message: [u8; 64], text: String) -> Self {
        Self::new(suite, message.to_vec(), text)
    }

    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The document as far as it goes before the signature; with `bytes` and the suite all there is to store.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// From what was stored.
    pub fn restore(suite: Suite, bytes: Vec<u8>, payload: String) -> Self {
        Self::new(suite, bytes, payload)
    }

    /// The signed document. Whether the signature is right is for the verifier to say, before anything is released.
    #[must_use]
    pub fn attach(self, signature: Signature) -> SignedBytes {
        let mut text = self.payload;
        match self.suite {
            Suite::EddsaRdfc2022 | Suite::EddsaJcs2022 => {
                // The last of these is our own: inside a text the quotes would be escaped.
                let single = text.rfind("\"proof\":").is_some_and(|at| text[at..].starts_with("\"proof\":{"));
                text.push_str(&signature.multibase());
                text.push_str(if single { AFTER_SINGLE } else { AFTER_SIGNATURE });
            }
            Suite::VcJwt => {
                text.push('.');
                BASE64_URL_SAFE_NO_PAD.encode_string(signature.0, &mut text);
            }
        }
        SignedBytes { suite: self.suite, text }
    }
}

/// What `key` must sign for `credential`. `created` is the time of intent and equals `validFrom`; `key` is controlled by the issuer.
pub fn prepare(
    credential: &Credential,
    suite: Suite,
    key: &PublicKey,
    created: Timestamp,
) -> Result<ToBeSigned, Invalid> {
    let document = credential.document();
    let created = DateTime::seconds(created);
    if created != document.valid_from {
        return Err(Invalid::at(
            "/validFrom",
            format!("{} is not the time of signing, {}", document.valid_from.as_str(), created.as_str()),
        ));
    }
    issued_by(document.issuer.id(), key)?;
    match proof(suite, key, created, document.context)? {
        None => jwt(document, key),
        Some((cryptosuite, proof)) => {
            let bytes = hash_data(Document::OpenBadge(document), &proof, cryptosuite, &mut Work::default());
            embedded(suite, bytes, document, proof)
        }
    }
}

/// The same for a status list.
pub fn prepare_status_list(
    list: &StatusListCredential,
    suite: Suite,
    key: &PublicKey,
    created: Timestamp,
) -> Result<ToBeSigned, Invalid> {
    issued_by(list.issuer.id(), key)?;
    let unsigned = StatusListCredential { proof: None, ..list.clone() };
    match proof(suite, key, DateTime::seconds(created), list.context)? {
        None => jwt(&unsigned, key),
        Some((cryptosuite, proof)) => {
            let bytes = hash_data(Document::StatusList(&unsigned), &proof, cryptosuite, &mut Work::default());
            embedded(suite, bytes, &unsigned, proof)
        }
    }
}

/// The same for an endorsement.
pub fn prepare_endorsement(
    endorsement: &EndorsementCredential,
    suite: Suite,
    key: &PublicKey,
    created: Timestamp,
) -> Result<ToBeSigned, Invalid> {
    issued_by(endorsement.issuer.id(), key)?;
    let unsigned = EndorsementCredential { proof: None, ..endorsement.clone() };
    match proof(suite, key, DateTime::seconds(created), endorsement.context)? {
        None => jwt(&unsigned, key),
        Some((cryptosuite, proof)) => {
            let bytes = hash_data(Document::Endorsement(&unsigned), &proof, cryptosuite, &mut Work::default());
            embedded(suite, bytes, &unsigned, proof)
        }
    }
}

/// A verifier looks the key up in the issuer's document: another's key would never be found there.
fn issued_by(issuer: &Iri, key: &PublicKey) -> Result<(), Invalid> {
    if issuer.as_str() == key.controller() {
        return Ok(());
    }
    Err(Invalid::at("/issuer/id", format!("{issuer} does not control the signing key {}", key.verification_method())))
}

/// The proof without its signature, or `None` for a JWT.
fn proof(
    suite: Suite,
    key: &PublicKey,
    created: DateTime,
    contexts: crate::model::Contexts,
) -> Result<Option<(Cryptosuite, DataIntegrityProof)>, Invalid> {
    let (cryptosuite, context) = match suite {
        Suite::EddsaRdfc2022 => (Cryptosuite::EddsaRdfc2022, None),
        Suite::EddsaJcs2022 => (Cryptosuite::EddsaJcs2022, Some(contexts)),
        Suite::VcJwt => return Ok(None),
    };
    let verification_method = Iri::parse(key.verification_method())
        .map_err(|error| Invalid::at("/proof/0/verificationMethod", error.to_string()))?;
    let proof = DataIntegrityProof {
        context,
        id: None,
        kind: Is::default(),
        cryptosuite: cryptosuite.name().into(),
        created: Some(created),
        expires: None,
        verification_method,
        proof_purpose: "assertionMethod".into(),
        domain: None,
        challenge: None,
        nonce: None,
        previous_proof: None,
        proof_value: None,
    };
    Ok(Some((cryptosuite, proof)))
}

/// The JSON text of `unsigned`, which has no proof, with `proof` as its last member, up to the place of the signature.
fn embedded(
    suite: Suite,
    bytes: Result<[u8; 64], super::ProofError>,
    unsigned: &impl Serialize,
    proof: DataIntegrityProof,
) -> Result<ToBeSigned, Invalid> {
    let bytes = bytes.map_err(|error| Invalid::at("", error.to_string()))?;
    let proof = json(&DataIntegrityProof { proof_value: Some(String::new()), ..proof })?;
    let mut text = json(unsigned)?;
    // Room for the signature and what follows it: the text is not copied again.
    text.reserve(proof.len() + 112);
    assert_eq!(text.pop(), Some('}'), "the closed types are objects");
    text.push_str(",\"proof\":[");
    text.push_str(proof.strip_suffix(AFTER_PROOF_VALUE).expect("proofValue is the last member of a proof"));
    Ok(ToBeSigned::new(suite, bytes.to_vec(), text))
}

fn jwt(document: &impl Serialize, key: &PublicKey) -> Result<ToBeSigned, Invalid> {
    let input = vc_jwt::signing_input(&json(document)?, key);
    Ok(ToBeSigned::new(Suite::VcJwt, input.clone().into_bytes(), input))
}

fn json(document: &impl Serialize) -> Result<String, Invalid> {
    serde_json::to_string(document).map_err(|error| Invalid::at("", error.to_string()))
}
