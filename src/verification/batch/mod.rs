//! Many at once: up to a hundred addresses or numbers in, one line for each out, as a table, as CSV or as a saved report.
//!
//! * A fault is told in its own line and never fails the whole; only what is no list of at most a hundred is refused.
//! * A selection stands for the credentials in it, each in a line of its own; one that is not open says so.
//! * Each line costs one verification of what an address may make in a minute; a wrong guess at a number costs as it does alone.
//! * The work has an end: four at a time, twenty seconds in all, foreign documents once each.

mod api;
mod line;
mod pages;
pub(super) mod picked;
mod rows;
mod run;
mod sheet;
mod table;

pub use api::batch_call;
pub(super) use pages::answer_text;
pub use pages::{batch_page, batch_post};
pub use run::{Fault, Outcome};
pub use table::fault_words;

/// The most lines.
pub const MOST: usize = 100;
