//! The roles of staff members and API keys.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Admin,
    Issuer,
    Examiner,
    Source,
    Auditor,
    Conformance,
    /// A proctoring service: steps in at attempts of the exams that its key names, and nothing else.
    Proctor,
}

impl Role {
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Admin,
        Self::Issuer,
        Self::Examiner,
        Self::Source,
        Self::Auditor,
        Self::Conformance,
        Self::Proctor,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Issuer => "issuer",
            Self::Examiner => "examiner",
            Self::Source => "source",
            Self::Auditor => "auditor",
            Self::Conformance => "conformance",
            Self::Proctor => "proctor",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}
