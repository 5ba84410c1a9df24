//! What members give, as events from sources. An accepted contribution becomes one fact; what cannot be credited yet is held.

mod entity;
mod source;

pub use source::{SourceDefinition, SubjectForm, keep_source, source, sources};
