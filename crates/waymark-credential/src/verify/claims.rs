//! What may be shown of a credential. Only a report makes one, and only when shape, proof and issuer key passed.

use serde_json::Value;

use crate::model::{DateTime, OpenBadgeCredential};

/// A credential whose signature holds, with how it was signed. Everything is read from the closed types.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    credential: OpenBadgeCredential,
    /// A stranger's document as it was signed, where it has more than the closed types take.
    whole: Option<Value>,
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
        Self { credential, whole: None, suite, method, created }
    }

    /// The same with the document it was taken from.
    pub(super) fn of_whole(self, whole: Value) -> Self {
        Self { whole: Some(whole), ..self }
    }

    /// The whole document as it was signed; of the JWT form, the payload without registered claims.
    pub fn document(&self) -> Value {
        match &self.whole {
            Some(whole) => whole.clone(),
            None => serde_json::to_value(&self.credential).unwrap_or(Value::Null),
        }
    }

    /// The document as its closed type; of a stranger's, as much as the type takes.
    pub fn credential(&self) -> &OpenBadgeCredential {
        &self.credential
    }

    /// `eddsa-rdfc-2022`, `eddsa-jcs-2022` or `vc+jwt`; `hosted` where nothing is signed and the issuer's server answered.
    pub fn suite(&self) -> &'static str {
        self.suite
    }

    /// The absolute id of the key that signed; of what is hosted, its address.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// When it was signed, as the signer says.
    pub fn created(&self) -> Option<&DateTime> {
        self.created.as_ref()
    }
}
