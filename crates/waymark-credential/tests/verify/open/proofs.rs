//! Proofs, their sets and chains.

use super::*;

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
