//! The short way from a typed document to canonical N-Quads and canonical JSON: its bytes are those of a full JSON-LD processor and its
//! canonicalization, and those of the tree.

use super::generated::varied;
use super::oracle::canonical;
use super::samples::{full, minimal, signing_key, status_list};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use waymark_credential::canonical::{canonical_json, canonical_n_quads, canonical_typed, short_n_quads};
use waymark_credential::model::{Contexts, OpenBadgeCredential};
use waymark_credential::proof::{Suite, prepare};

/// A document with every optional member of the closed types but endorsements, whose proofs are graphs of their own.
fn everything() -> Value {
    let mut document = serde_json::to_value(full().complete().unwrap().document()).unwrap();
    let profile = |id: &str| {
        json!({"id": id, "type": ["Profile"], "name": "P", "url": "https://p.example", "email": "p@p.example", "phone": "+81",
            "description": "d", "image": {"id": "https://p.example/i.png", "type": "Image", "caption": "c"}, "official": "o",
            "familyName": "f", "givenName": "g", "additionalName": "a", "patronymicName": "p", "honorificPrefix": "Dr",
            "honorificSuffix": "Jr", "familyNamePrefix": "van", "dateOfBirth": "2000-01-02",
            "address": {"type": ["Address"], "addressCountry": "Japan", "addressCountryCode": "JP", "addressRegion": "r",
                "addressLocality": "l", "streetAddress": "s", "postOfficeBoxNumber": "9", "postalCode": "100",
                "geo": {"type": "GeoCoordinates", "latitude": -35.5, "longitude": 0}},
            "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "systemId"}]})
    };
    let mut source = profile("https://source.example/people/1");
    source["parentOrg"] = profile("https://source.example");
    let subject = document["credentialSubject"].as_object_mut().unwrap();
    subject.extend([
        ("activityStartDate".into(), json!("2026-01-01T00:00:00Z")),
        ("activityEndDate".into(), json!("2026-02-01T00:00:00+09:00")),
        ("creditsEarned".into(), json!(36.5)),
        ("licenseNumber".into(), json!("L-1")),
        ("narrative".into(), json!("…")),
        ("role".into(), json!("author")),
        ("term".into(), json!("spring")),
        ("source".into(), source),
        ("image".into(), json!({"id": "https://guild.example/one.png", "type": "Image"})),
    ]);
    subject["identifier"].as_array_mut().unwrap().push(json!({"type": "IdentityObject", "hashed": true,
        "identityHash": "sha256$00", "identityType": "emailAddress", "salt": "s"}));
    let whole = document.as_object_mut().unwrap();
    whole.extend([
        ("@context".into(), json!(Contexts::OpenBadgesExtended)),
        ("description".into(), json!("whole")),
        ("image".into(), json!({"id": "https://guild.example/whole.png", "type": "Image", "caption": "w"})),
        ("refreshService".into(), json!({"id": "https://guild.example/r", "type": "1EdTechCredentialRefresh"})),
        (
            "credentialSchema".into(),
            json!([{"id": "https://schema.example/1", "type": "1EdTechJsonSchemaValidator2019"}]),
        ),
    ]);
    document
}

/// `count` generated documents, always the same.
fn generated(count: usize) -> impl Iterator<Item = Value> {
    let plain = serde_json::to_value(minimal().complete().unwrap().document()).unwrap();
    let strategy = prop_oneof![3 => varied(everything()), 1 => varied(plain)];
    let mut runner = TestRunner::deterministic();
    (0..count).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}

fn typed(document: &Value) -> OpenBadgeCredential {
    serde_json::from_value(document.clone()).unwrap_or_else(|e| panic!("{e}: {document}"))
}

/// How many of `count` documents the short way takes.
fn compare(count: usize) -> usize {
    let mut taken = 0;
    for document in generated(count) {
        let typed = typed(&document);
        assert_eq!(canonical_typed(&typed, "").unwrap(), canonical_json(&document));
        if let Some(short) = short_n_quads(&typed, typed.context, "") {
            assert_eq!(short, canonical(&document), "{document}");
            taken += 1;
        } else {
            // Alike blank nodes: what the long way says is held to the oracle in `generated`.
            canonical_n_quads(&document, typed.context.urls()).unwrap();
        }
    }
    taken
}

/// One line each: the document, and its quads by the short way.
#[test]
#[ignore = "writes the file that tests/interop/quads.test.mjs compares with another processor"]
fn five_hundred_for_another_processor() {
    let file = std::env::var_os("WAYMARK_QUADS_FILE")
        .unwrap_or_else(|| concat!(env!("CARGO_TARGET_TMPDIR"), "/quads.jsonl").into());
    let lines: Vec<String> = generated(1_500)
        .filter_map(|document| {
            let typed = typed(&document);
            let quads = short_n_quads(&typed, typed.context, "")?;
            Some(json!({"document": document, "quads": quads}).to_string())
        })
        .take(500)
        .collect();
    assert_eq!(lines.len(), 500);
    std::fs::write(file, lines.join("\n")).unwrap();
}

#[test]
fn the_short_way_writes_what_a_full_processor_writes() {
    let taken = compare(300);
    assert!(taken >= 150, "the short way took {taken} of 300");
}

#[test]
#[ignore = "ten thousand documents through a full processor"]
fn the_short_way_writes_what_a_full_processor_writes_ten_thousand_times() {
    let taken = compare(10_000);
    assert!(taken >= 5_000, "the short way took {taken} of 10000");
}

#[test]
fn what_we_issue_goes_the_short_way() {
    for draft in [minimal(), full()] {
        let credential = draft.complete().unwrap();
        let document = credential.document();
        let value = serde_json::to_value(document).unwrap();
        let short = short_n_quads(document, document.context, "").expect("plain");
        assert_eq!(short, canonical(&value));
        let (_, public) = signing_key(7);
        let text =
            prepare(&credential, Suite::EddsaRdfc2022, &public, super::samples::NOW).unwrap().payload().to_owned();
        let signed: OpenBadgeCredential = serde_json::from_str(&format!("{text}z1\"}}]}}")).unwrap();
        assert_eq!(short_n_quads(&signed, signed.context, "proof").unwrap(), short);
    }
    let list = status_list();
    assert_eq!(
        short_n_quads(&list, list.context, "proof").expect("plain"),
        canonical(&serde_json::to_value(&list).unwrap())
    );
}

#[test]
fn what_is_not_plain_is_left_to_the_long_way() {
    let base = serde_json::to_value(full().complete().unwrap().document()).unwrap();
    let short = |change: &dyn Fn(&mut Value)| {
        let mut document = base.clone();
        change(&mut document);
        let typed: OpenBadgeCredential = serde_json::from_value(document).unwrap();
        short_n_quads(&typed, typed.context, "")
    };
    assert!(short(&|_| {}).is_some());
    assert!(
        short(&|document| {
            let alignment = &mut document["credentialSubject"]["achievement"]["alignment"];
            *alignment = json!([alignment[0], alignment[0]]);
        })
        .is_none(),
        "two blank nodes that look alike"
    );
    assert!(short(&|document| document["credentialStatus"]["type"] = json!("Unknown")).is_none(), "an undefined type");
    assert!(short(&|document| {
        document["proof"] = json!({"type": "DataIntegrityProof", "cryptosuite": "c", "verificationMethod": "did:x:y#z",
            "proofPurpose": "assertionMethod"});
    })
    .is_none(), "a graph");
}
