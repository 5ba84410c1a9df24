//! The reference: facts in any order → the decision.

use crate::{Criteria, Decision, Fact, Tally, Timestamp};

/// Decides one track version for one member at one moment.
///
/// Total and deterministic: any facts, in any order, with repetitions. Facts that the criteria do not read change nothing.
/// What the ledger knows is the caller's to choose (only what is held for some days looks at `known_at`); what happened
/// after `now` does not count yet.
/// Of several entries with one id, a voided one is believed before the others.
#[must_use]
pub fn decide(criteria: &Criteria, facts: &[Fact], now: Timestamp) -> Decision {
    Tally::replay(criteria, facts).decision(now)
}
