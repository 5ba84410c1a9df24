//! What was measured, and what the figure means: results, their scales, rubric levels (OB 3.0 §B.1.14).

use super::{Alignment, Iri, Is, kinds};
use serde::{Deserialize, Serialize};

/// One result; it names a [`ResultDescription`] of the same achievement (OB 3.0 §B.1.14).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AchievementResult {
    #[serde(rename = "type")]
    pub kind: Is<kinds::Result>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_description: Option<Iri>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Completed, Enrolled, Failed, `InProgress`, `OnHold`, Provisional or Withdrew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achieved_level: Option<Iri>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
}

/// The scale of a result (OB 3.0 §B.1.15). All figures are texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResultDescription {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: Is<kinds::ResultDescription>,
    pub name: String,
    /// A word of the OB 3.0 list (Percent, `RawScore`, Status, …), or `ext:…`.
    pub result_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_min: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_max: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_value: Option<String>,
    /// From worst to best.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_value: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_level: Option<Iri>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rubric_criterion_level: Vec<RubricCriterionLevel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
}

/// One level of a rubric (OB 3.0 §B.1.16).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RubricCriterionLevel {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: Is<kinds::RubricCriterionLevel>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
}
