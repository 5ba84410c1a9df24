//! Who asks, and what they may do.
//!
//! * Every handler's first argument is a guard: [`Public`], [`SignedIn`], [`Candidate`], [`May`] or [`SelfOr`]. The router takes no other handler, so a route without a
//!   decision about access does not compile.
//! * Sessions, API keys, member tokens and sign-in links are stored as SHA-256 hashes; the secret is shown once.
//! * Nobody acts for, or hands out, roles above their own; nobody changes their own; there is always an owner once there was one.
//! * A request that changes something with a session cookie must come from this site and carry the session's token.
//!
//! Access knows a [`MemberId`](crate::ids::MemberId), not members.

mod accounts;
mod csrf;
mod entity;
mod guard;
mod idempotency;
mod keys;
mod permission;
mod principal;
mod resolving;
mod role;
mod routes;
mod same_site;
mod service;

pub use accounts::{
    HeldRole, StaffMember, end_sign_ins, give_role_because, hand_link, links_of, sign_ins, staff, take_role,
    take_turn_of_roles,
};
pub use csrf::{Posted, check_multipart};
pub use guard::{Candidate, Conformance, Guard, Guarded, May, Public, SelfOr, SignedIn};
pub use idempotency::{NotKept, forget_answers, idempotent, require_idempotency_key};
pub use keys::{KeyRow, api_keys, behind, end_api_key, keys_made_by};
pub use permission::*;
pub use principal::Principal;
pub use role::Role;
pub use routes::{RouteRow, Routes};
pub use service::*;
