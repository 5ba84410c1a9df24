//! Facts, the requirement tree, counting, and the decision that explains itself.

mod amount;
mod decision;
mod fact;
pub mod id;
mod mistake;
mod parse;
mod reads;
mod requirement;
pub mod rfc3339;
mod write;

pub use amount::{Amount, AmountError};
pub use decision::{Decision, Explained, Missing, NodeState, Outcome, Uncounted, Unit, Why};
pub use fact::{Detail, Fact, FactKind, InvalidObjectKey, ObjectKey, Score};
pub use id::{FactId, InvalidId, MemberId, PrefixedId};
pub use mistake::Mistake;
pub use reads::Reads;
pub use requirement::{Contributions, Criteria, HeldAt, Node, NodeId, NodeKind, Requirement, Span, Standing, Texts};
/// The moment type of the whole server.
pub use time::UtcDateTime as Timestamp;

#[doc(hidden)]
pub use serde as __serde;
