//! Getting an award into the hands of somebody who never signed in: a letter with a link where mail is set, else a link that staff hand over.

mod api;
mod letter;
mod links;
mod pages;

pub use api::make_claim_link;
pub use letter::{Letter, award_letter, needs_letter, on_event};
pub use links::{ClaimRow, links_for};
pub use pages::make_claim_link_page;
