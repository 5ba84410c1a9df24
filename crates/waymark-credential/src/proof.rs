//! Signing and checking, without a private key: a document becomes the bytes to be signed, the signature joins it, and a proof
//! that came with a document is checked.
//!
//! [`prepare`] takes only a [`Credential`], which is complete by construction. What is signed is made from the closed types, so that
//! nothing is shown that the signature does not cover.

mod data_integrity;
mod jws;
mod prepared;
pub mod vc_jwt;

pub use data_integrity::{Document, ProofError, verify};
pub(crate) use data_integrity::{hash_data, verify_within};
pub use jws::{CompactJws, JwsError};
pub use prepared::{SignedBytes, ToBeSigned, prepare, prepare_endorsement, prepare_status_list};

use crate::model::Cryptosuite;

/// The forms in which we sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// An embedded proof over the RDF dataset.
    EddsaRdfc2022,
    /// An embedded proof over the canonical JSON.
    EddsaJcs2022,
    /// A compact JWS around the credential (VC-JOSE-COSE §3.1.1).
    VcJwt,
}

impl Suite {
    /// The name for storage: that of the cryptosuite, or of the media type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => Cryptosuite::EddsaRdfc2022.name(),
            Self::EddsaJcs2022 => Cryptosuite::EddsaJcs2022.name(),
            Self::VcJwt => "vc+jwt",
        }
    }

    /// The form that carries an embedded proof of `cryptosuite`.
    pub const fn of(cryptosuite: Cryptosuite) -> Self {
        match cryptosuite {
            Cryptosuite::EddsaRdfc2022 => Self::EddsaRdfc2022,
            Cryptosuite::EddsaJcs2022 => Self::EddsaJcs2022,
        }
    }

    /// The suite of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::EddsaRdfc2022, Self::EddsaJcs2022, Self::VcJwt].into_iter().find(|suite| suite.as_str() == name)
    }

    /// The media type of the signed bytes (VCDM 2.0 §6.2, VC-JOSE-COSE §6.1).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 | Self::EddsaJcs2022 => "application/vc",
            Self::VcJwt => "application/vc+jwt",
        }
    }
}
