//! The embedded proofs of a document of any kind: read as JSON, hashed with the proofs they stand on (VC-DATA-INTEGRITY §4.3, §4.4).

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    OpenDocument,
    members::{each, proof_date},
};
use crate::{
    Timestamp,
    canonical::{canonical_json, canonical_n_quads_open_within},
    model::{Cryptosuite, DateTime, Fault, is_absolute_iri},
    proof::ProofError,
    work::Work,
};

/// One Data Integrity proof whose members have the form that the specification gives them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OpenProof {
    members: Map<String, Value>,
    pub id: Option<String>,
    pub cryptosuite: String,
    pub created: Option<DateTime>,
    pub expires: Option<DateTime>,
    pub method: String,
    pub purpose: String,
    pub domains: Vec<String>,
    pub challenge: Option<String>,
    pub signature: String,
    previous: Vec<String>,
}

/// All proofs of the document, or what is wrong with their form (VC-DATA-INTEGRITY §2.1).
pub(crate) fn proofs(document: &Value) -> Result<Vec<OpenProof>, Fault> {
    let listed = each(document.get("proof"));
    listed.iter().enumerate().map(|(at, proof)| read(proof, &format!("/proof/{at}"))).collect()
}

fn read(proof: &Value, place: &str) -> Result<OpenProof, Fault> {
    let fault = |name: &str, problem: &str| Fault { pointer: format!("{place}/{name}"), problem: problem.into() };
    let Some(members) = proof.as_object() else {
        return Err(Fault { pointer: place.into(), problem: "must be an object".into() });
    };
    let text = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(fault(name, "must be a text")),
    };
    let required = |name: &str| text(name)?.ok_or_else(|| fault(name, "must be there"));
    let texts = |name: &str| {
        let values = each(members.get(name)).iter();
        let read: Option<Vec<String>> = values.map(|value| value.as_str().map(str::to_owned)).collect();
        read.ok_or_else(|| fault(name, "must be a text or texts"))
    };
    let moment = |name: &str| {
        let Some(written) = text(name)? else { return Ok(None) };
        let at: Timestamp = proof_date(&written).ok_or_else(|| fault(name, "must be a date and time"))?;
        // as it was written where it could be, so that it is shown so
        Ok(Some(DateTime::parse(written).unwrap_or_else(|_| DateTime::seconds(at))))
    };
    let kind = required("type")?;
    if kind != "DataIntegrityProof" {
        return Err(fault("type", "must be DataIntegrityProof"));
    }
    let id = text("id")?;
    if id.as_deref().is_some_and(|id| !is_absolute_iri(id)) {
        return Err(fault("id", "must be a URL"));
    }
    let method = required("verificationMethod")?;
    if !is_absolute_iri(&method) {
        return Err(fault("verificationMethod", "must be a URL"));
    }
    Ok(OpenProof {
        id,
        cryptosuite: required("cryptosuite")?,
        created: moment("created")?,
        expires: moment("expires")?,
        method,
        purpose: required("proofPurpose")?,
        domains: texts("domain")?,
        challenge: text("challenge")?,
        signature: required("proofValue")?,
        previous: texts("previousProof")?,
        members: members.clone(),
    })
}

impl OpenProof {
    /// The suite, where it is one of ours.
    pub fn suite(&self) -> Option<Cryptosuite> {
        Cryptosuite::of(&self.cryptosuite)
    }

    /// The proofs it stands on, as they are written in the document.
    fn grounds(&self, all: &[Self]) -> Result<Vec<Value>, ProofError> {
        let find = |wanted: &String| {
            let found = all.iter().find(|proof| proof.id.as_ref() == Some(wanted));
            found.ok_or_else(|| ProofError::PreviousMissing(wanted.clone()))
        };
        self.previous.iter().map(|wanted| Ok(Value::Object(find(wanted)?.members.clone()))).collect()
    }
}

/// What `proof` signs: the hash of its options, then that of the document with the proofs it stands on.
pub(crate) fn hash_open(
    document: &OpenDocument,
    proof: &OpenProof,
    all: &[OpenProof],
    suite: Cryptosuite,
    work: &mut Work,
) -> Result<[u8; 64], ProofError> {
    let mut options = proof.members.clone();
    options.remove("proofValue");
    let mut unsecured = document.unsecured();
    let grounds = proof.grounds(all)?;
    if !grounds.is_empty() {
        unsecured["proof"] = Value::Array(grounds);
    }
    hash(unsecured, document.contexts(), Value::Object(options), suite, work)
}

/// The 64 bytes for a document without its proof and a proof without its value (VC-DI-EDDSA §3.2.4, §3.3.4).
pub(super) fn hash(
    mut unsecured: Value,
    contexts: &Value,
    options: Value,
    suite: Cryptosuite,
    work: &mut Work,
) -> Result<[u8; 64], ProofError> {
    let (options, document) = match suite {
        Cryptosuite::EddsaRdfc2022 => {
            if options.get("@context").is_some() {
                return Err(ProofError::Context("may not stand in an eddsa-rdfc-2022 proof"));
            }
            let options = canonical_n_quads_open_within(&options, contexts, work)?;
            (options, canonical_n_quads_open_within(&unsecured, contexts, work)?)
        }
        Cryptosuite::EddsaJcs2022 => {
            // §3.3.2: a stored @context must begin the document's and then takes its place.
            if let Some(own) = options.get("@context") {
                if !each(Some(contexts)).starts_with(each(Some(own))) {
                    return Err(ProofError::Context("is not how the document's @context begins"));
                }
                unsecured["@context"] = own.clone();
            }
            (canonical_json(&options), canonical_json(&unsecured))
        }
    };
    let mut hashes = [0; 64];
    hashes[..32].copy_from_slice(&Sha256::digest(options));
    hashes[32..].copy_from_slice(&Sha256::digest(document));
    Ok(hashes)
}
