//! Documents beside ours under the embedded contexts: the oracle's quads, or a refusal that names the place.

use super::oracle::agreed;
use serde_json::{Value, json};
use waymark_credential::canonical::{CanonicalError, ExpandError, canonical_n_quads};

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const V1: &str = "https://www.w3.org/2018/credentials/v1";
const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const OB_1: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json";
const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

fn proof() -> Value {
    json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-21T09:30:00Z",
        "verificationMethod": "did:key:z6Mk#z6Mk", "proofPurpose": "assertionMethod", "proofValue": "z1"})
}

fn endorsement() -> Value {
    json!({"@context": [V2, OB, EXTENSIONS], "id": "urn:uuid:2", "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsed", "issuer": {"id": "did:web:accreditor.example", "type": ["Profile"], "name": "Accreditor"},
        "validFrom": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "did:web:guild.example",
        "type": ["EndorsementSubject"], "endorsementComment": "In good standing"}, "proof": [proof()],
        "credentialSchema": [{"id": "https://schema.example/1", "type": "1EdTechJsonSchemaValidator2019"}]})
}

/// Scoped contexts of every sort: property, type, null, graph container, JSON literal, list, vocabulary, prefix.
#[test]
fn the_oracle_agrees_on_every_feature_of_the_contexts() {
    let documents = [
        // A proof in the document becomes a graph of its own.
        json!({"@context": [V2], "id": "urn:uuid:1", "type": "VerifiableCredential", "issuer": "did:web:a.example",
            "credentialSubject": {"id": "did:web:b.example", "name": "B"}, "proof": [proof(), proof()]}),
        // Type-scoped terms end at the nested node, where a context stands again.
        json!({"@context": [V2, OB, EXTENSIONS], "id": "urn:uuid:1", "type": ["OpenBadgeCredential", "VerifiableCredential"],
            "issuer": {"id": "did:web:guild.example", "type": ["Profile"], "endorsement": [endorsement()],
                "parentOrg": {"id": "urn:p:1", "type": "Profile", "official": "N. N."}},
            "endorsement": [endorsement()], "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"id": "urn:a:1", "type": ["Achievement"],
                "name": "A", "description": "", "criteria": {}, "endorsement": [endorsement()]}},
            "refreshService": {"id": "https://guild.example/r", "type": "1EdTechCredentialRefresh"}}),
        // verifiableCredential clears the context; each credential brings its own.
        json!({"@context": [V2], "type": ["VerifiablePresentation"], "holder": "did:web:h.example", "proof": proof(),
            "verifiableCredential": [endorsement(),
                {"@context": [V2, EXAMPLES], "id": "urn:uuid:3", "type": ["VerifiableCredential", "AlumniCredential"],
                 "issuer": {"id": "did:web:a.example", "rating": 4.5}, "credentialSubject": {"id": "urn:s:3", "alumniOf": ["A", {"ageOver": true}]}}]}),
        // JSON literals, scoped properties, several statuses.
        json!({"@context": [V2], "id": "urn:uuid:1", "type": ["VerifiableCredential"], "issuer": "did:web:a.example",
            "credentialSubject": {"id": "urn:s:1", "cnf": {"jwk": {"kty": "OKP", "n": [1, 2.5, null, {"b": 1, "a": "é"}]}, "kid": "urn:k:1"}},
            "credentialStatus": [{"type": "BitstringStatusListEntry", "statusPurpose": "message", "statusSize": 2,
                "statusListIndex": "7", "statusListCredential": "https://a.example/s",
                "statusMessage": [{"status": "0x0", "message": "fine"}, {"status": "0x1", "message": "not"}]}],
            "credentialSchema": {"id": "https://a.example/schema", "type": "JsonSchema", "jsonSchema": {"type": "object"}}}),
        // Version 1.1 of the data model with the Open Badges context that went with it.
        json!({"@context": [V1, OB_1], "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": "did:web:a.example", "type": ["Profile"], "name": "A"}, "issuanceDate": "2023-01-01T00:00:00Z",
            "expirationDate": "2024-01-01T00:00:00Z", "name": "N", "credentialSubject": {"id": "urn:s:1", "type": ["AchievementSubject"],
            "achievement": {"id": "urn:a:1", "type": ["Achievement"], "name": "A", "description": "D", "criteria": {"narrative": "C"}}}}),
        json!({"@context": [V1, DATA_INTEGRITY], "id": "urn:uuid:1", "type": ["VerifiableCredential"], "issuer": "did:web:a.example",
            "issuanceDate": "2023-01-01T00:00:00Z", "credentialSubject": {"id": "urn:s:1"}, "proof": proof()}),
        // Documents that hold keys.
        json!({"@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"], "id": "did:web:a.example",
            "verificationMethod": [{"id": "did:web:a.example#k", "type": "Multikey", "controller": "did:web:a.example",
                "publicKeyMultibase": "z6Mk"}], "assertionMethod": ["did:web:a.example#k"],
            "service": [{"id": "did:web:a.example#s", "type": "https://a.example/Type", "serviceEndpoint": "https://a.example/"}]}),
    ];
    for document in documents {
        agreed(&document);
    }
}

fn refused(contexts: &[&str], members: &Value) -> ExpandError {
    let mut document = json!({"id": "urn:uuid:1", "type": ["VerifiableCredential"]});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    match canonical_n_quads(&document, contexts) {
        Err(CanonicalError::Expand(error)) => error,
        other => panic!("{document}: {other:?}"),
    }
}

#[test]
fn nothing_falls_away_in_silence() {
    let at = |pointer: &str| pointer.to_owned();
    let v2 = |members: Value| refused(&[V2], &members);
    assert_eq!(
        v2(json!({"credentialSubject": [{"id": "urn:s:1"}, {"degree": "BA"}]})),
        ExpandError::UndefinedTerm { pointer: at("/credentialSubject/1/degree"), name: "degree".into() }
    );
    assert_eq!(
        v2(json!({"evidence": {"type": ["Photo"]}})),
        ExpandError::UndefinedType { pointer: at("/evidence"), name: "Photo".into() }
    );
    for relative in ["a", "/a", "#a", "_:b0", "", "http:", "https://a b/"] {
        let expected = ExpandError::RelativeReference { pointer: at("/issuer"), value: relative.into() };
        assert_eq!(v2(json!({"issuer": relative})), expected);
        assert!(matches!(v2(json!({"issuer": {"id": relative}})), ExpandError::RelativeReference { .. }));
    }
    for (members, pointer) in [
        (json!({"name": null}), "/name"),
        (json!({"evidence": []}), "/evidence"),
        (json!({"evidence": [null]}), "/evidence/0"),
        (json!({"credentialSubject": {"id": "urn:s:1", "type": []}}), "/credentialSubject/type"),
    ] {
        assert!(matches!(v2(members), ExpandError::NoTrace { pointer: found, .. } if found == pointer));
    }
    for (members, pointer) in [
        (json!({"@included": [{"id": "urn:uuid:1", "validUntil": "2020-01-01T00:00:00Z"}]}), "/@included"),
        (json!({"@reverse": {}}), "/@reverse"),
        (json!({"credentialSubject": {"@id": "urn:s:1"}}), "/credentialSubject/@id"),
        (
            json!({"https://www.w3.org/2018/credentials#validUntil": "2020-01-01T00:00:00Z"}),
            "/https:~1~1www.w3.org~12018~1credentials#validUntil",
        ),
        (json!({"name": {"@value": "N", "@language": "en"}}), "/name/@language"),
        (json!({"name": [["N"]]}), "/name/0"),
        (json!({"issuer": 1}), "/issuer"),
        (json!({"issuer": {"id": ["urn:i:1"]}}), "/issuer/id"),
        (json!({"proof": "z1"}), "/proof"),
        (json!({"evidence": {"type": [1]}}), "/evidence/type"),
        (json!({"evidence": {"@context": {"name": "urn:other"}, "name": "N"}}), "/evidence"),
    ] {
        let error = v2(members);
        assert!(
            matches!(&error, ExpandError::NotAllowed { pointer: found, .. } if found == pointer),
            "{pointer}: {error:?}"
        );
    }
}

#[test]
fn contexts_are_the_embedded_ones_and_agree_with_each_other() {
    assert_eq!(
        refused(&["https://a.example/v1"], &json!({})),
        ExpandError::UnknownContext("https://a.example/v1".into())
    );
    let nested = json!({"evidence": {"@context": ["https://a.example/v1"], "name": "N"}});
    assert_eq!(refused(&[V2], &nested), ExpandError::UnknownContext("https://a.example/v1".into()));
    // Version 1 and 2 of the data model give the same protected names other meanings.
    assert!(matches!(refused(&[V2, V1], &json!({})), ExpandError::ProtectedTerm(_)));
    assert!(matches!(
        canonical_n_quads(&json!([]), &[V2]),
        Err(CanonicalError::Expand(ExpandError::NotAllowed { .. }))
    ));
}

/// Every embedded context can be read whole, scoped ones included: a document that enters each would say otherwise.
#[test]
fn every_embedded_context_is_understood() {
    for (url, text) in waymark_credential::contexts::EMBEDDED {
        let document = json!({"id": "urn:x:1"});
        canonical_n_quads(&document, &[url]).unwrap_or_else(|e| panic!("{url}: {e}"));
        let context: Value = serde_json::from_str(text).unwrap();
        for (name, term) in context["@context"].as_object().unwrap() {
            if term.get("@context").is_some() && name.starts_with(char::is_uppercase) {
                let typed = json!({"id": "urn:x:1", "type": name});
                canonical_n_quads(&typed, &[url]).unwrap_or_else(|e| panic!("{url} {name}: {e}"));
            }
        }
    }
}

/// Two types with contexts on one node: all their terms hold. The expected quads are those of jsonld.js 9; the oracle of the other
/// tests forgets the context of the first type and leaves `result` out without a word.
#[test]
fn contexts_of_several_types_add_up() {
    let document = json!({"type": ["Profile", "AchievementSubject"], "result": "urn:a:0", "official": "x"});
    let vocabulary = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    let rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
    let expected = format!(
        "_:c14n0 {rdf_type} <{vocabulary}AchievementSubject> .\n_:c14n0 {rdf_type} <{vocabulary}Profile> .\n\
         _:c14n0 <{vocabulary}official> \"x\" .\n_:c14n0 <{vocabulary}result> \"urn:a:0\" .\n"
    );
    assert_eq!(canonical_n_quads(&document, &[V2, OB]).unwrap(), expected);
}

/// The context of a type ends with its node. The expected quads are those of jsonld.js 9; the oracle of the other tests refuses the document, as if
/// `Result` redefined a term of the `Achievement` around it.
#[test]
fn the_context_of_a_type_ends_with_its_node() {
    let document = json!({"criteria": [{"id": "urn:a:0", "type": ["Result"]}], "type": ["Achievement"]});
    let vocabulary = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    let rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
    let expected = format!(
        "<urn:a:0> {rdf_type} <{vocabulary}Result> .\n_:c14n0 {rdf_type} <{vocabulary}Achievement> .\n\
         _:c14n0 <{vocabulary}Criteria> <urn:a:0> .\n"
    );
    assert_eq!(canonical_n_quads(&document, &[V2, OB]).unwrap(), expected);
}
