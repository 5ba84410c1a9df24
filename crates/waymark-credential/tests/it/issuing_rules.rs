//! Every rule for what we issue, seen to refuse.

use super::samples::{full, iri, minimal};
use serde_json::{Value, json};
use time::macros::utc_datetime;
use waymark_credential::model::{Credential, OpenBadgeCredential};

/// The pointers of the faults when `full` or `minimal` has `value` at `pointer` (`null` removes).
fn faults(base: &OpenBadgeCredential, pointer: &str, value: Value) -> Vec<String> {
    let mut document = serde_json::to_value(base).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) if value.is_null() => drop(members.remove(name).unwrap()),
        Value::Object(members) => drop(members.insert(name.into(), value)),
        Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = value,
        other => panic!("{other}"),
    }
    let document: OpenBadgeCredential = serde_json::from_value(document).unwrap_or_else(|e| panic!("{pointer}: {e}"));
    match Credential::new(document) {
        Ok(_) => Vec::new(),
        Err(invalid) => invalid.0.into_iter().map(|fault| fault.pointer).collect(),
    }
}

#[test]
fn samples_keep_every_rule() {
    minimal().complete().unwrap();
    full().complete().unwrap();
}

#[test]
fn each_rule_names_the_place() {
    let base = full().complete().unwrap().into_document();
    let cases = [
        ("/id", json!("https://guild.example/c/1")),
        ("/id", json!("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33")),
        ("/type", json!(["VerifiableCredential"])),
        ("/type", json!(["VerifiableCredential", "OpenBadgeCredential", "EndorsementCredential"])),
        ("/@context", json!(["https://www.w3.org/ns/credentials/v2"])),
        (
            "/@context",
            json!([
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
                "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
            ]),
        ),
        (
            "/proof",
            json!([{"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": "urn:k:1",
                "proofPurpose": "assertionMethod"}]),
        ),
        ("/name", Value::Null),
        ("/name", json!(" ")),
        ("/name", json!("a\u{202}\u{7}")),
        ("/issuer", json!("did:web:guild.example")),
        ("/issuer/id", json!("https://guild.example")),
        ("/issuer/name", Value::Null),
        ("/issuer/email", json!("office at guild")),
        ("/issuer/otherIdentifier/0/identifierType", json!("passport")),
        ("/validFrom", json!("2026-11-21T18:30:00+09:00")),
        ("/validUntil", json!("2026-11-21T09:30:00Z")),
        ("/awardedDate", json!("2026-11-22T00:00:00Z")),
        ("/awardedDate", json!("2026-11-20T00:00:00.5Z")),
        ("/awardedDate", Value::Null),
        ("/credentialStatus", Value::Null),
        ("/credentialStatus/id", Value::Null),
        ("/credentialStatus/id", json!("https://guild.example/status/1")),
        ("/credentialStatus/type", json!("1EdTechRevocationList")),
        ("/credentialStatus/statusPurpose", json!("suspension")),
        ("/credentialStatus/statusListIndex", json!("007")),
        ("/credentialStatus/statusListCredential", Value::Null),
        ("/credentialSubject/id", json!("mailto:hanako@guild.example")),
        ("/credentialSubject/name", Value::Null),
        ("/credentialSubject/identifier", Value::Null),
        ("/credentialSubject/identifier/0/identityHash", json!("somebody else")),
        (
            "/credentialSubject/identifier/0",
            json!({"type": "IdentityObject", "hashed": false, "identityType": "emailAddress", "identityHash": "山田 花子"}),
        ),
        ("/credentialSubject/creditsEarned", json!(9.3)),
        ("/credentialSubject/achievement/criteria", json!({})),
        ("/credentialSubject/achievement/achievementType", json!("Knighthood")),
        ("/credentialSubject/achievement/inLanguage", Value::Null),
        ("/credentialSubject/achievement/inLanguage", json!("日本語")),
        ("/credentialSubject/achievement/image", json!({"id": "javascript:alert(1)", "type": "Image"})),
        ("/credentialSubject/achievement/alignment/0/targetType", json!("Skill")),
        ("/credentialSubject/achievement/related/0/id", json!("https://guild.example/achievements/foundations")),
        ("/credentialSubject/achievement/related/0/inLanguage", json!("e")),
        ("/credentialSubject/achievement/otherIdentifier/0/identifierType", json!("ext:")),
        ("/credentialSubject/achievement/resultDescription/0/resultType", json!("Marks")),
        ("/credentialSubject/achievement/resultDescription/1/requiredLevel", json!("urn:uuid:1")),
        ("/credentialSubject/result/0/status", json!("ext:Done")),
        ("/credentialSubject/result/0/resultDescription", json!("urn:uuid:1")),
        ("/credentialSubject/result/0", json!({"type": ["Result"]})),
        ("/credentialSubject/result/1/achievedLevel", json!("urn:uuid:1")),
        ("/credentialSubject/result/1/value", json!("D")),
        ("/evidence/1", json!({"type": ["Evidence"]})),
    ];
    for (pointer, value) in cases {
        let found = faults(&base, pointer, value.clone());
        assert!(found.iter().any(|fault| fault.starts_with(pointer)), "{pointer} = {value}: {found:?}");
    }
}

/// A type that only the extensions context defines would not be covered by the signature without it.
#[test]
fn a_term_needs_its_context() {
    let base = minimal().complete().unwrap().into_document();
    let schema = json!({"id": "https://purl.imsglobal.org/schema.json", "type": "1EdTechJsonSchemaValidator2019"});
    assert_eq!(faults(&base, "/credentialSchema", json!([schema.clone()])), ["/credentialSchema/0"]);
    let mut extended = base;
    extended.context = waymark_credential::model::Contexts::OpenBadgesExtended;
    assert!(faults(&extended, "/credentialSchema", json!([schema])).is_empty());
}

#[test]
fn two_objects_of_one_id_must_be_equal() {
    let base = full().complete().unwrap().into_document();
    assert_eq!(
        faults(&base, "/evidence/1", json!({"id": "https://forge.example/changes/7", "type": ["Evidence"]})),
        ["/evidence/1"]
    );
    let twin = serde_json::to_value(&base.evidence[0]).unwrap();
    assert!(faults(&base, "/evidence/1", twin).is_empty());
}

#[test]
fn an_expired_draft_is_not_issued() {
    let mut draft = minimal();
    draft.valid_until = Some(utc_datetime!(2026-11-21 09:00:00));
    assert!(draft.complete().unwrap_err().to_string().starts_with("/validUntil: "));
    let mut draft = minimal();
    draft.achievement.id = iri("https://guild.example/achievements/foundations");
    draft.achievement.name = String::new();
    let invalid = draft.complete().unwrap_err();
    let pointers: Vec<&str> = invalid.0.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/credentialSubject/achievement/name", "/name"]);
}

/// Digital Bazaar's verifier gives up on these with its default work factor.
#[test]
fn alike_objects_without_id_are_refused() {
    let base = full().complete().unwrap().into_document();
    let twins =
        json!([{"type": ["Evidence"], "narrative": "Gave a talk"}, {"type": ["Evidence"], "narrative": "Gave a talk"}]);
    assert_eq!(faults(&base, "/evidence", twins), [""]);
    let repeated = json!(["A", "B", "B", "B", "A"]);
    assert_eq!(faults(&base, "/credentialSubject/achievement/resultDescription/1/allowedValue", repeated), [""]);
}
