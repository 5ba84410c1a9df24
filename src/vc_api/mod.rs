//! The interface for conformance suites (W3C VC-API): issue, verify, present, change a status.
//!
//! It signs what it is sent, so it signs with a key of its own, under a `did:key` that stands for nothing: neither `/verify` nor `/c` calls
//! valid what it signed. It has status lists of its own. Outside the demo it is off unless configured, and asks for a key of role
//! conformance. Whether a document holds is judged by the verifier that judges for everybody, by its profile for documents of any kind.

mod api;
mod entity;
mod issue;
mod lists;
mod problems;
mod resources;
mod signer;
mod verify;

pub use api::{about, change_status, issue_credential, list_document, verify_credential, verify_presentation};
pub use signer::issuer;
