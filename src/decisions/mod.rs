//! Tracks × facts → decisions, each with its explanation. What is computed here is a pure function of (track version, facts, now).
//!
//! * `decided_at` is the moment the threshold was crossed, not the moment of computing.
//! * A decision that stands is never changed: when its facts are taken back, a superseding decision is written beside it.
//! * What time alone can change has a wake-up.

mod api;
mod deliveries;
mod entity;
mod service;

pub use api::{ProgressBody, progress};
pub use deliveries::{on_event, wake_due};
pub use service::{Decided, TrackProgress, find, of_member, progress_of, recount, standing};
