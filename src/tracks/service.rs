//! Publishing versions and finding them.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde::Serialize;
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
    /// Whether members are told nothing of what its publishing alone brought them.
    pub silent: bool,
    /// Who writes the track, as things stand.
    pub managed: Managed,
}

/// Who writes a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Managed {
    /// A folder of files: forms and calls leave it alone.
    Files,
    /// This installation, by form or call.
    Here,
}

impl Managed {
    /// The word for storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Here => "here",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    ///
    /// # Errors
    /// Another word: the store holds what nobody wrote.
    pub fn parse(text: &str) -> Result<Self> {
        [Self::Files, Self::Here]
            .into_iter()
            .find(|who| who.as_str() == text)
            .ok_or_else(|| Error::internal(format!("a track is managed by `{text}`")))
    }
}

/// How a version is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publishing {
    pub silent: bool,
    pub by: Managed,
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

    /// Whether the member is told nothing of an award of this version that was earned at `earned_at`: it was published silently, and they had
    /// done all that it asks before it was.
    pub fn is_quiet_about(&self, earned_at: Timestamp) -> bool {
        self.silent && earned_at < self.published_at
    }

    /// Whether publishing the definition in this time zone would make no new version.
    pub fn says(&self, definition: &TrackDefinition, zone: &str) -> bool {
        self.definition == *definition && self.calendar.zone == zone
    }
}

/// Publishes the definition of a file: see [`publish_as`]. Members are told.
pub async fn publish(
    ch: &mut Change<'_>,
    issuer: IssuerId,
    definition: &TrackDefinition,
) -> Result<Option<TrackVersionId>> {
    publish_as(ch, issuer, definition, Publishing { silent: false, by: Managed::Files }).await
}

/// Publishes the definition as a new version, its days counted in the issuer's time zone as it is known now; answers None when the current
/// version says the same already.
pub async fn publish_as(
    ch: &mut Change<'_>,
    issuer: IssuerId,
    definition: &TrackDefinition,
    how: Publishing,
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
        silent: Set(how.silent),
    };
    version::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    match known {
        Some(row) => {
            track::Entity::update_many()
                .col_expr(track::Column::Current, Expr::value(id.to_string()))
                .col_expr(track::Column::Managed, Expr::value(how.by.as_str()))
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
                managed: Set(how.by.as_str().to_owned()),
            };
            track::Entity::insert(row).exec_without_returning(ch.tx()).await?;
        }
    }
    ch.tell(&DomainEvent::TrackPublished { version: id }).await?;
    Ok(Some(id))
}

/// From now on the track is written here, whatever files said before; answers whether that is new. Applying files that differ takes it back.
pub async fn take_over(ch: &mut Change<'_>, id: TrackId) -> Result<bool> {
    let taken = track::Entity::update_many()
        .col_expr(track::Column::Managed, Expr::value(Managed::Here.as_str()))
        .filter(track::Column::Id.eq(id.to_string()))
        .filter(track::Column::Managed.ne(Managed::Here.as_str()))
        .exec(ch.tx())
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Every version of a track, the newest first.
pub async fn versions(db: &impl Read, id: TrackId) -> Result<Vec<TrackVersion>> {
    let row = track::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    let found = version::Entity::find()
        .filter(version::Column::Track.eq(id.to_string()))
        .order_by_desc(version::Column::Number)
        .all(db)
        .await?;
    found.iter().map(|version| read(&row, version)).collect()
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
        silent: version.silent,
        managed: Managed::parse(&track.managed)?,
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
