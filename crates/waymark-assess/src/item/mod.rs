//! One version of an item, immutable and named by the hash of its content.
//!
//! What a candidate may come to see ([`ItemContent`]) and what nobody may see while the item is in use ([`ItemKey`],
//! [`Rationale`]) are separate types. None of them, and neither [`OptionId`] nor [`VersionHash`] (from which a short key
//! could be guessed by trying), implements `Serialize`: an answer to a candidate cannot contain one by accident. Storage
//! goes through `to_stored` and `from_stored`, by name.

mod choice;
mod figure;
mod key;
mod stored;

pub use choice::{Choice, ItemOption, OptionId};
pub use figure::{Figure, FigureError, MAX_FIGURE_BYTES};
pub use key::{ItemKey, Rationale};
pub use stored::Unreadable;

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

/// How an item is answered. More types follow; match with a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemType {
    SingleChoice,
    MultipleChoice,
}

impl ItemType {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleChoice => "single_choice",
            Self::MultipleChoice => "multiple_choice",
        }
    }
}

/// What the candidate works with: one variant per family of item types.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interaction {
    Choice(Choice),
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
}

impl ItemContent {
    pub fn item_type(&self) -> ItemType {
        match &self.interaction {
            Interaction::Choice(choice) if choice.multiple => ItemType::MultipleChoice,
            Interaction::Choice(_) => ItemType::SingleChoice,
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
        match &content.interaction {
            Interaction::Choice(choice) => choice.check(&content.stem, &key, &mut mistakes),
        }
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
