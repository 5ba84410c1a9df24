//! Documents of any kind, read as JSON under their own contexts: credentials of the data models 2.0 and 1.1, and presentations.
//!
//! The closed types of [`crate::model`] are what we issue and what is shown. Here stands what a reader of strangers' documents needs: the
//! rules of the data model ([`faults`]), the members that a verdict reads, at their JSON place and nowhere else ([`OpenDocument`]), and the
//! proofs with their chains.

mod document;
mod faults;
mod mapping;
mod members;
mod prepare;
mod presentation;
mod project;
mod proofs;
mod resource;
mod rules;
mod status;

pub use document::{CREDENTIALS_V1, Latitude, OpenDocument, Refused, Role, Version};
pub use prepare::{ProofOptions, prepare_open};
pub use presentation::{holder, self_asserted};
pub(crate) use project::as_open_badge;
pub(crate) use proofs::{OpenProof, hash_open, proofs};
pub use resource::{Digests, related_resources};
pub use rules::faults;
