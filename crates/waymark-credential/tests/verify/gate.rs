//! What stands at the edge of the gate: what is taken for a JWT, kinds that lack one name, objects of one id that say nothing more, a key at the issuer's own address,
//! and who may say what about the recipient.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, Outcome, Policy, RecipientAsked, Report, State, Unreadable};

use crate::{
    made::{NOW, World, at, credential, guild},
    signers::Signer,
};

fn verify(document: &Value) -> Report {
    World::of_guild(&[]).verify(document.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap()
}

#[test]
fn a_badge_names_its_kinds_all_of_them_and_no_other() {
    let signed = guild().embed(&credential(&guild()));
    for (kinds, known) in [
        (json!(["VerifiableCredential", "OpenBadgeCredential"]), true),
        (json!(["VerifiableCredential", "AchievementCredential"]), true),
        (json!(["OpenBadgeCredential"]), false),
        (json!(["AchievementCredential", "OpenBadgeCredential"]), false),
        (json!(["VerifiableCredential", "OpenBadgeCredential", "EndorsementCredential"]), false),
        (json!(["VerifiableCredential", "OpenBadgeCredential", "BitstringStatusListCredential"]), false),
    ] {
        let mut document = signed.clone();
        document["type"] = kinds.clone();
        let shape = verify(&document).check(CheckId::Shape).clone();
        let refused = (shape.outcome, shape.detail.code) == (Outcome::NotChecked, Code::KindUnknown);
        assert_eq!(refused, !known, "{kinds}: {shape:?}");
    }
}

#[test]
fn a_second_object_of_one_id_that_only_names_its_kind_is_still_a_second() {
    let mut document = credential(&guild());
    document["credentialSubject"]["achievement"]["creator"] = json!({"id": guild().id, "type": ["Profile"]});
    let report = verify(&guild().embed(&document));
    assert_eq!((report.state(), report.check(CheckId::Shape).detail.code), (State::Unknown, Code::AmbiguousNode));
}

#[test]
fn a_key_that_stands_at_the_issuers_own_address_is_the_issuers() {
    let issuer = "https://college.example/issuer";
    let mut payload = credential(&crate::made::Party { id: issuer.to_owned(), ..guild() });
    payload.as_object_mut().unwrap().remove("credentialStatus");
    for (claim, value) in [
        ("iss", json!(issuer)),
        ("jti", payload["id"].clone()),
        ("sub", payload["credentialSubject"]["id"].clone()),
        ("nbf", json!(1_767_225_600)),
    ] {
        payload[claim] = value;
    }
    let key = Signer::Rsa;
    let jwt = key.jws(&json!({"alg": "RS256", "typ": "JWT", "kid": issuer}), &payload);
    let judged = |served: &Value| {
        let world = World::default().with_key_document(issuer, served);
        let report = world.verify(jwt.as_bytes(), &Policy::product(), at(NOW)).unwrap();
        (report.state(), report.check(CheckId::IssuerKey).detail.code)
    };
    assert_eq!(judged(&key.jwk()), (State::Valid, Code::KeyOfIssuer));
    assert_eq!(judged(&Signer::p256(1).jwk()).0, State::Altered, "another key stands there");
}

#[test]
fn what_the_callers_records_say_of_a_recipient_replaces_only_a_missing_answer() {
    let signed = guild().embed(&credential(&guild()));
    let mut report = verify(&signed);
    let before = report.check(CheckId::Recipient).clone();
    assert_eq!(before.detail.code, Code::RecipientNotAsked);
    report.tell_recipient(Outcome::Passed, Code::RecipientMatches);
    assert_eq!(*report.check(CheckId::Recipient), before, "nobody asked");

    // an address was asked for, and the credential states only a name
    let asked = RecipientAsked { email: Some("taro@example.com".into()), name: None };
    let asked = Policy { recipient: Some(asked), ..Policy::product() };
    let told = |document: &Value| {
        let mut report = World::of_guild(&[]).verify(document.to_string().as_bytes(), &asked, at(NOW)).unwrap();
        report.tell_recipient(Outcome::Passed, Code::RecipientMatches);
        report.check(CheckId::Recipient).detail.code
    };
    assert_eq!(told(&signed), Code::RecipientMatches);
    let mut altered = signed;
    altered["name"] = json!("Other");
    assert_ne!(told(&altered), Code::RecipientMatches, "of an altered one nothing is told");
}

#[test]
fn what_only_resembles_a_jwt_is_not_one() {
    let read = |text: &str| World::default().verify(text.as_bytes(), &Policy::product(), at(NOW));
    for text in ["abc.def.ghi", "eyJ", "abc", "eyJhbGci.abc", "eyJhbGci.a.b.c", "eyJhbGci.a b.c", "eyJhbGci.あ.c"] {
        assert_eq!(read(text), Err(Unreadable::NotRecognized), "{text}");
    }
    let report = read("eyJhbGci.abc.def").unwrap();
    assert_eq!((report.state(), report.check(CheckId::Parse).detail.code), (State::Altered, Code::JwtUnreadable));
}
