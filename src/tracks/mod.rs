//! Paths that end in one achievement. A track's versions are immutable, with the calendar by which they count days; a decision and a credential name the version that they were made under.
//!
//! * What is being written is a draft beside the version that is published, and changes nothing for members.
//! * A version may be published silently, and on a day to come; until then nothing of it shows.
//! * What files wrote is left to files: see [`Managed`].

mod achievement;
mod api;
mod calendar;
mod definition;
mod drafts;
mod entity;
mod renewal;
mod schedule;
mod service;

pub use achievement::{achievement, achievement_document, achievement_in_language};
pub use api::list_tracks;
pub use calendar::KeptCalendar;
pub use definition::{Goal, Kind, THANKS_TYPE, TrackDefinition, Validity};
pub use drafts::{Draft, draft, drafts, drop_draft, keep_draft};
pub use renewal::{Level, Renewal};
pub use schedule::{Scheduled, schedule, scheduled, take_effect_due, unschedule};
pub use service::*;
