//! What stands at the edge of the gate: what is taken for a JWT, kinds that lack one name, objects of one id that say nothing more, a key at the issuer's own address,
//! and who may say what about the recipient.

use serde_json::{Value, json};
use waymark_credential::{
    model::DateTime,
    verify::{CheckId, Code, Outcome, Policy, RecipientAsked, Report, State, Supply, Unreadable, Verification, Want},
};

use crate::{
    made::{NOW, World, at, credential, guild, list},
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
    for kinds in [json!(["VerifiableCredential", "OpenBadgeCredential", 5]), json!(5), json!({})] {
        let mut document = signed.clone();
        document["type"] = kinds.clone();
        let shape = verify(&document).check(CheckId::Shape).clone();
        assert_eq!((shape.outcome, shape.detail.code), (Outcome::Failed, Code::ShapeUnexpected), "{kinds}");
    }
}

#[test]
fn a_report_names_each_signature_that_held() {
    let signed = guild().embed(&credential(&guild()));
    let report = verify(&signed);
    let [proof] = report.proofs() else { panic!("{:?}", report.proofs()) };
    assert_eq!((proof.suite, proof.method.as_str()), ("eddsa-rdfc-2022", guild().method.as_str()));
    assert_eq!(proof.created.as_ref().map(DateTime::as_str), signed["proof"][0]["created"].as_str());
    let mut altered = signed;
    altered["name"] = json!("Other");
    assert!(verify(&altered).proofs().is_empty());
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

#[test]
fn a_credential_is_valid_from_its_first_moment_to_its_last() {
    let dated = |from: &str, until: &str| {
        let mut document = credential(&guild());
        document["validFrom"] = json!(from);
        document["validUntil"] = json!(until);
        let signed = guild().embed_as(&document, &json!({"created": "2026-01-01T00:00:00Z"}));
        verify(&signed).state()
    };
    assert_eq!(dated(NOW, "2027-01-01T00:00:00Z"), State::Valid);
    assert_eq!(dated("2026-06-01T00:00:01Z", "2027-01-01T00:00:00Z"), State::NotYetValid);
    assert_eq!(dated("2026-01-01T00:00:00Z", NOW), State::Valid);
    assert_eq!(dated("2026-01-01T00:00:00Z", "2026-05-31T23:59:59Z"), State::Expired);
}

#[test]
fn a_list_stands_at_an_address_of_the_web() {
    for list in
        ["urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a09", "ftp://guild.example/status/1", "did:web:guild.example"]
    {
        let mut document = credential(&guild());
        document["credentialStatus"]["statusListCredential"] = json!(list);
        let report = verify(&guild().embed(&document));
        let found = (report.state(), report.check(CheckId::Status).detail.code);
        assert_eq!(found, (State::Unknown, Code::StatusMethodUnsupported), "{list}");
    }
    let mut document = credential(&guild());
    document["credentialStatus"]["statusListCredential"] = json!("http://guild.example/status/9");
    let report = verify(&guild().embed(&document));
    assert_eq!(report.check(CheckId::Status).detail.code, Code::ListUnreachable);
}

#[test]
fn a_list_that_is_gone_is_not_reached() {
    let signed = guild().embed(&credential(&guild())).to_string();
    let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
    while let Some(want) = verification.wants().first().cloned() {
        let supply = match want {
            Want::StatusList(_) => Supply::Gone,
            _ => World::of_guild(&[]).answer(&want, at(NOW)),
        };
        verification.supply(&want, supply);
    }
    let report = verification.report();
    assert_eq!((report.state(), report.check(CheckId::Status).detail.code), (State::Unknown, Code::ListUnreachable));
}

#[test]
fn a_list_may_begin_as_late_as_clocks_differ() {
    let signed = guild().embed(&credential(&guild())).to_string();
    let judged = |from: &str| {
        let mut unsigned = list(&guild(), &[]);
        unsigned["validFrom"] = json!(from);
        let listed = guild().embed_as(&unsigned, &json!({"created": "2026-05-31T12:00:00Z"}));
        let world = World::of_guild(&[]).with_list(&listed);
        let report = world.verify(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
        (report.state(), report.check(CheckId::Status).detail.code)
    };
    assert_eq!(judged("2026-06-01T00:05:00Z"), (State::Valid, Code::StatusClear));
    assert_eq!(judged("2026-06-01T00:05:01Z"), (State::Unknown, Code::ListUnusable));
}
