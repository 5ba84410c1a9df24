//! From draft to verified proof in each suite, and what a changed byte does.

use super::oracle::agreed;
use super::reference_data::folder;
use super::samples::{NOW, full, minimal, sign, signing_key, status_list};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use waymark_credential::key::{PublicKey, VerifyingKey};
use waymark_credential::model::{Draft, OpenBadgeCredential, StatusListCredential};
use waymark_credential::proof::{
    Document, ProofError, Suite, ToBeSigned, prepare, prepare_status_list, vc_jwt, verify,
};

const EMBEDDED: [Suite; 2] = [Suite::EddsaRdfc2022, Suite::EddsaJcs2022];

fn signed(draft: Draft, suite: Suite) -> Value {
    let (key, public) = signing_key(7);
    let prepared = prepare(&draft.complete().unwrap(), suite, &public, NOW).unwrap();
    serde_json::from_slice(sign(prepared, &key).as_bytes()).unwrap()
}

/// Whether the first proof of `document` holds; `None` if the document is not of the closed type.
fn holds(document: &Value) -> Option<bool> {
    let (_, public) = signing_key(7);
    let credential: OpenBadgeCredential = serde_json::from_value(document.clone()).ok()?;
    let proof = credential.proof.as_ref()?.as_slice().first()?.clone();
    Some(verify(&Document::OpenBadge(&credential), &proof, &public).unwrap_or(false))
}

#[test]
fn what_is_signed_verifies_and_has_its_proof_last() {
    for suite in EMBEDDED {
        for draft in [minimal(), full()] {
            let document = signed(draft, suite);
            assert_eq!(document["proof"][0]["cryptosuite"], suite.as_str());
            assert_eq!(document["proof"][0]["created"], document["validFrom"]);
            assert_eq!(holds(&document), Some(true), "{document}");
        }
    }
}

/// Changes, removes or doubles every value in turn: nothing verifies any more.
#[test]
fn no_member_can_be_changed() {
    for suite in EMBEDDED {
        let document = signed(full(), suite);
        let mut places = Vec::new();
        leaves(&document, String::new(), &mut places);
        assert!(places.len() > 90, "{}", places.len());
        for place in places {
            let mut changed = document.clone();
            let leaf = changed.pointer_mut(&place).unwrap();
            *leaf = match leaf {
                Value::String(text) if place.ends_with("proofValue") => json!(text.replace('z', "y")),
                Value::String(text) => json!(format!("{text}x")),
                Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
                Value::Bool(boolean) => json!(!*boolean),
                other => panic!("{other}"),
            };
            assert_ne!(holds(&changed), Some(true), "{place} in {}", suite.as_str());
        }
    }
}

fn leaves(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(at, e)| leaves(e, format!("{place}/{at}"), found));
        }
        Value::Object(members) => members.iter().for_each(|(name, m)| leaves(m, format!("{place}/{name}"), found)),
        _ => found.push(place),
    }
}

#[test]
fn an_intent_resumes_from_what_was_stored() {
    let (key, public) = signing_key(7);
    for suite in [Suite::EddsaRdfc2022, Suite::EddsaJcs2022, Suite::VcJwt] {
        let prepared = prepare(&full().complete().unwrap(), suite, &public, NOW).unwrap();
        let stored = (Suite::parse(suite.as_str()).unwrap(), prepared.bytes.clone(), prepared.payload().to_owned());
        let restored = ToBeSigned::restore(stored.0, stored.1, stored.2);
        assert_eq!(restored, prepared);
        assert_eq!(sign(restored, &key), sign(prepared, &key));
    }
}

#[test]
fn another_key_or_time_cannot_be_prepared_for() {
    let credential = minimal().complete().unwrap();
    let (_, public) = signing_key(7);
    let (_, other) = signing_key(8);
    let refused = |key: &PublicKey, at| prepare(&credential, Suite::EddsaRdfc2022, key, at).unwrap_err().to_string();
    assert!(refused(&other, NOW).starts_with("/issuer/id: "));
    assert!(refused(&public, NOW + time::Duration::SECOND).starts_with("/validFrom: "));
    let list = prepare_status_list(&status_list(), Suite::VcJwt, &other, NOW).unwrap_err().to_string();
    assert!(list.starts_with("/issuer/id: "));
}

#[test]
fn another_key_verifies_nothing() {
    let document = signed(minimal(), Suite::EddsaRdfc2022);
    let credential: OpenBadgeCredential = serde_json::from_value(document).unwrap();
    let proof = &credential.proof.as_ref().unwrap().as_slice()[0];
    let (_, other) = signing_key(8);
    assert_eq!(verify(&Document::OpenBadge(&credential), proof, &other), Ok(false));
}

#[test]
fn proofs_that_are_neither_right_nor_wrong() {
    let document = signed(minimal(), Suite::EddsaRdfc2022);
    let (_, public) = signing_key(7);
    let with = |name: &str, value: Value| {
        let mut changed = document.clone();
        changed["proof"][0][name] = value;
        let credential: OpenBadgeCredential = serde_json::from_value(changed).unwrap();
        let proof = credential.proof.clone().unwrap().as_slice()[0].clone();
        verify(&Document::OpenBadge(&credential), &proof, &public).unwrap_err()
    };
    assert_eq!(with("cryptosuite", json!("ecdsa-rdfc-2019")), ProofError::UnknownSuite("ecdsa-rdfc-2019".into()));
    assert_eq!(with("previousProof", json!("urn:uuid:1")), ProofError::Chained);
    assert!(matches!(with("@context", document["@context"].clone()), ProofError::Context(_)));
    assert!(matches!(with("proofValue", json!("z111")), ProofError::ProofValue(_)));
    let mut none = document.clone();
    none["proof"][0].as_object_mut().unwrap().remove("proofValue");
    let credential: OpenBadgeCredential = serde_json::from_value(none).unwrap();
    let proof = credential.proof.clone().unwrap().as_slice()[0].clone();
    assert_eq!(verify(&Document::OpenBadge(&credential), &proof, &public), Err(ProofError::NoProofValue));
}

/// `eddsa-jcs-2022` signs the @context of the proof; it must begin the document's.
#[test]
fn a_jcs_context_must_begin_the_documents() {
    let mut document = signed(minimal(), Suite::EddsaJcs2022);
    document["proof"][0]["@context"] = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    ]);
    let credential: OpenBadgeCredential = serde_json::from_value(document).unwrap();
    let proof = credential.proof.clone().unwrap().as_slice()[0].clone();
    let (_, public) = signing_key(7);
    assert!(matches!(verify(&Document::OpenBadge(&credential), &proof, &public), Err(ProofError::Context(_))));
}

#[test]
fn a_status_list_is_prepared_the_same_way() {
    let (key, public) = signing_key(7);
    for suite in EMBEDDED {
        let prepared = prepare_status_list(&status_list(), suite, &public, NOW).unwrap();
        let text = sign(prepared, &key).into_string();
        let list: StatusListCredential = serde_json::from_str(&text).unwrap();
        let proof = &list.proof.as_ref().unwrap().as_slice()[0];
        assert_eq!(verify(&Document::StatusList(&list), proof, &public), Ok(true), "{text}");
    }
}

#[test]
fn the_oracle_agrees_on_what_we_issue() {
    for draft in [minimal(), full()] {
        agreed(&serde_json::to_value(draft.complete().unwrap().document()).unwrap());
    }
    agreed(&serde_json::to_value(status_list()).unwrap());
    let mut proof = signed(minimal(), Suite::EddsaRdfc2022)["proof"][0].clone();
    proof.as_object_mut().unwrap().remove("proofValue");
    proof["@context"] = json!(["https://www.w3.org/ns/credentials/v2"]);
    agreed(&proof);
}

#[test]
fn a_jwt_is_the_credential_under_a_closed_header() {
    let (key, public) = signing_key(7);
    let credential = full().complete().unwrap();
    let compact = sign(prepare(&credential, Suite::VcJwt, &public, NOW).unwrap(), &key).into_string();
    let parts: Vec<&str> = compact.split('.').collect();
    let part =
        |at: usize| -> Value { serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[at]).unwrap()).unwrap() };
    assert_eq!(part(0), json!({"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": public.verification_method()}));
    assert_eq!(part(1), serde_json::to_value(credential.document()).unwrap());
    assert_eq!(vc_jwt::verify(&compact, &VerifyingKey::Ed25519(public.clone())), Ok(true));
    assert_eq!(vc_jwt::verify(&compact, &VerifyingKey::Ed25519(signing_key(8).1)), Ok(false));
    for at in [compact.find('.').unwrap() + 40, compact.len() - 40] {
        let mut changed = compact.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert_ne!(
            vc_jwt::verify(std::str::from_utf8(&changed).unwrap(), &VerifyingKey::Ed25519(public.clone())),
            Ok(true)
        );
    }
}

#[test]
fn a_jwt_header_cannot_choose_the_algorithm() {
    let (key, public) = signing_key(7);
    let compact =
        sign(prepare(&minimal().complete().unwrap(), Suite::VcJwt, &public, NOW).unwrap(), &key).into_string();
    let (_, rest) = compact.split_once('.').unwrap();
    let public = VerifyingKey::Ed25519(public);
    for alg in ["none", "HS256", "ES256", "ES384", "ES512", "RS256", "PS256", "eddsa"] {
        let header = BASE64_URL_SAFE_NO_PAD.encode(json!({"alg": alg, "typ": "vc+jwt"}).to_string());
        assert!(matches!(vc_jwt::verify(&format!("{header}.{rest}"), &public), Err(ProofError::Jwt(_))), "{alg}");
    }
}

/// Issued by another implementation, with `proof` an object and `type` of the image and identity bare.
#[test]
fn another_implementations_credential_verifies() {
    let Some(folder) = folder("vectors") else { return };
    for (file, key) in [
        ("db-issued-did-key-ob3.json", "z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z"),
        ("1edtech-ob30-impl-guide/ob30-signed.json", "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"),
    ] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let credential: OpenBadgeCredential = serde_json::from_str(&text).unwrap();
        let proof = &credential.proof.as_ref().unwrap().as_slice()[0];
        let key = PublicKey::from_multikey(proof.verification_method.as_str(), key).unwrap();
        assert_eq!(verify(&Document::OpenBadge(&credential), proof, &key), Ok(true), "{file}");
    }
}
