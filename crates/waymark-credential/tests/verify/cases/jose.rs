//! JWTs: the form we issue, its neighbours, and the attacks on all of them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waymark_credential::{
    jwk::Jwk,
    verify::{CheckId, Code, State},
};

use super::Case;
use crate::made::{INDEX, Party, World, credential, guild};

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// HMAC-SHA-256 (RFC 2104) with a key of at most 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

pub fn cases() -> Vec<Case> {
    use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Status, Validity};
    let guild = guild();
    let thief = Party::of_key(3);
    let payload = credential(&guild);
    let bytes = payload.to_string().into_bytes();
    let good = guild.jwt(&payload);
    let header = |changes: Value| {
        let mut header = json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": crate::made::guild().kid});
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                header.as_object_mut().unwrap().remove(name);
            } else {
                header[name] = value.clone();
            }
        }
        crate::made::guild().jwt_as(&header, credential(&crate::made::guild()).to_string().as_bytes())
    };
    let claims = |changes: Value| {
        let mut payload = credential(&crate::made::guild());
        payload.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        crate::made::guild().jwt(&payload)
    };
    let mut parts: Vec<_> = good.split('.').map(str::to_owned).collect();
    let unsigned = format!("{}.{}.", encode(br#"{"alg":"none","typ":"vc+jwt"}"#), parts[1]);
    let symmetric = {
        let input = format!(
            "{}.{}",
            encode(json!({"alg": "HS256", "typ": "vc+jwt", "kid": guild.kid}).to_string().as_bytes()),
            parts[1]
        );
        format!("{input}.{}", encode(&hmac(&guild.key(), input.as_bytes())))
    };
    let mut altered = payload.clone();
    altered["name"] = json!("Mastery");
    parts[1] = encode(altered.to_string().as_bytes());
    let other_payload = parts.join(".");
    let cut = good[..good.len() - 4].to_owned();
    let embedded = thief
        .jwt_as(&json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": guild.kid, "jwk": Jwk::new(&thief.key())}), &bytes);
    let thief_kid = thief.jwt_as(&json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": thief.kid}), &bytes);
    let forged_kid = thief.jwt_as(&json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": guild.kid}), &bytes);
    let refused = |name, changes| Case::new(name, header(changes), State::Altered, Proof, Code::JwtHeaderRefused);
    let contradicts =
        |name, changes| Case::new(name, claims(changes), State::Altered, Shape, Code::JwtClaimContradicts);
    let in_1_1 = guild.jwt(&json!({"iss": guild.id, "vc": payload}));
    let mut with_proof = guild.embed(&payload);
    with_proof["proof"] = json!(with_proof["proof"][0]);
    vec![
        Case::new("JWT, issued by us", good.clone(), State::Valid, Proof, Code::ProofValid),
        Case::new("JWT, revoked", good.clone(), State::Revoked, Status, Code::RevokedByList)
            .world(World::of_guild(&[INDEX])),
        Case::new(
            "JWT, by did:key",
            {
                let key = Party::of_key(2);
                let mut payload = credential(&key);
                payload.as_object_mut().unwrap().remove("credentialStatus");
                key.jwt(&payload)
            },
            State::Valid,
            IssuerKey,
            Code::KeyOfIssuer,
        ),
        Case::new(
            "JWT, by the Multikey form of the key",
            header(json!({"kid": guild.method})),
            State::Valid,
            Proof,
            Code::ProofValid,
        ),
        Case::new(
            "JWT with claims that agree",
            claims(json!({"iss": guild.id, "jti": payload["id"], "sub": payload["credentialSubject"]["id"],
            "nbf": 1_767_225_600, "exp": 1_798_761_600, "iat": 1_767_225_600})),
            State::Valid,
            Validity,
            Code::InForce,
        ),
        Case::new("JWT with cty vc", header(json!({"cty": "vc"})), State::Valid, Proof, Code::ProofValid),
        Case::new("JWT with another payload", other_payload, State::Altered, Proof, Code::ProofInvalid),
        Case::new("JWT with a short signature", cut, State::Altered, Parse, Code::JwtUnreadable),
        Case::new("JWT, algorithm none", unsigned, State::Altered, Proof, Code::JwtAlgorithmRefused),
        Case::new(
            "JWT, algorithm nOnE",
            header(json!({"alg": "nOnE"})),
            State::Altered,
            Proof,
            Code::JwtAlgorithmRefused,
        ),
        Case::new(
            "JWT without algorithm",
            header(json!({"alg": null})),
            State::Altered,
            Proof,
            Code::JwtAlgorithmRefused,
        ),
        Case::new(
            "JWT, algorithm as array",
            header(json!({"alg": ["EdDSA"]})),
            State::Altered,
            Proof,
            Code::JwtAlgorithmRefused,
        ),
        Case::new(
            "JWT, HS256 with the public key as secret",
            symmetric,
            State::Altered,
            Proof,
            Code::JwtAlgorithmRefused,
        ),
        Case::new("JWT, RS256", header(json!({"alg": "RS256"})), State::Altered, Proof, Code::ProofMalformed),
        Case::new("JWT, ES256", header(json!({"alg": "ES256"})), State::Altered, Proof, Code::ProofMalformed),
        Case::new("JWT, PS256", header(json!({"alg": "PS256"})), State::Unknown, Proof, Code::JwtAlgorithmUnsupported),
        Case::new("JWT, Ed25519", header(json!({"alg": "Ed25519"})), State::Valid, Proof, Code::ProofValid),
        Case::new("JWT that brings its own key", embedded, State::Altered, Proof, Code::JwtHeaderRefused),
        refused("JWT with jku", json!({"jku": "https://evil.example/jwks.json"})),
        refused("JWT with x5c", json!({"x5c": ["MIIB"]})),
        refused("JWT with a critical extension", json!({"crit": ["exp"], "exp": 1})),
        refused("JWT with b64 false", json!({"b64": false})),
        refused("JWT with zip", json!({"zip": "DEF"})),
        Case::new("JWT with typ JWT", header(json!({"typ": "JWT"})), State::Altered, Shape, Code::JwtClaimMissing),
        Case::new("JWT without typ", header(json!({"typ": null})), State::Altered, Shape, Code::JwtClaimMissing),
        Case::new("JWT with typ jwt", header(json!({"typ": "jwt"})), State::Altered, Proof, Code::JwtTypeRefused),
        Case::new("JWT with typ vp+jwt", header(json!({"typ": "vp+jwt"})), State::Altered, Proof, Code::JwtTypeRefused),
        Case::new("JWT with typ at+jwt", header(json!({"typ": "at+jwt"})), State::Altered, Proof, Code::JwtTypeRefused),
        Case::new("JWT with typ as number", header(json!({"typ": 1})), State::Altered, Proof, Code::JwtTypeRefused),
        Case::new("JWT with cty vp", header(json!({"cty": "vp"})), State::Altered, Proof, Code::JwtTypeRefused),
        Case::new("JWT by a thief under their own kid", thief_kid, State::Altered, IssuerKey, Code::KeyOfAnother),
        Case::new("JWT by a thief under the issuer's kid", forged_kid, State::Altered, Proof, Code::ProofInvalid),
        Case::new(
            "JWT with an unlisted kid",
            header(json!({"kid": format!("{}#other", guild.id)})),
            State::Altered,
            IssuerKey,
            Code::KeyNotListed,
        ),
        Case::new("JWT with a bare kid", header(json!({"kid": "key-1"})), State::Unknown, IssuerKey, Code::KeyUnnamed),
        Case::new(
            "JWT with a relative kid",
            header(json!({"kid": "#key-1"})),
            State::Unknown,
            IssuerKey,
            Code::KeyUnnamed,
        ),
        Case::new("JWT without kid", header(json!({"kid": null})), State::Unknown, IssuerKey, Code::KeyUnnamed),
        contradicts("JWT, iss is another", json!({"iss": "did:web:evil.example"})),
        contradicts("JWT, jti is another", json!({"jti": "urn:uuid:1"})),
        contradicts("JWT, sub is another", json!({"sub": "urn:uuid:2"})),
        contradicts("JWT, exp is later", json!({"exp": 1_900_000_000})),
        contradicts("JWT, exp is a text", json!({"exp": "1798761600"})),
        contradicts("JWT, nbf is earlier", json!({"nbf": 0})),
        contradicts("JWT, nbf is null", json!({"nbf": null})),
        contradicts("JWT, iat is a text", json!({"iat": "now"})),
        Case::new(
            "JWT with a claim that means something",
            claims(json!({"aud": "x"})),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        ),
        Case::new("JWT of VC 1.1", in_1_1, State::Unknown, Context, Code::ContextUnknown),
        Case::new("JWT around an embedded proof", guild.jwt(&with_proof), State::Altered, Shape, Code::ShapeUnexpected),
        Case::new(
            "JWT whose payload has duplicate keys",
            guild.jwt_as(&json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": guild.kid}), br#"{"a":1,"a":2}"#),
            State::Altered,
            Parse,
            Code::JwtUnreadable,
        ),
        Case::new(
            "JWT whose header has duplicate keys",
            {
                let input = format!(
                    "{}.{}",
                    encode(
                        format!(r#"{{"alg":"none","alg":"EdDSA","typ":"vc+jwt","kid":"{}"}}"#, guild.kid).as_bytes()
                    ),
                    encode(&bytes)
                );
                format!("{input}.{}", encode(&guild.sign(input.as_bytes()).0))
            },
            State::Altered,
            Parse,
            Code::JwtUnreadable,
        ),
    ]
}
