//! What a key may sign.

/// Keys are kept apart by purpose, so that a list cannot be passed off as a credential's signer and each can be changed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    Credential,
    StatusList,
    /// What the interface for conformance suites signs, credentials and lists alike. It stands for nothing.
    Conformance,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::Credential, Self::StatusList, Self::Conformance];
    /// What the issuer vouches for.
    pub const ISSUING: [Self; 2] = [Self::Credential, Self::StatusList];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::StatusList => "status_list",
            Self::Conformance => "conformance",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }
}
