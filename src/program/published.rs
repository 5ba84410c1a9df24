//! What is published on this server already.

use std::collections::BTreeSet;

use crate::database::Read;
use crate::error::Result;
use crate::{exams, tracks};

/// What is published on the server that the files are for, made on its pages or applied before.
#[derive(Debug, Clone, Default)]
pub struct PublishedHere {
    exams: BTreeSet<String>,
    tracks: BTreeSet<String>,
    titles: BTreeSet<String>,
}

impl PublishedHere {
    /// # Errors
    /// The store does not answer.
    pub async fn read(db: &impl Read) -> Result<Self> {
        let exams = exams::list(db).await?.into_iter().map(|exam| exam.spec.slug).collect();
        let (mut tracks, mut titles) = (BTreeSet::new(), BTreeSet::new());
        for version in tracks::current(db).await? {
            if version.definition.is_decided_title() {
                titles.insert(version.definition.slug.clone());
            }
            tracks.insert(version.definition.slug);
        }
        Ok(Self { exams, tracks, titles })
    }

    pub(super) fn has(&self, kind: &str, slug: &str) -> bool {
        match kind {
            "exam" => self.exams.contains(slug),
            "title" => self.titles.contains(slug),
            _ => self.tracks.contains(slug),
        }
    }
}
