//! Why something is not signed, and what the caller hears of it.

use super::Purpose;
use crate::error::{Code, Error};
use crate::ids::{IntentId, SigningKeyId};

/// Why an intent was not sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("there is no committed intent {0}")]
    NotIntended(IntentId),
    #[error("what is stored under {0} is not what was intended: nothing is signed; look into the audit log")]
    Altered(IntentId),
    #[error("the key {key} that {intent} asks for is not in the keyring for {purpose:?}")]
    KeyNotHeld { intent: IntentId, key: SigningKeyId, purpose: Purpose },
    /// The key made a signature that does not fit the bytes. The keyring has stopped itself.
    #[error("the signature for {intent} does not fit its bytes, so the signer stopped: {why}")]
    CannotSignSafely { intent: IntentId, why: String },
    /// The key is sound, but what it signed does not verify: this intent is not signed, the others are.
    #[error("{intent} is set aside, because what it would have signed does not verify: {why}")]
    SetAside { intent: IntentId, why: String },
    #[error("the signer has stopped: {0}")]
    Stopped(String),
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<SealError> for Error {
    fn from(e: SealError) -> Self {
        match e {
            SealError::Store(inner) => inner,
            SealError::KeyNotHeld { .. } | SealError::CannotSignSafely { .. } | SealError::Stopped(_) => {
                Self::new(Code::IssuingOff).because(e)
            }
            SealError::SetAside { .. } => Self::new(Code::SetAside).because(e),
            SealError::NotIntended(_) | SealError::Altered(_) => Self::internal(e),
        }
    }
}
