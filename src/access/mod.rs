//! Who asks, and what they may do.
//!
//! * Every handler's first argument is a guard: [`Public`], [`SignedIn`], [`Candidate`], [`May`] or [`SelfOr`]. The router takes no other handler, so a route without a
//!   decision about access does not compile.
//! * Sessions, API keys, member tokens and sign-in links are stored as SHA-256 hashes; the secret is shown once.
//! * A request that changes something with a session cookie must come from this site and carry the session's token.
//!
//! Access knows a [`MemberId`](crate::ids::MemberId), not members.

mod csrf;
mod entity;
mod guard;
mod idempotency;
mod permission;
mod principal;
mod role;
mod routes;
mod service;

pub use csrf::{Posted, check_multipart};
pub use guard::{Candidate, Conformance, Guard, Guarded, May, Public, SelfOr, SignedIn};
pub use idempotency::{NotKept, forget_answers, idempotent, require_idempotency_key};
pub use permission::*;
pub use principal::Principal;
pub use role::Role;
pub use routes::{RouteRow, Routes};
pub use service::*;
