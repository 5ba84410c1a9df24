//! Credentials that other software signed.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, Policy, RecipientAsked, State};

use crate::{
    made::{Party, World, at},
    reference_data,
};

fn read(path: &str) -> Option<Value> {
    let text = std::fs::read(reference_data::folder("vectors")?.join(path)).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}

#[test]
fn a_badge_by_did_key_of_another_library_is_valid_and_its_hashed_recipient_matches() {
    let Some(signed) = read("db-issued-did-key-ob3.json") else { return };
    let asking = |email: &str| {
        let recipient = Some(RecipientAsked { email: Some(email.into()), name: None });
        let policy = Policy { recipient, ..Policy::product() };
        let now = at("2027-01-01T00:00:00Z");
        World::default().verify(signed.to_string().as_bytes(), &policy, now).unwrap()
    };
    let report = asking("a@example.com");
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    assert_eq!(report.check(CheckId::Status).detail.code, Code::StatusNotDeclared);
    assert_eq!(report.check(CheckId::Recipient).detail.code, Code::RecipientMatches);
    assert_eq!(asking("b@example.com").check(CheckId::Recipient).detail.code, Code::RecipientDiffers);
}

#[test]
fn the_badge_of_the_implementation_guide_is_valid_by_a_key_at_an_https_address() {
    let Some(signed) = read("1edtech-ob30-impl-guide/ob30-signed.json") else { return };
    let method = signed["proof"]["verificationMethod"].as_str().unwrap();
    let (issuer, key) = method.split_once('#').unwrap();
    let document = json!({"id": issuer, "verificationMethod": [{"id": method, "type": "Multikey", "controller": issuer,
        "publicKeyMultibase": key}], "assertionMethod": [method]});
    let world = World::default().with_document(&Party::of_address(issuer, 0), &document);
    let verify = |signed: &Value| {
        world.verify(signed.to_string().as_bytes(), &Policy::product(), at("2026-06-01T00:00:00Z")).unwrap()
    };
    let report = verify(&signed);
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    let mut tampered = signed.clone();
    tampered["credentialSubject"]["achievement"]["name"] = json!("Leadership");
    assert_eq!(verify(&tampered).state(), State::Altered);
}
