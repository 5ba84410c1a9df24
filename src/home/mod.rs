//! Where people start: the front page, a track in plain words, the member's own page, the staff's.
//!
//! What a member is told about their progress is the explanation that decides, put into words; no page counts on its own.

mod asked;
mod claim;
mod explain;
mod front;
mod me;
mod missing;
mod names;
mod news;
mod portal;
mod requirement;
mod staff;

pub use claim::{claim, claim_page, welcome_page};
pub use front::{front_page, track_page};
pub use me::{me_page, progress_fragment};
pub use names::{my_name_page, my_name_post, names_page, rename_post};
pub use staff::{credit_held, held_page, member_page, members_page, staff_page, take_back};
