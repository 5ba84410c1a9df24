//! The requirement tree: what a track asks for.
//!
//! Promises: a [`Criteria`] exists only through [`Criteria::from_value`], so that every one of them is within its
//! bounds (depth, nodes, counts, unique node ids) and everything that reads it may believe so. It never changes: a
//! track version holds one, and a decision is a function of it, the facts and a moment.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::span::Span;
use crate::{Calendar, Contributions};

/// Texts by BCP 47 language tag; a text given without a language stands under `und`.
pub type Texts = BTreeMap<String, String>;

/// The whole of what one track version asks for, and what it means to have met it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    pub(crate) standing: Standing,
    pub(crate) calendar: Calendar,
    pub(crate) root: Node,
}

impl Criteria {
    /// What "met" means over time.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The top of the tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The calendar of this track's days and months (`per_day`, months of tenure and of terms).
    ///
    /// It is part of the criteria, not of the question, so that a decision stays a function of track version, facts and
    /// moment.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The same criteria, held for the terms that people decide on, where it has a `panel` to decide by.
    #[must_use]
    pub fn with_decided_terms(self) -> Self {
        let standing = if self.panel().is_some() { Standing::Decided } else { self.standing };
        Self { standing, ..self }
    }

    /// The title that the first `panel` of the tree asks for: its facts are the terms of [`Standing::Decided`].
    #[must_use]
    pub fn panel(&self) -> Option<&str> {
        self.nodes().into_iter().find_map(|node| match &node.requirement {
            Requirement::Panel { title } => Some(title.as_str()),
            _ => None,
        })
    }

    /// The same criteria, its days counted by this calendar.
    #[must_use]
    pub fn with_calendar(self, calendar: Calendar) -> Self {
        Self { calendar, ..self }
    }

    /// The same criteria with days of one offset for ever, 540 for Tokyo; what lies beyond 14 hours is taken as 14 hours.
    #[must_use]
    pub fn with_day_offset_minutes(self, minutes: i16) -> Self {
        self.with_calendar(Calendar::fixed(minutes))
    }

    /// Every node, a parent before its children, children in their order.
    #[must_use]
    pub fn nodes(&self) -> Vec<&Node> {
        fn walk<'a>(node: &'a Node, into: &mut Vec<&'a Node>) {
            into.push(node);
            for child in node.requirement.children() {
                walk(child, into);
            }
        }
        let mut nodes = Vec::new();
        walk(&self.root, &mut nodes);
        nodes
    }
}

/// What "met" means over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Once true, it stays, though a window has since moved on: an achievement.
    #[default]
    Earned,
    /// True now: a status.
    Current,
    /// Once true, it stays for a term of so many months; the next term begins at the first moment, from the end of the
    /// last, at which it is true: a title.
    Term {
        /// 1 to 1200, counted in the criteria's calendar.
        months: u16,
    },
    /// Once true, it stays for the term that people decided on: that of a fact which the first `panel` of the tree counts. Each
    /// such fact is a term of its own, which begins when the whole tree is true, and not before the one before it ends.
    Decided,
}

/// One requirement with a name that stays when the words change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Unique within the tree.
    pub id: NodeId,
    /// What people read, where the author wrote it; else the reader words the requirement itself.
    pub text: Texts,
    /// What is asked.
    pub requirement: Requirement,
}

/// Names a node within its tree: a slug that the author chose, or, for a group without one, `tree` and the group's path
/// (`tree.1` is the second child of the top). A dot cannot stand in a chosen id, so that the two never meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub(crate) String);

impl NodeId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one node asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// Every child.
    All(Vec<Node>),
    /// One child or more.
    Any(Vec<Node>),
    /// So many of the children or more.
    AtLeast(u32, Vec<Node>),
    /// A pass of this exam, or a score in it. The first that suffices counts; a later fail does not undo it.
    Exam {
        /// The exam's slug.
        slug: String,
        /// The score to reach, whatever the exam's own cut; none: a pass.
        score: Option<ScoreAtLeast>,
    },
    /// So many contributions.
    Contributions(Contributions),
    /// A credential of another track.
    Held {
        /// That track's slug.
        track: String,
        /// Now, or at any time.
        at: HeldAt,
    },
    /// So long since joining.
    Tenure(Span),
    /// The word of a person in this role.
    Attested {
        /// The role's slug.
        role: String,
    },
    /// A title given by those who decide on it, held now.
    Panel {
        /// The title's slug.
        title: String,
    },
}

impl Requirement {
    /// The children of a group; none for a leaf.
    #[must_use]
    pub fn children(&self) -> &[Node] {
        match self {
            Self::All(children) | Self::Any(children) | Self::AtLeast(_, children) => children,
            _ => &[],
        }
    }

    /// Which sort of node this is.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        match self {
            Self::All(_) => NodeKind::All,
            Self::Any(_) => NodeKind::Any,
            Self::AtLeast(..) => NodeKind::AtLeast,
            Self::Exam { .. } => NodeKind::Exam,
            Self::Contributions(_) => NodeKind::Contributions,
            Self::Held { .. } => NodeKind::Held,
            Self::Tenure(_) => NodeKind::Tenure,
            Self::Attested { .. } => NodeKind::Attested,
            Self::Panel { .. } => NodeKind::Panel,
        }
    }
}

/// The sorts of node; the same words as in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    All,
    Any,
    AtLeast,
    Exam,
    Contributions,
    Held,
    Tenure,
    Attested,
    Panel,
}

impl NodeKind {
    /// Every sort.
    pub const ALL: [Self; 9] = [
        Self::All,
        Self::Any,
        Self::AtLeast,
        Self::Exam,
        Self::Contributions,
        Self::Held,
        Self::Tenure,
        Self::Attested,
        Self::Panel,
    ];

    /// The word used in files and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::AtLeast => "at_least",
            Self::Exam => "exam",
            Self::Contributions => "contributions",
            Self::Held => "held",
            Self::Tenure => "tenure",
            Self::Attested => "attested",
            Self::Panel => "panel",
        }
    }
}

/// A score to reach in an exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreAtLeast {
    /// Points, as the exam counts them.
    Points(u32),
    /// Hundredths of the points there were; 1 to 100.
    Percent(u32),
    /// On the exam's own scale.
    Scaled(u32),
}

/// When a credential must be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldAt {
    /// At the moment of deciding: neither expired nor ended.
    #[default]
    Now,
    /// At any time, expired since or not.
    Ever,
}
