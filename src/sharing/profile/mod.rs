//! `/m/{handle}`: a member's public profile. Off until its member publishes it, gone when they end it.
//!
//! What stands on it is chosen by the member, in their order, and asked again at each look: a private credential never appears. One that was revoked or has
//! expired stays, and says so, until the member takes it off.

mod entity;
mod handle;
mod open;
mod pages;
mod service;

pub use open::{open_profile, preview_profile, thank_from_profile};
pub use pages::{choose_entries, end_profile, order_entries, profile_page, publish_profile, write_profile};
pub use service::{Profile, choose, end, of_member, order, publish, write};
