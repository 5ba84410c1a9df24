//! People: who they are to the program, under which addresses and handles they are known, and how they sign in.
//!
//! * A member id is never rewritten; an alias leads from a merged id to the one that was kept.
//! * An e-mail address belongs to one member. Nothing about a member is public here.
//! * An affiliation is dated and says who stated it; requirements cannot see it.

mod api;
mod entity;
mod pages;
mod service;

pub use api::{enrol_member, mint_token};
pub use pages::{ask_link, login, login_page, logout, sign_in_page};
pub use service::*;
