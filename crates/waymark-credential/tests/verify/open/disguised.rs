//! What the base contexts name has no second name, however a definition in the document makes one: the quads, and with them the signature, would
//! be the same, and the verdict would not see it.

use super::*;
use crate::made::{LIST, list};

const CRED: &str = "https://www.w3.org/2018/credentials#";
const STATUS: &str = "https://www.w3.org/ns/credentials/status#";
const DATE: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// A revoked credential with these contexts, and what verifying it finds where `change` is made after it was signed.
fn revoked(contexts: &Value, change: impl FnOnce(&mut Value)) -> Report {
    let entry = json!({"id": format!("{LIST}#7"), "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": "7", "statusListCredential": LIST});
    let mut document = with(with(least(), "/id", json!("urn:c:1")), "/credentialStatus", entry);
    document["@context"] = contexts.clone();
    let mut signed = sign(&document);
    change(&mut signed);
    let world = World::default().with_list(&issuer().embed(&list(&issuer(), &[7])));
    world.verify(signed.to_string().as_bytes(), &Policy::vc_api(), at(NOW)).unwrap()
}

#[test]
fn a_status_keeps_its_name() {
    let scoped = json!({"statusPurpose": format!("{STATUS}statusPurpose"), "statusListIndex": format!("{STATUS}statusListIndex"),
        "statusListCredential": {"@id": format!("{STATUS}statusListCredential"), "@type": "@id"}});
    let entry_type = format!("{STATUS}BitstringStatusListEntry");
    let defining = |name: &str, iri: &Value| {
        let mut terms = scoped.clone();
        terms[name] = iri.clone();
        json!([V2, terms])
    };
    for contexts in [json!([V2]), defining("BSE", &json!(entry_type)), json!([V2, EXAMPLES])] {
        let report = revoked(&contexts, |_| ());
        assert_eq!(report.check(CheckId::Status).detail.code, Code::RevokedByList, "{contexts}: {:?}", report.checks());
    }
    let kind = json!({"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "@type": "@vocab"});
    let size =
        json!({"@id": format!("{STATUS}statusSize"), "@type": "http://www.w3.org/2001/XMLSchema#positiveInteger"});
    let cut = json!("https://www.w3.org/ns/credentials/sta");
    let disguises: [(Value, &str, Value); 7] = [
        (defining("BSE", &json!(entry_type)), "type", json!("BSE")),
        (defining("s", &json!(STATUS)), "type", json!("s:BitstringStatusListEntry")),
        (defining("@vocab", &cut), "type", json!("tus#BitstringStatusListEntry")),
        (defining("other", &json!("urn:other")), "type", json!(entry_type)),
        (defining("size", &size), "size", json!(1)),
        (defining("@vocab", &cut), "tus#statusSize", json!(1)),
        (defining("kind", &kind), "kind", json!("BitstringStatusListEntry")),
    ];
    for (contexts, name, value) in disguises {
        let report = revoked(&contexts, |document| document["credentialStatus"][name] = value.clone());
        let shape = report.check(CheckId::Shape);
        assert_eq!((shape.outcome, shape.detail.code), (Outcome::Failed, Code::NotMapped), "{value} by {contexts}");
    }
}

#[test]
fn ids_and_types_stand_under_id_and_type() {
    let contexts = json!([V2, {"ident": "@id", "sort": "@type"}]);
    for (old, new) in [("id", "ident"), ("type", "sort")] {
        let report = revoked(&contexts, |document| {
            let subject = document["credentialSubject"].as_object_mut().unwrap();
            let value = subject.remove(old).unwrap_or(json!("VerifiableCredential"));
            subject.insert(new.into(), value);
        });
        assert_eq!(report.check(CheckId::Shape).detail.code, Code::NotMapped, "{new}");
    }
}

#[test]
fn a_date_of_the_other_data_model_is_a_date() {
    let older = json!({"@context": [V1, DATA_INTEGRITY], "type": ["VerifiableCredential"], "issuer": issuer().id,
        "issuanceDate": "2026-01-01T00:00:00Z", "expirationDate": "2026-02-01T00:00:00Z",
        "credentialSubject": {"id": "urn:x:y", "type": "VerifiableCredential"}});
    let signed = sign(&older);
    assert_eq!(any(&signed), Some((CheckId::Validity, Code::Expired)));
    let date = |name: &str| json!({"@id": format!("{CRED}{name}"), "@type": DATE});
    let terms = json!({"issuanceDate": date("issuanceDate"), "expirationDate": date("expirationDate")});
    let newer = with(signed.clone(), "/@context", json!([V2, terms]));
    assert_eq!(any(&newer), Some((CheckId::Validity, Code::Expired)), "the signature fits, and it has ended");
    let terms = json!({"issuanceDate": date("issuanceDate"), "ends": date("expirationDate")});
    let mut renamed = with(signed, "/@context", json!([V2, terms]));
    renamed["ends"] = renamed.as_object_mut().unwrap().remove("expirationDate").unwrap();
    assert_eq!(any(&renamed), Some((CheckId::Shape, Code::NotMapped)));
    let another = json!({"expirationDate": {"@id": "urn:another", "@type": DATE}});
    let meaning = with(least(), "/@context", json!([V2, another]));
    let meaning = with(meaning, "/expirationDate", json!("2026-02-01T00:00:00Z"));
    assert!(sign_as(&issuer(), &meaning, Cryptosuite::EddsaRdfc2022).is_err(), "it does not mean what it says");
}

/// The predicates that decide are counted in both data models: a statement elsewhere about the same node counts too.
#[test]
fn a_date_has_no_second_place() {
    let subject = json!({"id": "did:example:subject", "about": {"id": "urn:c:1", "type": "VerifiableCredential"}});
    let about = json!({"about": {"@id": "urn:about", "@type": "@id"}});
    for (base, name) in
        [(json!([V1, DATA_INTEGRITY, about]), "validUntil"), (json!([V1, DATA_INTEGRITY, about]), "validFrom")]
    {
        let document = json!({"@context": base, "id": "urn:c:1", "type": ["VerifiableCredential"], "issuer": issuer().id,
            "issuanceDate": "2026-01-01T00:00:00Z", "credentialSubject": subject});
        let mut moved = document.clone();
        moved["credentialSubject"]["about"][name] = json!("2026-02-01T00:00:00Z");
        let refused = sign_as(&issuer(), &moved, Cryptosuite::EddsaRdfc2022).unwrap_err();
        assert!(refused.contains(&format!("/{name}")), "{refused}");
    }
}
