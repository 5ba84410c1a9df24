//! Embedded proofs (VC-DATA-INTEGRITY §4) of the two Ed25519 suites: transform, hash, check.

use crate::canonical::{CanonicalError, RdfcError, canonical_json, canonical_n_quads};
use crate::key::{PublicKey, Signature};
use crate::model::{
    Contexts, Cryptosuite, DataIntegrityProof, EndorsementCredential, OpenBadgeCredential, StatusListCredential,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// A document of a closed type, whose proof is made or checked.
#[derive(Debug, Clone, Copy)]
pub enum Document<'a> {
    OpenBadge(&'a OpenBadgeCredential),
    Endorsement(&'a EndorsementCredential),
    StatusList(&'a StatusListCredential),
}

/// Why a proof can be neither right nor wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("telling the nodes of the document apart takes more work than is spent on one document")]
    TooComplex,
    #[error("{0}")]
    Canonical(CanonicalError),
    #[error("the cryptosuite {0:?} is not one that is checked here")]
    UnknownSuite(String),
    #[error("a chained proof (previousProof) is not checked here")]
    Chained,
    #[error("the proof has no proofValue")]
    NoProofValue,
    #[error("proofValue: {0}")]
    ProofValue(#[from] crate::key::KeyError),
    #[error("not a JWS that is checked here: {0}")]
    Jwt(String),
    #[error("the proof's @context {0}")]
    Context(&'static str),
}

impl From<CanonicalError> for ProofError {
    fn from(error: CanonicalError) -> Self {
        match error {
            CanonicalError::Rdfc(RdfcError::WorkLimit) => Self::TooComplex,
            other => Self::Canonical(other),
        }
    }
}

/// Whether `key` made `proof` over `document` (all its proofs set aside). Purpose, dates and whose key it is are for the caller to judge.
pub fn verify(document: &Document<'_>, proof: &DataIntegrityProof, key: &PublicKey) -> Result<bool, ProofError> {
    let suite =
        Cryptosuite::of(&proof.cryptosuite).ok_or_else(|| ProofError::UnknownSuite(proof.cryptosuite.clone()))?;
    if proof.previous_proof.is_some() {
        return Err(ProofError::Chained);
    }
    let value = proof.proof_value.as_deref().ok_or(ProofError::NoProofValue)?;
    let signature = Signature::from_multibase(value)?;
    Ok(key.verifies(&hash_data(*document, proof, suite)?, &signature))
}

/// The 64 bytes that are signed: the hash of the proof options, then that of the document (VC-DI-EDDSA §3.2.4, §3.3.4).
pub(super) fn hash_data(
    document: Document<'_>,
    proof: &DataIntegrityProof,
    suite: Cryptosuite,
) -> Result<[u8; 64], ProofError> {
    let (mut unsecured, contexts) = unsecured(document);
    let mut options = members(proof);
    options.remove("proofValue");
    let (options, document) = match suite {
        Cryptosuite::EddsaRdfc2022 => {
            // §3.2.5 takes the document's @context; one of the proof's own would be shown and not signed.
            if proof.context.is_some() {
                return Err(ProofError::Context("may not stand in an eddsa-rdfc-2022 proof"));
            }
            let canonical = |value| canonical_n_quads(&value, contexts.urls());
            (canonical(Value::Object(options))?, canonical(Value::Object(unsecured))?)
        }
        Cryptosuite::EddsaJcs2022 => {
            // §3.3.2: a stored @context must begin the document's and then takes its place.
            if let Some(own) = proof.context {
                if !contexts.urls().starts_with(own.urls()) {
                    return Err(ProofError::Context("is not how the document's @context begins"));
                }
                unsecured.insert("@context".into(), own.urls().into());
            }
            (canonical_json(&Value::Object(options)), canonical_json(&Value::Object(unsecured)))
        }
    };
    let mut hashes = [0; 64];
    hashes[..32].copy_from_slice(&Sha256::digest(options));
    hashes[32..].copy_from_slice(&Sha256::digest(document));
    Ok(hashes)
}

/// The document without its proofs, and its contexts.
fn unsecured(document: Document<'_>) -> (Map<String, Value>, Contexts) {
    let (mut members, contexts) = match document {
        Document::OpenBadge(credential) => (members(credential), credential.context),
        Document::Endorsement(credential) => (members(credential), credential.context),
        Document::StatusList(credential) => (members(credential), credential.context),
    };
    members.remove("proof");
    (members, contexts)
}

fn members(typed: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(typed) {
        Ok(Value::Object(members)) => members,
        _ => unreachable!("the closed types are objects with text for names"),
    }
}
