//! What people say of a member in a role: that they vouch for them.
//!
//! * Only a role that a track asks for can be spoken in, and nobody speaks of themselves.
//! * An attestation records a fact in the same transaction; whoever says the same twice says it once.
//! * It is taken back with a reason, and its fact with it. Saying and taking back are audited.

mod api;
mod entity;
mod pages;
mod service;

pub use api::{attest_call, list_attestations, void_attestation};
pub use pages::{attest_post, attestations_page, void_post};
pub use service::{Attestation, Attested, TakenBack, attest, find, latest, of_member, roles, void};
