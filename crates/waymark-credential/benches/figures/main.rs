//! The figures of the credential core, side by side: against the bare signature in this process, and against `@digitalbazaar/vc` in a Node.js
//! process of the same run (its versions are those of `tests/interop/package-lock.json`; run `npm ci` there first).
//!
//! `cargo bench -p waymark-credential --bench figures`; CPU time, not wall time. `-- --only NAME` runs one work for a profiler.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program that prints figures, or stops")]

mod clock;
mod documents;
mod peers;

use clock::{Work, interleave};
use documents::{Issuer, LIST, NOW, draft};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use waymark_credential::canonical::canonical_n_quads;
use waymark_credential::did::ControllerDocument;
use waymark_credential::key::Signature;
use waymark_credential::proof::{Suite, prepare};
use waymark_credential::strict_json;
use waymark_credential::verify::{Policy, ProvedList, State, Supply, Verification, Want};

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
    let verify = |signed: &str| {
        let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), NOW).unwrap();
        let did = Want::DidDocument(issuer.key.controller().to_owned());
        verification.supply(&did, Supply::Document(Arc::clone(&document)));
        verification.supply(&Want::StatusList(LIST.to_owned()), Supply::List(Arc::clone(&list)));
        let report = verification.report();
        assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
        report
    };
    let full = |signed: &str| assert!(full_processor(signed.as_bytes(), &issuer));

    let mut works = vec![
        Work::new("sign", || issuer.signing.sign(&message)),
        Work::new("verify_strict", || verifying.verify_strict(&message, &signature).unwrap()),
        Work::new("issue-rdfc", || issue(Suite::EddsaRdfc2022)),
        Work::new("issue-jcs", || issue(Suite::EddsaJcs2022)),
        Work::new("issue-jwt", || issue(Suite::VcJwt)),
        Work::new("complete", || ready.clone().complete().unwrap()),
        Work::new("verify-rdfc", || verify(&signed)),
        Work::new("full-processor", || full(&signed)),
    ];
    if let Some(only) = only {
        let work = works.iter_mut().filter(|work| work.name == only);
        return work.for_each(|work| interleave(std::slice::from_mut(work), 20, Duration::from_millis(100)));
    }
    let rounds = 15;
    interleave(&mut works, rounds, Duration::from_millis(60));
    let unsigned: serde_json::Value = serde_json::to_value(draft(&by_key).complete().unwrap().document()).unwrap();
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
    row("verify with the full processor", nanos("full-processor"), None);
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

/// A credential of any shape under embedded contexts: parsed, expanded from JSON, canonicalized, hashed, checked.
fn full_processor(bytes: &[u8], issuer: &Issuer) -> bool {
    let mut document = strict_json::parse(bytes, 1 << 18).unwrap();
    let contexts = document["@context"].clone();
    let contexts: Vec<&str> = contexts.as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
    let mut proof = document.as_object_mut().unwrap().remove("proof").unwrap()[0].take();
    let value = proof.as_object_mut().unwrap().remove("proofValue").unwrap();
    let signature = Signature::from_multibase(value.as_str().unwrap()).unwrap();
    let hash = |value: &serde_json::Value| Sha256::digest(canonical_n_quads(value, &contexts).unwrap());
    let message = [hash(&proof), hash(&document)].concat();
    black_box(issuer.key.verifies(&message, &signature))
}
