//! The decision and its explanation: one object for the program, the member, the staff and the API.
//!
//! Promises: plain data and no sentences, so that each language words it itself; serializes to the shape of the progress
//! call and reads back the same.

use serde::{Deserialize, Serialize};

use crate::{Amount, FactId, Missing, NodeId, NodeKind, Timestamp, Uncounted};

/// The explained outcome of one track version for one member at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Met or not, and since when.
    pub outcome: Outcome,
    /// One entry per node, a parent before its children. Where the outcome is met for good or for a term, they show the
    /// moment at which it was met; else the moment asked about.
    pub nodes: Vec<Explained>,
    /// The next moment after the one asked about at which time alone, with no new fact, may change the outcome, a
    /// state or which facts count. Not for `have` of a tenure, which grows daily: `missing` names its day.
    #[serde(default, with = "crate::rfc3339::option")]
    pub wake_at: Option<Timestamp>,
}

impl Decision {
    /// Whether the outcome is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        matches!(self.outcome, Outcome::Met { .. })
    }

    /// When the threshold was crossed; none while it has not been.
    #[must_use]
    pub fn decided_at(&self) -> Option<Timestamp> {
        match self.outcome {
            Outcome::Met { at, .. } => Some(at),
            Outcome::NotYet => None,
        }
    }

    /// Every fact that counted for some node, each once, in the order of their ids.
    #[must_use]
    pub fn facts(&self) -> Vec<FactId> {
        let mut facts: Vec<FactId> = self.nodes.iter().flat_map(|node| node.facts.iter().copied()).collect();
        facts.sort_unstable();
        facts.dedup();
        facts
    }
}

/// Met or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// The whole tree was true.
    Met {
        /// The moment at which it became so: when the crossing fact happened, not when this was computed.
        #[serde(with = "crate::rfc3339")]
        at: Timestamp,
        /// Which term this is, from 1; always 1 where the standing is not a term.
        term: u32,
    },
    /// Not so far.
    NotYet,
}

/// One node of the tree with what counted, what did not, and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// The node.
    #[serde(rename = "id")]
    pub node: NodeId,
    /// Which sort of node.
    pub kind: NodeKind,
    /// The group it stands in; none for the top.
    pub parent: Option<NodeId>,
    /// Its children, in order; empty for a leaf.
    pub children: Vec<NodeId>,
    /// How far along.
    pub state: NodeState,
    /// How much there is, in `unit`. May exceed `need`.
    pub have: Amount,
    /// How much is asked, in `unit`.
    pub need: Amount,
    /// What the two are counted in.
    pub unit: Unit,
    /// Since when it has been true without a break; none while it is not.
    #[serde(with = "crate::rfc3339::option")]
    pub met_at: Option<Timestamp>,
    /// When time alone will end it (a window, a validity), as things stand. None once the outcome is met for good or for
    /// a term: nothing ends it then.
    #[serde(with = "crate::rfc3339::option")]
    pub met_until: Option<Timestamp>,
    /// From when on contributions count, as things stand, where that is a moment of the member's own: the joining, an
    /// award, an event, or the beginning of this month, quarter or year.
    #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The facts that count, oldest first; empty for a group.
    pub facts: Vec<FactId>,
    /// The facts of the right sort that do not count, oldest first, each with its reason.
    pub uncounted: Vec<Uncounted>,
    /// What to do next; none where it is met, or where the children say it.
    pub missing: Option<Missing>,
}

/// How far along a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// True.
    Met,
    /// Something is there.
    InProgress,
    /// Nothing is there.
    NotStarted,
    /// Time alone will make it true.
    Waiting,
}

/// What `have` and `need` count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Facts.
    Facts,
    /// Children that are met.
    Requirements,
    /// Whole days.
    Days,
    /// Whole months.
    Months,
    /// What amounts add up to.
    Amount,
    /// Different types of contribution.
    Types,
    /// Different sources.
    Sources,
    /// Days on which something was contributed.
    ActiveDays,
    /// Days in a row.
    DaysInARow,
    /// Weeks in a row.
    WeeksInARow,
    /// Months in a row.
    MonthsInARow,
}
