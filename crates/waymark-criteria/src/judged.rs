//! The tree as it was judged, and how an explanation looks at it.

use crate::{Node, Requirement, Timestamp, interval::Interval, leaf::Leaf};

/// A node with what was counted for it (a leaf), when it is true, and its children's positions.
pub(crate) struct Judged<'a> {
    pub node: &'a Node,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub leaf: Option<&'a Leaf>,
    pub truth: Vec<Interval>,
}

/// How the explanation looks at the facts.
#[derive(Clone, Copy)]
pub(crate) struct View {
    /// The moment at which every node is shown.
    pub moment: Timestamp,
    /// The moment asked about.
    pub now: Timestamp,
    /// The outcome was settled at `moment`: what happened after it is not looked at.
    pub settled: bool,
}

/// How many children must hold at once; of a leaf, how much it needs.
pub(crate) fn needed(requirement: &Requirement) -> u32 {
    match requirement {
        Requirement::All(children) => u32::try_from(children.len()).unwrap_or(u32::MAX),
        Requirement::AtLeast(n, _) => *n,
        Requirement::Contributions(asked) => asked.need().0,
        _ => 1,
    }
}
