//! The `vc` claim of the data model 1.1.

use super::*;

/// The form of VC 1.1.
pub(super) fn vc_claim() -> Vec<Case> {
    use CheckId::{Proof, Shape, Validity};
    let rsa = Signer::Rsa;
    let at_key = || serving(KEY, &Signer::Rsa.jwk());
    let saying = |changes: Value| Signer::Rsa.jws(&older_header(&Signer::Rsa), &with(in_vc(), changes));
    let inside = |changes: Value| json!({"vc": with(in_vc()["vc"].clone(), changes)});
    let contradicts = |name, changes| {
        Case::new(name, saying(changes), State::Altered, Shape, Code::JwtClaimContradicts).world(at_key())
    };
    vec![
        Case::new("JWT with the claim vc", saying(json!({})), State::Valid, Proof, Code::ProofValid).world(at_key()),
        Case::new(
            "JWT with the claim vc, ended by exp",
            saying(json!({"exp": 1_777_000_000})),
            State::Expired,
            Validity,
            Code::Expired,
        )
        .world(at_key()),
        contradicts("JWT with the claim vc, jti is another", inside(json!({"id": "urn:uuid:1"}))),
        contradicts(
            "JWT with the claim vc, iss is another",
            inside(json!({"issuer": {"id": "https://evil.example", "type": ["Profile"], "name": "x"}})),
        ),
        contradicts("JWT with the claim vc, exp is another", inside(json!({"validUntil": "2030-01-01T00:00:00Z"}))),
        contradicts("JWT with the claim vc, nbf is another", json!({"nbf": 0})),
        Case::new(
            "JWT with the claims vc and aud",
            saying(json!({"aud": "x"})),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        )
        .world(at_key()),
        Case::new(
            "JWT whose claim vc is a text",
            saying(json!({"vc": "x"})),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        )
        .world(at_key()),
        Case::new(
            "vc+jwt with the claim vc",
            rsa.jws(&header(&rsa, NAMED), &in_vc()),
            State::Unknown,
            CheckId::Context,
            Code::ContextUnknown,
        )
        .world(serving(COLLEGE, &document(NAMED, rsa.jwk()))),
    ]
}
