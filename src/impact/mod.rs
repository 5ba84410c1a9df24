//! Daily counters: how often a credential was looked at, verified, downloaded, shown inside another site, taken to LinkedIn.
//!
//! * A sum by day (UTC), credential and kind, and nothing else: no address, no cookie, no row for a look. What was not counted on its day can never
//!   be counted later.
//! * Counted is an answer that carries something: 200, neither HEAD nor 304. The holder's own looks are none. Programs are not told from people.
//! * While a credential is private, what is counted (a verification of a file that somebody has) is the holder's alone to see.
//! * Sums wait in memory ([`crate::app::Counts`]) and are written every minute, when there are many, and at an orderly stop. A process that is killed
//!   loses at most what it counted since.

mod api;
mod counting;
mod day;
mod entity;
mod pages;
mod plot;
mod service;

pub use api::{credential_counts, track_counts};
pub use counting::{What, count, flush, subject};
pub use pages::{counts_page, track_counts_page};
pub use plot::Plot;
pub use service::{Figures, Period, of_credential};
