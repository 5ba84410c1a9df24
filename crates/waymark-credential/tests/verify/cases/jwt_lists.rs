//! Status lists that their issuer serves as a JWT.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, State};

use super::Case;
use crate::{
    made::{INDEX, LIST, Party, World, credential, guild, list},
    signers::Signer,
};

fn serving(jwt: &str) -> World {
    World::of_guild(&[]).with_list_bytes(jwt.as_bytes().to_vec())
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut list = list(&guild(), &[]);
    change(&mut list);
    list
}

pub fn cases() -> Vec<Case> {
    use CheckId::Status;
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let good = guild.jwt(&list(&guild, &[]));
    let told = |name, jwt: &str, state, code| Case::new(name, &signed, state, Status, code).world(serving(jwt));
    let unknown = |name, jwt: &str, code| told(name, jwt, State::Unknown, code);
    let claiming = |change: Value| {
        guild.jwt(&with(|list| list.as_object_mut().unwrap().extend(change.as_object().unwrap().clone())))
    };
    let headed = |change: Value| {
        let mut header = json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": guild.kid});
        header.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        guild.jwt_as(&header, list(&guild, &[]).to_string().as_bytes())
    };
    let enveloped = json!({"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{good}")});
    let thief = Party::of_web("evil.example", 3);
    let mut cleared = guild.jwt(&list(&guild, &[INDEX]));
    let payload = good.split('.').nth(1).unwrap();
    cleared = [cleared.split('.').next().unwrap(), payload, cleared.split('.').nth(2).unwrap()].join(".");
    let p256 = Signer::p256(4);
    let kid = format!("{}#es", guild.id);
    let mut document = guild.document(&[guild.published()]);
    document["verificationMethod"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": kid, "type": "JsonWebKey", "controller": guild.id, "publicKeyJwk": p256.jwk()}));
    document["assertionMethod"].as_array_mut().unwrap().push(json!(kid));
    let by_p256 = |set: &[u64]| {
        let jwt = p256.jws(&json!({"alg": "ES256", "typ": "vc+jwt", "kid": kid}), &list(&guild, set));
        serving(&jwt).with_document(&guild, &document)
    };
    vec![
        told("list as a JWT", &good, State::Valid, Code::StatusClear),
        told("list as a JWT, revoked", &guild.jwt(&list(&guild, &[INDEX])), State::Revoked, Code::RevokedByList),
        told(
            "list as a JWT with claims that agree",
            &claiming(json!({"iss": guild.id, "sub": format!("{LIST}#list"),
            "jti": LIST, "exp": 1_780_315_200})),
            State::Valid,
            Code::StatusClear,
        ),
        told("list as a JWT in an envelope", &enveloped.to_string(), State::Valid, Code::StatusClear),
        told("list as a JWT and a line's end", &format!("{good}\n"), State::Valid, Code::StatusClear),
        Case::new("list as a JWT, ES256", &signed, State::Valid, Status, Code::StatusClear).world(by_p256(&[])),
        Case::new("list as a JWT, ES256, revoked", &signed, State::Revoked, Status, Code::RevokedByList)
            .world(by_p256(&[INDEX])),
        unknown("list as a JWT with another's payload", &cleared, Code::ListNotProved),
        unknown("list as a JWT by another issuer", &thief.jwt(&list(&thief, &[])), Code::ListOfAnother),
        unknown("list as a JWT by another's key", &thief.jwt(&list(&guild, &[])), Code::ListOfAnother),
        unknown("list as a JWT whose claims contradict", &claiming(json!({"jti": "urn:another"})), Code::ListUnusable),
        unknown(
            "list as a JWT that ends another day",
            &claiming(json!({"exp": 4_102_444_800_u64})),
            Code::ListUnusable,
        ),
        unknown("list as a JWT around a proof", &guild.jwt(&guild.embed(&list(&guild, &[]))), Code::ListUnusable),
        unknown("list as a JWT of another type", &headed(json!({"typ": "vp+jwt"})), Code::ListNotProved),
        unknown("list as a JWT without a signature", &headed(json!({"alg": "none"})), Code::ListNotProved),
        unknown(
            "list as a JWT by a key not listed",
            &headed(json!({"kid": format!("{}#other", guild.id)})),
            Code::ListNotProved,
        ),
        unknown("list as a JWT by a nameless key", &headed(json!({"kid": "key-1"})), Code::ListNotProved),
        unknown(
            "list as a JWT, stale",
            &guild.jwt(&with(|list| list["validUntil"] = json!("2026-06-01T00:00:00Z"))),
            Code::ListStale,
        ),
        unknown(
            "list as a JWT with another address",
            &guild.jwt(&with(|list| list["id"] = json!("https://guild.example/2"))),
            Code::ListUnusable,
        ),
        unknown("list as a JWT that cannot be read", "eyJhbGciOiJFZERTQSJ9.bm90IGpzb24.AA", Code::ListUnusable),
        unknown("list as a JWT that is a credential", &guild.jwt(&credential(&guild)), Code::ListUnusable),
    ]
}
