//! What members are told: that they earned something, are near to it, or should renew it; what became of what they hold or gave; thanks.
//!
//! * A notice is a row of ids, a kind and a moment, once for each cause and member. Its words are made when it is read, in the reader's language.
//! * What one act brings a member at once is one notice. What was published silently brings none.
//! * Everything stands on `/me/notices`. What goes by mail besides, and how soon, the member says for each kind; without SMTP nothing does.
//! * Letters go to an address that its owner has proved, outside of any change, at least once, under a name that stays the same. What was read
//!   is not mailed any more; what is due together goes in one letter.
//! * One click ends all letters without signing in: a POST by a link that only the letter has. Looking at the link changes nothing.
//! * Nobody but the member reads their notices, staff included.

mod api;
mod deliveries;
mod entity;
mod letters;
mod lifecycle;
mod pages;
mod reminders;
mod sending;
mod service;
mod settings;
mod unsubscribe;
mod words;

pub use api::{change_settings, list_notices, read_notices, read_settings};
pub use deliveries::{hear, sweep, tend};
pub use lifecycle::{Kind, LetterState, Way, What};
pub use pages::{notices_page, notices_post, settings_page, settings_post};
pub use sending::send_due;
pub use service::{Notice, of_member, unread};
pub use settings::{Settings, of as settings_of};
pub use unsubscribe::{subscribe_again, unsubscribe, unsubscribe_page};
