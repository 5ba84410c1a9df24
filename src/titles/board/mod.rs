//! The board of a season: what members gave to one track in one quarter of the year.
//!
//! * Nobody stands there who did not ask to; leaving takes every season along, at once.
//! * It counts what the track counts, by the same criteria that decide, and nothing else. A season is counted by the version of the track that
//!   stood when it ended, so that it stays as it was when the track changes.
//! * Who gave as much as another stands at the same place. It says who gave, and proves no skill.
//! * What changes is noted at once and counted a moment later; a look at a page reads at most a hundred rows.

mod api;
mod entity;
mod pages;
mod season;
mod service;

pub use api::read_board;
pub use pages::{board_page, boards_page, boards_post};
pub use season::Season;
pub use service::{Placed, has_board, hear, join, joined, leave, page, recount_due};
