//! The rules of the data model.

use super::*;

#[test]
fn what_keeps_the_rules_is_signed_and_verified_by_both_suites_and_altering_it_shows() {
    let examples = [json!("ExampleCredential"), json!({"@value": "a", "@language": "en"})];
    let documents = [
        least(),
        least_v1(),
        with(least(), "/@context", json!([V2, EXAMPLES])),
        with(with(least(), "/@context", json!([V2, EXAMPLES])), "/type", json!(["VerifiableCredential", examples[0]])),
        with(
            with(least(), "/@context", json!([V2, {"Own": "https://own.example/#Own"}])),
            "/type",
            json!(["VerifiableCredential", "Own"]),
        ),
        with(
            with(least(), "/@context", json!([V2, {"@context": {"Own": "https://own.example/#Own"}}])),
            "/type",
            json!(["Own", "VerifiableCredential"]),
        ),
        with(
            least(),
            "/type",
            json!(["https://own.example/#Own", "VerifiableCredential", "https://own.example/#Other"]),
        ),
        with(least(), "/issuer", json!({"id": issuer().id, "name": {"@value": "名", "@language": "ja"}})),
        with(
            least(),
            "/name",
            json!([{"@value": "N", "@language": "en"}, {"@value": "נ", "@language": "he", "@direction": "rtl"}]),
        ),
        with(least(), "/description", json!({"@value": "D", "@direction": "ltr"})),
        with(least(), "/validFrom", json!("2026-01-01T00:00:00.123-05:00")),
        with(least(), "/credentialSubject", json!([{"id": "did:example:a"}, {"id": "did:example:b"}])),
        with(
            least(),
            "/credentialSchema",
            json!([{"id": "https://a.example/1", "type": "https://own.example/#Schema"}]),
        ),
        with(least(), "/refreshService", json!({"id": "https://a.example/r", "type": "https://own.example/#Refresh"})),
        with(
            least(),
            "/evidence",
            json!([{"type": "https://own.example/#Seen"}, {"type": "https://own.example/#Seen", "id": "urn:e:1"}]),
        ),
        with(least(), "/termsOfUse", json!({"type": "https://own.example/#Terms", "id": "urn:t:1"})),
        with(least(), "/credentialStatus", json!({"type": "https://own.example/#Status"})),
        with(
            least(),
            "/relatedResource",
            json!([
            {"id": "https://a.example/a", "digestSRI": format!("sha256-{}", "A".repeat(43) + "=")},
            {"id": "https://a.example/b", "mediaType": "image/png", "digestMultibase": "uEiAjCHMnK5-ayOIZLWo_TBoKYVvSAprlkYEjRlm19Cj0uw"}]),
        ),
    ];
    for document in documents {
        for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
            let signed = sign_as(&issuer(), &document, suite).unwrap_or_else(|e| panic!("{document}: {e}"));
            assert_eq!(any(&signed), None, "{signed}: {:?}", judge(&signed, &Policy::vc_api()).checks());
            let altered = with(signed, "/id", json!("urn:uuid:other"));
            assert_eq!(any(&altered), Some((CheckId::Proof, Code::ProofInvalid)), "{altered}");
        }
    }
}

#[test]
fn a_language_and_a_direction_are_signed() {
    let signed = sign(&with(least(), "/name", json!({"@value": "N", "@language": "en", "@direction": "ltr"})));
    for (name, other) in [("@language", "ja"), ("@direction", "rtl"), ("@value", "M")] {
        let altered = with(signed.clone(), &format!("/name/{name}"), json!(other));
        assert_eq!(any(&altered), Some((CheckId::Proof, Code::ProofInvalid)), "{name}");
    }
}

/// Each line breaks one rule; the second half of it is where.
#[test]
fn what_breaks_a_rule_of_the_data_model_is_refused_with_its_place() {
    let entry = |name: &str, value: Value| {
        let whole = json!({"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7",
            "statusListCredential": "https://a.example/list"});
        json!({"credentialStatus": with(whole, &format!("/{name}"), value)})
    };
    let resource = |resource: Value| json!({"relatedResource": resource});
    let sri = format!("sha256-{}=", "A".repeat(43));
    let broken = [
        (json!({"@context": null}), "/@context"),
        (json!({"@context": V2}), "/@context"),
        (json!({"@context": [EXAMPLES, V2]}), "/@context"),
        (json!({"@context": [V2, "https://unknown.example/v1"]}), "/@context"),
        (json!({"@context": [V2, "https ://no url"]}), "/@context"),
        (json!({"@context": [V2, 5]}), "/@context"),
        (json!({"@context": [V2, {"VerifiableCredential": "https://own.example/#Other"}]}), "VerifiableCredential"),
        (json!({"@context": [V2, {"@protected": true, "T": "urn:t:1"}, {"T": "urn:t:2"}]}), "T"),
        (json!({"@context": [V2, {"T": "https ://no url"}]}), "no url"),
        (json!({"@context": [V2, {"expires": {"@reverse": "urn:t:1"}}]}), "expires"),
        (json!({"@context": [V2, {"@import": "https://a.example"}]}), "@import"),
        (json!({"type": null}), "/type"),
        (json!({"type": []}), "/type"),
        (json!({"type": ["VerifiableCredential", 2]}), "/type"),
        (json!({"type": ["OtherCredential"]}), "/type"),
        (json!({"type": ["VerifiableCredential", "Unmapped"]}), "Unmapped"),
        (json!({"@context": [V2, {"@vocab": null}], "type": ["VerifiableCredential", "Unmapped"]}), "Unmapped"),
        (json!({"id": ["urn:a:1", "urn:a:2"]}), "/id"),
        (json!({"id": "not a url"}), "/id"),
        (json!({"issuer": "no-url"}), "/issuer"),
        (json!({"issuer": {"name": "N"}}), "/issuer"),
        (json!({"issuer": {"id": "no-url"}}), "/issuer"),
        (json!({"issuer": "did:example:another"}), "/issuer"),
        (json!({"credentialSubject": null}), "/credentialSubject"),
        (json!({"credentialSubject": {}}), "/credentialSubject/0"),
        (json!({"credentialSubject": [{"id": "urn:s:1"}, {}]}), "/credentialSubject/1"),
        (json!({"credentialSubject": {"id": ["urn:s:1", "urn:s:2"]}}), "/credentialSubject/0/id"),
        (json!({"credentialSubject": "urn:s:1"}), "/credentialSubject/0"),
        (json!({"credentialSubject": {"id": "urn:s:1", "undefined": 1}}), "undefined"),
        (json!({"validFrom": "2026-01-01"}), "/validFrom"),
        (json!({"validUntil": "2026-01-01T00:00:00"}), "/validUntil"),
        (json!({"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"}), "/validUntil"),
        (json!({"credentialStatus": {"id": "urn:s:1"}}), "/credentialStatus/0/type"),
        (json!({"credentialStatus": {"id": "urn:s:1", "type": 2}}), "/credentialStatus/0/type"),
        (json!({"credentialStatus": {"id": "no-url", "type": "urn:t:1"}}), "/credentialStatus/0/id"),
        (entry("statusListIndex", json!(7)), "/credentialStatus/0/statusListIndex"),
        (entry("statusListIndex", json!("07")), "/credentialStatus/0/statusListIndex"),
        (entry("statusPurpose", Value::Null), "/credentialStatus/0/statusPurpose"),
        (entry("statusListCredential", json!("list")), "/credentialStatus/0/statusListCredential"),
        (entry("id", json!("https://a.example/list")), "/credentialStatus/0/id"),
        (entry("statusSize", json!(0)), "/credentialStatus/0/statusSize"),
        (entry("statusSize", json!(2)), "/credentialStatus/0/statusMessage"),
        (entry("statusReference", json!([7])), "/credentialStatus/0/statusReference"),
        (json!({"credentialSchema": {"type": "urn:t:1"}}), "/credentialSchema/0/id"),
        (json!({"credentialSchema": {"id": "urn:s:1"}}), "/credentialSchema/0/type"),
        (json!({"refreshService": {"id": "urn:s:1"}}), "/refreshService/0/type"),
        (json!({"evidence": {"id": "urn:s:1"}}), "/evidence/0/type"),
        (json!({"evidence": "urn:s:1"}), "/evidence/0"),
        (json!({"termsOfUse": [{"id": "urn:s:1"}]}), "/termsOfUse/0/type"),
        (resource(json!(["https://a.example/a"])), "/relatedResource/0"),
        (resource(json!([{"digestSRI": sri}])), "/relatedResource/0/id"),
        (
            resource(json!([{"id": "urn:r:1", "digestSRI": sri}, {"id": "urn:r:1", "digestSRI": sri}])),
            "/relatedResource/1/id",
        ),
        (resource(json!([{"id": "urn:r:1"}])), "/relatedResource/0"),
        (resource(json!([{"id": "urn:r:1", "digestSRI": "md5-AAAA"}])), "/relatedResource/0/digestSRI"),
        (resource(json!([{"id": "urn:r:1", "digestMultibase": "uAAAA"}])), "/relatedResource/0/digestMultibase"),
        (
            resource(json!([{"id": "urn:r:1", "digestMultibase": format!("u{}", "A".repeat(42))}])),
            "/relatedResource/0/digestMultibase",
        ),
        (json!({"name": 5}), "/name"),
        (json!({"name": {"@value": "N", "@language": "en", "url": "urn:n:1"}}), "/name"),
        (json!({"description": [{"@value": "N"}, "M"]}), "/description"),
        (json!({"description": {"@value": "N", "@language": "not a tag"}}), "/description"),
        (json!({"issuer": {"id": issuer().id, "name": {"@language": "en"}}}), "/issuer/name"),
    ];
    for (members, place) in broken {
        let mut document = least();
        for (name, value) in members.as_object().unwrap() {
            document = with(document, &format!("/{name}"), value.clone());
        }
        let problem = sign_as(&issuer(), &document, Cryptosuite::EddsaRdfc2022).unwrap_err();
        assert!(problem.contains(place), "{members}: {problem}");
    }
    let undated = sign_as(&issuer(), &with(least_v1(), "/issuanceDate", Value::Null), Cryptosuite::EddsaRdfc2022);
    assert!(undated.unwrap_err().contains("/issuanceDate"));
}

#[test]
fn a_member_that_decides_has_no_second_name_and_no_second_place() {
    let expired = with(least(), "/validUntil", json!("2026-02-01T00:00:00Z"));
    let alias = json!({"expires": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}});
    let mut hidden = with(with(least(), "/@context", json!([V2, alias])), "/expires", json!("2026-02-01T00:00:00Z"));
    // the signature of the honest document fits the one that hides its end
    let mut honest = with(expired, "/@context", json!([V2, alias]));
    honest = sign(&honest);
    hidden["proof"] = honest["proof"].clone();
    assert_eq!(any(&honest), Some((CheckId::Validity, Code::Expired)));
    assert_eq!(any(&hidden), Some((CheckId::Shape, Code::NotMapped)));

    let status = json!({"type": "https://own.example/#Status", "id": "urn:s:1"});
    let honest = sign(&with(with(least(), "/id", json!("urn:c:1")), "/credentialStatus", status.clone()));
    let mut moved = with(honest.clone(), "/credentialStatus", Value::Null);
    moved["evidence"] = json!([{"id": "urn:c:1", "type": "VerifiableCredential", "credentialStatus": status}]);
    assert_eq!(any(&honest), None);
    assert!(matches!(any(&moved), Some((CheckId::Shape, Code::NotMapped | Code::AmbiguousNode))), "{:?}", any(&moved));
    for keyword in ["@included", "@reverse", "@graph"] {
        assert_eq!(
            any(&with(honest.clone(), &format!("/{keyword}"), json!([]))),
            Some((CheckId::Shape, Code::NotMapped))
        );
    }
}

/// VCDM 2.0 §B.1: the base context is known by its hash, so nothing need be fetched to tell another from it.
#[test]
fn what_is_said_of_the_base_context_is_held_against_its_published_hash() {
    let says = |members: Value| {
        let mut resource = json!({"id": V2});
        resource.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let document = with(least(), "/relatedResource", json!([resource]));
        assert!(sign_as(&issuer(), &document, Cryptosuite::EddsaRdfc2022).is_ok(), "{members}");
        related_resources(&document)[0].fit_what_is_known()
    };
    let sri = "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU";
    let bare = "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ";
    assert_eq!(says(json!({"digestSRI": sri})), Some(true));
    assert_eq!(says(json!({"digestMultibase": bare})), Some(true));
    assert_eq!(says(json!({"digestSRI": sri, "digestMultibase": bare})), Some(true));
    assert_eq!(says(json!({"digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0"})), Some(false));
    assert_eq!(
        says(json!({"digestSRI": sri, "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0"})),
        Some(false)
    );
    assert_eq!(says(json!({"digestSRI": format!("sha512-{}==", "A".repeat(86))})), None);
    let elsewhere = json!([{"id": "https://a.example/b", "digestMultibase": bare}]);
    assert_eq!(related_resources(&json!({"relatedResource": elsewhere}))[0].fit_what_is_known(), None);
}
