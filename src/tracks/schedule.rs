//! Publishing on a day to come. Until then the definition stands here and shows nowhere; on its day it is published as if somebody pressed the button.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::definition::TrackDefinition;
use super::entity::schedule as rows;
use super::service::{Managed, Publishing, publish_as};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Error, Result};
use crate::issuer;

/// What will be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    pub definition: TrackDefinition,
    pub silent: bool,
    pub takes_effect_at: Timestamp,
    /// Who asked for it.
    pub asked_by: String,
}

/// Puts the definition down for its day, in the place of what was put down for this track before.
pub async fn schedule(ch: &mut Change<'_>, definition: &TrackDefinition, silent: bool, at: Timestamp) -> Result<()> {
    unschedule(ch, &definition.slug).await?;
    let row = rows::ActiveModel {
        slug: Set(definition.slug.clone()),
        definition: Set(serde_json::to_string(definition)?),
        silent: Set(silent),
        takes_effect_at: Set(millis(at)),
        asked_by: Set(ch.actor.to_string()),
        asked_at: Set(millis(ch.now)),
    };
    rows::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Takes it back; answers whether there was anything.
pub async fn unschedule(ch: &Change<'_>, slug: &str) -> Result<bool> {
    Ok(rows::Entity::delete_by_id(slug.to_owned()).exec(ch.tx()).await?.rows_affected == 1)
}

/// What is put down for this track.
pub async fn scheduled(db: &impl Read, slug: &str) -> Result<Option<Scheduled>> {
    rows::Entity::find_by_id(slug.to_owned()).one(db).await?.map(|row| read(&row)).transpose()
}

fn read(row: &rows::Model) -> Result<Scheduled> {
    Ok(Scheduled {
        definition: serde_json::from_str(&row.definition)?,
        silent: row.silent,
        takes_effect_at: from_millis(row.takes_effect_at),
        asked_by: row.asked_by.clone(),
    })
}

/// Publishes what is due, each in a change of its own; answers how many there were.
pub async fn take_effect_due(app: &App) -> Result<usize> {
    let due = rows::Entity::find()
        .filter(rows::Column::TakesEffectAt.lte(millis(app.db.now())))
        .order_by_asc(rows::Column::TakesEffectAt)
        .all(app.db.read())
        .await?;
    for row in &due {
        take_effect(app, &row.slug).await?;
    }
    Ok(due.len())
}

async fn take_effect(app: &App, slug: &str) -> Result<()> {
    let mut ch = app.db.change(Actor::System("tracks"), Kind::Privileged).await?;
    ch.take_turn(&format!("track {slug}")).await?;
    // Another process may have come first, or somebody took it back.
    let Some(due) = scheduled(ch.tx(), slug).await?.filter(|due| due.takes_effect_at <= ch.now) else {
        return ch.undo().await;
    };
    let issuer = issuer::default_issuer(ch.tx()).await?.ok_or_else(|| Error::internal("a track without an issuer"))?;
    let how = Publishing { silent: due.silent, by: Managed::Here };
    let version = publish_as(&mut ch, issuer.id, &due.definition, how).await?;
    unschedule(&ch, slug).await?;
    let detail = json!({"slug": slug, "version": version, "silent": due.silent, "asked_by": due.asked_by});
    ch.audit(AuditEntry::new("track.take_effect", slug, detail)).await?;
    ch.commit().await
}
