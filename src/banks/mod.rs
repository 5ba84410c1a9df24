//! Item banks: items, their immutable versions, their keys and figures.
//!
//! * A version is named by the hash of its content, key included, and never changes. Importing the same content again makes no new version.
//! * Keys and rationales stand in a table of their own; only [`keys`] reads them.
//! * Figures are stored under the hash of their bytes.
//! * Nothing here writes an audit row: an import is part of somebody's change (the command line, `program apply`), which writes its one.

mod entity;
mod files;
mod service;

pub use files::{beside, read_bounded};
pub use service::{
    Picture, contents, current, drawables, earlier_versions, edition, exists, figure, import, is_slug, keys, read_file,
};
