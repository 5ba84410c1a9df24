//! Paths that end in one achievement. A track's versions are immutable; a decision and a credential name the version that they were made under.

mod api;
mod definition;
mod entity;
mod service;

pub use api::list_tracks;
pub use definition::{Goal, Kind, TrackDefinition, Validity};
pub use service::*;
