//! Findings as the problem details that the W3C specifications name (VCDM 2.0 §7.1, VC-DATA-INTEGRITY §4.7, Bitstring Status List §3.5).

use serde_json::{Value, json};
use waymark_credential::model::Invalid;
use waymark_credential::verify::{Check, CheckId, Code, Detail};

const DATA_MODEL: &str = "https://www.w3.org/TR/vc-data-model#";
const SECURITY: &str = "https://w3id.org/security#";
const STATUS_LIST: &str = "https://www.w3.org/ns/credentials/status-list#";

/// What is wrong with a document that was to be signed, one problem a fault.
pub(super) fn of_invalid(invalid: &Invalid) -> Vec<Value> {
    let of = |pointer: &str, problem: &str| {
        let kind = format!("{DATA_MODEL}MALFORMED_VALUE_ERROR");
        json!({"type": kind, "title": "The document does not keep the data model", "detail": format!("{pointer}: {problem}"), "pointer": pointer})
    };
    invalid.0.iter().map(|fault| of(&fault.pointer, &fault.problem)).collect()
}

/// What a request that cannot be read is told.
pub(super) fn unreadable(why: &str) -> Value {
    json!({"type": format!("{DATA_MODEL}PARSING_ERROR"), "title": "The document cannot be read", "detail": why})
}

/// A presentation without a proof and without a credential: nothing in it was verified.
pub(super) fn proves_nothing() -> Value {
    json!({"type": format!("{SECURITY}PROOF_VERIFICATION_ERROR"), "title": "The presentation proves nothing",
        "detail": "it has neither a proof nor a credential; only its form was checked"})
}

/// A resource that is another than the issuer's digest says.
pub(super) fn altered_resource(url: &str) -> Value {
    json!({"type": format!("{DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR"), "title": "A related resource was changed",
        "detail": format!("{url} is not what the digest in relatedResource says")})
}

/// The problem that a check found.
pub(super) fn of_check(check: &Check) -> Value {
    let mut problem = of_detail(&check.detail, check.id);
    problem["check"] = json!(check.id.as_str());
    problem
}

/// The same for a finding that belongs to no check.
pub(super) fn of_detail(detail: &Detail, about: CheckId) -> Value {
    let (vocabulary, name, title) = kind(detail.code, about);
    json!({"type": format!("{vocabulary}{name}"), "title": title, "detail": detail.to_string()})
}

fn kind(code: Code, about: CheckId) -> (&'static str, &'static str, &'static str) {
    match (code, about) {
        (Code::NotMapped | Code::AmbiguousNode, _) => {
            (SECURITY, "DATA_LOSS_DETECTION_ERROR", "A part of the document has no meaning that is signed")
        }
        (Code::ProofDomain, _) => (SECURITY, "INVALID_DOMAIN_ERROR", "The proof is for another domain"),
        (Code::ProofChallenge, _) => (SECURITY, "INVALID_CHALLENGE_ERROR", "The proof does not answer the challenge"),
        (Code::ProofSuiteUnsupported, _) => {
            (SECURITY, "PROOF_TRANSFORMATION_ERROR", "The proof is of a kind that is not supported")
        }
        (Code::KeyNotForAssertions, _) => {
            (SECURITY, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", "The key is not for this purpose")
        }
        (Code::KeyUnnamed, _) => (SECURITY, "INVALID_VERIFICATION_METHOD_URL", "The proof names no key"),
        (Code::KeyDocumentUnusable, _) => {
            (SECURITY, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", "The key document cannot be used")
        }
        (Code::ListUnreachable | Code::ListNotAsked, _) => {
            (STATUS_LIST, "STATUS_RETRIEVAL_ERROR", "The status list could not be had")
        }
        (_, CheckId::Parse) => (DATA_MODEL, "PARSING_ERROR", "The document cannot be read"),
        (_, CheckId::Context | CheckId::Shape) => {
            (DATA_MODEL, "MALFORMED_VALUE_ERROR", "The document does not keep the data model")
        }
        (_, CheckId::Proof) => (SECURITY, "PROOF_VERIFICATION_ERROR", "The proof does not hold"),
        (_, CheckId::IssuerKey) => (DATA_MODEL, "CRYPTOGRAPHIC_SECURITY_ERROR", "The key is not the issuer's"),
        (_, CheckId::Status) => (STATUS_LIST, "STATUS_VERIFICATION_ERROR", "The status is against it"),
        (_, CheckId::Validity) => (DATA_MODEL, "RANGE_ERROR", "The time is outside the credential's"),
        _ => (DATA_MODEL, "MALFORMED_VALUE_ERROR", "The document does not hold"),
    }
}
