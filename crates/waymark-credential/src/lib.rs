//! Open Badges 3.0 credentials: shape, canonical forms, proofs, status lists, baking and verification, without a server.
//!
//! What comes from outside goes through `strict_json` and `shape` before a claim is read; what is signed is made from the
//! closed types in `model`. No private key, clock, randomness or network enters this crate.

pub mod bake;
pub mod canonical;
pub mod contexts;
pub mod did;
pub mod fold;
pub mod jwk;
pub mod key;
pub mod model;
pub mod open;
pub mod proof;
pub mod status_list;
pub mod strict_json;
pub mod verify;
pub mod work;

/// A moment in UTC; the caller truncates it to milliseconds.
pub type Timestamp = time::UtcDateTime;
