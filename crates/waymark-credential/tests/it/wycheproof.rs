//! Project Wycheproof's Ed25519 signatures: every valid one verifies, every other does not.

use super::reference_data;
use serde_json::Value;
use waymark_credential::key::{PublicKey, Signature};

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn ed25519() {
    let Some(folder) = reference_data::folder("wycheproof") else { return };
    let file: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("ed25519_test.json")).unwrap()).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let key = PublicKey::did_key(bytes(&group["publicKey"]["pk"]).try_into().unwrap());
        for test in group["tests"].as_array().unwrap() {
            let signature = Signature::from_slice(&bytes(&test["sig"]));
            let holds =
                matches!((&key, &signature), (Ok(key), Ok(signature)) if key.verifies(&bytes(&test["msg"]), signature));
            let expected = test["result"] == "valid";
            assert_eq!(holds, expected, "case {}: {}", test["tcId"], test["comment"]);
            if expected { valid += 1 } else { invalid += 1 }
        }
    }
    assert!(valid > 50 && invalid > 50, "{valid} valid, {invalid} invalid");
}
