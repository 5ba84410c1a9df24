//! Exams that are being written. A draft becomes an exam when it is published, and is gone then.

use serde_json::Value;

use super::entity::exam_draft::Entity;
pub use crate::database::drafts::Draft;
use crate::database::{Change, Read, drafts};
use crate::error::Result;

impl drafts::Drafts for Entity {
    const TURN: &'static str = "exam draft";
}

/// The draft of the exam with this slug, published before or not.
pub async fn draft(db: &impl Read, slug: &str) -> Result<Option<Draft>> {
    drafts::find::<Entity>(db, slug).await
}

/// Every draft, by slug.
pub async fn drafts(db: &impl Read) -> Result<Vec<Draft>> {
    drafts::all::<Entity>(db).await
}

/// Keeps what was typed; false where the draft is another one than the writer saw (`seen` is its revision, 0 for none).
pub async fn keep_draft(ch: &mut Change<'_>, slug: &str, document: &Value, seen: i64) -> Result<bool> {
    drafts::keep::<Entity>(ch, slug, document, seen).await
}

/// Lets the draft go.
pub async fn drop_draft(ch: &mut Change<'_>, slug: &str) -> Result<()> {
    drafts::remove::<Entity>(ch, slug).await
}
