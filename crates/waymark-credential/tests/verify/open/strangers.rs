//! Strangers' badges, which are shown.

use super::*;

/// A badge as others write them: an extra context, an extra member of it, a type that has a second name.
fn strangers() -> Value {
    let author = issuer();
    json!({
        "@context": [V2, OB_2],
        "id": "urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a99",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": author.id, "type": "Profile", "name": "Another Guild"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Trail",
        "credentialSubject": {
            "id": "did:example:subject", "type": ["AchievementSubject"],
            "achievement": {"id": "urn:a:1", "type": ["Achievement"], "name": "Trail", "description": "D", "criteria": {"narrative": "C"}}
        },
        "relatedResource": [{"id": "https://a.example/b", "digestMultibase": "uEiAjCHMnK5-ayOIZLWo_TBoKYVvSAprlkYEjRlm19Cj0uw"}]
    })
}

#[test]
fn a_strangers_badge_with_other_embedded_contexts_and_members_is_judged_and_shown() {
    let signed = sign(&strangers());
    let report = judge(&signed, &Policy::product());
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    let shown = report.shown().unwrap();
    assert_eq!(shown.credential().credential_subject.achievement.name, "Trail");
    assert_eq!(shown.document(), signed);
    for (pointer, value) in [
        ("/credentialSubject/achievement/name", json!("Other")),
        ("/relatedResource/0/id", json!("https://a.example/c")),
        ("/name", json!("Other")),
    ] {
        let mut altered = signed.clone();
        *altered.pointer_mut(pointer).unwrap() = value;
        assert_eq!(judge(&altered, &Policy::product()).state(), State::Altered, "{pointer}");
    }
    let expired = sign(&with(strangers(), "/validUntil", json!("2026-02-01T00:00:00Z")));
    assert_eq!(judge(&expired, &Policy::product()).state(), State::Expired);
    let chained = countersign(&Party::of_key(8), &signed, &json!({}), &[]);
    assert_eq!(
        judge(&chained, &Policy::product()).state(),
        State::Valid,
        "another's proof beside the issuer's is left aside"
    );
}

#[test]
fn what_a_stranger_writes_in_ways_that_hide_is_unknown_and_named() {
    let product = |document: &Value| judge(document, &Policy::product());
    let inline = {
        let mut document = strangers();
        document["@context"] = json!([V2, OB_2, {"x": "urn:x:1"}]);
        document
    };
    assert_eq!(product(&inline).state(), State::Unknown);
    assert_eq!(product(&inline).check(CheckId::Context).detail.code, Code::ContextUnknown);
    let vocabulary = {
        let mut document = strangers();
        document["@context"] = json!([V2, OB_2, EXAMPLES]);
        document
    };
    assert_eq!(product(&vocabulary).check(CheckId::Context).detail.code, Code::ContextUnknown);
    let signed = sign(&strangers());
    let undefined = with(signed.clone(), "/undefined", json!("x"));
    assert_eq!(product(&undefined).state(), State::Unknown);
    assert_eq!(product(&undefined).check(CheckId::Shape).detail.code, Code::NotMapped);
    assert!(product(&undefined).check(CheckId::Shape).detail.to_string().contains("undefined"));
    let spoken = sign(&with(strangers(), "/name", json!({"@value": "N", "@language": "en"})));
    assert_eq!(product(&spoken).check(CheckId::Shape).detail.code, Code::NotMapped);
    for hidden in ["@included", "@reverse", "https://www.w3.org/2018/credentials#validUntil"] {
        assert_ne!(product(&with(signed.clone(), &format!("/{}", "x"), json!(hidden))).state(), State::Valid);
        let mut document = signed.clone();
        document[hidden] = json!([{"id": "urn:x:1"}]);
        assert_eq!(product(&document).state(), State::Unknown, "{hidden}");
        assert!(product(&document).shown().is_none());
    }
    // our own are never of another form
    let own = Policy { own_issuers: vec![issuer().id], ..Policy::product() };
    assert_eq!(judge(&signed, &own).state(), State::Altered);
    let conformance = Policy { conformance_issuers: vec![issuer().id], ..Policy::product() };
    assert_eq!(judge(&signed, &conformance).check(CheckId::IssuerKey).detail.code, Code::ConformanceKey);
}

#[test]
fn a_badge_of_the_older_data_model_is_judged_by_its_own_dates() {
    let older = {
        let mut document = strangers();
        document["@context"] =
            json!([V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", DATA_INTEGRITY]);
        for gone in ["/validFrom", "/relatedResource"] {
            document = with(document, gone, Value::Null);
        }
        with(document, "/issuanceDate", json!("2026-01-01T00:00:00Z"))
    };
    let report = judge(&sign(&older), &Policy::product());
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    assert_eq!(report.shown().unwrap().credential().valid_from.as_str(), "2026-01-01T00:00:00Z");
    let expired = sign(&with(older.clone(), "/expirationDate", json!("2026-02-01T00:00:00Z")));
    assert_eq!(judge(&expired, &Policy::product()).state(), State::Expired);
    let later = sign(&with(older, "/issuanceDate", json!("2026-12-01T00:00:00Z")));
    assert_eq!(judge(&later, &Policy::product()).state(), State::NotYetValid);
}

#[test]
fn a_jwt_of_any_kind_is_judged_and_must_not_contradict_itself() {
    let author = issuer();
    assert_eq!(
        refusal(&World::default().verify(author.jwt(&least()).as_bytes(), &Policy::vc_api(), at(NOW)).unwrap()),
        None
    );
    let judged = |payload: Value| {
        refusal(&World::default().verify(author.jwt(&payload).as_bytes(), &Policy::vc_api(), at(NOW)).unwrap())
    };
    assert_eq!(
        judged(with(least(), "/iss", json!("did:example:other"))),
        Some((CheckId::Shape, Code::JwtClaimContradicts))
    );
    assert_eq!(judged(with(least(), "/undefined", json!(1))), Some((CheckId::Shape, Code::NotMapped)));
    assert_eq!(judged(with(least(), "/issuer", json!(guild().id))), Some((CheckId::IssuerKey, Code::KeyOfAnother)));
}

#[test]
fn contexts_that_are_made_anew_at_every_node_come_to_an_end() {
    let terms: serde_json::Map<String, Value> =
        (0..200).map(|at| (format!("t{at}"), json!(format!("urn:t:{at}")))).collect();
    let mut scoped = serde_json::Map::new();
    scoped.insert("within".into(), json!({"@id": "urn:within", "@context": terms}));
    let nodes: Vec<Value> = (0..4000).map(|at| json!({"within": {"t1": at}})).collect();
    let document = with(least(), "/@context", json!([V2, {}, {}, {"many": "urn:many"}, scoped]));
    let mut document = with(document, "/credentialSubject", json!({"id": "did:example:s", "many": nodes}));
    let problem = sign_as(&issuer(), &document, Cryptosuite::EddsaRdfc2022).unwrap_err();
    assert!(problem.contains("so many contexts"), "{problem}");
    document["credentialSubject"]["many"].as_array_mut().unwrap().truncate(100);
    assert!(sign_as(&issuer(), &document, Cryptosuite::EddsaRdfc2022).is_ok());
}

/// VCDM 2.0 §4.11, §5.4: a schema or a refresh service of a kind that nobody here knows is part of what is signed, or the document is not read.
#[test]
fn schemas_and_services_of_unknown_kinds_are_not_left_out() {
    let author = issuer();
    let saying = |member: &str, kind: &str| {
        let mut badge = crate::made::credential(&author);
        badge.as_object_mut().unwrap().remove("credentialStatus");
        badge["@context"] = json!([
            V2,
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
        ]);
        badge[member] = json!({"id": "https://a.example/it", "type": kind});
        if member == "credentialSchema" {
            badge[member] = json!([badge[member]]);
        }
        badge
    };
    let known = [
        ("refreshService", "1EdTechCredentialRefresh"),
        ("credentialSchema", "1EdTechJsonSchemaValidator2019"),
        ("refreshService", "https://own.example/#Refresh"),
        ("credentialSchema", "https://own.example/#Schema"),
    ];
    for (member, kind) in known {
        let signed = author.embed(&saying(member, kind));
        assert_eq!(judge(&signed, &Policy::product()).state(), State::Valid, "{kind}");
        let without = with(signed.clone(), &format!("/{member}"), Value::Null);
        assert_eq!(judge(&without, &Policy::product()).state(), State::Altered, "{kind}");
        let elsewhere: Value =
            serde_json::from_str(&signed.to_string().replace("a.example/it", "b.example/it")).unwrap();
        assert_eq!(judge(&elsewhere, &Policy::product()).state(), State::Altered, "{kind}");
    }
    for member in ["refreshService", "credentialSchema"] {
        let unmapped = author.embed(&saying(member, "DefinedNowhere"));
        for policy in [Policy::product(), Policy::vc_api()] {
            let report = judge(&unmapped, &policy);
            assert!(report.shown().is_none() && refusal(&report).is_some(), "{member}: nothing signs its kind");
        }
        // canonical JSON signs the word itself
        let as_json = author.embed_as(&saying(member, "DefinedNowhere"), &json!({"cryptosuite": "eddsa-jcs-2022"}));
        assert_eq!(judge(&as_json, &Policy::product()).state(), State::Valid);
        let altered: Value = serde_json::from_str(&as_json.to_string().replace("DefinedNowhere", "Another")).unwrap();
        assert_eq!(judge(&altered, &Policy::product()).state(), State::Altered);
        assert!(any(&as_json).is_some(), "the data model wants a meaning for it all the same");
    }
}
