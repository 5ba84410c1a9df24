//! The one place where something is signed.
//!
//! * What will be signed is first stored as an intent, with its hash, in the transaction of its cause; only then can it be sealed.
//! * Private keys live here alone. They sign a warrant, which only `seal` makes, from an intent that is committed and compared.
//! * What will be signed is read by the verifier's own code before it is stored as an intent: what no verifier would read is refused there.
//! * What was signed is checked by the same code before it can be stored. If that fails the intent is set aside, and the others go on; a key whose
//!   signature does not even fit its own bytes stops the signer.

mod entity;
mod folder;
mod identity;
mod intents;
mod keyring;
mod passphrase;
mod purpose;
mod seal;
mod signed_by;
mod unsealed;
mod unusable;
mod verified;

pub use folder::{SealingCost, StillSealed, fingerprint};
pub use identity::Identity;
pub use intents::{
    SetAside, altered_intents, intend, intended_document, intents_of, payload_hash, set_aside_intents, settle_aside,
    signed, subjects_of,
};
pub use keyring::{Keyring, KeyringError, KeyringSlot, ListedKey, SAMPLE_KEY, discard, encrypt_files, generate};
pub use passphrase::Passphrase;
pub use purpose::Purpose;
pub use seal::{Sealed, seal};
pub use signed_by::{SignedBy, holds, intended, key_of, signed_by};
pub use unsealed::SealError;
pub use unusable::FolderError;
pub use verified::check as verifies;
