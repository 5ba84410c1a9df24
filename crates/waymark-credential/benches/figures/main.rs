//! The figures of the credential core, side by side: against the bare signature in this process, and against `@digitalbazaar/vc` in a Node.js
//! process of the same run (its versions are those of `tests/interop/package-lock.json`; run `npm ci` there first).
//!
//! `cargo bench -p waymark-credential --bench figures`; CPU time, not wall time. `-- --only NAME` runs one work for a profiler.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program that prints figures, or stops")]

mod clock;
mod documents;
mod peers;

use clock::{Work, interleave};
use documents::{Issuer, LIST, NOW, bits, draft};
use ed25519_dalek::Signer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use waymark_credential::canonical::{canonical_n_quads, canonical_n_quads_open};
use waymark_credential::contexts::EXAMPLES_V2;
use waymark_credential::did::ControllerDocument;
use waymark_credential::key::Signature;
use waymark_credential::model::Credential;
use waymark_credential::proof::{Suite, prepare};
use waymark_credential::verify::{CheckId, Outcome, Policy, ProvedList, Supply, Verification, Want};

fn main() {
    let only = std::env::args().skip_while(|argument| argument != "--only").nth(1);
    let (issuer, by_key) = (Issuer::web(), Issuer::of_key());
    let (message, signature) = ([0x5a; 64], issuer.signing.sign(&[0x5a; 64]));
    let verifying = issuer.signing.verifying_key();
    let credential = draft(&issuer).complete().unwrap();
    let issue = |suite| issuer.sign(prepare(&credential, suite, &issuer.key, NOW).unwrap());
    let ready = draft(&issuer);
    let document = Arc::new(ControllerDocument::parse(&issuer.document(), issuer.key.controller()).unwrap());
    let list = Arc::new(ProvedList::new(&issuer.list(), LIST, issuer.key.controller(), &document, NOW, NOW).unwrap());
    let signed = issue(Suite::EddsaRdfc2022).into_string();
    let (by_json, as_jwt) = (issue(Suite::EddsaJcs2022).into_string(), issue(Suite::VcJwt).into_string());
    let judge = |signed: &str, policy: &Policy| {
        let mut verification = Verification::open(signed.as_bytes(), policy, NOW).unwrap();
        while let Some(want) = verification.wants().first().cloned() {
            let supply = match &want {
                Want::StatusList(_) => Supply::List(Arc::clone(&list)),
                _ => Supply::Document(Arc::clone(&document)),
            };
            verification.supply(&want, supply);
        }
        let report = verification.report();
        assert_eq!(report.check(CheckId::Proof).outcome, Outcome::Passed, "{:?}", report.checks());
        report
    };
    let third_party = third_party(&credential, &issuer);
    let listed = bits();

    let mut works = vec![
        Work::new("sign", || issuer.signing.sign(&message)),
        Work::new("verify_strict", || verifying.verify_strict(&message, &signature).unwrap()),
        Work::new("issue-rdfc", || issue(Suite::EddsaRdfc2022)),
        Work::new("issue-jcs", || issue(Suite::EddsaJcs2022)),
        Work::new("issue-jwt", || issue(Suite::VcJwt)),
        Work::new("complete", || ready.clone().complete().unwrap()),
        Work::new("verify-rdfc", || judge(&signed, &Policy::product())),
        Work::new("verify-jcs", || judge(&by_json, &Policy::product())),
        Work::new("verify-jwt", || judge(&as_jwt, &Policy::product())),
        Work::new("flip", || {
            let mut flipped = listed.clone();
            flipped.set(94_568).unwrap();
            issuer.sign_list(&flipped)
        }),
        Work::new("full-processor", || judge(&third_party, &Policy::vc_api())),
    ];
    if let Some(only) = only {
        let work = works.iter_mut().filter(|work| work.name == only);
        return work.for_each(|work| interleave(std::slice::from_mut(work), 20, Duration::from_millis(100)));
    }
    let rounds = 15;
    interleave(&mut works, rounds, Duration::from_millis(60));
    let unsigned: Value = serde_json::to_value(draft(&by_key).complete().unwrap().document()).unwrap();
    let peers = peers::measure(&unsigned);
    interleave(&mut works, rounds, Duration::from_millis(60));

    let nanos = |name: &str| works.iter().find(|work| work.name == name).unwrap().best;
    let quads = canonical_n_quads(&unsigned, waymark_credential::model::Contexts::OpenBadges.urls()).unwrap();
    println!("one credential: {} bytes signed, {} quads of {} bytes", signed.len(), quads.lines().count(), quads.len());
    println!("{:<44}{:>9}{:>12}{:>8}{:>7}", "CPU time, least of the rounds", "µs", "per second", "ratio", "must");
    let row = |what: &str, nanos: f64, ratio: Option<(f64, &str)>| {
        let (ratio, must) = ratio.map_or((String::new(), ""), |(ratio, must)| (format!("{ratio:.2}"), must));
        println!("{what:<44}{:>9.1}{:>12.0}{ratio:>8}{must:>7}", nanos / 1e3, 1e9 / nanos);
    };
    let (sign, strict) = (nanos("sign"), nanos("verify_strict"));
    row("ed25519-dalek sign, 64 bytes", sign, None);
    row("issue eddsa-rdfc-2022", nanos("issue-rdfc"), Some((sign / nanos("issue-rdfc"), "0.45")));
    row("issue eddsa-jcs-2022", nanos("issue-jcs"), Some((sign / nanos("issue-jcs"), "0.65")));
    row("issue vc+jwt", nanos("issue-jwt"), Some((sign / nanos("issue-jwt"), "0.45")));
    row("beside that: every rule for a new draft", nanos("complete"), None);
    row("ed25519-dalek verify_strict, 64 bytes", strict, None);
    row("verify eddsa-rdfc-2022, bytes to report", nanos("verify-rdfc"), Some((strict / nanos("verify-rdfc"), "0.40")));
    row("verify eddsa-jcs-2022", nanos("verify-jcs"), Some((strict / nanos("verify-jcs"), "")));
    row("verify vc+jwt", nanos("verify-jwt"), Some((strict / nanos("verify-jwt"), "")));
    row(
        "verify a third party's, full processor",
        nanos("full-processor"),
        Some((strict / nanos("full-processor"), "")),
    );
    // The ratio is against one millisecond.
    row("status list: flip one bit and sign it anew", nanos("flip"), Some((1e6 / nanos("flip"), "1.00")));
    match peers {
        Err(why) => println!("@digitalbazaar/vc was not measured: {why}"),
        Ok(peers) => {
            row(
                "@digitalbazaar/vc issue eddsa-rdfc-2022",
                peers.issue,
                Some((peers.issue / nanos("issue-rdfc"), "120")),
            );
            row("@digitalbazaar/vc verify, ours", peers.verify, Some((peers.verify / nanos("verify-rdfc"), "60")));
            row(
                "@digitalbazaar/vc verify, full processor",
                peers.verify,
                Some((peers.verify / nanos("full-processor"), "5")),
            );
        }
    }
}

/// The same credential as another issuer might write it: with a vocabulary and a member that are none of ours.
fn third_party(credential: &Credential, issuer: &Issuer) -> String {
    let mut document = serde_json::to_value(credential.document()).unwrap();
    document["@context"].as_array_mut().unwrap().push(EXAMPLES_V2.into());
    document["credentialSubject"]["rank"] = "novice".into();
    let contexts = document["@context"].clone();
    let mut proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-21T09:30:00Z",
        "verificationMethod": issuer.key.verification_method(), "proofPurpose": "assertionMethod"});
    let hash = |value: &Value| Sha256::digest(canonical_n_quads_open(value, &contexts).unwrap());
    let message = [hash(&proof), hash(&document)].concat();
    proof["proofValue"] = Signature(issuer.signing.sign(&message).to_bytes()).multibase().into();
    document["proof"] = proof;
    document.to_string()
}
