//! JWTs of other issuers: other keys, the older forms, and the attacks on both.

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

/// `vc+jwt` by keys of other kinds.
fn keys() -> Vec<Case> {
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

/// The older form of Open Badges, and whose its keys are.
fn open_badges() -> Vec<Case> {
    use CheckId::{IssuerKey, Parse, Proof, Shape, Validity};
    let rsa = Signer::Rsa;
    let good = rsa.jws(&older_header(&rsa), &older());
    let at_key = || serving(KEY, &Signer::Rsa.jwk());
    let headed = |changes: Value| Signer::Rsa.jws(&with(older_header(&Signer::Rsa), changes), &older());
    let saying = |changes: Value| Signer::Rsa.jws(&older_header(&Signer::Rsa), &with(older(), changes));
    let named = |kid: &str| headed(json!({"kid": kid}));
    let missing = |name, claim: &str| {
        Case::new(name, saying(json!({claim: null})), State::Altered, Shape, Code::JwtClaimMissing).world(at_key())
    };
    let contradicts = |name, changes| {
        Case::new(name, saying(changes), State::Altered, Shape, Code::JwtClaimContradicts).world(at_key())
    };
    let p256 = Signer::p256(1);
    let elsewhere = "https://college.example/keys/1";
    let in_set = "https://college.example/issuer/jwks.json#a";
    let set = json!({"keys": [with(Signer::p256(2).jwk(), json!({"kid": "b"})), with(rsa.jwk(), json!({"kid": "a"}))]});
    let endless = with(older(), json!({"validUntil": null}));
    let secret = with(rsa.jwk(), json!({"d": "AAAA"}));
    let thief = "https://evil.example/keys/1";
    vec![
        Case::new("Open Badges JWT, RS256", good.clone(), State::Valid, Proof, Code::ProofValid).world(at_key()),
        Case::new(
            "Open Badges JWT, ES256",
            p256.jws(&older_header(&p256), &older()),
            State::Valid,
            Parse,
            Code::ReadJwt,
        )
        .world(serving(KEY, &p256.jwk())),
        Case::new("Open Badges JWT without typ", headed(json!({"typ": null})), State::Valid, Validity, Code::InForce)
            .world(at_key()),
        Case::new("Open Badges JWT, a key of a set", named(in_set), State::Valid, IssuerKey, Code::KeyOfIssuer)
            .world(serving("https://college.example/issuer/jwks.json", &set)),
        Case::new(
            "Open Badges JWT, a key of the issuer's document",
            named(NAMED),
            State::Valid,
            Proof,
            Code::ProofValid,
        )
        .world(serving(COLLEGE, &document(NAMED, rsa.jwk()))),
        Case::new(
            "Open Badges JWT, a key elsewhere that the issuer lists",
            named(elsewhere),
            State::Valid,
            Proof,
            Code::ProofValid,
        )
        .world(serving(COLLEGE, &document(elsewhere, rsa.jwk())).with_key_document(elsewhere, &p256.jwk())),
        Case::new(
            "Open Badges JWT, a key elsewhere that nobody lists",
            named(elsewhere),
            State::Unknown,
            IssuerKey,
            Code::KeyElsewhere,
        )
        .world(serving(COLLEGE, &document(NAMED, rsa.jwk())).with_key_document(elsewhere, &rsa.jwk())),
        Case::new(
            "Open Badges JWT, a key on another host",
            named(thief),
            State::Altered,
            IssuerKey,
            Code::KeyOfAnother,
        )
        .world(serving(thief, &rsa.jwk())),
        Case::new(
            "Open Badges JWT that brings its key",
            headed(json!({"kid": null, "jwk": rsa.jwk()})),
            State::Unknown,
            IssuerKey,
            Code::KeyBrought,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT that brings a key and names one",
            headed(json!({"jwk": rsa.jwk()})),
            State::Unknown,
            IssuerKey,
            Code::KeyBrought,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT without kid",
            headed(json!({"kid": null})),
            State::Unknown,
            IssuerKey,
            Code::KeyUnnamed,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT with a kid by http",
            named("http://college.example/issuer/keys/1"),
            State::Unknown,
            IssuerKey,
            Code::KeyUnnamed,
        ),
        Case::new("Open Badges JWT, no key there", good.clone(), State::Unknown, IssuerKey, Code::KeyUnreachable)
            .world(World::default()),
        Case::new(
            "Open Badges JWT, the key is published with its secret",
            good.clone(),
            State::Unknown,
            IssuerKey,
            Code::KeyDocumentUnusable,
        )
        .world(serving(KEY, &secret)),
        Case::new("Open Badges JWT by another key", good, State::Altered, Proof, Code::ProofMalformed)
            .world(serving(KEY, &p256.jwk())),
        Case::new(
            "Open Badges JWT with jku",
            headed(json!({"jku": KEY})),
            State::Altered,
            Proof,
            Code::JwtHeaderRefused,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT with x5c",
            headed(json!({"x5c": ["MIIB"]})),
            State::Altered,
            Proof,
            Code::JwtHeaderRefused,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT with a critical extension",
            headed(json!({"crit": ["x"], "x": 1})),
            State::Altered,
            Proof,
            Code::JwtHeaderRefused,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT, algorithm none",
            headed(json!({"alg": "none"})),
            State::Altered,
            Proof,
            Code::JwtAlgorithmRefused,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT with cty",
            headed(json!({"cty": "JWT"})),
            State::Altered,
            Proof,
            Code::JwtTypeRefused,
        )
        .world(at_key()),
        Case::new(
            "Open Badges JWT for somebody",
            saying(json!({"aud": "x"})),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        )
        .world(at_key()),
        missing("Open Badges JWT without iss", "iss"),
        missing("Open Badges JWT without jti", "jti"),
        missing("Open Badges JWT without nbf", "nbf"),
        missing("Open Badges JWT without sub", "sub"),
        contradicts("Open Badges JWT, iss is another", json!({"iss": "https://evil.example"})),
        contradicts("Open Badges JWT, jti is another", json!({"jti": "urn:uuid:1"})),
        contradicts("Open Badges JWT, sub is another", json!({"sub": "urn:uuid:2"})),
        contradicts("Open Badges JWT, nbf is a text", json!({"nbf": "1767225600"})),
        contradicts("Open Badges JWT, exp is later", json!({"exp": 1_900_000_000})),
        Case::new(
            "Open Badges JWT, exp where the credential has no end",
            rsa.jws(&older_header(&rsa), &endless),
            State::Altered,
            Shape,
            Code::JwtClaimContradicts,
        )
        .world(at_key()),
    ]
}

/// The form of VC 1.1.
fn vc_claim() -> Vec<Case> {
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

pub fn cases() -> Vec<Case> {
    [keys(), open_badges(), vc_claim()].into_iter().flatten().collect()
}
