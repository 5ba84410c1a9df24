//! What may be shown of a credential. Only a report makes one, and only when shape, proof and issuer key passed.

use crate::model::{DateTime, OpenBadgeCredential};

/// A credential whose signature holds, with how it was signed. Everything is read from the closed types.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    credential: OpenBadgeCredential,
    suite: &'static str,
    method: String,
    created: Option<DateTime>,
}

impl Claims {
    pub(super) fn new(
        credential: OpenBadgeCredential,
        suite: &'static str,
        method: String,
        created: Option<DateTime>,
    ) -> Self {
        Self { credential, suite, method, created }
    }

    /// The document as its closed type; of the JWT form, the payload without registered claims.
    pub fn credential(&self) -> &OpenBadgeCredential {
        &self.credential
    }

    /// `eddsa-rdfc-2022`, `eddsa-jcs-2022` or `vc+jwt`.
    pub fn suite(&self) -> &'static str {
        self.suite
    }

    /// The absolute id of the key that signed.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// When it was signed, as the signer says.
    pub fn created(&self) -> Option<&DateTime> {
        self.created.as_ref()
    }
}
