//! The embedded proof (VC-DATA-INTEGRITY §2.1).

use super::{DateTime, Iri, Is, OneOrMany, kinds};
use serde::{Deserialize, Serialize};

/// One Data Integrity proof. `cryptosuite` stays text: an unknown one is *not checked*, it does not make the shape wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataIntegrityProof {
    /// Only in `eddsa-jcs-2022`, which signs it (VC-DI-EDDSA §3.3.1).
    #[serde(rename = "@context", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<super::Contexts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    #[serde(rename = "type")]
    pub kind: Is<kinds::DataIntegrityProof>,
    pub cryptosuite: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime>,
    pub verification_method: Iri,
    pub proof_purpose: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<OneOrMany<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_proof: Option<OneOrMany<Iri>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_value: Option<String>,
}

/// The suites made and checked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cryptosuite {
    /// VC-DI-EDDSA §3.2: signs the RDF dataset.
    EddsaRdfc2022,
    /// VC-DI-EDDSA §3.3: signs the canonical JSON.
    EddsaJcs2022,
}

impl Cryptosuite {
    pub const fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
        }
    }

    /// The suite of that name, if it is one of ours.
    pub fn of(name: &str) -> Option<Self> {
        [Self::EddsaRdfc2022, Self::EddsaJcs2022].into_iter().find(|suite| suite.name() == name)
    }
}
