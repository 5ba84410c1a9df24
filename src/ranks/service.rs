//! Publishing versions of ladders and finding them.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use super::definition::LadderDefinition;
use super::entity::{ladder, version};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::tracks::Managed;

/// One immutable version of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderVersion {
    /// From 1.
    pub number: i32,
    pub definition: LadderDefinition,
    pub published_at: Timestamp,
    /// Who writes the ladder, as things stand.
    pub managed: Managed,
}

impl LadderVersion {
    pub fn slug(&self) -> &str {
        &self.definition.slug
    }
}

/// Publishes the definition of a file: see [`publish_as`].
pub async fn publish(ch: &mut Change<'_>, definition: &LadderDefinition) -> Result<Option<i32>> {
    publish_as(ch, definition, Managed::Files).await
}

/// Publishes the definition as a further version and answers its number; None when the current version says the same already. Every member is counted
/// by it after the commit. The ranks that were reached before stay.
pub async fn publish_as(ch: &mut Change<'_>, definition: &LadderDefinition, by: Managed) -> Result<Option<i32>> {
    let slug = definition.slug.as_str();
    ch.take_turn(&format!("ladder {slug}")).await?;
    let known = find(ch.tx(), slug).await?;
    if known.as_ref().is_some_and(|known| known.definition == *definition) {
        return Ok(None);
    }
    let number = known.as_ref().map_or(1, |known| known.number + 1);
    let row = version::ActiveModel {
        ladder: Set(slug.to_owned()),
        number: Set(number),
        definition: Set(serde_json::to_string(definition)?),
        published_at: Set(millis(ch.now)),
    };
    version::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    match known {
        Some(_) => {
            ladder::Entity::update_many()
                .col_expr(ladder::Column::Current, Expr::value(number))
                .col_expr(ladder::Column::Managed, Expr::value(by.as_str()))
                .filter(ladder::Column::Slug.eq(slug))
                .exec(ch.tx())
                .await?;
        }
        None => {
            let row = ladder::ActiveModel {
                slug: Set(slug.to_owned()),
                current: Set(number),
                managed: Set(by.as_str().to_owned()),
                created_at: Set(millis(ch.now)),
            };
            ladder::Entity::insert(row).exec_without_returning(ch.tx()).await?;
        }
    }
    ch.tell(&DomainEvent::LadderPublished { ladder: slug.to_owned() }).await?;
    Ok(Some(number))
}

/// The current version of every ladder, by slug.
pub async fn current(db: &impl Read) -> Result<Vec<LadderVersion>> {
    let ladders = ladder::Entity::find().order_by_asc(ladder::Column::Slug).all(db).await?;
    let mut all = vec![];
    for row in ladders {
        all.push(version_of(db, &row, row.current).await?);
    }
    Ok(all)
}

/// Whether none of these has a later version.
pub(super) async fn are_current(db: &impl Read, known: &[LadderVersion]) -> Result<bool> {
    let slugs = known.iter().map(LadderVersion::slug);
    let rows = ladder::Entity::find().filter(ladder::Column::Slug.is_in(slugs)).all(db).await?;
    let stands =
        |version: &LadderVersion| rows.iter().any(|row| row.slug == version.slug() && row.current == version.number);
    Ok(known.iter().all(stands))
}

/// The current version of the ladder with this slug.
pub async fn find(db: &impl Read, slug: &str) -> Result<Option<LadderVersion>> {
    match ladder::Entity::find_by_id(slug.to_owned()).one(db).await? {
        Some(row) => Ok(Some(version_of(db, &row, row.current).await?)),
        None => Ok(None),
    }
}

/// One version, current or not.
pub(super) async fn version(db: &impl Read, slug: &str, number: i32) -> Result<LadderVersion> {
    let row = ladder::Entity::find_by_id(slug.to_owned()).one(db).await?.ok_or_else(Error::not_found)?;
    version_of(db, &row, number).await
}

async fn version_of(db: &impl Read, row: &ladder::Model, number: i32) -> Result<LadderVersion> {
    let found = version::Entity::find_by_id((row.slug.clone(), number)).one(db).await?;
    let found = found.ok_or_else(|| Error::internal("a ladder without this version"))?;
    Ok(LadderVersion {
        number: found.number,
        definition: serde_json::from_str(&found.definition)?,
        published_at: from_millis(found.published_at),
        managed: Managed::parse(&row.managed)?,
    })
}
