//! Ordering items: options to be put into one order.

use super::{ItemKey, ItemOption, KeyKind, choice::values, key::of_another_kind, options};
use crate::{mistake::Mistake, text::Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Fewest and most options to be put in order.
pub const STEPS: std::ops::RangeInclusive<usize> = 2..=20;

/// Options to be put in order, shuffled in front of the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ordering {
    pub options: Vec<ItemOption>,
}

impl Ordering {
    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        options::check(&self.options, "/answers", STEPS, stem, mistakes);
        let KeyKind::Sequence(sequence) = key.kind() else {
            return mistakes.push(of_another_kind());
        };
        options::key(sequence, &self.options, "/correct", mistakes);
        let named: BTreeSet<_> = sequence.iter().collect();
        if named.len() != sequence.len() || sequence.len() != self.options.len() {
            mistakes.push(Mistake::new(
                "/correct",
                "not_the_whole_order",
                "the right order names each option exactly once: list them all",
                "正しい順番には、すべての選択肢を1度ずつ書いてください",
            ));
        }
    }

    pub(super) fn value(&self) -> Value {
        json!({"options": values(&self.options)})
    }
}
