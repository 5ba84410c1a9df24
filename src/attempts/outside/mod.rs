//! Results of an exam that somebody else delivered: a test centre, a hands-on lab. They become exam facts like our own, marked with who delivered them.
//!
//! * The same result again changes nothing. A correction voids the fact before it and records a new one; where a credential stands on it, that opens a review.
//! * Whom a candidate's address or handle does not lead to is held, and counts for nothing until staff say who it is.
//! * Pass or fail is our exam's cut over the points sent: nobody else decides it.

mod api;
mod entity;
mod entry;
mod pages;
mod service;
mod sheet;

pub use api::{read_outside, receive_outside};
pub use pages::{assign_outside, outside_page, outside_post};
