//! Whose a handle at a source is, by proof.
//!
//! * A member claims a handle and gets a code that they put where only that handle can write. Staff look there, or an event of the source carries it.
//! * An e-mail address in what a source sends proves nothing here.
//! * At one source a handle is one member's alone. It can be given back; what was credited until then stays.
//! * What waited for the handle is credited once it is proved.

mod api;
mod entity;
mod pages;
mod proof;
mod service;

pub use api::{claim_handle, confirm_handle, list_handles, refuse_handle, release_handle};
pub use pages::{claim_post, handles_page, handles_staff_page, my_handle_post, staff_handle_post};
pub(super) use proof::hear;
pub use service::{ClaimState, HandleClaim, count_open as count_open_claims, of_member as claims_of};
pub(super) use service::{held_by, holders};
