//! The event log of an attempt: what happened, in order, as a hash chain.
//!
//! * Append-only. Each event holds the hash of the one before it, so that a changed, removed or inserted one is found at its place, away from the server.
//! * It never holds an answer, and of a person only a salted digest: what staff wrote stands beside it and can be erased while the chain still holds.
//! * What a player reports is bounded: in a minute, and in all.

mod api;
pub mod chain;
mod entity;
mod kind;
mod service;

pub use api::{read_events, report_events};
pub use kind::Kind;
pub(super) use service::{append, append_each, append_with_note, counts};
pub use service::{erase_notes, notes, of_attempt};
