//! Documents of any kind: the rules of the data model, proof sets and chains, presentations; and strangers' badges, which are shown.

mod disguised;
mod presentations;
mod proofs;
mod rules;
mod statuses;
mod strangers;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waymark_credential::{
    canonical::canonical_n_quads_open,
    model::Cryptosuite,
    open::{ProofOptions, prepare_open, related_resources},
    verify::{
        CheckId, Code, Expected, MAX_DOCUMENT, Outcome, Policy, PresentationReport, PresentationVerification, Report,
        State, Supply, Unreadable, Want,
    },
    work::Work,
};

use crate::{
    made::{NOW, Party, World, at, guild},
    reference_data,
};

const V1: &str = "https://www.w3.org/2018/credentials/v1";
const V2: &str = "https://www.w3.org/ns/credentials/v2";
const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";
const OB_2: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json";
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

fn issuer() -> Party {
    Party::of_key(7)
}

/// The least that a credential must say.
fn least() -> Value {
    json!({"@context": [V2], "type": ["VerifiableCredential"], "issuer": issuer().id,
        "credentialSubject": {"id": "did:example:subject"}})
}

fn least_v1() -> Value {
    json!({"@context": [V1, DATA_INTEGRITY, {"name": "https://schema.org/name"}], "type": ["VerifiableCredential"], "issuer": issuer().id,
        "issuanceDate": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "did:example:subject", "name": "N"}})
}

/// The document with one member set, or taken away where the value is null.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (place, name) = pointer.rsplit_once('/').unwrap();
    let members = document.pointer_mut(place).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => drop(members.remove(name)),
        value => drop(members.insert(name.into(), value)),
    }
    document
}

fn sign_as(party: &Party, document: &Value, suite: Cryptosuite) -> Result<Value, String> {
    let key = waymark_credential::key::PublicKey::new(party.method.clone(), party.key()).unwrap();
    let prepared = prepare_open(document, suite, &key, at("2026-05-01T00:00:00Z"), &ProofOptions::default())
        .map_err(|invalid| invalid.to_string())?;
    let signature = party.sign(&prepared.bytes);
    Ok(serde_json::from_str(prepared.attach(signature).as_str()).unwrap())
}

fn sign(document: &Value) -> Value {
    sign_as(&issuer(), document, Cryptosuite::EddsaRdfc2022).unwrap()
}

fn judge(document: &Value, policy: &Policy) -> Report {
    World::default().verify(document.to_string().as_bytes(), policy, at(NOW)).unwrap()
}

/// What the first failed check found, or `None` where everything that decides passed.
fn refusal(report: &Report) -> Option<(CheckId, Code)> {
    use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Validity};
    let failed = [Parse, Context, Shape, IssuerKey, Proof, Validity].map(|id| report.check(id));
    let worst = failed.iter().find(|check| check.outcome == Outcome::Failed);
    worst
        .or_else(|| failed.iter().find(|check| check.outcome != Outcome::Passed))
        .map(|check| (check.id, check.detail.code))
}

fn any(document: &Value) -> Option<(CheckId, Code)> {
    refusal(&judge(document, &Policy::vc_api()))
}

/// A further proof by `party` over a signed document, standing on the proofs with these ids.
fn countersign(party: &Party, signed: &Value, options: &Value, grounds: &[usize]) -> Value {
    let mut proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": party.method,
        "proofPurpose": "assertionMethod"});
    proof.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let mut proofs = signed["proof"].as_array().cloned().unwrap_or_else(|| vec![signed["proof"].clone()]);
    let mut document = with(signed.clone(), "/proof", Value::Null);
    if !grounds.is_empty() {
        document["proof"] = grounds.iter().map(|at| proofs[*at].clone()).collect();
    }
    let canonical = |value: &Value| canonical_n_quads_open(value, &signed["@context"]).unwrap();
    let message = [Sha256::digest(canonical(&proof)), Sha256::digest(canonical(&document))].concat();
    proof["proofValue"] = json!(party.sign(&message).multibase());
    proofs.push(proof);
    with(signed.clone(), "/proof", json!(proofs))
}
