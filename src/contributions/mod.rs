//! What members give, as events from sources.
//!
//! * An event counts once: (source, id) is unique, a repetition is a duplicate, and what it says the second time changes nothing.
//! * An accepted contribution records its fact in the same transaction, with the affiliation that the member had when it happened.
//! * What cannot be credited yet is held, and credited once its subject is known. A correction is a void.
//! * Activities ([`ACTIVITIES`]) are kept beside contributions and credit nobody by themselves.

mod api;
mod deliveries;
mod entity;
mod envelope;
mod find;
mod lifecycle;
mod service;
mod source;
mod subject;
mod work;

pub use api::{BATCH_LIMIT, list_sources, receive_events, void_contribution};
pub use deliveries::on_event;
pub use envelope::{DATA_LIMIT, Envelope, NotAnEvent, Problem};
pub use find::{Contribution, count, find, held, of_member};
pub use lifecycle::{ACTIVITIES, HeldBecause, State, is_activity};
pub use service::{Outcome, Receipt, Speaker, receive, receive_all, void};
pub use source::{SourceDefinition, SubjectForm, keep_source, source, sources};
