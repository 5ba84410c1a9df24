//! The live monitor: who sits an exam, how their saves go, and what staff do about it.
//!
//! * A page that works without JavaScript (a button loads it again); with it, server-sent events keep the table up to date.
//! * Streams are bounded in number and in time: each ends after some minutes, and whoever asks again is asked again who they are.
//! * The page of one attempt shows its log as a timeline, checks the chain, and holds the steps of staff.

mod one;
mod pages;
mod rows;
mod stream;
mod supervise;

pub use one::{attempt_page, guide_attempt};
pub use pages::{live_page, live_rows};
pub use stream::live_stream;
pub use supervise::reason;
