//! Contributions from a table: the participant lists of event services, or any table with a header.
//!
//! * What each column means is confirmed by a person before anything is read by it; presets only guess.
//! * A dry run takes every row down the one path and undoes it, so that it says what would happen and not what somebody thinks would.
//! * The same row counts once, however often its table comes. It is long work of [`jobs`](crate::jobs): a crash loses no row and counts none twice.

mod api;
mod columns;
mod pages;
mod progress_pages;
mod sheet;
mod work;

pub use crate::tables::TABLE_LIMIT;
pub use api::import_call;
pub use pages::{import_page, import_post, import_start_post, import_step_page};
pub use progress_pages::import_report;
pub use sheet::Settings;
pub use work::take_row;
