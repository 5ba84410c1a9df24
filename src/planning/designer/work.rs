//! What there is of a track that somebody works on.

use serde_json::{Value, json};

use crate::app::App;
use crate::document::is_slug;
use crate::error::{Error, Result};
use crate::tracks::{self, Draft, Managed, Scheduled, TrackVersion};

/// What there is of a track: as it is published, as it is being written, and what is put down for a day to come.
#[derive(Default)]
pub struct Work {
    pub slug: String,
    pub known: Option<TrackVersion>,
    pub draft: Option<Draft>,
    pub scheduled: Option<Scheduled>,
}

impl Work {
    /// What there is under this name; nothing for a new track, whose name is empty.
    pub(super) async fn of(app: &App, slug: &str) -> Result<Self> {
        let db = app.db.read();
        if !is_slug(slug) {
            return Ok(Self { slug: slug.to_owned(), ..Self::default() });
        }
        Ok(Self {
            known: tracks::by_slug(db, slug).await?,
            draft: tracks::draft(db, slug).await?,
            scheduled: tracks::scheduled(db, slug).await?,
            slug: slug.to_owned(),
        })
    }

    pub(super) async fn found(app: &App, slug: &str) -> Result<Self> {
        let work = Self::of(app, slug).await?;
        if work.exists() { Ok(work) } else { Err(Error::not_found()) }
    }

    pub(super) fn exists(&self) -> bool {
        self.known.is_some() || self.draft.is_some() || self.scheduled.is_some()
    }

    /// The document that the next change begins from.
    pub(super) fn base(&self) -> Value {
        match (&self.draft, &self.scheduled, &self.known) {
            (Some(draft), ..) => draft.document.clone(),
            (None, Some(due), _) => due.definition.as_file(),
            (None, None, Some(version)) => version.definition.as_file(),
            (None, None, None) => json!({}),
        }
    }

    /// What a writer has seen: the version that is published and the revision of the draft.
    pub(super) fn seen(&self) -> String {
        format!("{}.{}", self.known.as_ref().map_or(0, |version| version.number), self.revision())
    }

    pub(super) fn revision(&self) -> i64 {
        self.draft.as_ref().map_or(0, |draft| draft.revision)
    }

    pub(super) fn is_new(&self) -> bool {
        self.slug.is_empty()
    }

    /// Whether files write it.
    pub(super) fn is_locked(&self) -> bool {
        self.known.as_ref().is_some_and(|version| version.managed == Managed::Files)
    }
}
