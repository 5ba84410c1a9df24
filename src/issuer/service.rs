//! Keeping and finding issuers.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::entity::issuer;
use super::profile::IssuerProfile;
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::IssuerId;
use crate::web::i18n::Locale;
use crate::web::zone::Zone;

/// The slug of the issuer that `program.yaml` describes.
const DEFAULT: &str = "default";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    pub id: IssuerId,
    pub slug: String,
    pub profile: IssuerProfile,
}

/// Keeps the default issuer's profile; answers whether anything changed.
pub async fn keep(ch: &mut Change<'_>, profile: &IssuerProfile) -> Result<bool> {
    let text = serde_json::to_string(profile)?;
    let row = issuer::Entity::find().filter(issuer::Column::Slug.eq(DEFAULT)).one(ch.tx()).await?;
    match row {
        Some(row) if row.profile == text => Ok(false),
        Some(row) => {
            issuer::Entity::update_many()
                .col_expr(issuer::Column::Profile, Expr::value(text))
                .col_expr(issuer::Column::ChangedAt, Expr::value(millis(ch.now)))
                .filter(issuer::Column::Id.eq(row.id))
                .exec(ch.tx())
                .await?;
            Ok(true)
        }
        None => {
            let row = issuer::ActiveModel {
                id: Set(ch.id::<IssuerId>().to_string()),
                slug: Set(DEFAULT.to_owned()),
                is_default: Set(true),
                profile: Set(text),
                created_at: Set(millis(ch.now)),
                changed_at: Set(millis(ch.now)),
            };
            issuer::Entity::insert(row).exec_without_returning(ch.tx()).await?;
            Ok(true)
        }
    }
}

/// The issuer of tracks that name none, where a program was applied.
pub async fn default_issuer(db: &impl Read) -> Result<Option<Issuer>> {
    issuer::Entity::find().filter(issuer::Column::IsDefault.eq(true)).one(db).await?.map(read).transpose()
}

/// The calendar of the default issuer; UTC before there is one.
pub async fn zone(db: &impl Read) -> Result<Zone> {
    Ok(default_issuer(db).await?.map_or_else(Zone::utc, |issuer| issuer.profile.zone()))
}

/// The languages in which the program writes, its first one first; both, before it said so.
pub async fn languages(db: &impl Read) -> Result<Vec<String>> {
    let own = default_issuer(db).await?.map(|issuer| issuer.profile.locales);
    Ok(own.unwrap_or_else(|| vec!["ja".to_owned(), "en".to_owned()]))
}

/// The language of whoever names none: the first of the program's; English before there is one.
pub async fn language(db: &impl Read) -> Result<Locale> {
    Ok(default_issuer(db).await?.map_or(Locale::En, |issuer| issuer.profile.language(None)))
}

pub async fn find(db: &impl Read, id: IssuerId) -> Result<Issuer> {
    read(issuer::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

fn read(row: issuer::Model) -> Result<Issuer> {
    Ok(Issuer {
        id: row.id.parse().map_err(Error::internal)?,
        slug: row.slug,
        profile: serde_json::from_str(&row.profile)?,
    })
}
