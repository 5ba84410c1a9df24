//! The vectors of VC-DI-EDDSA and of 1EdTech, byte for byte.

use super::oracle::agreed;
use super::reference_data::folder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;
use waymark_credential::canonical::{canonical_json, canonical_n_quads};
use waymark_credential::key::{PublicKey, Signature};

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&read(folder, name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn eddsa_rdfc_2022_documents_and_proof_options() {
    let Some(folder) = folder("vectors/vc-di-eddsa") else { return };
    let vector = folder.join("eddsa-rdfc-2022");
    let canonical = agreed(&json(&folder, "unsigned.json"));
    assert_eq!(canonical, read(&vector, "canonDocDataInt.txt"));
    assert_eq!(hex(&canonical), read(&vector, "docHashDataInt.txt").trim());
    let options = agreed(&json(&vector, "proofConfigDataInt.json"));
    assert_eq!(options, read(&vector, "proofCanonDataInt.txt"));
    assert_eq!(hex(&options), read(&vector, "proofHashDataInt.txt").trim());
}

#[test]
fn open_badges_implementation_guide() {
    let Some(folder) = folder("vectors/1edtech-ob30-impl-guide") else { return };
    let mut signed = json(&folder, "ob30-signed.json");
    let mut proof = signed.as_object_mut().unwrap().remove("proof").unwrap();
    proof["@context"] = signed["@context"].clone();
    proof.as_object_mut().unwrap().remove("proofValue");
    let (document, options) = (agreed(&signed), agreed(&proof));
    assert_eq!(hex(&document), "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773");
    assert_eq!(hex(&options), "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19");
    assert_eq!(document, read(&folder, "test-vectors/obv3p0/document-canon.txt"));
    assert_eq!(options, read(&folder, "test-vectors/obv3p0/proof-canon.txt"));
}

/// SHA-256 of what jsonld.js 9 makes of the full example. Its endorsements carry equal proofs, and graphs that differ only in the name of
/// the graph are where the oracle of the other tests orders blank nodes unlike jsonld.js.
const FULL_BADGE: &str = "65d459a8dd5aed6b097491d61463d0170de813b0d40f9d9003f4561a7d85dd55";

fn remove_proofs(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(remove_proofs),
        Value::Object(members) => {
            members.remove("proof");
            members.values_mut().for_each(remove_proofs);
        }
        _ => {}
    }
}

#[test]
fn open_badges_examples() {
    let Some(folder) = folder("vectors/1edtech-ob30-examples/json") else { return };
    let mut agreed_on = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let mut document = json(&folder, &name);
        if document.get("@context").is_none() {
            continue;
        }
        document.as_object_mut().unwrap().remove("proof");
        if name == "fullOpenBadge-1.json" {
            let contexts: Vec<&str> =
                document["@context"].as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
            assert_eq!(hex(&canonical_n_quads(&document, &contexts).unwrap()), FULL_BADGE, "{name}");
        }
        remove_proofs(&mut document);
        agreed(&document);
        agreed_on += 1;
    }
    assert!(agreed_on >= 8, "{agreed_on} examples");
}

/// Hashes, combined hash and signature of each suite, by the public key of the specification.
#[test]
fn eddsa_signatures() {
    let Some(folder) = folder("vectors/vc-di-eddsa") else { return };
    let keys = json(&folder, "keyPair.json");
    let public = PublicKey::from_multikey("did:example:1#2", keys["publicKeyMultibase"].as_str().unwrap()).unwrap();
    for (suite, ending) in [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")] {
        let vector = folder.join(suite);
        let file = |name: &str| read(&vector, &format!("{name}{ending}.txt")).trim().to_owned();
        let combined = format!("{}{}", file("proofHash"), file("docHash"));
        assert_eq!(combined, file("combinedHash"), "{suite}: the proof options come first");
        let bytes: Vec<u8> =
            (0..combined.len()).step_by(2).map(|at| u8::from_str_radix(&combined[at..at + 2], 16).unwrap()).collect();
        let signature = Signature::from_multibase(&file("sigBTC58")).unwrap();
        assert!(public.verifies(&bytes, &signature), "{suite}");
        assert_eq!(signature.multibase(), file("sigBTC58"));
    }
}

#[test]
fn eddsa_jcs_2022_canonical_texts() {
    let Some(folder) = folder("vectors/vc-di-eddsa") else { return };
    let vector = folder.join("eddsa-jcs-2022");
    let document = canonical_json(&json(&folder, "unsigned.json"));
    assert_eq!(document, read(&vector, "canonDocJCS.txt").trim_end());
    assert_eq!(hex(&document), read(&vector, "docHashJCS.txt").trim());
    let options = canonical_json(&json(&vector, "proofConfigJCS.json"));
    assert_eq!(options, read(&vector, "proofCanonJCS.txt").trim_end());
    assert_eq!(hex(&options), read(&vector, "proofHashJCS.txt").trim());
}
