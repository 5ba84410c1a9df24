//! Issuers that are their own JWK (`did:jwk`).

use serde_json::{Value, json};
use waymark_credential::{
    jwk::Jwk,
    verify::{CheckId, Code, State},
};

use super::Case;
use crate::{
    made::{Party, credential},
    signers::{Signer, encode},
};

fn did(jwk: &Value) -> String {
    format!("did:jwk:{}", encode(jwk.to_string().as_bytes()))
}

/// Somebody whose identifier is this JWK.
fn party(seed: u8, jwk: &Value) -> Party {
    let id = did(jwk);
    let method = format!("{id}#0");
    Party { id, kid: method.clone(), method, ..Party::of_key(seed) }
}

fn ed25519(seed: u8) -> Value {
    serde_json::to_value(Jwk::new(&Party::of_key(seed).key())).unwrap()
}

fn badge(issuer: &Party) -> Value {
    let mut document = credential(issuer);
    document.as_object_mut().unwrap().remove("credentialStatus");
    document
}

/// A `vc+jwt` by a key of another kind than ours.
fn jwt(signer: &Signer) -> String {
    let author = party(2, &signer.jwk());
    signer.jws(&json!({"alg": signer.algorithm(), "typ": "vc+jwt", "kid": author.kid}), &badge(&author))
}

pub fn cases() -> Vec<Case> {
    use CheckId::{IssuerKey, Proof};
    let author = party(2, &ed25519(2));
    let signed = badge(&author);
    let mut secret = ed25519(2);
    secret["d"] = json!("AAAA");
    let leaks = party(2, &secret);
    let encrypts = {
        let mut jwk = ed25519(2);
        jwk["use"] = json!("enc");
        party(2, &jwk)
    };
    vec![
        Case::new("by did:jwk, embedded", author.embed(&signed), State::Valid, IssuerKey, Code::KeyOfIssuer),
        Case::new("by did:jwk, JWT", author.jwt(&signed), State::Valid, IssuerKey, Code::KeyOfIssuer),
        Case::new("by did:jwk with P-256", jwt(&Signer::p256(4)), State::Valid, Proof, Code::ProofValid),
        Case::new("by did:jwk with RSA", jwt(&Signer::Rsa), State::Valid, Proof, Code::ProofValid),
        Case::new(
            "by another, as a did:jwk",
            Party { signing: Party::of_key(3).signing, ..party(2, &ed25519(2)) }.embed(&signed),
            State::Altered,
            Proof,
            Code::ProofInvalid,
        ),
        Case::new(
            "by a second key of a did:jwk",
            author.embed_as(&signed, &json!({"verificationMethod": format!("{}#1", author.id)})),
            State::Altered,
            IssuerKey,
            Code::KeyNotListed,
        ),
        Case::new(
            "by a did:jwk that publishes its secret",
            leaks.embed(&badge(&leaks)),
            State::Unknown,
            IssuerKey,
            Code::IssuerUnsupported,
        ),
        Case::new(
            "by a did:jwk for encryption",
            encrypts.embed(&badge(&encrypts)),
            State::Unknown,
            IssuerKey,
            Code::IssuerUnsupported,
        ),
    ]
}
