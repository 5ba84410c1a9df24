//! Facts, the requirement tree, counting, and the decision that explains itself.
//!
//! A decision is a pure function of a track version's [`Criteria`], a member's [`Fact`]s and a moment. [`decide`] is the
//! reference; a [`Tally`] counts onwards and always agrees with it. No clock, no randomness, no floats, no input or output.
//!
//! Time, once and for all:
//! * A fact counts from the moment it happened, that moment included. `decided_at` is the moment at which the last thing
//!   needed happened, not the moment of computing.
//! * Every end is outside: a window of D days (of 24 hours) holds a fact of moment h at h and up to, but not at, h + D
//!   days; a credential is held before its `valid_until`, not at it; a tenure is reached at its moment.
//! * `per_day`, active days, streaks, calendar windows and months go by days of [`Criteria::calendar`], each moment by the
//!   offset of its own time.
//! * What is held for D days counts D days after it happened, and so does the moment it brings about; taken back within
//!   them it never counted.
//! * What happened at one moment is counted in an order that depends on what it says, not on when it became known.
//!
//! The example of the program files, decided:
//!
//! ```
//! use serde_json::json;
//! use waymark_criteria::{Amount, Criteria, Fact, Missing, NodeState, decide};
//!
//! let criteria = Criteria::from_value(&json!({"all": [
//!     {"id": "exam", "exam": {"slug": "foundations-exam"}},
//!     {"id": "give", "contributions": {
//!         "types": ["change.merged", "answer.accepted"],
//!         "at_least": 3, "window": {"days": 365}, "per_day": 2, "distinct": "object",
//!     }},
//! ]}))
//! .map_err(|mistakes| mistakes[0].to_string())?
//! .with_day_offset_minutes(540); // days of Asia/Tokyo
//!
//! let fact = |number: u32, at: &str, object: &str, detail: serde_json::Value| {
//!     serde_json::from_value::<Fact>(json!({
//!         "id": format!("fct_{number:026}"), "happened_at": at, "known_at": at, "object": object, "detail": detail,
//!     }))
//! };
//! let merged = json!({"kind": "contribution", "type": "change.merged"});
//! let mut facts = vec![
//!     fact(1, "2026-04-01T09:00:00Z", "exam", json!({"kind": "exam", "slug": "foundations-exam", "passed": true}))?,
//!     fact(2, "2026-05-01T09:00:00Z", "change/1", merged.clone())?,
//!     fact(3, "2026-05-02T09:00:00Z", "change/1", merged.clone())?, // the same object
//!     fact(4, "2026-05-03T09:00:00Z", "change/2", merged.clone())?,
//! ];
//! let now = facts[3].happened_at;
//!
//! let decision = decide(&criteria, &facts, now);
//! assert!(!decision.is_met());
//! let give = &decision.nodes[2];
//! assert_eq!((give.state, give.have, give.need), (NodeState::InProgress, Amount::from(2), Amount::from(3)));
//! assert!(matches!(give.missing, Some(Missing::Contribute { count: 1, .. })));
//! assert_eq!(give.uncounted[0].fact, facts[2].id); // Why::SameObject
//!
//! facts.push(fact(5, "2026-06-01T09:00:00Z", "change/3", merged)?);
//! let crossing = facts[4].happened_at;
//! let a_year_later = crossing.saturating_add(time::Duration::days(366));
//! assert_eq!(decide(&criteria, &facts, a_year_later).decided_at(), Some(crossing)); // earned: it stays
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod admit;
mod amount;
mod calendar;
mod counted;
mod decide;
mod decision;
mod evaluate;
mod explain;
mod fact;
pub mod id;
mod interval;
mod judged;
mod ladder;
mod leaf;
mod measure;
mod mistake;
mod order;
mod parse;
mod reads;
mod reason;
mod renewal;
mod requirement;
pub mod rfc3339;
mod span;
mod tally;
mod write;

pub use amount::{Amount, AmountError};
pub use calendar::{Calendar, InvalidCalendar};
pub use counted::{Anchor, Contributions, Cycle, Distinct, Measure, Window};
pub use decide::decide;
pub use decision::{Decision, Explained, NodeState, Outcome, Unit};
pub use fact::{AcceptedBy, Detail, Fact, FactKind, InvalidObjectKey, ObjectKey, Score};
pub use id::{FactId, InvalidId, MemberId, PrefixedId};
pub use ladder::{Climb, Climbed, Crossing, Ladder, Worth};
pub use mistake::Mistake;
pub use reads::Reads;
pub use reason::{Missing, Uncounted, Why};
pub use renewal::HeldTerm;
pub use requirement::{Criteria, HeldAt, Node, NodeId, NodeKind, Requirement, ScoreAtLeast, Standing, Texts};
pub use span::Span;
pub use tally::{Addition, Given, Tally};
/// The moment type of the whole server.
pub use time::UtcDateTime as Timestamp;

#[doc(hidden)]
pub use serde as __serde;
