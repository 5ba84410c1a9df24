//! Tracks × facts → decisions, each with its explanation. What is computed here is a pure function of (track version, facts, now).
//!
//! * `decided_at` is the moment the threshold was crossed, not the moment of computing.
//! * A decision on record is never changed: when a late fact moves its moment, or a void moves or undoes it, a superseding decision is written
//!   beside it, and stands in its place where it is still met. What becomes of a credential is not for this room to say.
//! * What time alone can change has a wake-up.
//! * Who comes near to a track by what they did is told once; what is published tells nobody that.
//! * What renews a credential is decided apart from what earned it, over what the member did in its term.

mod api;
mod deliveries;
mod entity;
mod near;
mod reach;
mod record;
mod renewal;
mod replay;
mod service;

pub use api::{ProgressBody, progress};
pub use deliveries::{Counted, hear, on_event, wake_due};
pub use reach::{Reach, length_of};
pub use record::{Decided, find, line_of, of_member, standing};
pub use renewal::RenewalProgress;
pub use replay::{Difference, Replayed, replay};
pub use service::{DecidedTerm, TrackProgress, progress_of, progress_over, progress_sparing, recount, term_of};
