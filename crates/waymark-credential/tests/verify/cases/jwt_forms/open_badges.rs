//! Open Badges' own older form.

use super::*;

/// The older form of Open Badges, and whose its keys are.
pub(super) fn open_badges() -> Vec<Case> {
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
