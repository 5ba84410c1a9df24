//! Documents and lists that were read before: they answer as their bytes would, and what has changed since then is seen.

use std::sync::Arc;

use serde_json::{Value, json};
use waymark_credential::{
    did::{ControllerDocument, PublishedKey},
    verify::{CheckId, Code, Policy, ProvedList, Report, State, Supply, Verification, Want},
};

use crate::made::{INDEX, LIST, NOW, Party, World, at, credential, guild, list};

fn read(party: &Party, document: &Value) -> Arc<ControllerDocument> {
    Arc::new(ControllerDocument::parse(document.to_string().as_bytes(), &party.id).unwrap())
}

fn kept(party: &Party, signed: &Value, document: &ControllerDocument) -> Arc<ProvedList> {
    let bytes = signed.to_string().into_bytes();
    Arc::new(ProvedList::new(&bytes, LIST, &party.id, document, at(NOW), at(NOW)).unwrap())
}

fn verify(credential: &Value, document: &Arc<ControllerDocument>, list: &Arc<ProvedList>, now: &str) -> Report {
    let mut verification = Verification::open(credential.to_string().as_bytes(), &Policy::product(), at(now)).unwrap();
    while let Some(want) = verification.wants().first().cloned() {
        let supply = match &want {
            Want::DidDocument(_) | Want::KeyDocument(_) => Supply::Document(Arc::clone(document)),
            Want::StatusList(_) => Supply::List(Arc::clone(list)),
            Want::OwnRecord(_) | Want::OwnIntent(_) | Want::HostedDocument(_) => Supply::NotAsked,
        };
        verification.supply(&want, supply);
    }
    verification.report()
}

fn status(report: &Report) -> (State, Code) {
    (report.state(), report.check(CheckId::Status).detail.code)
}

#[test]
fn what_was_kept_answers_as_its_bytes_do() {
    let guild = guild();
    let document = read(&guild, &guild.document(&[guild.published()]));
    let signed = guild.embed(&credential(&guild));
    for (set, state) in [(&[][..], State::Valid), (&[INDEX], State::Revoked)] {
        let list = kept(&guild, &guild.embed(&list(&guild, set)), &document);
        let report = verify(&signed, &document, &list, NOW);
        assert_eq!(report.state(), state);
        let by_bytes = World::of_guild(set).verify(signed.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap();
        assert_eq!(report, by_bytes);
    }
}

#[test]
fn a_list_that_does_not_prove_is_not_kept() {
    let guild = guild();
    let document = read(&guild, &guild.document(&[guild.published()]));
    let mut altered = guild.embed(&list(&guild, &[]));
    altered["validUntil"] = json!("2030-01-01T00:00:00Z");
    let kept = ProvedList::new(altered.to_string().as_bytes(), LIST, &guild.id, &document, at(NOW), at(NOW));
    assert_eq!(kept.unwrap_err().code, Code::ListNotProved);
}

#[test]
fn what_time_and_the_issuer_change_is_judged_anew() {
    let guild = guild();
    let document = read(&guild, &guild.document(&[guild.published()]));
    let signed = guild.embed(&credential(&guild));
    let list = kept(&guild, &guild.embed(&list(&guild, &[])), &document);
    let later = "2026-06-01T12:00:00Z";
    assert_eq!(status(&verify(&signed, &document, &list, later)), (State::Unknown, Code::ListStale));

    let second = Party::of_web("guild.example", 7);
    let by_second = second.embed(&crate::made::list(&guild, &[]));
    let both = |key: PublishedKey| guild.document(&[guild.published(), key]);
    let now = read(&guild, &both(second.published()));
    let list = kept(&guild, &by_second, &now);
    assert_eq!(status(&verify(&signed, &now, &list, NOW)), (State::Valid, Code::StatusClear));
    for key in [
        PublishedKey { revoked: Some(at("2026-05-31T23:00:00Z")), ..second.published() },
        PublishedKey { expires: Some(at("2026-05-31T12:00:00Z")), ..second.published() },
    ] {
        let withdrawn = read(&guild, &both(key));
        assert_eq!(status(&verify(&signed, &withdrawn, &list, NOW)), (State::Unknown, Code::ListNotProved));
    }
    let retired = PublishedKey { expires: Some(at("2026-05-31T12:00:01Z")), ..second.published() };
    let retired = read(&guild, &both(retired));
    assert_eq!(status(&verify(&signed, &retired, &list, NOW)), (State::Valid, Code::StatusClear), "it signed before");
    assert_eq!(
        status(&verify(&signed, &document, &list, NOW)),
        (State::Unknown, Code::ListNotProved),
        "no longer listed"
    );
    // another key now stands under the same id
    let mut exchanged = both(second.published());
    let methods = exchanged["verificationMethod"].as_array_mut().unwrap();
    let other =
        methods.iter().find(|method| method["id"] == json!(guild.method)).unwrap()["publicKeyMultibase"].clone();
    let method = methods.iter_mut().find(|method| method["id"] == json!(second.method)).unwrap();
    method["publicKeyMultibase"] = other;
    let exchanged = read(&guild, &exchanged);
    assert_eq!(status(&verify(&signed, &exchanged, &list, NOW)), (State::Unknown, Code::ListNotProved));
}

#[test]
fn what_belongs_to_another_is_no_answer() {
    let guild = guild();
    let document = read(&guild, &guild.document(&[guild.published()]));
    let list = kept(&guild, &guild.embed(&list(&guild, &[])), &document);
    let elsewhere = "https://guild.example/status/2";
    let mut moved = credential(&guild);
    moved["credentialStatus"]["statusListCredential"] = json!(elsewhere);
    let moved = guild.embed(&moved);
    assert_eq!(status(&verify(&moved, &document, &list, NOW)), (State::Unknown, Code::ListUnusable));

    let other = Party::of_web("other.example", 9);
    let theirs = read(&other, &other.document(&[other.published()]));
    let foreign = other.embed(&credential(&other));
    assert_eq!(status(&verify(&foreign, &theirs, &list, NOW)), (State::Unknown, Code::ListOfAnother));
    let report = verify(&foreign, &document, &list, NOW);
    assert_eq!(report.check(CheckId::IssuerKey).detail.code, Code::KeyNotAsked);
}

#[test]
fn the_same_list_read_again_is_as_fresh_as_its_last_reading() {
    let guild = guild();
    let document = read(&guild, &guild.document(&[guild.published()]));
    let signed = guild.embed(&credential(&guild));
    let mut unsigned = list(&guild, &[]);
    unsigned["credentialSubject"]["ttl"] = json!(3_600_000);
    let list = kept(&guild, &guild.embed(&unsigned), &document);
    let later = "2026-06-01T02:00:00Z";
    assert_eq!(status(&verify(&signed, &document, &list, later)), (State::Unknown, Code::ListStale));
    let again = Arc::new(list.read_again(at(later)));
    assert_eq!(status(&verify(&signed, &document, &again, later)), (State::Valid, Code::StatusClear));
}
