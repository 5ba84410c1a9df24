//! JWTs of other issuers: other keys, the older forms, and the attacks on both.

mod keys;
mod open_badges;
mod vc_claim;

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, State};

use super::Case;
use crate::{
    made::{Party, World, credential},
    signers::{Signer, encode},
};

const COLLEGE: &str = "https://college.example/issuer";
const KEY: &str = "https://college.example/issuer/keys/1";
const NAMED: &str = "https://college.example/issuer#key-1";

/// What the college issues, without a status, as payload of `vc+jwt`.
fn badge(issuer: &str) -> Value {
    let mut badge = credential(&Party { id: issuer.to_owned(), ..Party::of_key(9) });
    badge.as_object_mut().unwrap().remove("credentialStatus");
    badge
}

/// The same with the claims of Open Badges' older form.
fn older() -> Value {
    let mut payload = badge(COLLEGE);
    payload["iss"] = json!(COLLEGE);
    payload["jti"] = payload["id"].clone();
    payload["sub"] = payload["credentialSubject"]["id"].clone();
    payload["nbf"] = json!(1_767_225_600);
    payload["exp"] = json!(1_798_761_600);
    payload
}

/// VC 1.1's form: what the claims say is left out of the credential.
fn in_vc() -> Value {
    let mut vc = badge(COLLEGE);
    for member in ["id", "validUntil"] {
        vc.as_object_mut().unwrap().remove(member);
    }
    vc["issuer"].as_object_mut().unwrap().remove("id");
    let sub = vc["credentialSubject"].as_object_mut().unwrap().remove("id").unwrap();
    json!({"iss": COLLEGE, "jti": "urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a01", "sub": sub, "nbf": 1_767_225_600, "exp": 1_798_761_600, "vc": vc})
}

fn with(mut value: Value, changes: Value) -> Value {
    for (name, change) in changes.as_object().unwrap() {
        if change.is_null() {
            value.as_object_mut().unwrap().remove(name);
        } else {
            value[name] = change.clone();
        }
    }
    value
}

/// The college's own document, which lists `jwk` under `method`.
fn document(method: &str, jwk: Value) -> Value {
    let entry = json!({"id": method, "type": "JsonWebKey", "controller": COLLEGE, "publicKeyJwk": jwk});
    json!({"id": COLLEGE, "type": "Profile", "verificationMethod": [entry], "assertionMethod": [method]})
}

fn serving(url: &str, document: &Value) -> World {
    World::default().with_key_document(url, document)
}

fn header(signer: &Signer, kid: &str) -> Value {
    json!({"alg": signer.algorithm(), "typ": "vc+jwt", "kid": kid})
}

fn older_header(signer: &Signer) -> Value {
    json!({"alg": signer.algorithm(), "typ": "JWT", "kid": KEY})
}

pub fn cases() -> Vec<Case> {
    [keys::keys(), open_badges::open_badges(), vc_claim::vc_claim()].into_iter().flatten().collect()
}
