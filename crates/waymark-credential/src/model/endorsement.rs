//! What others say about an achievement, a profile or a credential (OB 3.0 §B.1.5).

use super::{
    Contexts, CredentialKinds, CredentialSchema, CredentialStatus, DataIntegrityProof, DateTime, Iri, Is, Issuer,
    OneOrMany, RefreshService, TermsOfUse, kinds,
};
use serde::{Deserialize, Serialize};

/// A credential about something in another credential; signed on its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndorsementCredential {
    #[serde(rename = "@context")]
    pub context: Contexts,
    pub id: Iri,
    #[serde(rename = "type")]
    pub kinds: CredentialKinds,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub issuer: Issuer,
    pub valid_from: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awarded_date: Option<DateTime>,
    pub credential_subject: EndorsementSubject,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_schema: Option<OneOrMany<CredentialSchema>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_status: Option<CredentialStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_service: Option<RefreshService>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_of_use: Option<OneOrMany<TermsOfUse>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<OneOrMany<DataIntegrityProof>>,
}

/// What is endorsed, and the words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndorsementSubject {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: Is<kinds::EndorsementSubject>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endorsement_comment: Option<String>,
}
