//! Badges under the older base context, which defines the dates of both data models: whatever they are called, the latest beginning and the
//! earliest end hold.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, State};

use super::Case;
use crate::made::{Party, World, credential};

fn issuer() -> Party {
    Party::of_key(12)
}

/// A badge under the contexts of VC 1.1 with these members.
fn badge(members: &Value) -> Value {
    let mut badge = credential(&issuer());
    for name in ["validFrom", "validUntil", "awardedDate", "credentialStatus", "evidence"] {
        badge.as_object_mut().unwrap().remove(name);
    }
    badge["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("inLanguage");
    badge["@context"] = json!([
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://w3id.org/security/data-integrity/v2"
    ]);
    badge["issuanceDate"] = json!("2026-01-01T00:00:00Z");
    badge.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    badge
}

pub fn cases() -> Vec<Case> {
    use CheckId::{Shape, Validity};
    let case = |name, members: Value, state, check, code| {
        Case::new(name, issuer().embed(&badge(&members)), state, check, code).world(World::default())
    };
    let (past, ahead) = ("2026-02-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let ended = badge(&json!({"validUntil": past}));
    let as_json = issuer().embed_as(&ended, &json!({"cryptosuite": "eddsa-jcs-2022"}));
    vec![
        case("VC 1.1: begun", json!({}), State::Valid, Validity, Code::InForce),
        case("VC 1.1: expirationDate past", json!({"expirationDate": past}), State::Expired, Validity, Code::Expired),
        case("VC 1.1: validUntil past", json!({"validUntil": past}), State::Expired, Validity, Code::Expired),
        Case::new("VC 1.1: validUntil past, eddsa-jcs-2022", as_json, State::Expired, Validity, Code::Expired),
        Case::new("VC 1.1: validUntil past, JWT", issuer().jwt(&ended), State::Expired, Validity, Code::Expired),
        case(
            "VC 1.1: validUntil past, expirationDate ahead",
            json!({"validUntil": past, "expirationDate": ahead}),
            State::Expired,
            Validity,
            Code::Expired,
        ),
        case(
            "VC 1.1: expirationDate past, validUntil ahead",
            json!({"expirationDate": past, "validUntil": ahead}),
            State::Expired,
            Validity,
            Code::Expired,
        ),
        case("VC 1.1: validFrom ahead", json!({"validFrom": ahead}), State::NotYetValid, Validity, Code::NotYetValid),
        case(
            "VC 1.1: issuanceDate ahead, validFrom past",
            json!({"issuanceDate": ahead, "validFrom": past}),
            State::NotYetValid,
            Validity,
            Code::NotYetValid,
        ),
        case(
            "VC 1.1: validUntil before issuanceDate",
            json!({"validUntil": "2025-12-31T00:00:00Z"}),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        ),
        case(
            "VC 1.1: validUntil that is no date",
            json!({"validUntil": "soon"}),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        ),
    ]
}

#[test]
fn what_is_shown_is_the_beginning_and_the_end_that_were_judged() {
    let members = json!({"validFrom": "2026-03-01T00:00:00Z", "validUntil": "2029-01-01T00:00:00Z", "expirationDate": "2028-01-01T00:00:00Z"});
    let signed = issuer().embed(&badge(&members)).to_string();
    let policy = waymark_credential::verify::Policy::product();
    let report = World::default().verify(signed.as_bytes(), &policy, crate::made::at(crate::made::NOW)).unwrap();
    let shown = report.shown().unwrap().credential();
    assert_eq!(shown.valid_from.as_str(), "2026-03-01T00:00:00Z");
    assert_eq!(shown.valid_until.as_ref().unwrap().as_str(), "2028-01-01T00:00:00Z");
}
