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
}

impl PublishedHere {
    /// # Errors
    /// The store does not answer.
    pub async fn read(db: &impl Read) -> Result<Self> {
        let exams = exams::list(db).await?.into_iter().map(|exam| exam.spec.slug).collect();
        let tracks = tracks::current(db).await?.into_iter().map(|version| version.definition.slug).collect();
        Ok(Self { exams, tracks })
    }

    pub(super) fn has(&self, kind: &str, slug: &str) -> bool {
        let named = if kind == "exam" { &self.exams } else { &self.tracks };
        named.contains(slug)
    }
}
