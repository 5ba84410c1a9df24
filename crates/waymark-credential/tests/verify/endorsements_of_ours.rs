//! Endorsements in the name of an issuer of ours: it writes none, so that only its records could vouch for one, whatever key signed it.

use serde_json::{Value, json};
use waymark_credential::verify::{
    CheckId, Code, Outcome, OwnRecord, Policy, Report, State, Supply, Verification, Want,
};

use crate::{
    endorsements::endorsement,
    made::{NOW, Party, World, at, credential, guild, list, lists_key, own},
};

const ACHIEVEMENT: &str = "https://guild.example/achievements/foundations";

fn stranger() -> Party {
    Party::of_key(9)
}

/// What is found of an endorsement inside a stranger's badge.
fn judged(endorsement: &Value, world: &World, policy: &Policy) -> Report {
    let mut badge = credential(&stranger());
    badge["credentialSubject"]["achievement"]["endorsement"] = json!([endorsement]);
    world.verify(stranger().embed(&badge).to_string().as_bytes(), policy, at(NOW)).unwrap()
}

fn told(endorsement: &Value, world: &World, policy: &Policy) -> (Outcome, Code) {
    let report = judged(endorsement, world, policy);
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    let [told] = report.endorsements() else { panic!("{:?}", report.endorsements()) };
    (told.outcome, told.detail.code)
}

fn world() -> World {
    let guild = guild();
    World::of_guild(&[])
        .with_document(&guild, &guild.document(&[guild.published(), lists_key().published()]))
        .with_list(&stranger().embed(&list(&stranger(), &[])))
        .with_intents(&[])
}

#[test]
fn a_key_for_lists_endorses_nothing() {
    let made = endorsement(&lists_key(), ACHIEVEMENT, &json!({}));
    let live = world().with_record(OwnRecord::Live).with_intents(&[&made.to_string()]);
    assert_eq!(told(&made, &live, &own()), (Outcome::Failed, Code::KeyForOtherUse));
    // to others the document says only that the guild lists the key
    assert_eq!(told(&made, &live, &Policy::product()), (Outcome::Passed, Code::KeyOfIssuer));
}

#[test]
fn what_our_records_do_not_hold_is_not_ours_though_our_key_is_good() {
    let made = endorsement(&guild(), ACHIEVEMENT, &json!({}));
    let held = made.to_string();
    for (world, outcome, code) in [
        (world().with_record(OwnRecord::Absent), Outcome::Failed, Code::NotOfRecord),
        (world().with_record(OwnRecord::Absent).with_intents(&[&held]), Outcome::Failed, Code::NotOfRecord),
        // the id of a credential that we did release
        (world().with_record(OwnRecord::Live), Outcome::Failed, Code::NotOfRecord),
        (World { intents: None, ..world() }, Outcome::NotChecked, Code::RecordNotSupplied),
        (world().with_record(OwnRecord::Live).with_intents(&[&held]), Outcome::Passed, Code::KeyOfIssuer),
    ] {
        assert_eq!(told(&made, &world, &own()), (outcome, code));
    }
}

#[test]
fn the_record_of_an_endorsement_is_not_that_of_what_carries_it() {
    let made = endorsement(&guild(), ACHIEVEMENT, &json!({}));
    let revoked = world().with_record(OwnRecord::Revoked).with_intents(&[&made.to_string()]);
    let report = judged(&made, &revoked, &own());
    assert_eq!((report.state(), report.check(CheckId::Status).detail.code), (State::Valid, Code::StatusClear));
}

#[test]
fn the_record_of_an_endorsement_answered_first_is_still_not_that_of_what_carries_it() {
    let guild = guild();
    let made = endorsement(&guild, ACHIEVEMENT, &json!({"issuer": guild.id}));
    let mut badge = credential(&guild);
    badge["credentialSubject"]["achievement"]["endorsement"] = json!([made]);
    let id = badge["id"].as_str().unwrap().to_owned();
    let signed = guild.embed(&badge).to_string();
    let world = world().with_list(&guild.embed(&list(&guild, &[]))).with_intents(&[&made.to_string(), &signed]);
    let mut verification = Verification::open(signed.as_bytes(), &own(), at(NOW)).unwrap();
    while let Some(last) = verification.wants().last().cloned() {
        let supply = match &last {
            Want::OwnRecord(of) if *of == id => Supply::Record(OwnRecord::Live),
            Want::OwnRecord(_) => Supply::Record(OwnRecord::Revoked),
            other => world.answer(other, at(NOW)),
        };
        verification.supply(&last, supply);
    }
    let report = verification.report();
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
}
