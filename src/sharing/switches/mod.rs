//! What of a credential is shown beside its verdict: score, evidence, a place in the list of holders. All off until the holder says otherwise.

mod entity;
mod service;

pub use service::{Switches, listed, set, switches_of};
