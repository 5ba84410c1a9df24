//! Tracks that are being written. A draft is the document as it was typed, mistakes and all; it becomes a version when it is published, and is gone then.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use serde_json::Value;

use super::entity::draft as rows;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::Result;

/// What somebody is writing.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub slug: String,
    pub document: Value,
    pub revision: i64,
    pub changed_at: Timestamp,
}

/// The draft of the track with this slug, published before or not.
pub async fn draft(db: &impl Read, slug: &str) -> Result<Option<Draft>> {
    rows::Entity::find_by_id(slug.to_owned()).one(db).await?.map(read).transpose()
}

/// Every draft, by slug.
pub async fn drafts(db: &impl Read) -> Result<Vec<Draft>> {
    let rows = rows::Entity::find().order_by_asc(rows::Column::Slug).all(db).await?;
    rows.into_iter().map(read).collect()
}

fn read(row: rows::Model) -> Result<Draft> {
    Ok(Draft {
        document: serde_json::from_str(&row.document)?,
        slug: row.slug,
        revision: row.revision,
        changed_at: from_millis(row.changed_at),
    })
}

/// Keeps what was typed. False, and nothing is kept, where the draft is another one than the writer saw (`seen` is its revision, 0 for none).
pub async fn keep_draft(ch: &mut Change<'_>, slug: &str, document: &Value, seen: i64) -> Result<bool> {
    ch.take_turn(&format!("track draft {slug}")).await?;
    if draft(ch.tx(), slug).await?.map_or(0, |draft| draft.revision) != seen {
        return Ok(false);
    }
    let row = rows::ActiveModel {
        slug: Set(slug.to_owned()),
        document: Set(document.to_string()),
        // The time, so that a draft begun anew is not taken for the one before it.
        revision: Set(millis(ch.now).max(seen + 1)),
        changed_by: Set(ch.actor.to_string()),
        changed_at: Set(millis(ch.now)),
    };
    let again = OnConflict::column(rows::Column::Slug)
        .update_columns([
            rows::Column::Document,
            rows::Column::Revision,
            rows::Column::ChangedBy,
            rows::Column::ChangedAt,
        ])
        .to_owned();
    rows::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(true)
}

/// Lets the draft go.
pub async fn drop_draft(ch: &mut Change<'_>, slug: &str) -> Result<()> {
    rows::Entity::delete_by_id(slug.to_owned()).exec(ch.tx()).await?;
    Ok(())
}
