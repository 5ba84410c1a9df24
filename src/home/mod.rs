//! Where people start: the front page, a track in plain words, the member's own page, the staff's.
//!
//! What a member is told about their progress is the explanation that decides, put into words; no page counts on its own.

mod asked;
mod called;
mod claim;
mod explain;
mod front;
mod given;
mod held;
mod me;
mod members;
mod missing;
mod name_card;
mod names;
mod news;
mod overview;
mod person;
mod portal;
mod queues;
mod record;
mod renewing;
mod requirement;
mod staff;
mod staff_cards;
mod timeline;

pub use claim::{claim, claim_page, welcome_page};
pub use front::{front_page, track_page};
pub use held::{credit_held, held_page, take_back};
pub use me::{me_page, progress_fragment};
pub use members::members_page;
pub use names::{my_name_page, my_name_post, names_page, rename_post};
pub use overview::overview_page;
pub use person::member_page;
pub use staff::staff_page;
pub use timeline::{member_timeline_page, timeline_page};
