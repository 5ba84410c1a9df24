//! What was achieved: Achievement and its parts (OB 3.0 §B.1).

use super::{EndorsementCredential, Iri, Is, Profile, ResultDescription, kinds};
use serde::{Deserialize, Serialize};

/// The thing that is earned; one per track, shared by everybody who earns it (OB 3.0 §B.1.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Achievement {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: Is<kinds::Achievement>,
    pub name: String,
    pub description: String,
    /// A word of the OB 3.0 list (§B.1.15), or `ext:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achievement_type: Option<String>,
    pub criteria: Criteria,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// BCP 47 tag of the texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Profile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_of_study: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialization: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits_available: Option<serde_json::Number>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub result_description: Vec<ResultDescription>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_identifier: Vec<IdentifierEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endorsement: Vec<EndorsementCredential>,
    /// The same as compact JWS. No context knows the term: only where the JSON itself is signed can it be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endorsement_jwt: Vec<String>,
}

/// What a person must do, as a page or as Markdown; at least one of the two (OB 3.0 §B.1.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

/// A picture by URL or `data:` URI, PNG or SVG (OB 3.0 §B.1.9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: Is<kinds::Image>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// A tie to a node of a framework (OB 3.0 §B.1.3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alignment {
    #[serde(rename = "type")]
    pub kind: Is<kinds::Alignment>,
    pub target_name: String,
    pub target_url: Iri,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_framework: Option<String>,
    /// A word of the OB 3.0 list (§B.1.16), or `ext:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_type: Option<String>,
}

/// Another achievement that is this one in another language or version (OB 3.0 §B.1.13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Related {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: Is<kinds::Related>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// A further identifier of an achievement or a profile (OB 3.0 §B.1.7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentifierEntry {
    #[serde(rename = "type")]
    pub kind: Is<kinds::IdentifierEntry>,
    pub identifier: String,
    /// A word of the OB 3.0 list (§B.1.17), or `ext:…`.
    pub identifier_type: String,
}
