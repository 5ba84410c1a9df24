//! The funnel: reload a committed intent, compare its hashes, sign, verify as any verifier would.

use waymark_credential::proof::SignedBytes;

use super::intents::{self, Intent};
use super::keyring::Keyring;
use super::{Purpose, verified};
use crate::database::{Change, Database};
use crate::error::{Code, Error, Result};
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
    /// What was just signed does not verify. The keyring has stopped itself.
    #[error("the signature for {intent} does not verify, so the signer stopped: {why}")]
    CannotSignSafely { intent: IntentId, why: String },
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
            SealError::NotIntended(_) | SealError::Altered(_) => Self::internal(e),
        }
    }
}

/// Signed and verified, not stored yet. Only [`seal`] makes one.
#[must_use = "what is sealed must be stored"]
#[derive(Debug)]
pub struct Sealed {
    intent: IntentId,
    text: String,
}

impl Sealed {
    /// The signed document: JSON text with its proof, or a compact JWS.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Stores the signed text with its intent (T2).
    pub async fn store(&self, ch: &mut Change<'_>) -> Result<()> {
        intents::store(ch, self.intent, &self.text).await
    }
}

/// Signs a committed intent (S), outside any transaction. Doing it again gives the same bytes: Ed25519 is deterministic, and what is stored
/// already is answered as it is.
pub async fn seal(db: &Database, keys: &Keyring, id: IntentId) -> Result<Sealed, SealError> {
    if let Some(why) = keys.stopped() {
        return Err(SealError::Stopped(why.to_owned()));
    }
    let intent = intents::reload(db.read(), id).await?;
    if let Some(text) = intent.signed {
        return Ok(Sealed { intent: id, text });
    }
    let text = sign(keys, &intent)?;
    let why = match verified::check(intent.purpose, text.as_str(), keys.identity(), intent.created) {
        Ok(()) => return Ok(Sealed { intent: id, text: text.into_string() }),
        Err(why) => why,
    };
    tracing::error!(intent = %id, why, "a fresh signature does not verify; nothing more is signed until a restart");
    keys.stop(&why);
    Err(SealError::CannotSignSafely { intent: id, why })
}

fn sign(keys: &Keyring, intent: &Intent) -> Result<SignedBytes, SealError> {
    let warrant = Warrant::new(intent);
    let signature = keys.sign(&warrant).ok_or(SealError::KeyNotHeld {
        intent: intent.id,
        key: intent.key,
        purpose: intent.purpose,
    })?;
    Ok(intent.payload.clone().attach(signature))
}

/// Leave to sign one stored intent. Made here only, from an intent that was read back from the store and compared.
mod warrant {
    use super::{Intent, Purpose, SigningKeyId};

    pub struct Warrant<'i> {
        pub(in crate::signing) key: SigningKeyId,
        pub(in crate::signing) purpose: Purpose,
        pub(in crate::signing) message: &'i [u8],
        _made_here: (),
    }

    impl<'i> Warrant<'i> {
        pub(super) fn new(intent: &'i Intent) -> Self {
            Self { key: intent.key, purpose: intent.purpose, message: &intent.payload.bytes, _made_here: () }
        }
    }
}
pub(super) use warrant::Warrant;
