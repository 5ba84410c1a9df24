//! Ladders: points as a sum for motivation, and ranks as the steps that it reaches. Neither is ever proof of skill: no credential, no report of a
//! verification and no decision of a track reads them.
//!
//! * A ladder's versions are immutable. What brings points and where the steps lie changes by publishing the next one.
//! * Points follow the ledger fact by fact; what was taken back takes its points along. Counting onwards equals counting anew.
//! * A rank that was reached is dated by the fact that reached it, and stays under its name and its date when the ladder changes.
//! * Nobody else sees them until the member shows them.

mod api;
mod checked;
mod counting;
mod definition;
mod entity;
mod form;
mod ladder_view;
mod pages;
mod preview;
mod reading;
mod recount;
mod service;
mod staff_pages;
mod standing;

pub use api::{list_ladders, member_ranks};
pub use counting::{Counted, hear, on_event};
pub use definition::{LadderDefinition, written};
pub use pages::{LadderCard, cards, my_ranks_page, my_ranks_post, shown_on_profile, staff_ranks_page};
pub use recount::{Difference, Replayed, replay};
pub use service::{LadderVersion, current, find, publish, publish_as};
pub use staff_pages::{ladder_page, ladder_post, ladders_page, new_ladder_page, new_ladder_post};
pub use standing::{OnLadder, Rank, is_shown, of_member, show};
