//! Publishing versions and finding them.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use waymark_criteria::Criteria;

use super::calendar::KeptCalendar;
use super::definition::TrackDefinition;
use super::entity::{badge, track, version};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{IssuerId, TrackId, TrackVersionId};
use crate::issuer;

/// One immutable version of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackVersion {
    pub track: TrackId,
    pub id: TrackVersionId,
    /// From 1.
    pub number: i32,
    pub issuer: IssuerId,
    pub definition: TrackDefinition,
    pub published_at: Timestamp,
    /// What its days are counted by, for ever.
    pub calendar: KeptCalendar,
}

impl TrackVersion {
    /// The requirement tree, with the calendar of this version.
    pub fn requirements(&self) -> Criteria {
        self.definition.requirements().with_calendar(self.calendar.table.clone())
    }

    /// The tree that renews a credential of the track, with the calendar of this version.
    pub fn renewal_requirements(&self) -> Option<Criteria> {
        let renewal = self.definition.renewal.as_ref()?;
        Some(renewal.requirements().with_calendar(self.calendar.table.clone()))
    }

    /// Whether publishing the definition in this time zone would make no new version.
    pub fn says(&self, definition: &TrackDefinition, zone: &str) -> bool {
        self.definition == *definition && self.calendar.zone == zone
    }
}

/// Publishes the definition as a new version, its days counted in the issuer's time zone as it is known now; answers None when the current
/// version says the same already.
pub async fn publish(
    ch: &mut Change<'_>,
    issuer: IssuerId,
    definition: &TrackDefinition,
) -> Result<Option<TrackVersionId>> {
    let zone = issuer::find(ch.tx(), issuer).await?.profile.time_zone;
    let known = track::Entity::find().filter(track::Column::Slug.eq(&definition.slug)).one(ch.tx()).await?;
    let (track_id, number) = match &known {
        Some(row) => {
            let current = version_of(ch.tx(), row, &row.current).await?;
            if current.says(definition, &zone) {
                return Ok(None);
            }
            (current.track, current.number + 1)
        }
        None => (ch.id::<TrackId>(), 1),
    };
    let id: TrackVersionId = ch.id();
    let row = version::ActiveModel {
        id: Set(id.to_string()),
        track: Set(track_id.to_string()),
        number: Set(number),
        definition: Set(serde_json::to_string(definition)?),
        published_at: Set(millis(ch.now)),
        calendar: Set(serde_json::to_string(&KeptCalendar::of(&zone, ch.now))?),
    };
    version::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    match known {
        Some(row) => {
            track::Entity::update_many()
                .col_expr(track::Column::Current, Expr::value(id.to_string()))
                .filter(track::Column::Id.eq(row.id))
                .exec(ch.tx())
                .await?;
        }
        None => {
            let row = track::ActiveModel {
                id: Set(track_id.to_string()),
                slug: Set(definition.slug.clone()),
                issuer: Set(issuer.to_string()),
                current: Set(id.to_string()),
                created_at: Set(millis(ch.now)),
            };
            track::Entity::insert(row).exec_without_returning(ch.tx()).await?;
        }
    }
    ch.tell(&DomainEvent::TrackPublished { version: id }).await?;
    Ok(Some(id))
}

/// The current version of every track, by slug.
pub async fn current(db: &impl Read) -> Result<Vec<TrackVersion>> {
    let tracks = track::Entity::find().order_by_asc(track::Column::Slug).all(db).await?;
    let ids: Vec<String> = tracks.iter().map(|t| t.current.clone()).collect();
    let versions = version::Entity::find().filter(version::Column::Id.is_in(ids)).all(db).await?;
    tracks.iter().filter_map(|t| versions.iter().find(|v| v.id == t.current).map(|v| read(t, v))).collect()
}

/// The current version of the track with this slug.
pub async fn by_slug(db: &impl Read, slug: &str) -> Result<Option<TrackVersion>> {
    match track::Entity::find().filter(track::Column::Slug.eq(slug)).one(db).await? {
        Some(row) => Ok(Some(version_of(db, &row, &row.current).await?)),
        None => Ok(None),
    }
}

/// The current version of a track.
pub async fn find(db: &impl Read, id: TrackId) -> Result<TrackVersion> {
    let row = track::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    version_of(db, &row, &row.current).await
}

/// One version, current or not.
pub async fn version(db: &impl Read, id: TrackVersionId) -> Result<TrackVersion> {
    let found = version::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    let row = track::Entity::find_by_id(found.track.clone()).one(db).await?.ok_or_else(Error::not_found)?;
    read(&row, &found)
}

async fn version_of(db: &impl Read, row: &track::Model, id: &str) -> Result<TrackVersion> {
    let found = version::Entity::find_by_id(id.to_owned()).one(db).await?;
    read(row, &found.ok_or_else(|| Error::internal("a track without its current version"))?)
}

fn read(track: &track::Model, version: &version::Model) -> Result<TrackVersion> {
    Ok(TrackVersion {
        track: track.id.parse().map_err(Error::internal)?,
        id: version.id.parse().map_err(Error::internal)?,
        number: version.number,
        issuer: track.issuer.parse().map_err(Error::internal)?,
        definition: serde_json::from_str(&version.definition)?,
        published_at: from_millis(version.published_at),
        calendar: serde_json::from_str(&version.calendar)?,
    })
}

/// Keeps a badge template of the program's own.
pub async fn keep_badge(ch: &mut Change<'_>, name: &str, svg: &str) -> Result<()> {
    badge::Entity::delete_by_id(name.to_owned()).exec(ch.tx()).await?;
    let row =
        badge::ActiveModel { name: Set(name.to_owned()), svg: Set(svg.to_owned()), changed_at: Set(millis(ch.now)) };
    badge::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// The program's own badge template of this name.
pub async fn badge(db: &impl Read, name: &str) -> Result<Option<String>> {
    Ok(badge::Entity::find_by_id(name.to_owned()).one(db).await?.map(|row| row.svg))
}

/// Every badge template of the program's own, by name.
pub async fn badges(db: &impl Read) -> Result<BTreeMap<String, String>> {
    Ok(badge::Entity::find().all(db).await?.into_iter().map(|row| (row.name, row.svg)).collect())
}
