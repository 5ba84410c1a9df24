//! Baking: a credential written into the picture of its badge, and taken out again (Open Badges 3.0 §5.3).
//!
//! Reading parses the container and nothing more: no picture is decoded or rendered, and what the picture looks like
//! says nothing. A container that could be read in two ways is refused.

pub mod bounds;
pub mod png;
pub mod svg;
