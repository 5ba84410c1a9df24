//! What a key may sign.

/// Keys are kept apart by purpose, so that a list cannot be passed off as a credential's signer and each can be changed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    Credential,
    StatusList,
}

impl Purpose {
    pub const ALL: [Self; 2] = [Self::Credential, Self::StatusList];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::StatusList => "status_list",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }
}
