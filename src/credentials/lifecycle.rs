//! The life of a credential: how far it has come, where it stands, who sees it, and which steps lead on.

use serde::{Deserialize, Serialize};

use crate::ids::{CredentialId, DecisionId, ProposalId};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    /// How far the making has come.
    Stage {
        /// What will be signed is stored; nothing is signed and nobody sees it.
        Intended = "intended",
        /// Signed, verified by the verifier's own code, and there for the member.
        Released = "released",
    }
}

words! {
    /// Where a credential stands.
    Status {
        Valid = "valid",
        Suspended = "suspended",
        /// There is no way back.
        Revoked = "revoked",
    }
}

words! {
    /// Who sees it. Only the member changes this.
    Visibility {
        /// The member alone.
        Private = "private",
        /// Whoever has the link.
        Link = "link",
        /// Anyone; profiles and directories may list it.
        Public = "public",
    }
}

words! {
    /// Why a status was changed, as the API names it.
    ReasonCode {
        IssuedInError = "issued_in_error",
        RequirementsNotMet = "requirements_not_met",
        Misconduct = "misconduct",
        HolderRequest = "holder_request",
        Superseded = "superseded",
        KeyCompromise = "key_compromise",
        Other = "other",
    }
}

impl ReasonCode {
    /// Whether readers of the credential are told the kind where the issuer wrote no sentence: what accuses, and what says nothing, is not told.
    pub fn is_told_by_itself(self) -> bool {
        !matches!(self, Self::Misconduct | Self::Other)
    }
}

words! {
    /// How a review ended.
    ReviewOutcome {
        /// A person kept the credential as it is.
        Kept = "kept",
        /// The credential was revoked.
        Revoked = "revoked",
        /// The facts say again what the credential says.
        Agrees = "agrees",
        /// Another credential, dated as the facts say now, took its place.
        Replaced = "replaced",
    }
}

words! {
    /// A step in the standing of a credential.
    StatusChange {
        Revoke = "revoke",
        Suspend = "suspend",
        Reinstate = "reinstate",
    }
}

impl StatusChange {
    /// Where the step leads from `status`; None where there is no such step.
    pub fn from(self, status: Status) -> Option<Status> {
        match (self, status) {
            (Self::Revoke, Status::Valid | Status::Suspended) => Some(Status::Revoked),
            (Self::Suspend, Status::Valid) => Some(Status::Suspended),
            (Self::Reinstate, Status::Suspended) => Some(Status::Valid),
            _ => None,
        }
    }

    /// Where the step leads to.
    pub fn to(self) -> Status {
        match self {
            Self::Revoke => Status::Revoked,
            Self::Suspend => Status::Suspended,
            Self::Reinstate => Status::Valid,
        }
    }
}

/// Why a credential is awarded: the only reason the service takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The track's requirements were met.
    Decided(DecisionId),
    /// People approved it.
    Approved(ProposalId),
    /// It takes the place of this one, and rests on what that one rested on.
    Replaces(CredentialId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_back_from_revoked_and_no_step_repeats() {
        for step in StatusChange::ALL {
            assert_eq!(step.from(Status::Revoked), None, "{step:?}");
            assert_eq!(step.from(step.to()), None, "{step:?}");
        }
        assert_eq!(StatusChange::Reinstate.from(Status::Suspended), Some(Status::Valid));
        assert_eq!(StatusChange::Revoke.from(Status::Suspended), Some(Status::Revoked));
    }

    #[test]
    fn words_round_trip() {
        for reason in ReasonCode::ALL {
            assert_eq!(ReasonCode::parse(reason.as_str()), Some(*reason));
            assert_eq!(serde_json::to_value(reason).expect("serializes"), reason.as_str());
        }
    }
}
