//! The published list of status bits (Bitstring Status List 1.0 §2.2).

use super::{Contexts, CredentialKinds, DataIntegrityProof, DateTime, Iri, Is, Issuer, OneOrMany, kinds};
use serde::{Deserialize, Serialize};

/// A `BitstringStatusListCredential`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusListCredential {
    #[serde(rename = "@context")]
    pub context: Contexts,
    /// The URL where it is served.
    pub id: Iri,
    #[serde(rename = "type")]
    pub kinds: CredentialKinds,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub issuer: Issuer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime>,
    pub credential_subject: BitstringStatusList,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<OneOrMany<DataIntegrityProof>>,
}

/// The bits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BitstringStatusList {
    /// The list's URL with a fragment, by custom `#list`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    #[serde(rename = "type")]
    pub kind: Is<kinds::BitstringStatusList>,
    pub status_purpose: OneOrMany<String>,
    /// `u` and base64url of the gzipped bits.
    pub encoded_list: String,
    /// Milliseconds for which a copy may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u64>,
}
