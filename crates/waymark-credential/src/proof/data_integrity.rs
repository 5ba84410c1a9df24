//! Embedded proofs (VC-DATA-INTEGRITY §4) of the two Ed25519 suites: transform, hash, check.

use crate::canonical::{CanonicalError, RdfcError, canonical_json, canonical_n_quads_within, canonical_typed, direct};
use crate::key::{PublicKey, Signature};
use crate::model::{
    Contexts, Cryptosuite, DataIntegrityProof, EndorsementCredential, OpenBadgeCredential, StatusListCredential,
};
use crate::work::Work;
use serde::Serialize;
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
    #[error("the proof stands on {0}, and no proof of the document has this id")]
    PreviousMissing(String),
    #[error("the cryptosuite is one for Ed25519, and the key is one for {0}")]
    KeyOfAnotherSuite(&'static str),
    #[error("the proof's @context {0}")]
    Context(&'static str),
}

impl From<CanonicalError> for ProofError {
    fn from(error: CanonicalError) -> Self {
        match error {
            CanonicalError::Rdfc(RdfcError::WorkLimit | RdfcError::SizeLimit) => Self::TooComplex,
            other => Self::Canonical(other),
        }
    }
}

/// Whether `key` made `proof` over `document` (all its proofs set aside). Purpose, dates and whose key it is are for the caller to judge.
pub fn verify(document: &Document<'_>, proof: &DataIntegrityProof, key: &PublicKey) -> Result<bool, ProofError> {
    verify_within(document, proof, key, &mut Work::default())
}

/// The same on the account of `work`.
pub(crate) fn verify_within(
    document: &Document<'_>,
    proof: &DataIntegrityProof,
    key: &PublicKey,
    work: &mut Work,
) -> Result<bool, ProofError> {
    let suite =
        Cryptosuite::of(&proof.cryptosuite).ok_or_else(|| ProofError::UnknownSuite(proof.cryptosuite.clone()))?;
    if proof.previous_proof.is_some() {
        return Err(ProofError::Chained);
    }
    let value = proof.proof_value.as_deref().ok_or(ProofError::NoProofValue)?;
    let signature = Signature::from_multibase(value)?;
    Ok(key.verifies(&hash_data(*document, proof, suite, work)?, &signature))
}

/// The 64 bytes that are signed: the hash of the proof options, then that of the document (VC-DI-EDDSA §3.2.4, §3.3.4).
pub(crate) fn hash_data(
    document: Document<'_>,
    proof: &DataIntegrityProof,
    suite: Cryptosuite,
    work: &mut Work,
) -> Result<[u8; 64], ProofError> {
    let (options, unsecured) = match suite {
        Cryptosuite::EddsaRdfc2022 => {
            // §3.2.5 takes the document's @context; one of the proof's own would be shown and not signed.
            if proof.context.is_some() {
                return Err(ProofError::Context("may not stand in an eddsa-rdfc-2022 proof"));
            }
            let contexts = document.contexts();
            let options = n_quads(proof, contexts, SIGNATURE, work)?;
            let unsecured = match document {
                Document::OpenBadge(credential) => n_quads(credential, contexts, PROOF, work)?,
                Document::Endorsement(credential) => n_quads(credential, contexts, PROOF, work)?,
                Document::StatusList(credential) => n_quads(credential, contexts, PROOF, work)?,
            };
            (options, unsecured)
        }
        Cryptosuite::EddsaJcs2022 => (json(proof, SIGNATURE)?, json_under(document, proof.context)?),
    };
    let mut hashes = [0; 64];
    hashes[..32].copy_from_slice(&Sha256::digest(options));
    hashes[32..].copy_from_slice(&Sha256::digest(unsecured));
    Ok(hashes)
}

const PROOF: &str = "proof";
const SIGNATURE: &str = "proofValue";

/// The canonical N-Quads of `typed` without one member: by the short way, or else by the long one.
fn n_quads(typed: &impl Serialize, contexts: Contexts, without: &str, work: &mut Work) -> Result<String, ProofError> {
    match direct::plain(typed, contexts, without) {
        Some(plain) => {
            let text = plain.n_quads();
            work.bytes += text.len();
            Ok(text)
        }
        None => Ok(canonical_n_quads_within(&Value::Object(members(typed, without)), contexts.urls(), work)?),
    }
}

fn json(typed: &impl Serialize, without: &str) -> Result<String, ProofError> {
    Ok(canonical_typed(typed, without).expect("the closed types hold objects, arrays, texts, numbers and booleans"))
}

/// VC-DI-EDDSA §3.3.2: a stored `@context` must begin the document's and then takes its place.
fn json_under(document: Document<'_>, own: Option<Contexts>) -> Result<String, ProofError> {
    let Some(own) = own.filter(|own| *own != document.contexts()) else {
        return match document {
            Document::OpenBadge(credential) => json(credential, PROOF),
            Document::Endorsement(credential) => json(credential, PROOF),
            Document::StatusList(credential) => json(credential, PROOF),
        };
    };
    if !document.contexts().urls().starts_with(own.urls()) {
        return Err(ProofError::Context("is not how the document's @context begins"));
    }
    let mut unsecured = match document {
        Document::OpenBadge(credential) => members(credential, PROOF),
        Document::Endorsement(credential) => members(credential, PROOF),
        Document::StatusList(credential) => members(credential, PROOF),
    };
    unsecured.insert("@context".into(), own.urls().into());
    Ok(canonical_json(&Value::Object(unsecured)))
}

impl Document<'_> {
    fn contexts(&self) -> Contexts {
        match self {
            Self::OpenBadge(credential) => credential.context,
            Self::Endorsement(credential) => credential.context,
            Self::StatusList(credential) => credential.context,
        }
    }
}

fn members(typed: &impl Serialize, without: &str) -> Map<String, Value> {
    match serde_json::to_value(typed) {
        Ok(Value::Object(mut members)) => {
            members.remove(without);
            members
        }
        _ => unreachable!("the closed types are objects with text for names"),
    }
}
