//! The funnel: reload a committed intent, compare its hashes, sign, verify as any verifier would.

pub(super) mod warrant;

use waymark_credential::proof::SignedBytes;

use self::warrant::Warrant;
use super::intents::{self, Intent};
use super::keyring::Keyring;
use super::unsealed::SealError;
use super::verified;
use crate::database::{Change, Database};
use crate::error::Result;
use crate::ids::IntentId;

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
/// already is answered as it is. What does not verify is set aside; it is tried again only once the keyring is opened anew.
pub async fn seal(db: &Database, keys: &Keyring, id: IntentId) -> Result<Sealed, SealError> {
    if let Some(why) = keys.stopped() {
        return Err(SealError::Stopped(why.to_owned()));
    }
    let intent = intents::reload(db.read(), id).await?;
    if let Some(text) = intent.signed {
        return Ok(Sealed { intent: id, text });
    }
    if let Some(why) = keys.set_aside(id) {
        return Err(SealError::SetAside { intent: id, why });
    }
    let text = sign(keys, &intent)?;
    let why = match verified::check(intent.purpose, text.as_str(), keys.identity(), intent.created) {
        Ok(()) => return Ok(Sealed { intent: id, text: text.into_string() }),
        Err(why) => why,
    };
    tracing::error!(intent = %id, why, "what was signed does not verify; it is set aside");
    keys.put_aside(id, &why);
    intents::set_aside(db, id, &why).await?;
    Err(SealError::SetAside { intent: id, why })
}

fn sign(keys: &Keyring, intent: &Intent) -> Result<SignedBytes, SealError> {
    let warrant = Warrant::new(intent);
    let signature = match keys.sign(&warrant) {
        Some(signature) => signature,
        None => {
            return Err(SealError::KeyNotHeld { intent: intent.id, key: intent.key, purpose: intent.purpose });
        }
    };
    // A signature that fails here would betray a key, or a machine, that errs.
    if !keys.fits(&warrant, &signature) {
        let why = format!("the key {} does not make signatures that fit its public half", intent.key);
        tracing::error!(intent = %intent.id, why, "nothing more is signed until a restart");
        keys.stop(&why);
        return Err(SealError::CannotSignSafely { intent: intent.id, why });
    }
    Ok(intent.payload.clone().attach(signature))
}

#[cfg(test)]
mod tests {
    use waymark_credential::proof::{Suite, ToBeSigned};

    use super::super::Purpose;
    use super::*;
    use crate::clock::from_millis;
    use crate::entropy::SeededEntropy;
    use crate::ids::{self, SigningKeyId};

    fn intent(key: SigningKeyId, from: &SeededEntropy) -> Intent {
        let payload = ToBeSigned::restore(Suite::VcJwt, b"bytes".to_vec(), "bytes".to_owned());
        let (id, created) = (ids::fresh(from_millis(0), from), from_millis(0));
        Intent { id, purpose: Purpose::Credential, key, created, payload, signed: None }
    }

    #[test]
    fn a_key_whose_signatures_do_not_fit_its_public_half_stops_the_signer() {
        let from = SeededEntropy::new(b"seal");
        let key: SigningKeyId = ids::fresh(from_millis(0), &from);
        let sound = Keyring::of_one(key, [7; 32], None);
        assert!(sign(&sound, &intent(key, &from)).is_ok() && sound.stopped().is_none());
        let errs = Keyring::of_one(key, [7; 32], Some([8; 32]));
        assert!(matches!(sign(&errs, &intent(key, &from)), Err(SealError::CannotSignSafely { .. })));
        assert!(errs.stopped().is_some_and(|why| why.contains(&key.to_string())));
    }
}
