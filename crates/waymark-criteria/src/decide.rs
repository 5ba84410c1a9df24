//! The reference: facts in any order → the decision.

use std::cmp::Reverse;

use crate::{Criteria, Decision, Fact, Tally, Timestamp};

/// Decides one track version for one member at one moment.
///
/// Total and deterministic: any facts, in any order, with repetitions. Facts that the criteria do not read change nothing.
/// What the ledger knows is the caller's to choose (`known_at` is not read); what happened after `now` does not count yet.
/// Of several entries with one id, a voided one is believed before the others.
#[must_use]
pub fn decide(criteria: &Criteria, facts: &[Fact], now: Timestamp) -> Decision {
    Tally::replay(criteria, facts).decision(now)
}

/// Each fact once, in the order in which they happened; of one moment, in the order of their ids.
pub(crate) fn in_order<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Vec<&'a Fact> {
    let mut ordered: Vec<&Fact> = facts.into_iter().collect();
    ordered.sort_unstable_by_key(|fact| (fact.id, Reverse(fact.voided_by.is_some()), *fact));
    ordered.dedup_by_key(|fact| fact.id);
    ordered.sort_unstable_by_key(|fact| (fact.happened_at, fact.id));
    ordered
}
