//! THE ledger. Exams, contributions, attestations and held credentials push their facts down here; decisions read nothing else.
//!
//! * A fact is immutable and dated by when it happened; a correction voids it.
//! * Its `origin` is unique: recording the same thing twice answers the first fact.
//! * What one member received from another is kept once, with the receiver; decisions about the giver see it from its other side.
//! * Each row carries the hash of its content, so that a fact stays provable when a side row is erased.

mod deliveries;
mod document;
mod entity;
mod given;
mod kept;
mod many;
mod other_side;
mod service;
mod strangers;

pub use deliveries::hear;
pub use given::{GivenPage, given_since};
pub use kept::kept_of_member;
pub use many::record_many;
pub use other_side::giver_of;
pub use service::{NewFact, by_origin, find, members_with_facts, of_member, record, void};
pub use strangers::{rename_stranger, strangers_unlike};
