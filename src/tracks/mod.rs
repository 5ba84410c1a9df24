//! Paths that end in one achievement. A track's versions are immutable, with the calendar by which they count days; a decision and a credential name the version that they were made under.

mod achievement;
mod api;
mod calendar;
mod definition;
mod entity;
mod renewal;
mod service;

pub use achievement::{achievement, achievement_document, achievement_in_language};
pub use api::list_tracks;
pub use calendar::KeptCalendar;
pub use definition::{Goal, Kind, TrackDefinition, Validity};
pub use renewal::{Level, Renewal};
pub use service::*;
