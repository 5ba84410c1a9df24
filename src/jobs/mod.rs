//! Long work: many rows, dealt with one at a time, with progress, cancel and resume.
//!
//! * A row is claimed, worked on and settled in *one* change: a crash in between leaves it waiting, and what was committed is never done twice.
//! * Several processes may work on the same job. On PostgreSQL each skips the rows that another holds; SQLite has one writer.
//! * The counts are counted from the rows, so they cannot drift from them.
//! * Preparing stores what was handed in; nothing happens before it is started. What is prepared and left is forgotten after a week.
//!
//! A room that has long work adds a [`JobKind`], lists what does one row of it in `worker.rs`, and calls [`prepare`] and [`start`]; one row is
//! [`claim`], the room's own verbs in the same change, and [`settle`] or [`put_off`].

mod api;
mod entity;
mod lifecycle;
mod rows;
mod service;

pub use api::{JobBody, body_of, cancel_job, read_job, read_report};
pub use lifecycle::{JobKind, JobState, RowState};
pub use rows::{Claimed, JobRow, NewRow, Outcome, claim, close, put_off, rows, settle, settle_alone};
pub use service::{
    Counts, Job, NewJob, attachment, by_open_key, cancel, change_input, count_running, counts, find, next, prepare,
    recent, start, tend,
};
