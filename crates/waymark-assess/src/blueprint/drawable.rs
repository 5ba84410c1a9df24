//! What assembly may know of an item, and what puts items into groups.

use crate::{
    form::arrange::Arrangement,
    item::{ItemContent, ItemVersion, VersionHash},
};
use std::collections::BTreeSet;

/// What puts items into one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupBy {
    /// The first so many characters of the id.
    IdPrefix(u32),
}

impl GroupBy {
    pub(crate) fn group_of(self, item: &Drawable) -> Option<String> {
        let Self::IdPrefix(length) = self;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let prefix: String = item.slug.chars().take(length).collect();
        (prefix.chars().count() == length).then_some(prefix)
    }
}

/// What assembly needs to know of an item version: not its key, not its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawable {
    pub(crate) hash: VersionHash,
    pub(crate) slug: String,
    pub(crate) domain: Option<String>,
    pub(crate) arrangement: Arrangement,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) enemies: BTreeSet<String>,
    /// Id of the stimulus it shares with others.
    pub(crate) stimulus: Option<String>,
    pub(crate) pretest: bool,
    pub(crate) exposure: u64,
    /// Most points that an answer earns: what an exam promises, and no part of the key.
    pub(crate) points: u32,
}

impl Drawable {
    pub fn new(hash: VersionHash, content: &ItemContent) -> Self {
        Self {
            hash,
            slug: content.slug.clone(),
            domain: content.domain.clone(),
            arrangement: Arrangement::from(&content.interaction),
            tags: content.tags.clone(),
            enemies: content.enemies.clone(),
            stimulus: content.stimulus.as_ref().map(|stimulus| stimulus.id.clone()),
            pretest: false,
            exposure: 0,
            points: 1,
        }
    }

    /// The same item, worth so many points: one, unless this is said.
    #[must_use]
    pub fn worth(self, points: u32) -> Self {
        Self { points, ..self }
    }

    /// The same item, drawn without being scored.
    #[must_use]
    pub fn as_pretest(self) -> Self {
        Self { pretest: true, ..self }
    }

    /// The same item, which so many forms have held already.
    #[must_use]
    pub fn used(self, times: u64) -> Self {
        Self { exposure: times, ..self }
    }

    pub fn hash(&self) -> VersionHash {
        self.hash
    }

    pub fn slug(&self) -> &str {
        &self.slug
    }

    pub fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    pub fn tags(&self) -> &BTreeSet<String> {
        &self.tags
    }

    pub fn enemies(&self) -> &BTreeSet<String> {
        &self.enemies
    }

    pub fn stimulus(&self) -> Option<&str> {
        self.stimulus.as_deref()
    }

    pub fn is_pretest(&self) -> bool {
        self.pretest
    }

    pub fn exposure(&self) -> u64 {
        self.exposure
    }
}

impl From<&ItemVersion> for Drawable {
    fn from(version: &ItemVersion) -> Self {
        Self::new(version.hash(), version.content()).worth(version.key().worth())
    }
}
