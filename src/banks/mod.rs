//! Item banks: items, their immutable versions, their keys and figures, and their life from draft to retired.
//!
//! * A version is named by the hash of its content, key included, and never changes. Importing the same content again makes no new version.
//! * Keys and rationales stand in a table of their own; only [`keys`] reads them for scoring, and [`open_key`] for people, with a row in the audit log.
//! * What people write becomes a draft; nobody approves what they had a hand in. Forms are drawn from items in use, in their version in use.
//! * Figures are stored under the hash of their bytes.
//! * [`import`] writes no audit row: it is part of somebody's change (the command line, `program apply`), which writes its one. The verbs of people write
//!   theirs.

mod catalog;
mod diff;
mod entity;
mod exchange;
mod fields;
mod files;
mod folder;
pub mod lifecycle;
mod preview;
mod service;
mod workflow;
mod written_as;

pub use catalog::{
    Bank, Filter, Item, Listing, StepLine, VersionLine, bank, banks, content_of, count_waiting, has_worked_on, history,
    item, items, lacks, type_name, versions_of, waiting,
};
pub use diff::{Changed, Piece, Step, diff};
pub use exchange::{in_use, pictures};
pub use fields::{fields, shown};
pub use files::{beside, read_bounded};
pub use folder::{Folder, packed as packed_folder};
pub use preview::{figure_path, preview};
pub use service::{
    Picture, contents, current, drawables, earlier_versions, edition, exists, figure, import, is_slug, keys, read_file,
    titles, version,
};
pub use workflow::{
    LONGEST_NOTE, LONGEST_TITLE, READ_KEY, edit, hands, keep_picture, open_bank, open_key, open_two, operate_approved,
    step, write,
};
pub use written_as::in_utf8;
