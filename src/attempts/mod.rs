//! Attempts: a member sits an exam.
//!
//! * The form is drawn from a recorded seed and frozen as one row before the clock starts; the candidate meets option handles, never option ids.
//! * An answer that was acknowledged is durable. Whether it came in time is decided inside the transaction that stores it.
//! * An attempt has at most one end. It closes at its effective deadline however late somebody notices: at the next look, or by [`expire_due`].
//! * The score is a pure function of form, keys and responses; its result goes to the ledger as a fact, in the transaction that closes the attempt.
//! * To everybody but its member an attempt does not exist.

mod answering;
mod api;
mod beginning;
mod closing;
mod entity;
mod lifecycle;
mod pages;
mod service;
mod views;

pub use api::{flag, item, result, save, show, start, submit};
pub use beginning::{Begun, Chances, begin, chances};
pub use closing::{Released, Section, Verdict, expire_due, look, release, submit as hand_in, verdict};
pub use pages::{agree, answer, figure, finish, intro, player, position, resulting, review};
pub use service::{Answer, Attempt, answers, find, form};
