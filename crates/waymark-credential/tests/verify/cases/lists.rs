//! Status lists that must not be believed.

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write;
use waymark_credential::{
    did::PublishedKey,
    verify::{CheckId, Code, State},
};

use super::Case;
use crate::made::{INDEX, LIST, Party, World, at, credential, guild, list};

fn pack(bytes: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packer.finish().unwrap()))
}

/// A world whose list was changed before it was signed.
fn changed(change: impl FnOnce(&mut Value)) -> World {
    let guild = guild();
    let mut list = list(&guild, &[]);
    change(&mut list);
    World::of_guild(&[]).with_list(&guild.embed(&list))
}

fn second() -> Party {
    Party::of_web("guild.example", 7)
}

/// A world whose list is signed by another key of the same issuer.
fn by_a_second_key(key: PublishedKey) -> World {
    let guild = guild();
    World::of_guild(&[])
        .with_document(&guild, &guild.document(&[guild.published(), key]))
        .with_list(&second().embed(&list(&guild, &[])))
}

pub fn cases() -> Vec<Case> {
    use CheckId::Status;
    let guild = guild();
    let thief = Party::of_key(3);
    let signed = guild.embed(&credential(&guild));
    let entry = |change: &dyn Fn(&mut Value)| {
        let mut document = credential(&guild);
        change(&mut document["credentialStatus"]);
        guild.embed(&document)
    };
    let mut cleared = guild.embed(&list(&guild, &[INDEX]));
    cleared["credentialSubject"]["encodedList"] = list(&guild, &[])["credentialSubject"]["encodedList"].clone();
    let no_end = |fetched: &str| World {
        fetched_at: Some(at(fetched)),
        ..changed(|list| drop(list.as_object_mut().unwrap().remove("validUntil")))
    };
    let unusable = |name, world| Case::new(name, &signed, State::Unknown, Status, Code::ListUnusable).world(world);
    vec![
        Case::new("list unreachable", &signed, State::Unknown, Status, Code::ListUnreachable)
            .world(World::default().with_document(&guild, &guild.document(&[guild.published()]))),
        Case::new("list of another issuer", &signed, State::Unknown, Status, Code::ListOfAnother)
            .world(World::of_guild(&[]).with_list(&thief.embed(&list(&thief, &[])))),
        Case::new(
            "list signed by another's key in the issuer's name",
            &signed,
            State::Unknown,
            Status,
            Code::ListOfAnother,
        )
        .world(World::of_guild(&[]).with_list(&thief.embed(&list(&guild, &[])))),
        Case::new(
            "list in another's name, signed by the issuer's key",
            &signed,
            State::Unknown,
            Status,
            Code::ListOfAnother,
        )
        .world(World::of_guild(&[]).with_list(&guild.embed(&list(&thief, &[])))),
        Case::new("list whose revocation was cleared", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(World::of_guild(&[]).with_list(&cleared)),
        Case::new("list without a proof", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(World::of_guild(&[]).with_list(&list(&guild, &[]))),
        Case::new("list by a key that is not listed", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(World::of_guild(&[]).with_list(&Party::of_web("guild.example", 9).embed(&list(&guild, &[])))),
        Case::new("list by a withdrawn key", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(by_a_second_key(PublishedKey { revoked: Some(at("2026-05-01T00:00:00Z")), ..second().published() })),
        Case::new("list by an expired key", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(by_a_second_key(PublishedKey { expires: Some(at("2026-05-01T00:00:00Z")), ..second().published() })),
        Case::new("list by a second good key", &signed, State::Valid, Status, Code::StatusClear)
            .world(by_a_second_key(second().published())),
        Case::new("list whose proof expired", &signed, State::Unknown, Status, Code::ListNotProved).world(
            World::of_guild(&[])
                .with_list(&guild.embed_as(&list(&guild, &[]), &json!({"expires": "2026-06-01T00:00:00Z"}))),
        ),
        Case::new(
            "a list entry under another type",
            {
                let mut document = credential(&guild);
                document["credentialStatus"]["type"] = json!("StatusList2021Entry");
                guild.embed_as(&document, &json!({"cryptosuite": "eddsa-jcs-2022"}))
            },
            State::Unknown,
            Status,
            Code::StatusMethodUnsupported,
        ),
        Case::new("yesterday's list", &signed, State::Unknown, Status, Code::ListStale)
            .world(changed(|list| list["validUntil"] = json!("2026-06-01T00:00:00Z"))),
        Case::new("list from the future", &signed, State::Unknown, Status, Code::ListUnusable)
            .world(changed(|list| list["validFrom"] = json!("2026-06-01T00:05:01Z"))),
        Case::new("list a few minutes ahead of our clock", &signed, State::Valid, Status, Code::StatusClear)
            .world(changed(|list| list["validFrom"] = json!("2026-06-01T00:04:59Z"))),
        Case::new("list without an end, fetched today", &signed, State::Valid, Status, Code::StatusClear)
            .world(no_end("2026-05-31T00:00:00Z")),
        Case::new("list without an end, fetched two days ago", &signed, State::Unknown, Status, Code::ListStale)
            .world(no_end("2026-05-30T23:59:59Z")),
        Case::new("copy older than the list's ttl", &signed, State::Unknown, Status, Code::ListStale).world(World {
            fetched_at: Some(at("2026-05-31T23:50:00Z")),
            ..changed(|list| list["credentialSubject"]["ttl"] = json!(300_000))
        }),
        Case::new("copy within the list's ttl", &signed, State::Valid, Status, Code::StatusClear).world(World {
            fetched_at: Some(at("2026-05-31T23:56:00Z")),
            ..changed(|list| list["credentialSubject"]["ttl"] = json!(300_000))
        }),
        unusable("list with another address", changed(|list| list["id"] = json!("https://guild.example/status/2"))),
        unusable(
            "list for another purpose",
            changed(|list| list["credentialSubject"]["statusPurpose"] = json!("suspension")),
        ),
        unusable("list of another type", changed(|list| list["type"] = json!(["VerifiableCredential"]))),
        unusable("short list", changed(|list| list["credentialSubject"]["encodedList"] = json!(pack(&[0; 12_000])))),
        unusable(
            "gzip bomb",
            changed(|list| list["credentialSubject"]["encodedList"] = json!(pack(&vec![0; 64 * 1024 * 1024]))),
        ),
        unusable(
            "list with a second gzip member",
            changed(|list| {
                use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
                let one = BASE64_URL_SAFE_NO_PAD.decode(&pack(&[0; 16_384])[1..]).unwrap();
                list["credentialSubject"]["encodedList"] =
                    json!(format!("u{}", BASE64_URL_SAFE_NO_PAD.encode([one.clone(), one].concat())));
            }),
        ),
        unusable("list with a member too many", changed(|list| list["@included"] = json!([]))),
        unusable("list that is no JSON", World::of_guild(&[]).with_list_bytes(b"<html>".to_vec())),
        Case::new("list with several purposes", &signed, State::Valid, Status, Code::StatusClear)
            .world(changed(|list| list["credentialSubject"]["statusPurpose"] = json!(["refresh", "revocation"]))),
        Case::new(
            "index outside the list",
            entry(&|status| status["statusListIndex"] = json!("131072")),
            State::Unknown,
            Status,
            Code::ListUnusable,
        ),
        Case::new(
            "index that is no number",
            entry(&|status| status["statusListIndex"] = json!("-1")),
            State::Unknown,
            Status,
            Code::ListUnusable,
        ),
        Case::new(
            "index with a leading zero",
            entry(&|status| status["statusListIndex"] = json!("094567")),
            State::Unknown,
            Status,
            Code::ListUnusable,
        ),
        Case::new(
            "status of another method",
            {
                let mut document = credential(&guild);
                document["credentialStatus"] = json!({"id": LIST, "type": "BitstringStatusList"});
                guild.embed(&document)
            },
            State::Unknown,
            Status,
            Code::StatusMethodUnsupported,
        ),
        Case::new(
            "status of a method of no context",
            entry(&|status| *status = json!({"id": LIST, "type": "1EdTechRevocationList"})),
            State::Altered,
            CheckId::Proof,
            Code::ProofMalformed,
        ),
        Case::new(
            "status of another purpose",
            entry(&|status| status["statusPurpose"] = json!("message")),
            State::Unknown,
            Status,
            Code::StatusMethodUnsupported,
        ),
        Case::new(
            "suspended by a foreign issuer's list",
            entry(&|status| status["statusPurpose"] = json!("suspension")),
            State::Suspended,
            Status,
            Code::Suspended,
        )
        .world({
            let mut suspended = list(&guild, &[INDEX]);
            suspended["credentialSubject"]["statusPurpose"] = json!("suspension");
            World::of_guild(&[]).with_list(&guild.embed(&suspended))
        }),
    ]
}
