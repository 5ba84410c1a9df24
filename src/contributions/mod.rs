//! What members give, as events from sources.
//!
//! * An event counts once: (source, id) is unique, a repetition is a duplicate, and what it says the second time changes nothing.
//! * An accepted contribution records its fact in the same transaction, with the affiliation that the member had when it happened.
//! * What cannot be credited yet is held, and credited once its subject is known. A correction is a void.
//! * Activities ([`ACTIVITIES`]) are kept beside contributions and credit nobody by themselves.
//! * Other systems deliver in their own languages ([`Adapter`]), signed; each delivery is read into events and takes the same way. What nobody can read waits for a
//!   person, and each source tells how it fares.

mod adapter;
mod adapters;
mod api;
mod dead_letters;
mod deliveries;
mod entity;
mod envelope;
mod feed_pages;
mod feeds;
mod find;
mod health;
mod hooks;
mod inbox;
mod intake;
mod lifecycle;
mod pages;
mod secret;
mod service;
mod source;
mod subject;
mod tending;
mod work;

pub use adapter::{Adapter, Credit, Native, Rule};
pub use api::{BATCH_LIMIT, list_sources, receive_events, void_contribution};
pub use dead_letters::DeadLetter;
pub use deliveries::on_event;
pub use envelope::{DATA_LIMIT, Envelope, NotAnEvent, Problem};
pub use feed_pages::{add_feed_post, feed_step_post, feeds_page};
pub use feeds::{Fetching, MemberFeed, fetch_due};
pub use find::{Contribution, count, find, held, of_member};
pub use health::{Came, Health, Standing, health};
pub use hooks::receive_delivery;
pub use intake::{receive, receive_all};
pub use lifecycle::{ACTIVITIES, HeldBecause, State, is_activity};
pub use pages::{dead_letter_post, source_page, sources_page};
pub use secret::{NoSecret, SecretPlace};
pub use service::{Outcome, Receipt, Speaker, void};
pub use source::{SourceDefinition, SubjectForm, keep_source, named_sources, plain_name, source, sources};
pub use tending::tend;
