//! What there is of an exam, as it is published and as it is being written, and the steps from the one to the other: the same for the form, the file
//! and the API.

use serde_json::{Value, json};
use waymark_assess::ExamSpec;

use super::drafts::{self, Draft, draft, drop_draft};
use super::service::{self, Exam, Published};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Error, Result};

/// What there is of an exam: as it is published, and as it is being written.
#[derive(Default)]
pub struct Work {
    pub slug: String,
    pub known: Option<Exam>,
    pub draft: Option<Draft>,
}

impl Work {
    /// What there is under this name; nothing for a new exam, whose name is empty.
    pub async fn of(db: &impl Read, slug: &str) -> Result<Self> {
        let (known, draft) =
            if slug.is_empty() { (None, None) } else { (service::find(db, slug).await?, draft(db, slug).await?) };
        Ok(Self { slug: slug.to_owned(), known, draft })
    }

    /// The same.
    ///
    /// # Errors
    /// Not found, where there is nothing.
    pub async fn found(db: &impl Read, slug: &str) -> Result<Self> {
        let work = Self::of(db, slug).await?;
        if work.known.is_none() && work.draft.is_none() { Err(Error::not_found()) } else { Ok(work) }
    }

    /// The document that the next change begins from.
    pub fn base(&self) -> Value {
        match (&self.draft, &self.known) {
            (Some(draft), _) => draft.document.clone(),
            (None, Some(exam)) => exam.spec.to_value(),
            (None, None) => json!({}),
        }
    }

    /// What a writer has seen: the version that is published and the revision of the draft.
    pub fn seen(&self) -> String {
        let version = self.known.as_ref().map_or(0, |exam| exam.version);
        format!("{version}.{}", self.revision())
    }

    fn revision(&self) -> i64 {
        self.draft.as_ref().map_or(0, |draft| draft.revision)
    }

    pub fn is_new(&self) -> bool {
        self.slug.is_empty()
    }

    /// Keeps the document as the draft of the exam with this slug. False, and nothing is kept, where somebody else wrote since this was read.
    pub async fn keep(&self, app: &App, actor: Actor, slug: &str, document: &Value) -> Result<bool> {
        let mut ch = app.db.change(actor, Kind::Ordinary).await?;
        if !self.is_current(&mut ch, slug).await?
            || !drafts::keep_draft(&mut ch, slug, document, self.revision()).await?
        {
            ch.undo().await?;
            return Ok(false);
        }
        ch.commit().await?;
        Ok(true)
    }

    /// Publishes, and lets the draft go; `dry_run` does neither. None where somebody else wrote or published since this was read.
    ///
    /// # Errors
    /// As [`service::publish`].
    pub async fn publish(&self, app: &App, actor: Actor, spec: &ExamSpec, dry_run: bool) -> Result<Option<Published>> {
        let mut ch = app.db.change(actor, Kind::Privileged).await?;
        if !self.is_current(&mut ch, &spec.slug).await? {
            ch.undo().await?;
            return Ok(None);
        }
        let published = service::publish(&mut ch, spec).await?;
        if dry_run {
            ch.undo().await?;
            return Ok(Some(published));
        }
        drop_draft(&mut ch, &spec.slug).await?;
        if published.changed {
            let detail = json!({"slug": spec.slug, "version": published.version});
            ch.audit(AuditEntry::new("exam.publish", published.exam, detail)).await?;
            ch.commit().await?;
            return Ok(Some(published));
        }
        // The same exam again makes no version: nothing goes but the draft, which is nobody's standing.
        ch.undo().await?;
        Ok(self.discard(app, actor).await?.then_some(published))
    }

    /// Lets the draft go; what is published stays. False where somebody else wrote since this was read.
    pub async fn discard(&self, app: &App, actor: Actor) -> Result<bool> {
        let mut ch = app.db.change(actor, Kind::Ordinary).await?;
        if !self.is_current(&mut ch, &self.slug).await? {
            ch.undo().await?;
            return Ok(false);
        }
        drop_draft(&mut ch, &self.slug).await?;
        ch.commit().await?;
        Ok(true)
    }

    /// Whether this is still what there is, held against other writers until the change ends.
    async fn is_current(&self, ch: &mut Change<'_>, slug: &str) -> Result<bool> {
        ch.take_turn(&format!("exam draft {slug}")).await?;
        ch.take_turn(&format!("exam {slug}")).await?;
        Ok(Self::of(ch.tx(), slug).await?.seen() == self.seen())
    }
}
