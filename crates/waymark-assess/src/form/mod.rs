//! A form: which item versions a candidate meets, in which order, with the options in which order and under which
//! handles. Drawn from a 32-byte seed, frozen before the attempt starts, and never changed.

pub(crate) mod arrange;
mod assemble;
mod draw;
mod plan;
mod section;
mod stored;
mod words;

pub(crate) use assemble::Assembled;
pub use assemble::Circumstances;
pub use draw::ALGORITHM;
pub use plan::Plan;
pub(crate) use section::PlannedSection;

use crate::item::{FileKind, ItemType, OptionId, VersionHash};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// Most positions of a form.
pub const MAX_POSITIONS: u32 = 500;

/// 32 random bytes from which a form is drawn. Who knows them knows the form: staff only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(hidden)")
    }
}

/// What stands for an option in front of one candidate in one attempt: 16 lower-case hexadecimal digits drawn at random,
/// which say nothing about the option.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(pub(crate) String);

impl Handle {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What gave way so that a form could be assembled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Relaxed {
    /// Items of so many of the forms to be avoided were let in, those of the oldest ones.
    Avoided(u32),
    /// Items at their cap were let in.
    Exposure,
    /// The form is the one that the plan keeps for when nothing else is found.
    Chance,
}

/// A frozen form. Staff only; a candidate sees single positions through [`crate::candidate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub(crate) algorithm: u32,
    pub(crate) seed: Seed,
    /// Of a fixed form.
    pub(crate) name: Option<String>,
    pub(crate) relaxed: Vec<Relaxed>,
    pub(crate) positions: Vec<Position>,
}

/// One place of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Counts from 1.
    pub number: u32,
    pub item: VersionHash,
    pub slug: String,
    pub section: String,
    /// Whether it counts. Staff only: nothing that a candidate sees tells.
    pub scored: bool,
    pub presented: Presented,
}

/// How an item stands in front of the candidate: one variant per family of item types.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presented {
    Choice { multiple: bool, true_false: bool, min_choices: u32, max_choices: u32, options: Vec<PlacedOption> },
    Match { several: bool, sources: Vec<PlacedOption>, targets: Vec<PlacedOption> },
    Order { options: Vec<PlacedOption> },
    Number,
    ShortText { max_length: u32 },
    Gaps { gaps: Vec<PlacedGap>, pool: Vec<PlacedOption>, reuse: bool },
    Hotspot { multiple: bool, min_choices: u32, max_choices: u32, areas: Vec<PlacedOption> },
    Essay { max_length: u32 },
    Upload { kinds: BTreeSet<FileKind>, max_bytes: u32 },
}

/// A gap of a text in this form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedGap {
    pub handle: Handle,
    pub gap: OptionId,
    pub kind: PresentedGap,
}

/// What fills a gap in this form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PresentedGap {
    Choice(Vec<PlacedOption>),
    Text { max_length: u32 },
    Number,
    Pool,
}

/// An option at its place in this form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOption {
    pub handle: Handle,
    pub option: OptionId,
}

impl Form {
    /// Version of the drawing rules that made this form.
    pub fn algorithm(&self) -> u32 {
        self.algorithm
    }

    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The name of a fixed form.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What gave way so that this form could be assembled.
    pub fn relaxed(&self) -> &[Relaxed] {
        &self.relaxed
    }

    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// The position with this number, counting from 1.
    pub fn position(&self, number: u32) -> Option<&Position> {
        self.positions.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }
}

impl Position {
    pub fn item_type(&self) -> ItemType {
        match &self.presented {
            Presented::Choice { true_false: true, .. } => ItemType::TrueFalse,
            Presented::Choice { multiple: true, .. } => ItemType::MultipleChoice,
            Presented::Choice { .. } => ItemType::SingleChoice,
            Presented::Match { .. } => ItemType::Matching,
            Presented::Order { .. } => ItemType::Ordering,
            Presented::Number => ItemType::Numeric,
            Presented::ShortText { .. } => ItemType::ShortText,
            Presented::Gaps { pool, .. } if !pool.is_empty() => ItemType::GapMatch,
            Presented::Gaps { gaps, .. } if gaps.iter().all(|g| matches!(g.kind, PresentedGap::Choice(_))) => {
                ItemType::InlineChoice
            }
            Presented::Gaps { .. } => ItemType::Cloze,
            Presented::Hotspot { .. } => ItemType::Hotspot,
            Presented::Essay { .. } => ItemType::Essay,
            Presented::Upload { .. } => ItemType::FileUpload,
        }
    }

    /// What is chosen from or put in order, in the order shown: options, or the areas of a hotspot. Empty for families
    /// that are answered otherwise.
    pub fn options(&self) -> &[PlacedOption] {
        match &self.presented {
            Presented::Choice { options, .. } | Presented::Order { options } => options,
            Presented::Hotspot { areas, .. } => areas,
            _ => &[],
        }
    }

    /// Fewest and most of [`Self::options`] that a complete response names; `(0, 0)` for families without any.
    pub fn choices(&self) -> (u32, u32) {
        match &self.presented {
            Presented::Choice { min_choices, max_choices, .. }
            | Presented::Hotspot { min_choices, max_choices, .. } => (*min_choices, *max_choices),
            Presented::Order { options } => {
                let all = u32::try_from(options.len()).expect("an item has at most 26 options");
                (all, all)
            }
            _ => (0, 0),
        }
    }
}
