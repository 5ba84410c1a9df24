//! One version of an item, immutable and named by the hash of its content.
//!
//! What a candidate may come to see ([`ItemContent`]) and what nobody may see while the item is in use ([`ItemKey`],
//! [`Rationale`]) are separate types. None of them, and neither [`OptionId`] nor [`VersionHash`] (from which a short key
//! could be guessed by trying), implements `Serialize`: an answer to a candidate cannot contain one by accident. Storage
//! goes through `to_stored` and `from_stored`, by name.

mod choice;
mod figure;
mod gaps;
mod hotspot;
mod key;
mod matching;
mod number;
mod options;
mod ordering;
mod scoring;
mod stimulus;
mod stored;
mod words;
mod written;

pub use crate::{normalization::Ignored, option_id::OptionId};
pub use choice::{Choice, ItemOption, OPTIONS};
pub(crate) use figure::pixels;
pub use figure::{Figure, FigureError, MAX_FIGURE_BYTES};
pub use gaps::{GAPS, Gap, GapKey, GapKind, Gaps, POOL};
pub use hotspot::{AREAS, Area, Hotspot, MAX_GRID, Shape};
pub use key::{ItemKey, KeyKind, Rationale};
pub use matching::{Matching, SOURCES, TARGETS};
pub use number::{AcceptedNumber, MAX_ACCEPTED, Tolerance};
pub use ordering::{Ordering, STEPS};
pub use scoring::{MAX_POINTS, Rule, Scoring, Share};
pub use stimulus::Stimulus;
pub use stored::Unreadable;
pub use words::{AcceptedText, AcceptedTexts, MAX_ACCEPTED_TEXTS, MAX_SHORT_TEXT, ShortText};
pub use written::{Criterion, Essay, FileKind, MAX_CRITERIA, MAX_ESSAY, MAX_UPLOAD, Rubric, Upload};

use crate::{
    canonical::{hash, hex, unhex},
    mistake::Mistake,
    text::Text,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// Longest stem, in characters.
pub const MAX_STEM: usize = 20_000;
/// Longest option, in characters.
pub const MAX_OPTION: usize = 4_000;
/// Longest id of an item, in characters.
pub const MAX_SLUG: usize = 64;
/// Most tags of an item, and most references.
pub const MAX_TAGS: usize = 32;

/// How an item is answered. A *case* is no type of its own: it is the items that share a stimulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemType {
    SingleChoice,
    MultipleChoice,
    TrueFalse,
    Matching,
    Ordering,
    Numeric,
    ShortText,
    InlineChoice,
    Cloze,
    GapMatch,
    Hotspot,
    Essay,
    FileUpload,
}

impl ItemType {
    pub const ALL: [Self; 13] = [
        Self::SingleChoice,
        Self::MultipleChoice,
        Self::TrueFalse,
        Self::Matching,
        Self::Ordering,
        Self::Numeric,
        Self::ShortText,
        Self::InlineChoice,
        Self::Cloze,
        Self::GapMatch,
        Self::Hotspot,
        Self::Essay,
        Self::FileUpload,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleChoice => "single_choice",
            Self::MultipleChoice => "multiple_choice",
            Self::TrueFalse => "true_false",
            Self::Matching => "matching",
            Self::Ordering => "ordering",
            Self::Numeric => "numeric",
            Self::ShortText => "short_text",
            Self::InlineChoice => "inline_choice",
            Self::Cloze => "cloze",
            Self::GapMatch => "gap_match",
            Self::Hotspot => "hotspot",
            Self::Essay => "essay",
            Self::FileUpload => "file_upload",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// What the candidate works with: one variant per family of item types.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interaction {
    /// Single and multiple choice, true/false.
    Choice(Choice),
    Match(Matching),
    Order(Ordering),
    /// A number to be typed.
    Number,
    ShortText(ShortText),
    /// Inline choice, cloze, gap match.
    Gaps(Gaps),
    Hotspot(Hotspot),
    Essay(Essay),
    Upload(Upload),
}

/// SHA-256 of an item version, key and figure included. As text: 64 lower-case hexadecimal digits. Staff only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionHash([u8; 32]);

impl VersionHash {
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for VersionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for VersionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionHash({self})")
    }
}

impl FromStr for VersionHash {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        unhex(text).map(Self).ok_or_else(|| Unreadable::new("a version hash is 64 lower-case hexadecimal digits"))
    }
}

/// The part of an item that a candidate may come to see, once arranged by a form and rendered; also what staff file it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemContent {
    /// The id that the bank's authors gave, unique in the bank.
    pub slug: String,
    pub stem: Text,
    pub interaction: Interaction,
    /// Where the subject is laid down, as the author wrote it. Staff only: it may point at the answer.
    pub refs: Vec<String>,
    pub domain: Option<String>,
    pub tags: BTreeSet<String>,
    pub figure: Option<Figure>,
    /// Names of enemy sets: two items that share one never meet in a form. Staff only.
    pub enemies: BTreeSet<String>,
    /// What several items speak about; they stand together in a form.
    pub stimulus: Option<Stimulus>,
}

impl ItemContent {
    pub fn item_type(&self) -> ItemType {
        match &self.interaction {
            Interaction::Choice(choice) if choice.true_false => ItemType::TrueFalse,
            Interaction::Choice(choice) if choice.multiple => ItemType::MultipleChoice,
            Interaction::Choice(_) => ItemType::SingleChoice,
            Interaction::Match(_) => ItemType::Matching,
            Interaction::Order(_) => ItemType::Ordering,
            Interaction::Number => ItemType::Numeric,
            Interaction::ShortText(_) => ItemType::ShortText,
            Interaction::Gaps(gaps) => gaps.item_type(),
            Interaction::Hotspot(_) => ItemType::Hotspot,
            Interaction::Essay(_) => ItemType::Essay,
            Interaction::Upload(_) => ItemType::FileUpload,
        }
    }

    /// The languages that every text of the item is in.
    pub fn languages(&self) -> Vec<String> {
        self.stem.languages().map(str::to_owned).collect()
    }
}

/// One immutable version of an item. Its parts agree with each other: see [`ItemVersion::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemVersion {
    content: ItemContent,
    key: ItemKey,
    rationale: Option<Rationale>,
    hash: VersionHash,
}

impl ItemVersion {
    /// Checks that the parts agree and names the version by its hash.
    ///
    /// # Errors
    /// All mistakes at once, with pointers as in a bank file (`/question`, `/answers/2`, `/correct`, …): an id, domain or
    /// tag that cannot serve as a name, lengths, options that are too few, too many or alike, texts whose languages
    /// differ, a key that names no option, none, or (single choice) more than one.
    pub fn new(content: ItemContent, key: ItemKey, rationale: Option<Rationale>) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = stored::names(&content);
        if content.stem.longest() > MAX_STEM {
            mistakes.push(Mistake::new(
                "/question",
                "too_long",
                format!("the question is longer than {MAX_STEM} characters: shorten it"),
                format!("問題文が{MAX_STEM}字を超えています。短くしてください"),
            ));
        }
        if let Some(stimulus) = &content.stimulus {
            stimulus.check(&content.stem, &mut mistakes);
        }
        check(&content, &key, &mut mistakes);
        key.scoring().check(&key, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let hash = VersionHash(hash(&stored::version(&content, &key, rationale.as_ref())));
        Ok(Self { content, key, rationale, hash })
    }

    pub fn content(&self) -> &ItemContent {
        &self.content
    }

    pub fn key(&self) -> &ItemKey {
        &self.key
    }

    pub fn rationale(&self) -> Option<&Rationale> {
        self.rationale.as_ref()
    }

    pub fn hash(&self) -> VersionHash {
        self.hash
    }

    pub fn slug(&self) -> &str {
        &self.content.slug
    }
}

fn check(content: &ItemContent, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
    let stem = &content.stem;
    match &content.interaction {
        Interaction::Choice(choice) => choice.check(stem, key, mistakes),
        Interaction::Match(matching) => matching.check(stem, key, mistakes),
        Interaction::Order(ordering) => ordering.check(stem, key, mistakes),
        Interaction::Number => number::check(key, mistakes),
        Interaction::ShortText(text) => text.check(key, mistakes),
        Interaction::Gaps(gaps) => gaps.check(stem, key, mistakes),
        Interaction::Hotspot(hotspot) => hotspot.check(content.figure.as_ref(), stem, key, mistakes),
        Interaction::Essay(essay) => essay.check(stem, key, mistakes),
        Interaction::Upload(upload) => upload.check(stem, key, mistakes),
    }
}
