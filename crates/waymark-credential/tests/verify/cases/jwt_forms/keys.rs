//! Each kind of key, and what it must not be taken for.

use super::*;

/// `vc+jwt` by keys of other kinds.
pub(super) fn keys() -> Vec<Case> {
    use CheckId::{IssuerKey, Proof};
    let p256 = Signer::p256(1);
    let listed = |signer: &Signer| serving(COLLEGE, &document(NAMED, signer.jwk()));
    let of = |signer: &Signer| signer.jws(&header(signer, NAMED), &badge(COLLEGE));
    let claiming =
        |signer: &Signer, alg: &str| signer.jws(&with(header(signer, NAMED), json!({"alg": alg})), &badge(COLLEGE));
    let signed_with = |signature: Vec<u8>| {
        let jwt = Signer::p256(1).jws(&header(&Signer::p256(1), NAMED), &badge(COLLEGE));
        format!("{}.{}", jwt.rsplit_once('.').unwrap().0, encode(&signature))
    };
    let der = {
        let jwt = of(&p256);
        let Signer::P256(key) = &p256 else { unreachable!() };
        let signature: p256::ecdsa::Signature =
            ecdsa::signature::Signer::sign(key, jwt.rsplit_once('.').unwrap().0.as_bytes());
        signature.to_der().as_bytes().to_vec()
    };
    let by_did = format!("did:key:{}", p256.multikey());
    let did_method = format!("{by_did}#{}", p256.multikey());
    let guild = crate::made::guild();
    let mut embedded = badge(COLLEGE);
    embedded["proof"] = json!([{"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": NAMED,
        "proofPurpose": "assertionMethod", "proofValue": guild.sign(b"x").multibase()}]);
    let with_alg = |alg: &str| with(p256.jwk(), json!({"alg": alg}));
    vec![
        Case::new("vc+jwt, ES256", of(&p256), State::Valid, Proof, Code::ProofValid).world(listed(&p256)),
        Case::new("vc+jwt, ES384", of(&Signer::p384(1)), State::Valid, Proof, Code::ProofValid)
            .world(listed(&Signer::p384(1))),
        Case::new("vc+jwt, ES512", of(&Signer::p521(1)), State::Valid, Proof, Code::ProofValid)
            .world(listed(&Signer::p521(1))),
        Case::new("vc+jwt, RS256", of(&Signer::Rsa), State::Valid, Proof, Code::ProofValid).world(listed(&Signer::Rsa)),
        Case::new(
            "vc+jwt, ES256 by did:key",
            p256.jws(&header(&p256, &did_method), &badge(&by_did)),
            State::Valid,
            IssuerKey,
            Code::KeyOfIssuer,
        ),
        Case::new(
            "vc+jwt with the whole name of its type",
            p256.jws(
                &with(header(&p256, NAMED), json!({"typ": "application/vc+jwt", "cty": "application/vc"})),
                &badge(COLLEGE),
            ),
            State::Valid,
            Proof,
            Code::ProofValid,
        )
        .world(listed(&p256)),
        Case::new("vc+jwt, ES256 by another key", of(&Signer::p256(2)), State::Altered, Proof, Code::ProofInvalid)
            .world(listed(&p256)),
        Case::new(
            "vc+jwt, RS256 claimed by a P-256 key",
            claiming(&p256, "RS256"),
            State::Altered,
            Proof,
            Code::ProofMalformed,
        )
        .world(listed(&p256)),
        Case::new(
            "vc+jwt, EdDSA claimed by a P-256 key",
            claiming(&p256, "EdDSA"),
            State::Altered,
            Proof,
            Code::ProofMalformed,
        )
        .world(listed(&p256)),
        Case::new(
            "vc+jwt, ES256 claimed by an RSA key",
            claiming(&Signer::Rsa, "ES256"),
            State::Altered,
            Proof,
            Code::ProofMalformed,
        )
        .world(listed(&Signer::Rsa)),
        Case::new(
            "vc+jwt, RS512",
            claiming(&Signer::Rsa, "RS512"),
            State::Unknown,
            Proof,
            Code::JwtAlgorithmUnsupported,
        )
        .world(listed(&Signer::Rsa)),
        Case::new(
            "vc+jwt, HS256 beside an RSA key",
            claiming(&Signer::Rsa, "HS256"),
            State::Altered,
            Proof,
            Code::JwtAlgorithmRefused,
        )
        .world(listed(&Signer::Rsa)),
        Case::new(
            "vc+jwt, ES256 with r and s of zero",
            signed_with(vec![0; 64]),
            State::Altered,
            Proof,
            Code::ProofInvalid,
        )
        .world(listed(&p256)),
        Case::new("vc+jwt, ES256 in DER", signed_with(der), State::Altered, Proof, Code::ProofInvalid)
            .world(listed(&p256)),
        Case::new(
            "vc+jwt, a key whose alg is another",
            of(&p256),
            State::Unknown,
            IssuerKey,
            Code::KeyDocumentUnusable,
        )
        .world(serving(COLLEGE, &document(NAMED, with_alg("ES384")))),
        Case::new("vc+jwt, a key off its curve", of(&p256), State::Unknown, IssuerKey, Code::KeyDocumentUnusable)
            .world(serving(COLLEGE, &document(NAMED, with(p256.jwk(), json!({"y": p256.jwk()["x"]}))))),
        Case::new(
            "vc+jwt, an RSA key of 1024 bits",
            of(&Signer::Rsa),
            State::Unknown,
            IssuerKey,
            Code::KeyDocumentUnusable,
        )
        .world(serving(COLLEGE, &document(NAMED, json!({"kty": "RSA", "e": "AQAB", "n": encode(&[0xd5; 128])})))),
        Case::new(
            "vc+jwt, a key on an unsupported curve",
            of(&p256),
            State::Unknown,
            IssuerKey,
            Code::KeyKindUnsupported,
        )
        .world(serving(COLLEGE, &document(NAMED, with(p256.jwk(), json!({"crv": "secp256k1"}))))),
        Case::new(
            "an embedded EdDSA proof that names a P-256 key",
            embedded,
            State::Altered,
            Proof,
            Code::ProofMalformed,
        )
        .world(listed(&p256)),
    ]
}
