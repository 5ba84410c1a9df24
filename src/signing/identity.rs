//! Under which name things are signed.

use serde_json::Value;

/// Who signs, as a verifier would look it up: the DID and its document.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    pub did: String,
    pub document: Value,
}
