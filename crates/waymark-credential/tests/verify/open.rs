//! Documents of any kind: the rules of the data model, proof sets and chains, presentations; and strangers' badges, which are shown.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waymark_credential::{
    canonical::canonical_n_quads_open,
    model::Cryptosuite,
    open::{ProofOptions, prepare_open},
    verify::{CheckId, Code, Expected, Outcome, Policy, PresentationReport, PresentationVerification, Report, State},
};

use crate::{
    made::{NOW, Party, World, at, guild},
    reference_data,
};

const V1: &str = "https://www.w3.org/2018/credentials/v1";
const V2: &str = "https://www.w3.org/ns/credentials/v2";
const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";
const OB_2: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json";
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

fn issuer() -> Party {
    Party::of_key(7)
}

/// The least that a credential must say.
fn least() -> Value {
    json!({"@context": [V2], "type": ["VerifiableCredential"], "issuer": issuer().id,
        "credentialSubject": {"id": "did:example:subject"}})
}

fn least_v1() -> Value {
    json!({"@context": [V1, DATA_INTEGRITY, {"name": "https://schema.org/name"}], "type": ["VerifiableCredential"], "issuer": issuer().id,
        "issuanceDate": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "did:example:subject", "name": "N"}})
}

/// The document with one member set, or taken away where the value is null.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (place, name) = pointer.rsplit_once('/').unwrap();
    let members = document.pointer_mut(place).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => drop(members.remove(name)),
        value => drop(members.insert(name.into(), value)),
    }
    document
}

fn sign_as(party: &Party, document: &Value, suite: Cryptosuite) -> Result<Value, String> {
    let key = waymark_credential::key::PublicKey::new(party.method.clone(), party.key()).unwrap();
    let prepared = prepare_open(document, suite, &key, at("2026-05-01T00:00:00Z"), &ProofOptions::default())
        .map_err(|invalid| invalid.to_string())?;
    let signature = party.sign(&prepared.bytes);
    Ok(serde_json::from_str(prepared.attach(signature).as_str()).unwrap())
}

fn sign(document: &Value) -> Value {
    sign_as(&issuer(), document, Cryptosuite::EddsaRdfc2022).unwrap()
}

fn judge(document: &Value, policy: &Policy) -> Report {
    World::default().verify(document.to_string().as_bytes(), policy, at(NOW)).unwrap()
}

/// What the first failed check found, or `None` where everything that decides passed.
fn refusal(report: &Report) -> Option<(CheckId, Code)> {
    use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Validity};
    let failed = [Parse, Context, Shape, IssuerKey, Proof, Validity].map(|id| report.check(id));
    let worst = failed.iter().find(|check| check.outcome == Outcome::Failed);
    worst
        .or_else(|| failed.iter().find(|check| check.outcome != Outcome::Passed))
        .map(|check| (check.id, check.detail.code))
}

fn any(document: &Value) -> Option<(CheckId, Code)> {
    refusal(&judge(document, &Policy::vc_api()))
}

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

#[test]
fn a_proof_must_have_its_form_and_say_what_is_expected() {
    let signed = sign(&least());
    let expected = |expected: Expected| Policy { expected, ..Policy::vc_api() };
    for (name, value, code) in [
        ("type", Value::Null, Code::NotMapped),
        ("type", json!("OtherProof"), Code::NotMapped),
        ("cryptosuite", Value::Null, Code::ProofMalformed),
        ("cryptosuite", json!("other-2022"), Code::ProofSuiteUnsupported),
        ("cryptosuite", json!("eddsa-jcs-2022"), Code::ProofInvalid),
        ("verificationMethod", Value::Null, Code::ProofMalformed),
        ("verificationMethod", json!("did:key:other"), Code::KeyUnnamed),
        ("proofPurpose", Value::Null, Code::ProofMalformed),
        ("proofPurpose", json!("authentication"), Code::ProofPurpose),
        ("proofValue", Value::Null, Code::ProofMalformed),
        ("proofValue", json!(signed["proof"]["proofValue"].as_str().unwrap()[1..].to_owned()), Code::ProofMalformed),
        ("created", json!("yesterday"), Code::ProofMalformed),
        ("created", json!("2026-05-01T00:00:00"), Code::ProofInvalid),
        ("previousProof", json!("urn:none"), Code::ProofMalformed),
        ("previousProof", json!(["urn:none"]), Code::ProofMalformed),
        ("undefined", json!("x"), Code::NotMapped),
    ] {
        let found = any(&with(signed.clone(), &format!("/proof/{name}"), value.clone())).map(|(_, code)| code);
        assert_eq!(found, Some(code), "{name} {value}");
    }
    assert_eq!(any(&with(signed.clone(), "/proof", Value::Null)), Some((CheckId::Proof, Code::ProofMissing)));
    let purpose = expected(Expected { purpose: Some("authentication".into()), ..Expected::default() });
    assert_eq!(refusal(&judge(&signed, &purpose)), Some((CheckId::Proof, Code::ProofPurpose)));
    let domain = expected(Expected { domain: Some("a.example".into()), ..Expected::default() });
    assert_eq!(refusal(&judge(&signed, &domain)), Some((CheckId::Proof, Code::ProofDomain)));
    let challenge = expected(Expected { challenge: Some("1".into()), ..Expected::default() });
    assert_eq!(refusal(&judge(&signed, &challenge)), Some((CheckId::Proof, Code::ProofChallenge)));
}

/// A further proof by `party` over a signed document, standing on the proofs with these ids.
fn countersign(party: &Party, signed: &Value, options: &Value, grounds: &[usize]) -> Value {
    let mut proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": party.method,
        "proofPurpose": "assertionMethod"});
    proof.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let mut proofs = signed["proof"].as_array().cloned().unwrap_or_else(|| vec![signed["proof"].clone()]);
    let mut document = with(signed.clone(), "/proof", Value::Null);
    if !grounds.is_empty() {
        document["proof"] = grounds.iter().map(|at| proofs[*at].clone()).collect();
    }
    let canonical = |value: &Value| canonical_n_quads_open(value, &signed["@context"]).unwrap();
    let message = [Sha256::digest(canonical(&proof)), Sha256::digest(canonical(&document))].concat();
    proof["proofValue"] = json!(party.sign(&message).multibase());
    proofs.push(proof);
    with(signed.clone(), "/proof", json!(proofs))
}

#[test]
fn every_proof_of_a_set_and_of_a_chain_must_hold() {
    let (author, notary) = (issuer(), Party::of_key(8));
    let expiring = json!({"expires": "2026-05-31T00:00:00Z"});
    let first = with(sign(&least()), "/proof", Value::Null);
    let first = countersign(&author, &with(first, "/proof", json!([])), &json!({"id": "urn:p:1"}), &[]);
    let set = countersign(&notary, &first, &json!({}), &[]);
    let chain = countersign(&notary, &first, &json!({"previousProof": "urn:p:1"}), &[0]);
    let listed = countersign(&notary, &first, &json!({"previousProof": ["urn:p:1"]}), &[0]);
    for good in [&first, &set, &chain, &listed] {
        assert_eq!(any(good), None, "{good}");
    }
    // a proof that says it stands on another, and was made without it
    let hollow = countersign(&notary, &first, &json!({"previousProof": "urn:p:1"}), &[]);
    assert_eq!(any(&hollow), Some((CheckId::Proof, Code::ProofInvalid)));
    // the ground taken away, or renamed
    let mut ungrounded = chain.clone();
    ungrounded["proof"].as_array_mut().unwrap().remove(0);
    assert!(any(&ungrounded).is_some());
    let renamed = with(chain.clone(), "/proof/0/id", json!("urn:p:2"));
    assert_eq!(any(&renamed), Some((CheckId::Proof, Code::ProofMalformed)));
    // one bad proof beside a good one
    let bad = with(set, "/proof/1/created", json!("2026-05-01T00:00:00Z"));
    assert_eq!(any(&bad), Some((CheckId::Proof, Code::ProofInvalid)));
    // none of the issuer
    let others = countersign(&notary, &with(least(), "/proof", json!([])), &json!({}), &[]);
    assert_eq!(any(&others), Some((CheckId::IssuerKey, Code::KeyOfAnother)));
    let old = countersign(&author, &with(least(), "/proof", json!([])), &expiring, &[]);
    assert_eq!(any(&old), Some((CheckId::Validity, Code::ProofExpired)));
    let zoneless =
        countersign(&author, &with(least(), "/proof", json!([])), &json!({"expires": "2026-05-31T00:00:00"}), &[]);
    assert_eq!(any(&zoneless), Some((CheckId::Validity, Code::ProofExpired)));
    let many =
        (0..9).fold(with(least(), "/proof", json!([])), |document, _| countersign(&author, &document, &json!({}), &[]));
    assert_eq!(any(&many), Some((CheckId::Shape, Code::TooManyProofs)));
}

#[test]
fn the_sets_and_chains_of_the_specification_hold() {
    let Some(folder) = reference_data::folder("vectors") else { return };
    let mut seen = 0;
    for name in ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"] {
        let text = std::fs::read(folder.join(format!("vc-di-eddsa/proof-set-chain/{name}.json"))).unwrap();
        let mut signed: Value = serde_json::from_slice(&text).unwrap();
        // its issuer is an address that answers nobody here; the proofs are what is asked about
        let report = judge(&signed, &Policy::vc_api());
        assert_eq!(report.check(CheckId::Shape).outcome, Outcome::Passed, "{name}: {:?}", report.checks());
        assert_eq!(refusal(&report), Some((CheckId::IssuerKey, Code::KeyOfAnother)), "{name}");
        signed["issuer"] = json!(7);
        seen += 1;
    }
    assert_eq!(seen, 4);
}

fn presentation(credentials: &[Value]) -> Value {
    json!({"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": credentials})
}

fn present(holder: &Party, presentation: &Value, options: &Value) -> Value {
    let mut said = json!({"proofPurpose": "authentication"});
    said.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let signed = countersign(holder, &with(presentation.clone(), "/proof", json!([])), &said, &[]);
    with(signed.clone(), "/proof", signed["proof"][0].clone())
}

fn presented_as(presentation: &Value, expected: Expected) -> PresentationReport {
    let policy = Policy { expected, ..Policy::vc_api() };
    PresentationVerification::open(presentation.to_string().as_bytes(), &policy, at(NOW)).unwrap().report()
}

/// Whether everything about it holds.
fn holds(report: &PresentationReport) -> bool {
    let inside = report.credentials.iter().all(|inside| inside.as_ref().is_ok_and(|report| refusal(report).is_none()));
    report.own_holds() && inside && report.problems.is_empty()
}

fn presented(presentation: &Value) -> bool {
    holds(&presented_as(presentation, Expected::default()))
}

#[test]
fn presentations_hold_with_all_that_is_in_them() {
    let holder = Party::of_key(9);
    let signed = sign(&least());
    let badge = sign(&with(least(), "/@context", json!([V2, EXAMPLES])));
    let jwt = issuer().jwt(&least());
    let envelope = json!({"@context": V2, "id": format!("data:application/vc+jwt,{jwt}"), "type": "EnvelopedVerifiableCredential"});
    let bare = presentation(&[signed.clone(), badge, envelope.clone()]);
    let good = [
        presentation(&[]),
        bare.clone(),
        present(&holder, &bare, &json!({})),
        present(
            &holder,
            &with(bare.clone(), "/holder", json!(holder.id)),
            &json!({"challenge": "c", "domain": "d.example"}),
        ),
        present(&holder, &with(bare.clone(), "/holder", json!({"id": holder.id})), &json!({})),
        with(bare.clone(), "/@context", json!([V2, EXAMPLES])),
        with(
            with(bare.clone(), "/@context", json!([V2, {"Own": "https://own.example/#Own"}])),
            "/type",
            json!(["VerifiablePresentation", "Own"]),
        ),
    ];
    for document in &good {
        let report = presented_as(document, Expected::default());
        assert!(holds(&report), "{document}: {report:?}");
    }
    let kept = &good[3];
    let bad = [
        with(bare.clone(), "/@context", Value::Null),
        with(bare.clone(), "/@context", json!([EXAMPLES, V2])),
        with(bare.clone(), "/@context", json!([V2, "https://unknown.example"])),
        with(bare.clone(), "/@context", json!([V2, 5])),
        with(bare.clone(), "/type", Value::Null),
        with(bare.clone(), "/type", json!(["VerifiableCredential"])),
        with(bare.clone(), "/type", json!(["VerifiablePresentation", "Unmapped"])),
        with(bare.clone(), "/id", json!("no url")),
        with(bare.clone(), "/holder", json!({"name": "N"})),
        with(bare.clone(), "/holder", json!("nobody")),
        with(bare.clone(), "/termsOfUse", json!([{"id": "urn:t:1"}])),
        with(bare.clone(), "/verifiableCredential", json!(["urn:c:1"])),
        with(bare.clone(), "/verifiableCredential", json!([least()])),
        with(bare.clone(), "/verifiableCredential/0/issuer", json!("did:example:another")).clone(),
        with(kept.clone(), "/proof/challenge", json!("other")),
        with(kept.clone(), "/proof/proofValue", json!("z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh")),
        with(kept.clone(), "/holder", json!("did:example:another")),
        presentation(&[with(envelope.clone(), "/@context", json!([]))]),
        presentation(&[with(envelope.clone(), "/@context", json!(EXAMPLES))]),
        presentation(&[with(envelope.clone(), "/id", json!(jwt))]),
        presentation(&[with(envelope.clone(), "/type", Value::Null)]),
        presentation(&[with(envelope, "/type", json!("VerifiableCredential"))]),
    ];
    for document in bad {
        let indexed = document.pointer("/verifiableCredential/0/issuer").is_some();
        assert!(!presented(&document), "{indexed} {document}");
    }
    let expect = |challenge: &str, domain: &str| Expected {
        challenge: Some(challenge.into()),
        domain: Some(domain.into()),
        purpose: None,
    };
    assert!(holds(&presented_as(kept, expect("c", "d.example"))));
    assert!(!holds(&presented_as(kept, expect("other", "d.example"))));
    assert!(!holds(&presented_as(kept, expect("c", "other.example"))));
    assert!(!holds(&presented_as(&bare, expect("c", "d.example"))), "without a proof nothing answers the challenge");
}

#[test]
fn who_presents_what_they_wrote_themselves_says_so() {
    let author = issuer();
    let own = presentation(&[sign(&least())]);
    assert!(presented(&own), "nobody presents it");
    assert!(!presented(&present(&author, &own, &json!({}))), "no holder is named");
    assert!(presented(&present(&author, &with(own.clone(), "/holder", json!(author.id)), &json!({}))));
    assert!(!presented(&present(&author, &with(own, "/holder", json!("did:example:another")), &json!({}))));
}

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
