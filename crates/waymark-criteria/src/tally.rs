//! Counting onwards: one member's facts, one at a time, without reading the old ones again.
//!
//! Promises: after any sequence of facts, replaying where [`Addition::MustReplay`] says so, [`Tally::decision`] equals
//! [`decide`](crate::decide) over all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Calendar, Criteria, Decision, Fact, FactId, Requirement, Timestamp,
    evaluate::{evaluate, terms},
    leaf::{self, Leaf},
    order::{in_order, order},
};

/// What has been counted for one member towards one track version. Serializes, so that it can be kept between facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Tally {
    criteria: Criteria,
    counts: Counts,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    /// One per leaf, in the order of the tree.
    leaves: Vec<Leaf>,
    /// Every fact counted, and whether it was voided.
    seen: BTreeMap<FactId, bool>,
    /// The one that came last in the order of counting.
    latest: Option<Box<Fact>>,
}

/// A contribution that a tree counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Its fact.
    pub fact: FactId,
    /// When it happened.
    pub happened_at: Timestamp,
    /// From when on it counts.
    pub from: Timestamp,
}

/// What adding a fact came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a tally that must be replayed does not contain the fact"]
pub enum Addition {
    /// The tally contains the fact: counted now or before, or not of a sort that the criteria read.
    Added,
    /// The fact comes before others that were counted, or takes back one of them: the tally is as it was, and
    /// [`Tally::replay`] over all facts of this member must take its place.
    MustReplay,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(criteria: &Criteria) -> Self {
        Self::replay(criteria, [])
    }

    /// All of a member's facts, in any order, counted from the start.
    #[must_use]
    pub fn replay<'a>(criteria: &Criteria, facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let leaves = criteria.leaves();
        let mut counts = Counts { leaves: vec![Leaf::default(); leaves.len()], ..Counts::default() };
        for fact in in_order(facts) {
            counts.count(&leaves, criteria.calendar(), fact);
        }
        Self { criteria: criteria.clone(), counts }
    }

    /// The criteria counted for.
    #[must_use]
    pub fn criteria(&self) -> &Criteria {
        &self.criteria
    }

    /// Counts one more fact, if that can be done without looking back.
    pub fn add(&mut self, fact: &Fact) -> Addition {
        match self.counts.seen.get(&fact.id) {
            Some(true) => return Addition::Added,
            Some(false) if fact.voided_by.is_none() => return Addition::Added,
            Some(false) => return Addition::MustReplay,
            None => {}
        }
        let leaves = self.criteria.leaves();
        let late = self.counts.latest.as_ref().is_some_and(|latest| order(fact, latest).is_lt());
        if late && leaves.iter().any(|asked| leaf::reads(asked, &fact.detail)) {
            return Addition::MustReplay;
        }
        self.counts.count(&leaves, self.criteria.calendar(), fact);
        Addition::Added
    }

    /// The decision at a moment; any moment may be asked about, in any order.
    #[must_use]
    pub fn decision(&self, now: Timestamp) -> Decision {
        evaluate(&self.criteria, &self.counts.leaves, now)
    }

    /// The contributions that the tree counts, each once, oldest first, with the moment from which it does (later than it
    /// happened where it is held a while): what every guard let pass, whether or not a window still holds it, and also what
    /// came after the tree was met.
    #[must_use]
    pub fn contributions(&self) -> Vec<Given> {
        let leaves = self.criteria.leaves().into_iter().zip(&self.counts.leaves);
        let counted = leaves.filter(|(asked, _)| matches!(asked, Requirement::Contributions(_)));
        let mut all: BTreeMap<(Timestamp, FactId), Timestamp> = BTreeMap::new();
        for taken in counted.flat_map(|(_, leaf)| &leaf.taken) {
            let from = all.entry((taken.happened_at, taken.fact)).or_insert(taken.from);
            *from = taken.from.min(*from);
        }
        all.into_iter().map(|((happened_at, fact), from)| Given { fact, happened_at, from }).collect()
    }

    /// When each term until `now` began, the first one first; of a standing without terms, the one moment since which it
    /// is met. [`decision`](Self::decision) at such a moment is the decision of that term.
    #[must_use]
    pub fn terms(&self, now: Timestamp) -> Vec<Timestamp> {
        terms(&self.criteria, &self.counts.leaves, now)
    }
}

impl Counts {
    /// Counts a fact that comes after all others, once.
    fn count(&mut self, leaves: &[&Requirement], calendar: &Calendar, fact: &Fact) {
        let mut read = false;
        for (asked, leaf) in leaves.iter().zip(&mut self.leaves) {
            if leaf::reads(asked, &fact.detail) {
                leaf.push(asked, calendar, fact);
                read = true;
            }
        }
        if read {
            self.seen.insert(fact.id, fact.voided_by.is_some());
            self.latest = Some(Box::new(fact.clone()));
        }
    }
}

impl Criteria {
    /// What the leaves ask, in the order of the tree.
    fn leaves(&self) -> Vec<&Requirement> {
        let requirements = self.nodes().into_iter().map(|node| &node.requirement);
        requirements.filter(|requirement| requirement.children().is_empty()).collect()
    }
}

/// A tally as it was stored; believed only if it fits its own criteria.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    criteria: Criteria,
    counts: Counts,
}

impl TryFrom<Stored> for Tally {
    type Error = &'static str;

    fn try_from(Stored { criteria, counts }: Stored) -> Result<Self, Self::Error> {
        if counts.leaves.len() != criteria.leaves().len() {
            return Err("this tally was not counted for these criteria; replay the member's facts");
        }
        Ok(Self { criteria, counts })
    }
}
