//! The check of a fresh signature, by the code that verifies credentials for everybody else.

use waymark_credential::did::ControllerDocument;
use waymark_credential::key::Signature;
use waymark_credential::model::{OneOrMany, StatusListCredential};
use waymark_credential::proof::{self, Document, ToBeSigned};
use waymark_credential::strict_json;
use waymark_credential::verify::{CheckId, Outcome, Policy, Supply, Verification, Want};

use super::Purpose;
use super::identity::Identity;
use crate::clock::Timestamp;

/// No signed document is longer: a status list of a million entries that do not compress.
const LONGEST: usize = 2 * 1024 * 1024;

/// Ok when a verifier would read the document that is to be signed: not too long, strict JSON, known context, closed shape. This is all that can be said of it
/// before there is a signature.
pub fn fits(purpose: Purpose, payload: &ToBeSigned, created: Timestamp) -> Result<(), String> {
    let unsigned = payload.clone().attach(Signature([0; 64]));
    if purpose == Purpose::StatusList {
        return read_list(unsigned.as_str()).map(|_| ());
    }
    let policy = if purpose == Purpose::Conformance { Policy::vc_api() } else { Policy::before_release() };
    let report = Verification::open(unsigned.as_bytes(), &policy, created).map_err(|e| e.to_string())?.report();
    for id in [CheckId::Parse, CheckId::Context, CheckId::Shape] {
        let check = report.check(id);
        if check.outcome != Outcome::Passed {
            return Err(format!("{} {}: {}", id.as_str(), check.outcome.as_str(), check.detail));
        }
    }
    Ok(())
}

/// Ok when the signed text verifies as of the moment of its intent under the issuer's own document; else why it does not.
pub fn check(purpose: Purpose, text: &str, identity: &Identity, created: Timestamp) -> Result<(), String> {
    match purpose {
        Purpose::Credential => credential(text, identity, created),
        Purpose::StatusList => status_list(text, identity),
        Purpose::Conformance => any_kind(text, created),
    }
}

/// A document of any kind under its own `did:key`: its form and its proof. When it begins and ends is its own affair.
fn any_kind(text: &str, created: Timestamp) -> Result<(), String> {
    use CheckId::{Context, IssuerKey, Parse, Proof, Shape};
    let verification = Verification::open(text.as_bytes(), &Policy::vc_api(), created).map_err(|e| e.to_string())?;
    let report = verification.report();
    let failed = [Parse, Context, Shape, Proof, IssuerKey].map(|id| report.check(id));
    match failed.iter().find(|check| check.outcome != Outcome::Passed) {
        None => Ok(()),
        Some(check) => Err(format!("{} {}: {}", check.id.as_str(), check.outcome.as_str(), check.detail)),
    }
}

fn credential(text: &str, identity: &Identity, created: Timestamp) -> Result<(), String> {
    let mut verification =
        Verification::open(text.as_bytes(), &Policy::before_release(), created).map_err(|e| e.to_string())?;
    while let Some(want) = verification.wants().first().cloned() {
        let supply = match &want {
            Want::DidDocument(did) if *did == identity.did => {
                Supply::Found { bytes: identity.document.to_string().into_bytes(), fetched_at: created }
            }
            _ => Supply::NotAsked,
        };
        verification.supply(&want, supply);
    }
    let report = verification.report();
    if report.fit_for_release() {
        return Ok(());
    }
    let failed: Vec<String> =
        report.checks().iter().map(|c| format!("{} {}: {}", c.id.as_str(), c.outcome.as_str(), c.detail)).collect();
    Err(failed.join("; "))
}

fn read_list(text: &str) -> Result<StatusListCredential, String> {
    let value = strict_json::parse(text.as_bytes(), LONGEST).map_err(|e| e.to_string())?;
    let list: StatusListCredential = serde_json::from_value(value.clone()).map_err(|e| e.to_string())?;
    if serde_json::to_value(&list).map_err(|e| e.to_string())? != value {
        return Err("the list holds members that its type does not know".to_owned());
    }
    Ok(list)
}

fn status_list(text: &str, identity: &Identity) -> Result<(), String> {
    let list = read_list(text)?;
    if list.issuer.id().as_str() != identity.did {
        return Err(format!("the list names {} as its issuer, not {}", list.issuer.id(), identity.did));
    }
    let document = ControllerDocument::parse(identity.document.to_string().as_bytes(), &identity.did)
        .map_err(|e| e.to_string())?;
    let proofs = list.proof.as_ref().map(OneOrMany::as_slice).unwrap_or_default();
    let [proof] = proofs else { return Err(format!("the list has {} proofs", proofs.len())) };
    let key = document.assertion_key(proof.verification_method.as_str()).map_err(|e| e.to_string())?;
    if key.expires.is_some() || key.revoked.is_some() {
        return Err("the list is signed by a key that is no longer used".to_owned());
    }
    match proof::verify(
        &Document::StatusList(&list),
        proof,
        key.key.ed25519().ok_or("the list is signed by a key that is not Ed25519")?,
    ) {
        Ok(true) => Ok(()),
        Ok(false) => Err("the signature does not fit the list".to_owned()),
        Err(e) => Err(e.to_string()),
    }
}
