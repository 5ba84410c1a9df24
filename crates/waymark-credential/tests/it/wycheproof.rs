//! Project Wycheproof's signatures (Ed25519, P-256, compact JWS): every valid one verifies, every other does not.

use super::reference_data;
use serde_json::Value;
use waymark_credential::{
    jwk,
    key::{Algorithm, PublicKey, Signature},
    proof::CompactJws,
};

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn read(file: &str) -> Option<Value> {
    let folder = reference_data::folder("wycheproof")?;
    Some(serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap())
}

#[test]
fn ed25519() {
    let Some(file) = read("ed25519_test.json") else { return };
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

#[test]
fn p256() {
    let Some(file) = read("ecdsa_secp256r1_sha256_p1363_test.json") else { return };
    let (mut valid, mut invalid) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let Some(jwk) = group.get("publicKeyJwk") else { continue };
        let key = jwk::read("did:web:guild.example#k", jwk).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let expected = test["result"] == "valid";
            let holds = key.verifies(&bytes(&test["msg"]), &bytes(&test["sig"]));
            assert_eq!(holds, expected, "case {}: {}", test["tcId"], test["comment"]);
            if expected { valid += 1 } else { invalid += 1 }
        }
    }
    assert!(valid > 50 && invalid > 50, "{valid} valid, {invalid} invalid");
}

#[test]
fn compact_jws() {
    let Some(file) = read("json_web_signature_test.json") else { return };
    let (mut valid, mut invalid) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let Some(jwk) = group.get("public").filter(|jwk| jwk["kty"] != "oct") else { continue };
        // what a key for another purpose signed is judged by the key: it does not read
        let key = jwk::read("did:web:guild.example#k", jwk);
        for test in group["tests"].as_array().unwrap() {
            let holds = test["jws"].as_str().is_some_and(|text| {
                key.as_ref().is_ok_and(|key| {
                    CompactJws::parse(text).and_then(|jws| jws.is_signed_by(key)).is_ok_and(|holds| holds)
                })
            });
            let supported = jwk["alg"].as_str().is_none_or(|alg| Algorithm::parse(alg).is_some());
            let expected = test["result"] == "valid" && supported;
            assert_eq!(holds, expected, "case {}: {} {:?}", test["tcId"], test["comment"], key.as_ref().err());
            if expected { valid += 1 } else { invalid += 1 }
        }
    }
    assert!(valid > 5 && invalid > 50, "{valid} valid, {invalid} invalid");
}
