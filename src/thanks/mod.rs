//! Thanks: from member to member with a reason, and in the name of the program.
//!
//! * A member thanks so many times a week, one person only so often, and not back and forth; the limits are the program's and hold however many ask at once.
//! * A word of thanks is a contribution of its receiver, given by its giver, on the one path: tracks count it, and taking it back moves what it counted for.
//! * Only its receiver shows it to others, and only its giver lets their name stand there. At first nobody else sees it.
//! * Naming somebody finds them by their whole handle or a whole name that one member alone has; nobody can leaf through members here.
//! * Once a month staff read who gave much and was not thanked.

mod api;
mod calendar;
mod deliveries;
mod digest;
mod entity;
mod find;
mod lifecycle;
mod pages;
mod reach;
mod said;
mod service;
mod staff_pages;
mod told;
mod unthanked;
mod unthanked_pages;
mod writing;

pub use api::{give_thanks, hide_thanks, list_thanks, show_thanks, withdraw_thanks};
pub use calendar::Month;
pub use deliveries::hear;
pub use digest::{Letter, letters_due, tend};
pub use find::{Shown, find, shown_among, shown_of};
pub use lifecycle::State;
pub use pages::{my_thanks_page, my_thanks_post, my_thanks_step_post};
pub use service::{NewThanks, Thanks, give, give_back, give_for_program, hide, show, void, withdraw, withhold};
pub use staff_pages::{staff_thanks_page, staff_thanks_post, staff_thanks_step_post};
pub use unthanked::{MUCH, Unthanked, unthanked};
pub use unthanked_pages::{unthanked_csv, unthanked_page};
