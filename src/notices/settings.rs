//! How a member wants each kind of notice, and whether they want letters at all.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::entity::{notice, setting, stop};
use super::lifecycle::{Kind, Way, What};
use crate::app::App;
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::{issuer, members};

/// How a member is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub ways: BTreeMap<Kind, Way>,
    /// Whether they ended all letters.
    pub stopped: bool,
    /// Where letters go; none until the member has proved that an address is theirs.
    pub address: Option<String>,
    /// Whether this installation sends mail at all.
    pub mail: bool,
}

/// How the member is told.
pub async fn of(app: &App, member: MemberId) -> Result<Settings> {
    let db = app.db.read();
    let rows = setting::Entity::find().filter(setting::Column::Member.eq(member.to_string())).all(db).await?;
    let mut ways: BTreeMap<Kind, Way> = Kind::ALL.iter().map(|kind| (*kind, kind.usual())).collect();
    for row in rows {
        if let (Some(kind), Some(way)) = (Kind::parse(&row.kind), Way::parse(&row.way)) {
            ways.insert(kind, way);
        }
    }
    Ok(Settings {
        ways,
        stopped: stopped(db, member).await?,
        address: members::verified_email(db, member).await?,
        mail: app.post.is_set(),
    })
}

/// The way of one kind.
pub(super) async fn way(db: &impl Read, member: MemberId, kind: Kind) -> Result<Way> {
    let row = setting::Entity::find_by_id((member.to_string(), kind.as_str().to_owned())).one(db).await?;
    match row {
        None => Ok(kind.usual()),
        Some(row) => Way::parse(&row.way).ok_or_else(|| Error::internal(format!("{} is no way", row.way))),
    }
}

/// Chooses a way for each of these kinds. What waits for mail already goes the new way.
pub(super) async fn choose(ch: &Change<'_>, member: MemberId, ways: &BTreeMap<Kind, Way>) -> Result<()> {
    let zone = issuer::zone(ch.tx()).await?;
    for (kind, chosen) in ways {
        if way(ch.tx(), member, *kind).await? == *chosen {
            continue;
        }
        let row = setting::ActiveModel {
            member: Set(member.to_string()),
            kind: Set(kind.as_str().to_owned()),
            way: Set(chosen.as_str().to_owned()),
        };
        let again = OnConflict::columns([setting::Column::Member, setting::Column::Kind])
            .update_column(setting::Column::Way)
            .to_owned();
        setting::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
        let mail_at = chosen.mail_at(ch.now, &zone).map(millis);
        notice::Entity::update_many()
            .col_expr(notice::Column::MailAt, Expr::value(mail_at))
            .filter(notice::Column::Member.eq(member.to_string()))
            .filter(notice::Column::What.is_in(kind.all().into_iter().map(What::as_str)))
            .filter(notice::Column::MailAt.is_not_null())
            .exec(ch.tx())
            .await?;
    }
    Ok(())
}

/// Whether the member ended all letters.
pub(super) async fn stopped(db: &impl Read, member: MemberId) -> Result<bool> {
    Ok(stop::Entity::find_by_id(member.to_string()).one(db).await?.is_some())
}

/// Ends all letters, those that wait included. What was chosen for each kind stays, so that it can be undone.
pub(super) async fn end_letters(ch: &Change<'_>, member: MemberId) -> Result<()> {
    let row = stop::ActiveModel { member: Set(member.to_string()), at: Set(millis(ch.now)) };
    let twice = OnConflict::column(stop::Column::Member).do_nothing().to_owned();
    stop::Entity::insert(row).on_conflict(twice).exec_without_returning(ch.tx()).await?;
    notice::Entity::update_many()
        .col_expr(notice::Column::MailAt, Expr::value(None::<i64>))
        .filter(notice::Column::Member.eq(member.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Letters go again, from what happens next on.
pub(super) async fn begin_letters(ch: &Change<'_>, member: MemberId) -> Result<()> {
    stop::Entity::delete_by_id(member.to_string()).exec(ch.tx()).await?;
    Ok(())
}
