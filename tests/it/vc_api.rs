//! The interface for conformance suites: every clause that the W3C suites exercise, asked as they ask it. What it signed stands for nothing
//! elsewhere.

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::config::Config;
use waymark_credential::Timestamp;
use waymark_credential::key::{PublicKey, Signature};
use waymark_credential::model::Cryptosuite;
use waymark_credential::open::{ProofOptions, prepare_open};

use crate::support::{Store, TestApp, on_both};

on_both!(
    what_is_issued_verifies_and_is_its_own_issuers,
    what_breaks_the_data_model_is_neither_issued_nor_verified,
    what_was_altered_is_refused_with_problem_details,
    a_status_is_declared_listed_and_changed,
    presentations_hold_with_their_credentials,
    a_related_resource_is_what_its_digest_says,
    what_it_signed_stands_for_nothing_elsewhere,
    outside_the_demo_it_asks_for_a_key_of_its_role,
    it_is_absent_where_it_is_off
);

const V2: &str = "https://www.w3.org/ns/credentials/v2";

fn on(config: &mut Config) {
    config.vc_api.enabled = true;
    config.demo = true;
}

async fn post(test: &TestApp, path: &str, body: &Value) -> (u16, Value) {
    let answer = test.http.post(test.url(&format!("/vc-api{path}"))).json(body).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn get(test: &TestApp, url: &str) -> (u16, Value) {
    let answer = test.http.get(url).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

fn least() -> Value {
    json!({"@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": {"id": "did:example:subject"}})
}

fn with(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

async fn issued(test: &TestApp, credential: &Value, options: &Value) -> Value {
    let (status, body) = post(test, "/credentials/issue", &json!({"credential": credential, "options": options})).await;
    assert_eq!(status, 201, "{credential}: {body}");
    body["verifiableCredential"].clone()
}

async fn verified(test: &TestApp, credential: &Value) -> (u16, Value) {
    post(test, "/credentials/verify", &json!({"verifiableCredential": credential, "options": {"checks": ["proof"]}}))
        .await
}

/// As somebody with a key of their own would sign it, who checks nothing.
fn signed_elsewhere(credential: &Value) -> Value {
    let key = SigningKey::from_bytes(&[9; 32]);
    let public = PublicKey::did_key(key.verifying_key().to_bytes()).expect("a key");
    let document = with(credential.clone(), "issuer", json!(public.controller()));
    let at = Timestamp::from_unix_timestamp(1_780_000_000).expect("a date");
    let prepared = prepare_open(&document, Cryptosuite::EddsaRdfc2022, &public, at, &ProofOptions::default());
    let prepared = prepared.expect("it keeps the rules");
    let signature = Signature(key.sign(&prepared.bytes).to_bytes());
    serde_json::from_str(prepared.attach(signature).as_str()).expect("JSON")
}

/// VCDM 2.0 §4.3 to §4.11, VC-DI-EDDSA §2 and §3: the members of the proof, both suites, the older data model.
async fn what_is_issued_verifies_and_is_its_own_issuers(store: Store) {
    let test = TestApp::start_with(store, on).await;
    let (status, about) = get(&test, &test.url("/vc-api")).await;
    assert_eq!(status, 200);
    let issuer = about["issuer"].as_str().expect("an identifier").to_owned();
    assert!(issuer.starts_with("did:key:z6Mk"), "{issuer}");
    let older = json!({"@context": ["https://www.w3.org/2018/credentials/v1", {"@context": {"name": "https://schema.org/name"}}],
        "id": "urn:uuid:86294362-4254-4f36-854f-3952fe42555d", "type": ["VerifiableCredential"],
        "issuanceDate": "2020-03-16T22:37:26.544Z", "credentialSubject": {"id": "did:example:s", "name": "Example"}});
    let documents = [
        least(),
        with(least(), "issuer", json!(issuer)),
        with(least(), "issuer", json!({"id": issuer, "name": "N"})),
        with(least(), "issuer", json!({"name": {"@value": "N", "@language": "en", "@direction": "ltr"}})),
        with(least(), "@context", json!([V2, "https://www.w3.org/ns/credentials/examples/v2"])),
        older,
    ];
    for document in documents {
        for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022"] {
            let signed = issued(&test, &document, &json!({"cryptosuite": suite})).await;
            let proof = &signed["proof"];
            assert_eq!((&proof["type"], &proof["cryptosuite"]), (&json!("DataIntegrityProof"), &json!(suite)));
            assert_eq!(
                (&proof["proofPurpose"], &proof["created"]),
                (&json!("assertionMethod"), &json!("2026-11-21T09:00:00Z"))
            );
            let multikey = issuer.strip_prefix("did:key:").expect("a did:key");
            assert_eq!(proof["verificationMethod"], format!("{issuer}#{multikey}"));
            assert!(proof["proofValue"].as_str().is_some_and(|value| value.starts_with('z')));
            assert!(signed["id"].as_str().is_some_and(|id| id.starts_with("urn:uuid:")));
            assert_eq!(signed["credentialSubject"], document["credentialSubject"]);
            let named = signed["issuer"].as_str().or_else(|| signed["issuer"]["id"].as_str());
            assert_eq!(named, Some(issuer.as_str()));
            let (status, body) = verified(&test, &signed).await;
            assert_eq!((status, &body["verified"]), (200, &json!(true)), "{signed}: {body}");
        }
    }
    let told = issued(
        &test,
        &least(),
        &json!({"credentialId": "urn:uuid:0d0a2b2e-7c37-4a8e-8f0e-1f6a7d0f3c02", "unknownOption": 1}),
    )
    .await;
    assert_eq!(told["id"], "urn:uuid:0d0a2b2e-7c37-4a8e-8f0e-1f6a7d0f3c02");
}

/// The rules themselves are tried one by one in the crate; here one of each family, through the door.
async fn what_breaks_the_data_model_is_neither_issued_nor_verified(store: Store) {
    let test = TestApp::start_with(store, on).await;
    for (name, value) in [
        ("@context", json!([])),
        ("@context", json!([V2, "https://unknown.example/v1"])),
        ("type", json!(["VerifiableCredential", "Unmapped"])),
        ("id", json!("no url")),
        ("issuer", Value::Null),
        ("issuer", json!("did:example:another")),
        ("issuer", json!({"id": "did:example:another"})),
        ("credentialSubject", json!({})),
        ("validFrom", json!("yesterday")),
        ("credentialStatus", json!({"id": "urn:s:1"})),
        ("credentialSchema", json!({"type": "urn:t:1"})),
        ("refreshService", json!({"id": "urn:s:1"})),
        ("termsOfUse", json!({"id": "urn:s:1"})),
        ("evidence", json!({"id": "urn:s:1"})),
        ("relatedResource", json!([{"id": "urn:r:1"}])),
        ("name", json!({"@value": "N", "url": "urn:n:1"})),
        ("undefinedTerm", json!("dropped by others")),
        ("proof", json!({"type": "DataIntegrityProof"})),
    ] {
        let (status, body) =
            post(&test, "/credentials/issue", &json!({"credential": with(least(), name, value.clone())})).await;
        assert_eq!(status, 400, "{name} {value}: {body}");
        let problem = &body["errors"][0];
        assert!(problem["type"].as_str().is_some_and(|kind| kind.starts_with("https://")), "{body}");
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{body}");
    }
    let (status, body) =
        post(&test, "/credentials/issue", &json!({"credential": least(), "options": {"cryptosuite": "other"}})).await;
    assert_eq!((status, body["errors"][0]["pointer"].as_str()), (400, Some("/options/cryptosuite")));
    for body in [json!({}), json!({"credential": "text"}), json!({"credential": [least()]})] {
        assert_eq!(post(&test, "/credentials/issue", &body).await.0, 400, "{body}");
    }
    let raw = |text: &'static str| {
        test.http.post(test.url("/vc-api/credentials/issue")).header("content-type", "application/json").body(text)
    };
    for text in ["", "[]", "{\"credential\": {\"a\":1,\"a\":2}}", "{"] {
        assert_eq!(raw(text).send().await.expect("answered").status().as_u16(), 400, "{text}");
    }
    let untyped = test.http.post(test.url("/vc-api/credentials/issue")).body("{}").send().await.expect("answered");
    assert_eq!(untyped.status().as_u16(), 415);
}

/// VC-DATA-INTEGRITY §2.1, §4.4: every way in which a proof can be wrong is 400 with problem details.
async fn what_was_altered_is_refused_with_problem_details(store: Store) {
    let test = TestApp::start_with(store, on).await;
    let signed = issued(&test, &least(), &json!({})).await;
    let refused = |pointer: &'static str, value: Value| {
        let mut altered = signed.clone();
        let (place, name) = pointer.rsplit_once('/').expect("a pointer");
        altered.pointer_mut(place).expect("there")[name] = value;
        altered
    };
    let security = "https://w3id.org/security#";
    for (document, kind) in [
        (refused("/credentialSubject/id", json!("did:example:other")), format!("{security}PROOF_VERIFICATION_ERROR")),
        (refused("/proof/proofValue", Value::Null), format!("{security}DATA_LOSS_DETECTION_ERROR")),
        (refused("/proof/proofValue", json!("abc")), format!("{security}PROOF_VERIFICATION_ERROR")),
        (refused("/proof/cryptosuite", json!("other")), format!("{security}PROOF_TRANSFORMATION_ERROR")),
        (refused("/proof/proofPurpose", json!("authentication")), format!("{security}PROOF_VERIFICATION_ERROR")),
        (refused("/proof", Value::Null), format!("{security}DATA_LOSS_DETECTION_ERROR")),
        (refused("/credentialSubject/undefinedTerm", json!(1)), format!("{security}DATA_LOSS_DETECTION_ERROR")),
        (
            refused("/type", json!("OtherCredential")),
            "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR".to_owned(),
        ),
        (json!({"proof": 1}), "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR".to_owned()),
        (json!("nothing"), "https://www.w3.org/TR/vc-data-model#PARSING_ERROR".to_owned()),
        (Value::Null, "https://www.w3.org/TR/vc-data-model#PARSING_ERROR".to_owned()),
    ] {
        let (status, body) = verified(&test, &document).await;
        assert_eq!((status, &body["verified"]), (400, &json!(false)), "{document}: {body}");
        assert_eq!(body["errors"][0]["type"], json!(kind), "{document}: {body}");
    }
    for (options, kind) in [
        (json!({"expectedProofPurpose": "authentication"}), "PROOF_VERIFICATION_ERROR"),
        (json!({"domain": "domain.example"}), "INVALID_DOMAIN_ERROR"),
        (json!({"challenge": "1235abcd6789"}), "INVALID_CHALLENGE_ERROR"),
    ] {
        let (status, body) =
            post(&test, "/credentials/verify", &json!({"verifiableCredential": signed, "options": options})).await;
        assert_eq!((status, &body["errors"][0]["type"]), (400, &json!(format!("{security}{kind}"))), "{body}");
    }
    let expired = issued(&test, &with(least(), "validUntil", json!("2026-01-01T00:00:00Z")), &json!({})).await;
    assert_eq!(verified(&test, &expired).await.0, 400);
    let foreign =
        issued(&test, &with(least(), "credentialStatus", json!({"type": "https://own.example/#Status"})), &json!({}))
            .await;
    let (status, body) = verified(&test, &foreign).await;
    assert_eq!((status, body["warnings"].as_array().map(Vec::len)), (200, Some(1)), "{body}");
    let asked = json!({"verifiableCredential": foreign, "options": {"checks": ["proof", "credentialStatus"]}});
    assert_eq!(post(&test, "/credentials/verify", &asked).await.0, 400, "a status that was asked for must be known");
}

/// Bitstring Status List 1.0 §2 and §3: the entry, the list it leads to, and both changes.
async fn a_status_is_declared_listed_and_changed(store: Store) {
    let test = TestApp::start_with(store, on).await;
    for (purpose, reversible) in [("revocation", false), ("suspension", true)] {
        let signed = issued(&test, &least(), &json!({"statusPurpose": purpose})).await;
        let entry = &signed["credentialStatus"];
        assert_eq!((&entry["type"], &entry["statusPurpose"]), (&json!("BitstringStatusListEntry"), &json!(purpose)));
        let index = entry["statusListIndex"].as_str().expect("a text");
        assert_eq!(index.parse::<u64>().expect("a number").to_string(), index);
        let url = entry["statusListCredential"].as_str().expect("an address");
        assert_ne!(entry["id"], entry["statusListCredential"]);
        let (status, list) = get(&test, url).await;
        assert_eq!(status, 200);
        assert_eq!(list["type"], json!(["VerifiableCredential", "BitstringStatusListCredential"]));
        assert_eq!(list["id"], json!(url));
        let subject = &list["credentialSubject"];
        assert_eq!((&subject["type"], &subject["statusPurpose"]), (&json!("BitstringStatusList"), &json!(purpose)));
        assert!(subject["encodedList"].as_str().is_some_and(|bits| bits.starts_with('u')));
        assert_eq!(verified(&test, &list).await.0, 200, "the list is a credential");
        assert_eq!(verified(&test, &signed).await.0, 200);
        let change = |on: Value| {
            json!({"credentialId": signed["id"], "status": on,
            "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": purpose}})
        };
        assert_eq!(post(&test, "/credentials/status", &change(json!(true))).await.0, 200);
        let (status, body) = verified(&test, &signed).await;
        assert_eq!((status, &body["verified"]), (400, &json!(false)));
        assert_eq!(
            body["errors"][0]["type"],
            "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"
        );
        // under a name that the document gives it, the entry would be none that is known, and the signature would fit
        let mut disguised = signed.clone();
        let of = |name: &str| format!("https://www.w3.org/ns/credentials/status#{name}");
        let list = json!({"@id": of("statusListCredential"), "@type": "@id"});
        let terms = json!({"Entry": of("BitstringStatusListEntry"), "statusPurpose": of("statusPurpose"),
            "statusListIndex": of("statusListIndex"), "statusListCredential": list});
        disguised["@context"].as_array_mut().expect("contexts").push(terms);
        assert_eq!(verified(&test, &disguised).await.0, 400, "it is still revoked");
        disguised["credentialStatus"]["type"] = json!("Entry");
        assert_eq!(verified(&test, &disguised).await.0, 400);
        let lifted = post(&test, "/credentials/status", &change(json!(false))).await.0;
        assert_eq!(lifted, if reversible { 200 } else { 400 });
        assert_eq!(verified(&test, &signed).await.0, if reversible { 200 } else { 400 });
    }
    let unknown = json!({"credentialId": "urn:uuid:none", "credentialStatus": {"type": "BitstringStatusListEntry"}});
    assert_eq!(post(&test, "/credentials/status", &unknown).await.0, 404);
    for wrong in [
        json!({}),
        json!({"credentialId": "urn:uuid:none", "credentialStatus": {"type": "Other"}}),
        json!({"credentialId": "urn:uuid:none", "credentialStatus": {"statusPurpose": "message"}}),
        json!({"credentialId": "urn:uuid:none", "status": "maybe"}),
    ] {
        assert_eq!(post(&test, "/credentials/status", &wrong).await.0, 400, "{wrong}");
    }
    assert_eq!(get(&test, &test.url("/vc-api/status-lists/csl_01234567890123456789012345")).await.0, 404);
    let without = issued(&test, &least(), &json!({"credentialStatus": false})).await;
    assert!(without.get("credentialStatus").is_none());
}

/// VCDM 2.0 §4.13.
async fn presentations_hold_with_their_credentials(store: Store) {
    let test = TestApp::start_with(store, on).await;
    let signed = issued(&test, &least(), &json!({})).await;
    let presentation = json!({"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [signed]});
    let present = async |presentation: &Value, options: Value| {
        post(&test, "/presentations/verify", &json!({"verifiablePresentation": presentation, "options": options})).await
    };
    let (status, body) = present(&presentation, json!({"checks": []})).await;
    assert_eq!((status, &body["verified"]), (200, &json!(true)), "{body}");
    assert_eq!(present(&presentation, json!({"challenge": "c"})).await.0, 400, "nothing answers the challenge");
    let mut altered = presentation.clone();
    altered["verifiableCredential"][0]["credentialSubject"]["id"] = json!("did:example:other");
    for wrong in [
        altered,
        with(presentation.clone(), "@context", json!([])),
        with(presentation.clone(), "type", json!(["Presentation"])),
        with(presentation.clone(), "holder", json!({"name": "N"})),
        with(presentation.clone(), "verifiableCredential", json!(["urn:c:1"])),
        with(presentation.clone(), "verifiableCredential", json!([least()])),
        Value::Null,
    ] {
        let (status, body) = present(&wrong, json!({})).await;
        assert_eq!((status, &body["verified"]), (400, &json!(false)), "{wrong}");
        assert!(body["errors"][0]["type"].is_string());
    }
}

/// VCDM 2.0 §5.3: what is published of the base context is known without asking anybody; what cannot be fetched says nothing.
async fn a_related_resource_is_what_its_digest_says(store: Store) {
    let test = TestApp::start_with(store, on).await;
    let resource = |digest: &str| {
        with(
            least(),
            "relatedResource",
            json!([{"id": V2, "digestMultibase": digest, "mediaType": "application/ld+json"}]),
        )
    };
    let right = resource("uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ");
    let wrong = resource("uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0");
    let signed = issued(&test, &right, &json!({})).await;
    assert_eq!(verified(&test, &signed).await.0, 200);
    let (status, body) = post(&test, "/credentials/issue", &json!({"credential": wrong})).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (400, &json!("/relatedResource")), "{body}");
    // signed elsewhere, with a digest that does not fit
    let signed = signed_elsewhere(&wrong);
    let (status, body) = verified(&test, &signed).await;
    assert_eq!((status, &body["verified"]), (400, &json!(false)), "{body}");
    assert_eq!(body["errors"][0]["type"], "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR");
    let unreachable = json!([{"id": "https://nowhere.invalid/r", "digestSRI": format!("sha256-{}=", "A".repeat(43))}]);
    issued(&test, &with(least(), "relatedResource", unreachable), &json!({})).await;
}

/// A badge of the very form of ours, signed here: `/verify` says whose key it is, whatever the document says.
async fn what_it_signed_stands_for_nothing_elsewhere(store: Store) {
    let test = TestApp::start_with(store, on).await;
    let badge = json!({
        "@context": [V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a01", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"type": ["Profile"], "name": "Example Guild"}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:0d0a2b2e-7c37-4a8e-8f0e-1f6a7d0f3c02", "type": ["AchievementSubject"],
            "achievement": {"id": "urn:a:1", "type": ["Achievement"], "name": "A", "description": "D", "criteria": {"narrative": "C"}}}});
    let signed = issued(&test, &badge, &json!({})).await;
    assert_eq!(verified(&test, &signed).await.0, 200);
    let answer = test
        .http
        .post(test.url("/api/v1/verifications"))
        .json(&json!({"credential": signed}))
        .send()
        .await
        .expect("answered");
    let report: Value = answer.json().await.expect("JSON");
    assert_eq!(report["state"], "altered", "{report}");
    let key =
        report["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "issuer_key").expect("there");
    assert_eq!((&key["outcome"], &key["code"]), (&json!("failed"), &json!("conformance_key")));
    assert!(report.get("credential").is_none());
    for path in ["/.well-known/did.json", "/.well-known/jwks.json"] {
        let text = test.http.get(test.url(path)).send().await.expect("answered").text().await.expect("text");
        let multikey = signed["issuer"]["id"].as_str().expect("did:key").trim_start_matches("did:key:").to_owned();
        assert!(!text.contains(&multikey), "{path}");
        if path.ends_with("jwks.json") {
            assert_eq!(text, r#"{"keys":[]}"#, "the issuer has no key of its own yet");
        }
    }
}

async fn outside_the_demo_it_asks_for_a_key_of_its_role(store: Store) {
    let test = TestApp::start_with(store, |config| config.vc_api.enabled = true).await;
    let body = json!({"credential": least()});
    assert_eq!(post(&test, "/credentials/issue", &body).await.0, 401);
    for (role, expected) in [(Role::Owner, 403), (Role::Issuer, 403), (Role::Conformance, 201)] {
        let key = test.api_key(role).await;
        let request = test.http.post(test.url("/vc-api/credentials/issue")).bearer_auth(key).json(&body);
        assert_eq!(request.send().await.expect("answered").status().as_u16(), expected, "{role:?}");
    }
    for path in ["/credentials/verify", "/credentials/status", "/presentations/verify"] {
        assert_eq!(post(&test, path, &json!({})).await.0, 401, "{path}");
    }
}

async fn it_is_absent_where_it_is_off(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    for path in ["/credentials/issue", "/credentials/verify", "/credentials/status", "/presentations/verify"] {
        assert_eq!(post(&test, path, &json!({})).await.0, 404, "{path}");
    }
    assert_eq!(get(&test, &test.url("/vc-api")).await.0, 404);
    assert_eq!(get(&test, &test.url("/vc-api/status-lists/csl_01234567890123456789012345")).await.0, 404);
}
