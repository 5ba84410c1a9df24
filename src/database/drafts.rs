//! Documents that are being written: as they were typed, mistakes and all, one under each name, in the table that a room keeps for them.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{FromQueryResult, QueryOrder};
use serde_json::Value;

use super::{Change, Read};
use crate::clock::{Timestamp, from_millis, millis};
use crate::error::{Error, Result};

/// A table of drafts: `slug`, `document`, `revision`, `changed_by`, `changed_at`, of which `slug` is the key.
pub trait Drafts: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = String>> {
    /// What its writers take turns at: `track draft`.
    const TURN: &'static str;
}

/// What somebody is writing.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub slug: String,
    pub document: Value,
    /// Grows with every save: what the next one names.
    pub revision: i64,
    pub changed_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    slug: String,
    document: String,
    revision: i64,
    changed_at: i64,
}

impl Row {
    fn read(self) -> Result<Draft> {
        Ok(Draft {
            document: serde_json::from_str(&self.document)?,
            slug: self.slug,
            revision: self.revision,
            changed_at: from_millis(self.changed_at),
        })
    }
}

fn column<E: Drafts>(name: &str) -> Result<E::Column> {
    name.parse().map_err(|_| Error::internal(format!("a table of drafts has no column {name}")))
}

/// The draft under this name.
pub async fn find<E: Drafts>(db: &impl Read, slug: &str) -> Result<Option<Draft>> {
    E::find_by_id(slug.to_owned()).into_model::<Row>().one(db).await?.map(Row::read).transpose()
}

/// Every draft, by slug.
pub async fn all<E: Drafts>(db: &impl Read) -> Result<Vec<Draft>> {
    let rows = E::find().order_by_asc(column::<E>("slug")?).into_model::<Row>().all(db).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Keeps what was typed. False, and nothing is kept, where the draft is another one than the writer saw (`seen` is its revision, 0 for none).
pub async fn keep<E: Drafts>(ch: &mut Change<'_>, slug: &str, document: &Value, seen: i64) -> Result<bool> {
    ch.take_turn(&format!("{} {slug}", E::TURN)).await?;
    if find::<E>(ch.tx(), slug).await?.map_or(0, |draft| draft.revision) != seen {
        return Ok(false);
    }
    let typed = [
        ("document", document.to_string().into()),
        // The time, so that a draft begun anew is not taken for the one before it.
        ("revision", millis(ch.now).max(seen + 1).into()),
        ("changed_by", ch.actor.to_string().into()),
        ("changed_at", millis(ch.now).into()),
    ];
    let key = column::<E>("slug")?;
    let mut row = <E::ActiveModel as ActiveModelTrait>::default();
    row.try_set(key, slug.into())?;
    let mut changed = vec![];
    for (name, value) in typed {
        let column = column::<E>(name)?;
        row.try_set(column, value)?;
        changed.push(column);
    }
    let again = OnConflict::column(key).update_columns(changed).to_owned();
    E::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(true)
}

/// Lets the draft go.
pub async fn remove<E: Drafts>(ch: &Change<'_>, slug: &str) -> Result<()> {
    E::delete_many().filter(column::<E>("slug")?.eq(slug)).exec(ch.tx()).await?;
    Ok(())
}
