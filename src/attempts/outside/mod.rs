//! Results of an exam that somebody else delivered: a test centre, a hands-on lab. They become exam facts like our own, marked with who delivered them.
//!
//! * The same result again changes nothing. A correction voids the fact before it and records a new one; where a credential stands on it, that opens a review.
//! * Whom a candidate's address or handle does not lead to is held, and counts for nothing until staff say who it is.
//! * Pass or fail is our exam's cut over the points sent: nobody else decides it.
//! * A key of role source sends results of those exams only that name its source; every verb here asks who sends.
//! * What asks for a person is listed with what to do: unknown candidates, two results of one sitting, corrections of what counted.

mod api;
mod entity;
mod entry;
mod erasure;
mod line;
mod list;
mod pages;
mod service;
mod settling;
mod settling_pages;
mod sheet;

pub use api::{read_outside, receive_outside};
pub(in crate::attempts) use erasure::erase_names;
pub use pages::{assign_outside, outside_page, outside_post};
pub use settling_pages::{settle_page, take_back_post};
