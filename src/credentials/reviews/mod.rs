//! Reviews: what was signed stays as it is when a late fact or a void alters the decision behind it; a person looks at it instead.
//!
//! * A credential has at most one open review. It opens when the decision that the credential rests on is superseded by one that says
//!   otherwise, follows the latest decision, and is settled when the two agree again.
//! * Nothing is revoked or changed by a review. It closes when a person keeps the credential, revokes it, or replaces it by one that
//!   is dated as the facts say now.

mod api;
mod pages;
mod service;

pub use api::{keep_call, list_reviews};
pub use pages::{keep_post, reviews_page};
pub use service::{Review, count_open, hold_against, list, open_of};
pub(super) use service::{close_with, hand_on, replaced_on};
