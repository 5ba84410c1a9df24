//! Matching items: sources on one side, targets on the other, and pairs between them.

use super::{ItemKey, ItemOption, KeyKind, choice::values, key::of_another_kind, options};
use crate::{mistake::Mistake, text::Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Fewest and most sources.
pub const SOURCES: std::ops::RangeInclusive<usize> = 1..=20;
/// Fewest and most targets; more targets than sources make guessing the last pair harder.
pub const TARGETS: std::ops::RangeInclusive<usize> = 2..=26;

/// Sources to be paired with targets. A target may serve several sources.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    pub sources: Vec<ItemOption>,
    pub targets: Vec<ItemOption>,
    /// Whether a source may be paired with more than one target.
    pub several: bool,
}

impl Matching {
    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        options::check(&self.sources, "/sources", SOURCES, stem, mistakes);
        options::check(&self.targets, "/targets", TARGETS, stem, mistakes);
        let KeyKind::Pairs(pairs) = key.kind() else {
            return mistakes.push(of_another_kind());
        };
        options::key(pairs.iter().map(|(source, _)| source), &self.sources, "/correct", mistakes);
        if !pairs.is_empty() {
            options::key(pairs.iter().map(|(_, target)| target), &self.targets, "/correct", mistakes);
        }
        let paired: BTreeSet<_> = pairs.iter().map(|(source, _)| source).collect();
        if !self.several && paired.len() < pairs.len() {
            mistakes.push(Mistake::new(
                "/correct",
                "source_paired_twice",
                "a source is paired with two targets: keep one, or set `several: true`",
                "1つの左側の項目に右側の項目が2つ対応しています。1つにするか、several: true としてください",
            ));
        }
        if self.sources.iter().any(|source| !paired.contains(&source.id)) && !self.several {
            mistakes.push(Mistake::new(
                "/correct",
                "source_without_pair",
                "a source has no target in the key, so that a complete answer could not be right: pair it or take it out",
                "正答で対応先のない左側の項目があります。対応させるか、取り除いてください",
            ));
        }
    }

    pub(super) fn value(&self) -> Value {
        json!({"sources": values(&self.sources), "targets": values(&self.targets), "several": self.several})
    }
}
