//! What is right, and why. Kept apart from everything that a candidate may see, and kept out of logs.

use super::{AcceptedNumber, AcceptedTexts, GapKey, OptionId, Rubric, scoring::Scoring};
use crate::{mistake::Mistake, rational::Rational, text::Text};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// The right answer of an item version and what it is worth. Printing it for debugging shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ItemKey {
    kind: KeyKind,
    scoring: Scoring,
}

/// The right answer: one kind per family of item types. Never printed, never serialized by itself.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// Exactly these options or areas.
    Options(BTreeSet<OptionId>),
    /// Exactly these pairs of source and target.
    Pairs(BTreeSet<(OptionId, OptionId)>),
    /// All options, in this order.
    Sequence(Vec<OptionId>),
    /// Any of these; the first that fits says what it earns.
    Numbers(Vec<AcceptedNumber>),
    Texts(AcceptedTexts),
    /// By the id of the gap.
    Gaps(BTreeMap<OptionId, GapKey>),
    /// A person decides.
    Rubric(Rubric),
}

impl ItemKey {
    pub fn new(kind: KeyKind) -> Self {
        Self { kind, scoring: Scoring::default() }
    }

    /// The key of a choice item: exactly these options.
    pub fn of_options(options: impl IntoIterator<Item = OptionId>) -> Self {
        Self::new(KeyKind::Options(options.into_iter().collect()))
    }

    /// The same key, scored in this way.
    #[must_use]
    pub fn scored(self, scoring: Scoring) -> Self {
        Self { scoring, ..self }
    }

    pub fn kind(&self) -> &KeyKind {
        &self.kind
    }

    pub fn scoring(&self) -> Scoring {
        self.scoring
    }

    /// Most points that an answer can earn.
    pub fn max_points(&self) -> Rational {
        Rational::from(self.worth())
    }

    /// The same as a whole number, which it always is.
    pub fn worth(&self) -> u32 {
        match &self.kind {
            KeyKind::Rubric(rubric) => rubric.points(),
            _ => self.scoring.points,
        }
    }

    /// Whether a person has to mark the answer.
    pub fn is_marked_by_people(&self) -> bool {
        matches!(self.kind, KeyKind::Rubric(_))
    }

    /// Whether some accepted answer earns less than the whole of its part.
    pub(super) fn has_shares(&self) -> bool {
        let texts = |texts: &AcceptedTexts| texts.texts.iter().any(|text| !text.share.is_whole());
        let numbers = |numbers: &[AcceptedNumber]| numbers.iter().any(|number| !number.share.is_whole());
        match &self.kind {
            KeyKind::Texts(key) => texts(key),
            KeyKind::Numbers(key) => numbers(key),
            KeyKind::Gaps(gaps) => gaps.values().any(|gap| match gap {
                GapKey::Options(_) => false,
                GapKey::Texts(key) => texts(key),
                GapKey::Numbers(key) => numbers(key),
            }),
            _ => false,
        }
    }
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemKey(hidden)")
    }
}

/// The key does not go with the interaction.
pub(super) fn of_another_kind() -> Mistake {
    Mistake::new(
        "/correct",
        "key_of_another_kind",
        "the key is one of another type of item: write it as this type asks",
        "正答の書き方が別の種類の設問のものです。この種類に合わせて書いてください",
    )
}

/// Why the key is right. Shown, if ever, by a page of its own after release.
#[derive(Clone, PartialEq, Eq)]
pub struct Rationale(Text);

impl Rationale {
    pub fn new(text: Text) -> Self {
        Self(text)
    }

    /// The text, for the page that is allowed to show it.
    pub fn reveal(&self) -> &Text {
        &self.0
    }
}

impl fmt::Debug for Rationale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rationale(hidden)")
    }
}
