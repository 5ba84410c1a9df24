//! Strikes: written down, lifted, ended by time.

use std::collections::{BTreeSet, HashSet};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use time::Duration;

use super::entity::strike;
use crate::access;
use crate::clock::{Timestamp, from_millis, millis};
use crate::contributions::{find, said};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{ContributionId, MemberId, StrikeId};
use crate::members;

const MOST_DAYS: u32 = 365;

/// One strike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strike {
    pub id: StrikeId,
    pub member: MemberId,
    pub reason: String,
    pub about: Option<String>,
    pub recorded_by: String,
    pub recorded_at: Timestamp,
    pub expires_at: Timestamp,
    pub lifted_at: Option<Timestamp>,
    pub lift_reason: Option<String>,
}

impl Strike {
    pub fn stands(&self, now: Timestamp) -> bool {
        self.lifted_at.is_none() && self.expires_at > now
    }
}

/// Writes a strike down, for `days`. Nobody but a person does. The caller writes the audit row.
pub async fn record(
    ch: &mut Change<'_>,
    member: MemberId,
    reason: &str,
    days: u32,
    about: Option<&str>,
) -> Result<Strike> {
    let member = members::find(ch.tx(), member).await?.id;
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, member)?;
    let reason = said::reason(reason)?;
    if days == 0 || days > MOST_DAYS {
        let detail = "write for how many days it stands, from 1 to 365";
        return Err(Error::invalid(vec![Fault::new("/days", "invalid_days", detail)]));
    }
    if let Some(about) = about {
        let known = match about.parse::<ContributionId>() {
            Ok(id) => find(ch.tx(), id).await.ok(),
            Err(_) => None,
        };
        if known.is_none_or(|c| c.member != Some(member)) {
            let detail = "name a contribution of this member, or leave it out";
            return Err(Error::invalid(vec![Fault::new("/about", "unknown_contribution", detail)]));
        }
    }
    let id: StrikeId = ch.id();
    let row = strike::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        reason: Set(reason),
        about: Set(about.map(str::to_owned)),
        recorded_by: Set(ch.actor.to_string()),
        recorded_at: Set(millis(ch.now)),
        expires_at: Set(millis(ch.now + Duration::days(i64::from(days)))),
        lifted_at: Set(None),
        lifted_by: Set(None),
        lift_reason: Set(None),
    };
    strike::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.tell(&DomainEvent::StrikeRecorded { strike: id, member }).await?;
    find_strike(ch.tx(), id).await
}

/// Lifts a strike before its end. What it held back still waits for a person. The caller writes the audit row.
pub async fn lift(ch: &Change<'_>, id: StrikeId, reason: &str) -> Result<Strike> {
    let known = find_strike(ch.tx(), id).await?;
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, known.member)?;
    let reason = said::reason(reason)?;
    let lifted = strike::Entity::update_many()
        .col_expr(strike::Column::LiftedAt, Expr::value(millis(ch.now)))
        .col_expr(strike::Column::LiftedBy, Expr::value(ch.actor.to_string()))
        .col_expr(strike::Column::LiftReason, Expr::value(reason))
        .filter(strike::Column::Id.eq(id.to_string()))
        .filter(strike::Column::LiftedAt.is_null())
        .filter(strike::Column::ExpiresAt.gt(millis(ch.now)))
        .exec(ch.tx())
        .await?;
    match lifted.rows_affected {
        1 => find_strike(ch.tx(), id).await,
        _ => Err(Error::new(Code::GivingStateConflict).member("state", "ended")),
    }
}

pub async fn find_strike(db: &impl Read, id: StrikeId) -> Result<Strike> {
    read(strike::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// The strikes that stand against the member now.
pub async fn standing(db: &impl Read, member: MemberId, now: Timestamp) -> Result<Vec<Strike>> {
    let rows = strike::Entity::find()
        .filter(strike::Column::Member.eq(member.to_string()))
        .filter(strike::Column::ExpiresAt.gt(millis(now)))
        .filter(strike::Column::LiftedAt.is_null())
        .order_by_asc(strike::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Those of these members against whom a strike stands now.
pub(super) async fn struck(db: &impl Read, members: &BTreeSet<MemberId>, now: Timestamp) -> Result<HashSet<MemberId>> {
    if members.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = strike::Entity::find()
        .filter(strike::Column::Member.is_in(members.iter().map(ToString::to_string)))
        .filter(strike::Column::ExpiresAt.gt(millis(now)))
        .filter(strike::Column::LiftedAt.is_null())
        .all(db)
        .await?;
    rows.into_iter().map(|row| row.member.parse().map_err(Error::internal)).collect()
}

/// Every strike of the member, the newest first.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Strike>> {
    let rows = strike::Entity::find().filter(strike::Column::Member.eq(member.to_string()));
    rows.order_by_desc(strike::Column::Id).all(db).await?.into_iter().map(read).collect()
}

fn read(row: strike::Model) -> Result<Strike> {
    Ok(Strike {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        reason: row.reason,
        about: row.about,
        recorded_by: row.recorded_by,
        recorded_at: from_millis(row.recorded_at),
        expires_at: from_millis(row.expires_at),
        lifted_at: row.lifted_at.map(from_millis),
        lift_reason: row.lift_reason,
    })
}
