//! Any bytes at all: an answer, never a panic; and the machine's own rules under every order of answers.

use proptest::prelude::*;
use serde_json::json;
use waymark_credential::{
    did::ControllerDocument,
    verify::{CheckId, Code, Outcome, OwnRecord, Policy, State, Supply, Verification, Want, check_status_list},
};

use crate::made::{LIST, NOW, World, at, credential, guild, list, own};

#[test]
fn wants_come_in_rounds_and_nothing_is_fetched_for_a_broken_proof() {
    let guild = guild();
    let world = World::of_guild(&[]);
    let own = own();
    let signed = guild.embed(&credential(&guild));
    let mut verification = Verification::open(signed.to_string().as_bytes(), &own, at(NOW)).unwrap();
    let document = Want::DidDocument(guild.id.clone());
    assert_eq!(verification.wants(), std::slice::from_ref(&document));
    verification.supply(&Want::StatusList(LIST.into()), Supply::NotAsked);
    assert_eq!(verification.wants().len(), 1, "an answer that nobody wants changes nothing");
    verification.supply(&document, world.answer(&document, at(NOW)));
    let record = Want::OwnRecord(signed["id"].as_str().unwrap().into());
    assert_eq!(verification.wants(), [record.clone(), Want::StatusList(LIST.into())]);
    verification.supply(&record, Supply::Record(OwnRecord::Live));
    let report = verification.report();
    assert_eq!((report.state(), report.check(CheckId::Status).detail.code), (State::Unknown, Code::ListNotAsked));

    let mut tampered = signed.clone();
    tampered["name"] = json!("Mastery");
    let mut verification = Verification::open(tampered.to_string().as_bytes(), &own, at(NOW)).unwrap();
    verification.supply(&document, world.answer(&document, at(NOW)));
    assert!(verification.wants().is_empty(), "no list is fetched for a credential that nobody signed");
    assert_eq!(verification.report().state(), State::Altered);
}

#[test]
fn what_nobody_supplies_is_not_checked() {
    let guild = guild();
    let signed = guild.embed(&credential(&guild)).to_string();
    let report = Verification::open(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap().report();
    assert_eq!(report.state(), State::Unknown);
    assert_eq!(report.check(CheckId::IssuerKey).detail.code, Code::KeyNotAsked);
    assert_eq!(report.check(CheckId::Proof).outcome, Outcome::NotChecked);
    assert!(report.shown().is_none());
}

#[test]
fn before_release_everything_but_status_and_recipient_must_hold() {
    let guild = guild();
    let world = World::default().with_document(&guild, &guild.document(&[guild.published()]));
    let policy = Policy { own_issuers: vec![guild.id.clone()], own_keys: own().own_keys, ..Policy::before_release() };
    let verify =
        |document: &serde_json::Value| world.verify(document.to_string().as_bytes(), &policy, at(NOW)).unwrap();
    let good = verify(&guild.embed(&credential(&guild)));
    assert!(good.fit_for_release());
    assert_eq!(good.state(), State::Unknown, "a credential whose status was left out is not called valid");

    let mut without_status = credential(&guild);
    without_status.as_object_mut().unwrap().remove("credentialStatus");
    assert!(!verify(&guild.embed(&without_status)).fit_for_release());
    let mut later = credential(&guild);
    later["validFrom"] = json!("2026-06-02T00:00:00Z");
    assert!(!verify(&guild.embed(&later)).fit_for_release());
    let mut tampered = guild.embed(&credential(&guild));
    tampered["name"] = json!("Mastery");
    assert!(!verify(&tampered).fit_for_release());
    let full = World::of_guild(&[]).verify(
        guild.embed(&credential(&guild)).to_string().as_bytes(),
        &Policy::product(),
        at(NOW),
    );
    assert!(!full.unwrap().fit_for_release(), "a full report is not the funnel's");
}

#[test]
fn a_list_is_checked_before_it_is_published_as_readers_will_check_it() {
    let guild = guild();
    let document = guild.document(&[guild.published()]).to_string();
    let keys = ControllerDocument::parse(document.as_bytes(), &guild.id).unwrap();
    let check =
        |list: &serde_json::Value| check_status_list(list.to_string().as_bytes(), LIST, &guild.id, &keys, at(NOW));
    let signed = guild.embed(&list(&guild, &[7]));
    let bits = check(&signed).unwrap();
    assert_eq!((bits.get(7), bits.get(8)), (Ok(true), Ok(false)));
    let mut altered = signed.clone();
    altered["validUntil"] = json!("2030-01-01T00:00:00Z");
    assert_eq!(check(&altered).unwrap_err().code, Code::ListNotProved);
    assert_eq!(check(&list(&guild, &[])).unwrap_err().code, Code::ListNotProved);
}

#[test]
fn what_is_shown_comes_from_the_closed_types() {
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let report = World::of_guild(&[]).verify(signed.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap();
    let claims = report.shown().unwrap();
    assert_eq!(serde_json::to_value(claims.credential()).unwrap(), signed);
    assert_eq!((claims.suite(), claims.method()), ("eddsa-rdfc-2022", guild.method.as_str()));
    assert_eq!(claims.created().unwrap().as_str(), "2026-01-01T00:00:00Z");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn arbitrary_input_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[{}\\[\\]\":,a-z@<>/ .eyJ]{0,120}") {
        for input in [bytes.as_slice(), text.as_bytes()] {
            if let Ok(verification) = Verification::open(input, &Policy::product(), at(NOW)) {
                prop_assert_ne!(verification.report().state(), State::Valid);
            }
        }
    }

    #[test]
    fn a_damaged_credential_never_panics_and_never_passes(place in 0usize..4000, byte in any::<u8>(), form in 0..3) {
        let guild = guild();
        let signed = guild.embed(&credential(&guild));
        let mut input = match form {
            0 => signed.to_string().into_bytes(),
            1 => guild.jwt(&credential(&guild)).into_bytes(),
            _ => signed.to_string().replace("山田 太郎", "Taro").into_bytes(),
        };
        let place = place % input.len();
        let before = input[place];
        input[place] = byte;
        let meaningless = before == byte || (before.is_ascii_whitespace() && byte.is_ascii_whitespace());
        let answer = World::of_guild(&[]).verify(&input, &Policy::product(), at(NOW));
        if let Ok(report) = answer && !meaningless {
            prop_assert!(report.state() != State::Valid, "byte {} became {}", place, byte);
        }
    }

    #[test]
    fn arbitrary_answers_never_panic_and_never_pass(bytes in prop::collection::vec(any::<u8>(), 0..200), place in 0usize..4000, byte in any::<u8>()) {
        let guild = guild();
        let signed = guild.embed(&credential(&guild)).to_string();
        let mut world = World::of_guild(&[]);
        let report = World::default().with_list_bytes(bytes.clone()).verify(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
        prop_assert_eq!(report.state(), State::Unknown);
        for (_, found) in &mut world.found {
            let place = place % found.len();
            found[place] = byte;
        }
        let _ = world.verify(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
    }
}
