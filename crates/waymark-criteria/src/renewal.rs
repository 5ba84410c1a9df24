//! Renewing a credential that ends: by what the member did in its term, never by what earned it.
//!
//! Promises: what renews one term renews no other. A term is counted from the end of the one before it, and so is its own
//! end: whoever renews early gains no day, and whoever renews within the grace loses none.

use time::Duration;

use crate::{Criteria, Decision, Detail, Fact, Standing, Tally, Timestamp};

/// The term of a credential, as the ledger tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldTerm {
    /// The credential, as its fact names it.
    pub credential: String,
    /// Which term it is, from 1.
    pub number: u32,
    /// When it was awarded.
    pub awarded_at: Timestamp,
    /// When it begins: at its award, or at the end of the term before where that is later.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

impl HeldTerm {
    /// The terms of a track that a member has held, the one that ends first before the others. What was taken back is not
    /// among them, nor what never ends; where the last one was ended early there is nothing to renew, and none is told.
    #[must_use]
    pub fn of(track: &str, facts: &[Fact]) -> Vec<Self> {
        let mut held: Vec<(Timestamp, Timestamp, bool, &str)> = facts
            .iter()
            .filter(|fact| fact.voided_by.is_none())
            .filter_map(|fact| match &fact.detail {
                Detail::Credential { track: of, credential: Some(credential), valid_until: Some(until), ended_at }
                    if of == track =>
                {
                    Some((*until, fact.happened_at, ended_at.is_some(), credential.as_str()))
                }
                _ => None,
            })
            .collect();
        held.sort_unstable();
        held.dedup();
        if held.last().is_none_or(|(_, _, ended, _)| *ended) {
            return Vec::new();
        }
        let mut terms: Vec<Self> = Vec::new();
        for (until, awarded_at, _, credential) in held.into_iter().filter(|(_, _, ended, _)| !ended) {
            let before = terms.last().map(|term| (term.until, term.number));
            let (from, number) = before.map_or((awarded_at, 1), |(end, number)| (awarded_at.max(end), number + 1));
            terms.push(Self { credential: credential.to_owned(), number, awarded_at, from, until });
        }
        terms
    }

    /// The last moment up to which, but not at which, it can still be renewed.
    #[must_use]
    pub fn renewable_until(&self, grace_days: u32) -> Timestamp {
        self.until.saturating_add(Duration::days(grace_days.into()))
    }

    /// Whether a fact may count towards its renewal: the joining does; everything else must have happened in the term, and
    /// after the award, which stood on what came before it.
    fn admits(&self, fact: &Fact) -> bool {
        match fact.detail {
            Detail::Membership {} => true,
            _ => fact.happened_at > self.awarded_at && fact.happened_at >= self.from,
        }
    }

    /// Decides whether the term is renewed. What renews once renews for good; what comes when the grace is over does not.
    #[must_use]
    pub fn renewal(&self, asked: &Criteria, facts: &[Fact], grace_days: u32, now: Timestamp) -> Decision {
        let asked = Criteria { standing: Standing::Earned, ..asked.clone() };
        let last = self.renewable_until(grace_days).saturating_sub(Duration::nanoseconds(1));
        let counted = facts.iter().filter(|fact| self.admits(fact));
        let mut decision = Tally::replay(&asked, counted).decision(now.min(last));
        decision.wake_at = decision.wake_at.filter(|at| *at <= last && *at > now);
        decision
    }
}
