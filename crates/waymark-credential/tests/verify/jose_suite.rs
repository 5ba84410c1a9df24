//! The program that W3C's vc-jose-cose suite runs, asked the kinds of questions that the suite asks.

use serde_json::{Value, json};

use crate::signers::{Signer, encode};

#[path = "../../examples/jose_suite/document.rs"]
mod document;
#[path = "../../examples/jose_suite/method.rs"]
mod method;
#[path = "../../examples/jose_suite/suite.rs"]
mod suite;

const CONTROLLER: &str = "https://issuer.example/suite";

/// A verification method with its secret, named as the suite names its keys.
fn method(jwk: Value, secret: &[u8]) -> Value {
    let named = |mut jwk: Value| {
        jwk["kid"] = json!("by-name");
        jwk
    };
    let mut with_secret = named(jwk.clone());
    with_secret["d"] = json!(encode(secret));
    json!({"id": format!("{CONTROLLER}#key"), "type": "JsonWebKey", "controller": CONTROLLER, "publicKeyJwk": named(jwk), "secretKeyJwk": with_secret})
}

fn p256() -> Value {
    method(Signer::p256(1).jwk(), &[1; 32])
}

fn ed25519() -> Value {
    let key = ed25519_dalek::SigningKey::from_bytes(&[4; 32]);
    let x = encode(key.verifying_key().as_bytes());
    method(json!({"kty": "OKP", "crv": "Ed25519", "x": x}), &[4; 32])
}

fn methods() -> Vec<(&'static str, Value)> {
    let mut p521 = [1; 66];
    p521[0] = 0;
    vec![
        ("ES256", p256()),
        ("ES384", method(Signer::p384(1).jwk(), &[1; 48])),
        ("ES512", method(Signer::p521(1).jwk(), &p521)),
        ("EdDSA", ed25519()),
    ]
}

fn credential() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
        "id": "https://university.example/credentials/1",
        "type": ["VerifiableCredential", "ExampleAlumniCredential"],
        "issuer": CONTROLLER,
        "validFrom": "2010-01-01T19:23:24Z",
        "credentialSubject": {"id": "did:example:123", "degree": {"type": "ExampleDegree", "name": "Bachelor of Arts"}}
    })
}

fn presentation(credentials: Value) -> Value {
    json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"], "holder": CONTROLLER, "verifiableCredential": credentials})
}

fn enveloped(data: &str) -> Value {
    json!({"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": data})
}

fn with(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

fn ask(action: &str, feature: &str, input: &str, key: &Value) -> suite::Answer {
    suite::run(action, feature, input, &key.to_string())
}

fn issued(feature: &str, document: &Value, key: &Value) -> String {
    let answer = ask("issue", feature, &document.to_string(), key);
    assert_eq!(answer.result, "success", "{}", answer.data);
    answer.data
}

fn result(action: &str, feature: &str, input: &str, key: &Value) -> &'static str {
    ask(action, feature, input, key).result
}

/// Signs whatever it is told to, as an ES256 JWT.
fn forged(header: Value, payload: &Value) -> String {
    let mut whole = json!({"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": "by-name"});
    whole.as_object_mut().unwrap().extend(header.as_object().unwrap().clone());
    Signer::p256(1).jws(&whole, payload)
}

#[test]
fn every_kind_of_key_issues_what_verifies() {
    for (algorithm, key) in methods() {
        let jwt = issued("credential_jose", &credential(), &key);
        assert_eq!(result("verify", "credential_jose", &format!("{jwt}\n"), &key), "success", "{algorithm}");
        let presented = presentation(json!([enveloped(&format!("data:application/vc+jwt,{jwt}"))]));
        let presented = issued("presentation_jose", &presented, &key);
        assert_eq!(result("verify", "presentation_jose", &presented, &key), "success", "{algorithm}");
        assert_eq!(result("verify", "credential_jose", &presented, &key), "failure", "a presentation is no credential");
        for (other, another) in methods().into_iter().filter(|(other, _)| *other != algorithm) {
            assert_eq!(result("verify", "credential_jose", &jwt, &another), "failure", "{algorithm} by {other}");
        }
        let mut bytes = jwt.into_bytes();
        let at = bytes.len() - 20;
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert_eq!(result("verify", "credential_jose", std::str::from_utf8(&bytes).unwrap(), &key), "failure");
    }
}

#[test]
fn unknown_members_are_neither_issued_nor_accepted() {
    for (name, value) in
        [("badExtension", json!({"a": "b"})), ("vc", json!("x")), ("vp", json!("x")), ("proof", json!({}))]
    {
        let document = with(credential(), name, value);
        assert_eq!(result("issue", "credential_jose", &document.to_string(), &p256()), "failure", "{name}");
        assert_eq!(result("verify", "credential_jose", &forged(json!({}), &document), &p256()), "failure", "{name}");
    }
    let mut unmapped = with(credential(), "@context", json!(["https://www.w3.org/ns/credentials/v2"]));
    unmapped["type"] = json!(["VerifiableCredential"]);
    assert_eq!(
        result("verify", "credential_jose", &forged(json!({}), &unmapped), &p256()),
        "failure",
        "degree is not mapped"
    );
    for document in [
        with(credential(), "type", json!(["ExampleAlumniCredential"])),
        with(credential(), "@context", json!(["https://www.w3.org/ns/credentials/examples/v2"])),
        with(credential(), "@context", json!(["https://www.w3.org/ns/credentials/v2", "https://unknown.example/v1"])),
        with(credential(), "issuer", json!({"name": "nobody"})),
        with(credential(), "id", json!("not a url")),
        with(credential(), "validFrom", json!("yesterday")),
        with(credential(), "validUntil", json!("2009-01-01T00:00:00Z")),
        with(credential(), "credentialSubject", json!({})),
        with(credential(), "credentialSubject", json!([])),
    ] {
        assert_eq!(result("issue", "credential_jose", &document.to_string(), &p256()), "failure", "{document}");
    }
}

#[test]
fn only_the_right_header_and_claims_are_accepted() {
    let verdict =
        |header: Value, payload: &Value| result("verify", "credential_jose", &forged(header, payload), &p256());
    assert_eq!(verdict(json!({}), &credential()), "success");
    assert_eq!(verdict(json!({"kid": format!("{CONTROLLER}#key")}), &credential()), "success");
    for header in [
        json!({"typ": "bad+typ"}),
        json!({"typ": "vp+jwt"}),
        json!({"typ": "JWT"}),
        json!({"typ": null}),
        json!({"cty": "bad+cty"}),
        json!({"kid": "another"}),
        json!({"kid": 7}),
        json!({"alg": "none"}),
        json!({"alg": "ES384"}),
        json!({"jwk": Signer::p256(1).jwk()}),
        json!({"crit": ["exp"]}),
    ] {
        assert_eq!(verdict(header.clone(), &credential()), "failure", "{header}");
    }
    assert_eq!(verdict(json!({}), &with(credential(), "iss", json!(CONTROLLER))), "success");
    assert_eq!(verdict(json!({}), &with(credential(), "iat", json!("2010-01-01T19:23:24Z"))), "success");
    for (claim, value) in [
        ("iss", json!("https://evil.example")),
        ("jti", json!("urn:x:1")),
        ("sub", json!("urn:x:2")),
        ("nbf", json!(0)),
    ] {
        assert_eq!(verdict(json!({}), &with(credential(), claim, value)), "failure", "{claim}");
    }
    assert_eq!(result("verify", "credential_jose", &credential().to_string(), &p256()), "failure", "unsecured");
}

#[test]
fn a_presentation_is_as_good_as_its_credentials() {
    let verdict = |credentials: Value| {
        let header = json!({"typ": "vp+jwt", "cty": "vp"});
        result("verify", "presentation_jose", &forged(header, &presentation(credentials)), &p256())
    };
    let data = |jwt: &str| json!([enveloped(&format!("data:application/vc+jwt,{jwt}"))]);
    let good = forged(json!({}), &credential());
    let of_another_key =
        Signer::p384(9).jws(&json!({"alg": "ES384", "typ": "vc+jwt", "kid": "elsewhere"}), &credential());
    assert_eq!(verdict(data(&good)), "success");
    assert_eq!(verdict(data(&of_another_key)), "success", "its key is not at hand");
    assert_eq!(verdict(json!([enveloped("data:application/vc+cose;base64,0oRDoQEm")])), "success");
    for credentials in [
        json!([credential()]),
        json!([enveloped("not-a-credential")]),
        json!([enveloped(&format!("data:application/vc+jwt,{good}x"))]),
        json!([enveloped("data:application/vc+cose;base64,AAAA")]),
        json!([enveloped("data:application/vc+sd-jwt,AAAA~")]),
        data(&forged(json!({"typ": "JWT"}), &credential())),
        data(&forged(json!({}), &with(credential(), "badExtension", json!(1)))),
        data(&Signer::p256(2).jws(&json!({"alg": "ES256", "typ": "vc+jwt", "kid": "by-name"}), &credential())),
        json!([enveloped(&format!("data:application/vc+jwt,{good}")), enveloped("x")]),
    ] {
        assert_eq!(verdict(credentials.clone()), "failure", "{credentials}");
    }
    assert_eq!(
        result("verify", "presentation_jose", &presentation(json!([])).to_string(), &p256()),
        "failure",
        "unsecured"
    );
}

#[test]
fn what_cannot_be_asked_is_told_apart_from_what_fails() {
    let input = credential().to_string();
    let answer = ask("verify", "credential_cose", &input, &p256());
    assert_eq!(
        answer.to_json(),
        json!({"result": "indeterminate", "data": "the feature credential_cose is not supported"})
    );
    assert_eq!(result("sign", "credential_jose", &input, &p256()), "error");
    assert_eq!(result("issue", "credential_jose", &input, &with(p256(), "type", json!("Multikey"))), "error");
    assert_eq!(
        result("issue", "credential_jose", &input, &with(p256(), "controller", json!("https://evil.example"))),
        "error"
    );
    let other_secret = with(p256(), "secretKeyJwk", json!({"d": encode(&[2; 32])}));
    assert_eq!(result("issue", "credential_jose", &input, &other_secret), "failure");
    assert_eq!(result("issue", "credential_jose", &input, &with(p256(), "secretKeyJwk", json!(null))), "failure");
}
