//! Several status entries on one document: each is read, and their lists once.

use waymark_credential::{
    status_list::MIN_ENTRIES,
    verify::{Endorsement, Verification},
};

use super::*;
use crate::made::{INDEX, LIST, credential, list};

/// A badge of others with so many entries on one list.
fn badge(entries: usize) -> Value {
    let mut badge = credential(&issuer());
    badge.as_object_mut().unwrap().remove("awardedDate");
    badge["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("inLanguage");
    badge["@context"] = json!([V2, OB_2]);
    let entry = |index: usize| {
        json!({"id": format!("{LIST}#{index}"), "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": index.to_string(), "statusListCredential": LIST})
    };
    badge["credentialStatus"] = (0..entries).map(entry).collect();
    badge
}

/// The report, what it cost, and how long the list is.
fn judged(signed: &Value, set: &[u64]) -> (Report, Work, usize) {
    let list = issuer().embed(&list(&issuer(), set)).to_string();
    let world = World::default().with_list_bytes(list.clone().into_bytes());
    let mut verification = Verification::open(signed.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap();
    while let Some(want) = verification.wants().first().cloned() {
        verification.supply(&want, world.answer(&want, at(NOW)));
    }
    let (report, work) = verification.report_with_work();
    (report, work, list.len())
}

#[test]
fn a_list_is_read_and_proved_once_for_all_its_entries() {
    let (report, work, length) = judged(&sign(&badge(16)), &[16]);
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    assert_eq!(work.signatures, 2, "the badge and the list");
    assert_eq!(work.lists, length + usize::try_from(MIN_ENTRIES / 8).unwrap());
    let (report, ..) = judged(&sign(&badge(16)), &[15]);
    assert_eq!(report.state(), State::Revoked, "the last one is read too");
}

#[test]
fn more_entries_than_are_read_are_named_and_nothing_is_believed() {
    let signed = sign(&badge(17));
    let (report, work, _) = judged(&signed, &[]);
    let shape = report.check(CheckId::Shape);
    assert_eq!(
        (report.state(), shape.outcome, shape.detail.code),
        (State::Unknown, Outcome::NotChecked, Code::TooManyStatuses)
    );
    assert_eq!(shape.detail.to_string(), "the document declares 17 status entries; at most 16 are read");
    assert_eq!(work.signatures, 0);
    assert_eq!(any(&signed), Some((CheckId::Shape, Code::TooManyStatuses)));
}

#[test]
fn an_endorsement_has_no_more_of_them_either() {
    let accreditor = Party::of_key(6);
    let mut endorsement = json!({"@context": [V2, OB_2], "id": "urn:uuid:7f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a08",
        "type": ["VerifiableCredential", "EndorsementCredential"], "name": "Endorsed",
        "issuer": {"id": accreditor.id, "type": ["Profile"], "name": "Accreditor"}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://guild.example/achievements/foundations", "type": ["EndorsementSubject"]}});
    endorsement["credentialStatus"] = badge(17)["credentialStatus"].clone();
    let mut carrier = badge(1);
    carrier["credentialSubject"]["achievement"]["endorsement"] = json!([accreditor.embed(&endorsement)]);
    let (report, ..) = judged(&sign(&carrier), &[]);
    let [Endorsement { outcome, detail, .. }] = report.endorsements() else { panic!("{:?}", report.endorsements()) };
    assert_eq!((*outcome, detail.code), (Outcome::NotChecked, Code::TooManyStatuses));
}

#[test]
fn an_entry_of_several_types_is_an_entry() {
    let mut several = badge(1);
    several["credentialStatus"][0]["type"] = json!(["https://own.example/#Entry", "BitstringStatusListEntry"]);
    let (report, ..) = judged(&sign(&several), &[0]);
    assert_eq!(report.state(), State::Revoked, "{:?}", report.checks());
}

#[test]
fn what_is_read_of_a_list_of_names_is_counted() {
    let guild = guild();
    let mut named = credential(&guild);
    named["@context"].as_array_mut().unwrap().push(json!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"));
    named["credentialStatus"] = json!({"id": LIST, "type": "1EdTechRevocationList"});
    let list = json!({"id": LIST, "issuer": guild.id, "revokedCredential": [{"id": "urn:uuid:another"}]}).to_string();
    let world = World::of_guild(&[INDEX]).with_list_bytes(list.clone().into_bytes());
    let signed = guild.embed(&named).to_string();
    let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
    while let Some(want) = verification.wants().first().cloned() {
        verification.supply(&want, world.answer(&want, at(NOW)));
    }
    let (report, work) = verification.report_with_work();
    assert_eq!((report.state(), work.lists), (State::Valid, list.len()), "{:?}", report.checks());
}

#[test]
fn of_entries_that_cannot_be_read_the_first_is_told() {
    let entry = |more: &Value| {
        let mut entry = json!({"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7",
            "statusListCredential": LIST});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entry
    };
    let judged = |entries: &[Value]| {
        let signed = issuer().embed(&with(badge(0), "/credentialStatus", json!(entries)));
        let (report, ..) = judged(&signed, &[]);
        let status = report.check(CheckId::Status);
        (report.state(), status.detail.code, status.detail.to_string())
    };
    assert_eq!(judged(&[entry(&json!({"statusSize": 1}))]).1, Code::StatusClear);
    assert_ne!(judged(&[entry(&json!({"statusSize": 2}))]).0, State::Valid, "an entry of several bits");
    let (message, refresh) = (entry(&json!({"statusPurpose": "message"})), entry(&json!({"statusPurpose": "refresh"})));
    let (state, code, first) = judged(&[refresh.clone(), message.clone()]);
    assert_eq!((state, code), (State::Unknown, Code::StatusMethodUnsupported));
    assert!(first.contains("refresh"), "{first}");
    assert!(judged(&[message, refresh]).2.contains("message"));
}
