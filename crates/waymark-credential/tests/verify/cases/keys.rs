//! Whose key it is, and whether it speaks for the issuer.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, State};

use super::Case;
use crate::made::{Party, World, credential, guild};

fn world_with(change: impl FnOnce(&mut Value)) -> World {
    let guild = guild();
    let mut document = guild.document(&[guild.published()]);
    change(&mut document);
    World::of_guild(&[]).with_document(&guild, &document)
}

pub fn cases() -> Vec<Case> {
    use CheckId::{IssuerKey, Proof};
    let guild = guild();
    let thief = Party::of_key(3);
    let signed = guild.embed(&credential(&guild));
    let address = Party::of_address("https://college.example/issuer", 5);
    let college = json!({"id": address.id, "type": "Profile", "name": "College", "verificationMethod": [{"id": address.method, "type": "Multikey",
        "controller": address.id, "publicKeyMultibase": waymark_credential::key::encode_multikey(&address.key())}],
        "assertionMethod": [address.method]});
    let mut by_address = credential(&address);
    by_address.as_object_mut().unwrap().remove("credentialStatus");
    let ion =
        Party { id: "did:ion:EiClkZMDxPKqC9c".into(), method: "did:ion:EiClkZMDxPKqC9c#k".into(), ..Party::of_key(6) };
    let second = Party::of_web("guild.example", 7);
    let purpose = |purpose: &str| guild.embed_as(&credential(&guild), &json!({"proofPurpose": purpose}));
    let named = |method: &str| guild.embed_as(&credential(&guild), &json!({"verificationMethod": method}));
    let suite = |suite: &str| guild.embed_as(&credential(&guild), &json!({"cryptosuite": suite}));
    let contexts = credential(&guild)["@context"].clone();
    let jcs = |options: Value| {
        let mut all = json!({"cryptosuite": "eddsa-jcs-2022"});
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        guild.embed_as(&credential(&guild), &all)
    };
    let mut jcs_reordered = jcs(json!({"@context": contexts}));
    jcs_reordered["type"].as_array_mut().unwrap().reverse();
    let mut jcs_as_rdfc = jcs(json!({}));
    jcs_as_rdfc["proof"][0]["cryptosuite"] = json!("eddsa-rdfc-2022");
    let mut value_lost = signed.clone();
    value_lost["proof"][0].as_object_mut().unwrap().remove("proofValue");
    vec![
        Case::new(
            "another's key, signed as the guild",
            thief.embed(&credential(&guild)),
            State::Altered,
            IssuerKey,
            Code::KeyOfAnother,
        ),
        Case::new(
            "a key of the same host that is not listed",
            second.embed(&credential(&guild)),
            State::Altered,
            IssuerKey,
            Code::KeyNotListed,
        ),
        Case::new(
            "a listed key, signed by another",
            {
                let mut document = thief.embed_as(&credential(&guild), &json!({"verificationMethod": guild.method}));
                document["proof"][0]["verificationMethod"] = json!(guild.method);
                document
            },
            State::Altered,
            Proof,
            Code::ProofInvalid,
        ),
        Case::new("a key not listed for assertions", &signed, State::Altered, IssuerKey, Code::KeyNotForAssertions)
            .world(world_with(|document| document["assertionMethod"] = json!([]))),
        Case::new("a key under authentication only", &signed, State::Altered, IssuerKey, Code::KeyNotForAssertions)
            .world(world_with(|document| {
                document["authentication"] = document["assertionMethod"].take();
                document["assertionMethod"] = json!([]);
            })),
        Case::new("a key that names another controller", &signed, State::Altered, IssuerKey, Code::KeyNotForAssertions)
            .world(world_with(|document| {
                document["verificationMethod"][0]["controller"] = json!("did:web:evil.example");
            })),
        Case::new("the document of another", &signed, State::Unknown, IssuerKey, Code::KeyDocumentUnusable)
            .world(world_with(|document| document["id"] = json!("did:web:evil.example"))),
        Case::new("a document that publishes a secret", &signed, State::Unknown, IssuerKey, Code::KeyDocumentUnusable)
            .world(world_with(|document| document["verificationMethod"][1]["publicKeyJwk"]["d"] = json!("AAAA"))),
        Case::new("a key of another kind", &signed, State::Unknown, IssuerKey, Code::KeyKindUnsupported)
            .world(world_with(|document| document["verificationMethod"][0]["type"] = json!("Bls12381G2Key2020"))),
        Case::new(
            "an issuer at an https address",
            address.embed(&by_address),
            State::Valid,
            IssuerKey,
            Code::KeyOfIssuer,
        )
        .world(World::default().with_document(&address, &college)),
        Case::new(
            "an issuer of another DID method",
            ion.embed(&credential(&ion)),
            State::Unknown,
            IssuerKey,
            Code::IssuerUnsupported,
        ),
        Case::new("a proof for authentication", purpose("authentication"), State::Altered, Proof, Code::ProofPurpose),
        Case::new("a proof without a key name", named("urn:x:key"), State::Unknown, IssuerKey, Code::KeyUnnamed),
        Case::new(
            "a proof that names the issuer, not a key",
            named(&guild.id),
            State::Unknown,
            IssuerKey,
            Code::KeyUnnamed,
        ),
        Case::new(
            "a proof with an empty key name",
            named(&format!("{}#", guild.id)),
            State::Unknown,
            IssuerKey,
            Code::KeyUnnamed,
        ),
        Case::new(
            "a proof with two key names",
            named(&format!("{}#a#b", guild.id)),
            State::Unknown,
            IssuerKey,
            Code::KeyUnnamed,
        ),
        Case::new(
            "a proof of another suite",
            suite("ecdsa-rdfc-2019"),
            State::Unknown,
            Proof,
            Code::ProofSuiteUnsupported,
        ),
        Case::new("valid, eddsa-jcs-2022", jcs(json!({"@context": contexts})), State::Valid, Proof, Code::ProofValid),
        Case::new(
            "valid, eddsa-jcs-2022 without its own context",
            jcs(json!({})),
            State::Valid,
            Proof,
            Code::ProofValid,
        ),
        Case::new(
            "eddsa-jcs-2022 with the types in another order",
            jcs_reordered,
            State::Altered,
            Proof,
            Code::ProofInvalid,
        ),
        Case::new("the suite's name changed", jcs_as_rdfc, State::Altered, Proof, Code::ProofInvalid),
        Case::new(
            "a chained proof",
            guild.embed_as(&credential(&guild), &json!({"previousProof": "urn:uuid:1"})),
            State::Unknown,
            Proof,
            Code::ProofSuiteUnsupported,
        ),
        Case::new("a proof without a value", value_lost, State::Altered, Proof, Code::ProofMalformed),
    ]
}
