//! Gatherings, and who was there.
//!
//! * The organizer shows a code; whoever is there opens it and says so by a button. It works inside its time and for as many people as it admits.
//! * A code that rotates changes every two minutes and is good for ten: a picture of it that is passed on stops working. One that does not can be printed.
//! * Whoever missed it can ask for a while after; the organizer confirms. Nobody confirms themselves.
//! * Being there counts once a gathering, as `event.attended` from the source `waymark:gatherings`.

mod api;
mod code;
mod deciding;
mod entity;
mod member_pages;
mod pages;
mod service;

pub use api::{attend_call, confirm_attendance, list_gatherings, make_gathering, read_gathering, refuse_attendance};
pub(super) use member_pages::open_of_member;
pub use member_pages::{attend_page, attend_post, late_page, late_post};
pub use pages::{attendance_post, code_page, gathering_page, gathering_post, gatherings_page};
