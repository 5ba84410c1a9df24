//! What is right, and why. Kept apart from everything that a candidate may see, and kept out of logs.

use super::OptionId;
use crate::text::Text;
use std::{collections::BTreeSet, fmt};

/// The right answer of an item version. Printing it for debugging shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ItemKey(KeyKind);

#[derive(Clone, PartialEq, Eq)]
enum KeyKind {
    Options(BTreeSet<OptionId>),
}

impl ItemKey {
    /// The key of a choice item: exactly these options.
    pub fn of_options(options: impl IntoIterator<Item = OptionId>) -> Self {
        Self(KeyKind::Options(options.into_iter().collect()))
    }

    pub(crate) fn options(&self) -> &BTreeSet<OptionId> {
        match &self.0 {
            KeyKind::Options(options) => options,
        }
    }

    /// Whether `chosen` is the whole key and nothing else.
    pub(crate) fn is_exactly(&self, chosen: &BTreeSet<&OptionId>) -> bool {
        self.options().iter().collect::<BTreeSet<_>>() == *chosen
    }
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemKey(hidden)")
    }
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
