//! Selections: several credentials for one reader, under one link, until their member or a day ends it. What is stored of them; the pages are in
//! `sharing`, and the verifier opens them line by line.
//!
//! * A credential that is private can be read through a selection only where its member said so in so many words when choosing it. One that was made
//!   private later is gone from the selection.
//! * Draft, ended and unknown answer alike.

mod entity;
mod service;
mod step;

pub use service::{
    MOST_ENTRIES, Selection, Stage, Wanted, begin, end, of, of_member, open_now, order, publish, readable,
    showing_private, standing,
};
pub use step::Step;
