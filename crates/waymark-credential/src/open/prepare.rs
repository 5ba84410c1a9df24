//! From a JSON document of any kind to the bytes to be signed: what a conformance surface issues. Nothing of ours is issued this way.

use serde_json::{Value, json};

use super::{Latitude, OpenDocument, Refused, Role, proofs::hash};
use crate::{
    Timestamp,
    key::PublicKey,
    model::{Cryptosuite, DateTime, Fault, Invalid},
    proof::{Suite, ToBeSigned},
    work::Work,
};

/// What a proof says besides the signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofOptions {
    pub domain: Option<String>,
    pub challenge: Option<String>,
}

/// What `key` must sign for `document`, which keeps every rule of its data model. Its issuer must be the key's controller. The proof is a
/// single object.
///
/// # Errors
/// Every fault of the document, or the context that is not known.
pub fn prepare_open(
    document: &Value,
    suite: Cryptosuite,
    key: &PublicKey,
    created: Timestamp,
    options: &ProofOptions,
) -> Result<ToBeSigned, Invalid> {
    if document.get("proof").is_some() {
        return Err(Invalid::at("/proof", "is there already"));
    }
    let document = OpenDocument::read(document, Role::Credential, Latitude::Full).map_err(|refused| match refused {
        Refused::Shape(faults) => Invalid(faults),
        Refused::Context(url) => Invalid(vec![Fault {
            pointer: "/@context".into(),
            problem: format!("{url} is not a context that is known here"),
        }]),
        Refused::Kind(found) => Invalid::at("/type", format!("{found} is not a kind that is known here")),
        Refused::Mapping(problem) => Invalid::at("", problem),
    })?;
    if document.principal() != Some(key.controller()) {
        return Err(Invalid::at("/issuer", format!("must be {}, who signs here", key.controller())));
    }
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": suite.name(),
        "created": DateTime::seconds(created),
        "verificationMethod": key.verification_method(),
        "proofPurpose": "assertionMethod",
    });
    if suite == Cryptosuite::EddsaJcs2022 {
        proof["@context"] = document.contexts().clone();
    }
    for (name, value) in [("domain", &options.domain), ("challenge", &options.challenge)] {
        if let Some(value) = value {
            proof[name] = json!(value);
        }
    }
    let contexts = document.contexts();
    let message = hash(document.unsecured(), contexts, proof.clone(), suite, &mut Work::default())
        .map_err(|error| Invalid::at("", error.to_string()))?;
    let mut text = document.unsecured().to_string();
    text.truncate(text.len() - 1);
    let proof = proof.to_string();
    // the value of the signature is the last member of the proof, and the proof the last of the document
    text = format!("{text},\"proof\":{},\"proofValue\":\"", &proof[..proof.len() - 1]);
    Ok(ToBeSigned::open(Suite::of(suite), message, text))
}
