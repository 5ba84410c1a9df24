//! Titles: what people decide on, each for a term; and the boards of a season.
//!
//! * A title needs two named people: one proposes, another confirms. Neither is a key, neither is the member, and both stand in the record.
//! * Only the confirmation records a fact, in the same audited change; from there it goes the one path: the decision explains itself, and the
//!   credential ends with the term. The next term is proposed like the first and counts from the old end.
//! * A hold suspends the credential and is lifted again; ending early takes the fact back, and a review asks staff what becomes of the credential.
//! * Whoever looks from outside reads that two people decided, never who.
//! * A board shows what members gave in one season of one track, by what the track counts, and only those who asked to stand there ([`board`]).

mod api;
pub mod board;
mod deciding;
mod entity;
mod find;
mod holding;
mod lifecycle;
mod line;
mod list_page;
mod pages;
mod service;
mod term;
mod told;

pub use api::{
    confirm_title, end_title, hold_title, lift_title, list_titles, propose_title, refuse_title, withdraw_title,
};
pub use find::{TitleTerm, count_waiting, find, of_member};
pub use holding::{credential_of, hold, lift};
pub use lifecycle::{Phase, State};
pub use list_page::titles_page;
pub use pages::{propose_post, step_post, title_page};
pub use service::{NewTerm, confirm, end, propose, refuse, withdraw};
pub use term::Term;
pub use told::{MyTitle, mine, said_of_facts, said_publicly};
