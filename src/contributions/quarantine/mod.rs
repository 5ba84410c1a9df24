//! What is held back for a person, strikes, and who gives to whom.
//!
//! * What comes over a source's limit, or for a member against whom a strike stands, is held. A person releases it or takes it back, with a reason.
//! * A strike is written down by a person, says why, is told to the member, ends by itself and can be lifted. Nothing writes one by itself.
//! * The report of pairs and rings shows what stands in the ledger. It accuses nobody and changes nothing.

mod api;
mod entity;
mod pages;
mod report;
mod report_page;
mod rings;
mod service;
mod strike_pages;
mod strikes;

pub use api::{lift_strike, list_held, list_strikes, read_reciprocity, record_strike, release_contribution};
pub use pages::{quarantine_page, quarantine_post};
pub use report_page::rings_page;
pub use service::counts as held_counts;
pub(super) use service::{Watch, hold, why};
pub use strike_pages::{strike_lift_post, strike_post, strikes_page};
pub use strikes::{Strike, of_member as strikes_of, standing};
