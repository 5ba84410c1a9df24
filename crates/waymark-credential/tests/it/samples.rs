//! Documents as we issue them, and the key that signs them in tests.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use time::macros::utc_datetime;
use waymark_credential::Timestamp;
use waymark_credential::key::{PublicKey, Signature};
use waymark_credential::model::{Achievement, Draft, Iri, Profile, StatusListCredential};
use waymark_credential::proof::{SignedBytes, ToBeSigned};

pub const NOW: Timestamp = utc_datetime!(2026-11-21 09:30:00);

/// A key made of 32 equal bytes, under its did:key.
pub fn signing_key(byte: u8) -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[byte; 32]);
    let public = PublicKey::did_key(key.verifying_key().to_bytes()).unwrap();
    (key, public)
}

pub fn sign(prepared: ToBeSigned, key: &SigningKey) -> SignedBytes {
    let signature = Signature(key.sign(&prepared.bytes).to_bytes());
    prepared.attach(signature)
}

pub fn iri(text: &str) -> Iri {
    Iri::parse(text).unwrap()
}

fn typed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

pub fn achievement() -> Achievement {
    typed(json!({
        "id": "https://guild.example/achievements/foundations", "type": ["Achievement"],
        "name": "Foundations", "description": "Knows the ground rules", "inLanguage": "en",
        "achievementType": "Certification", "criteria": {"narrative": "Pass the exam and give three contributions"}
    }))
}

pub fn profile() -> Profile {
    let (_, public) = signing_key(7);
    typed(
        json!({"id": public.controller(), "type": ["Profile"], "name": "Example Guild", "url": "https://guild.example"}),
    )
}

/// The least that we issue.
pub fn minimal() -> Draft {
    Draft {
        id: iri("urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33"),
        issuer: profile(),
        subject: iri("urn:uuid:0e4f1a1e-0001-4c64-9d2a-6b2f6c1f0001"),
        name: "山田 花子".into(),
        achievement: achievement(),
        valid_from: NOW,
        awarded_at: utc_datetime!(2026-11-20 18:00:00),
        valid_until: None,
        evidence: Vec::new(),
        results: Vec::new(),
        status_list: iri("https://guild.example/status/1"),
        status_index: 94_567,
    }
}

/// Every member that a track, an exam and a member can fill.
pub fn full() -> Draft {
    let scale = "urn:uuid:a70ddc6a-4c4a-4bd8-8277-cb97c79f40c5";
    let grade = "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c";
    let mastery = "urn:uuid:d05a0867-d0ad-4b03-bdb5-28fb5d2aab7a";
    Draft {
        issuer: Profile {
            email: Some("office@guild.example".into()),
            description: Some("A guild of \"examples\"\nand samples".into()),
            image: typed(json!({"id": "https://guild.example/logo.png", "type": "Image", "caption": "A lighthouse"})),
            address: typed(json!({
                "type": ["Address"], "addressCountry": "Japan", "addressCountryCode": "JP",
                "geo": {"type": "GeoCoordinates", "latitude": 35.6762, "longitude": 139.6503}
            })),
            other_identifier: typed(
                json!([{"type": "IdentifierEntry", "identifier": "12-34", "identifierType": "systemId"}]),
            ),
            ..profile()
        },
        achievement: typed(json!({
            "id": "https://guild.example/achievements/foundations", "type": ["Achievement"],
            "name": "基礎", "description": "土台を知っている", "inLanguage": "ja",
            "achievementType": "ext:GuildCertification",
            "criteria": {"id": "https://guild.example/p/foundations", "narrative": "試験に合格し、3件貢献する"},
            "image": {"id": "data:image/png;base64,iVBORw0KGgo=", "type": "Image"},
            "creator": {"id": "https://guild.example/g/education", "type": ["Profile"], "name": "Education group"},
            "fieldOfStudy": "Communities", "specialization": "Credentials", "humanCode": "F-1", "version": "2026.1",
            "creditsAvailable": 36.5, "tag": ["community", "試験"],
            "alignment": [{"type": ["Alignment"], "targetName": "Digital skills", "targetUrl": "https://skills.example/digital",
                "targetCode": "D1", "targetDescription": "…", "targetFramework": "Skills", "targetType": "CFItem"}],
            "related": [{"id": "https://guild.example/achievements/foundations-en", "type": ["Related"], "inLanguage": "en", "version": "2026.1"}],
            "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "F1", "identifierType": "ext:code"}],
            "resultDescription": [
                {"id": grade, "type": ["ResultDescription"], "name": "Points", "resultType": "RawScore",
                    "valueMin": "0", "valueMax": "35", "requiredValue": "26"},
                {"id": scale, "type": ["ResultDescription"], "name": "Grade", "resultType": "RubricCriterionLevel",
                    "allowedValue": ["C", "B", "A"], "requiredLevel": mastery, "rubricCriterionLevel": [
                        {"id": mastery, "type": ["RubricCriterionLevel"], "name": "Mastery", "level": "3", "points": "4",
                            "description": "Does it alone"}]}
            ]
        })),
        valid_until: Some(utc_datetime!(2029-11-20 18:00:00)),
        evidence: typed(json!([
            {"id": "https://forge.example/changes/7", "type": ["Evidence"], "name": "A merged change", "genre": "change.merged",
                "description": "Tab\tand line\nbreaks", "narrative": "…", "audience": "reviewers"},
            {"type": ["Evidence"], "narrative": "Gave a talk"}
        ])),
        results: typed(json!([
            {"type": ["Result"], "resultDescription": grade, "value": "31", "status": "Completed"},
            {"type": ["Result"], "resultDescription": scale, "value": "A", "achievedLevel": mastery,
                "alignment": [{"type": ["Alignment"], "targetName": "Level 3", "targetUrl": "https://skills.example/3"}]}
        ])),
        ..minimal()
    }
}

pub fn status_list() -> StatusListCredential {
    let (_, public) = signing_key(7);
    typed(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://guild.example/status/1", "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": public.controller(), "validFrom": "2026-11-21T09:30:00Z", "validUntil": "2026-11-22T09:30:00Z",
        "credentialSubject": {"id": "https://guild.example/status/1#list", "type": "BitstringStatusList",
            "statusPurpose": "revocation", "ttl": 300_000,
            "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"}
    }))
}
