//! The one place where something is signed.
//!
//! * What will be signed is first stored as an intent, with its hash, in the transaction of its cause; only then can it be sealed.
//! * Private keys live here alone. They sign a warrant, which only `seal` makes, from an intent that is committed.
//! * What was signed is checked by the verifier's own code before it is stored; if that fails the signer stops.

mod entity;
mod intents;
mod purpose;

pub use intents::signed;
pub use purpose::Purpose;
