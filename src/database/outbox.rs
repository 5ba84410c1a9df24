//! The outbox: domain events written in the transaction of their cause, claimed by workers under a lease, delivered at least once
//! per (event, listener). Events of one member are delivered in order; a failing one holds back only that member.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, QueryOrder, QuerySelect};

use super::{Change, Read};
use crate::clock::{Timestamp, millis};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::EventId;

mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub id: String,
        pub member: Option<String>,
        pub event: String,
        pub told_at: i64,
        pub due_at: i64,
        pub attempts: i32,
        pub done_at: Option<i64>,
        pub last_error: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub event: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub listener: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// An event that this process holds the lease of.
#[derive(Debug, Clone)]
pub struct Claimed {
    seq: i64,
    pub id: EventId,
    pub event: DomainEvent,
    pub attempts: u32,
}

const LEASE_MS: i64 = 30_000;
const FIRST_RETRY_MS: i64 = 500;
const LAST_RETRY_MS: i64 = 300_000;

pub(super) async fn append(ch: &Change<'_>, told: &DomainEvent) -> Result<()> {
    let json = serde_json::to_string(told).map_err(Error::internal)?;
    event::Entity::insert(event::ActiveModel {
        id: Set(ch.id::<EventId>().to_string()),
        member: Set(told.member().map(|m| m.to_string())),
        event: Set(json),
        told_at: Set(millis(ch.now)),
        due_at: Set(millis(ch.now)),
        attempts: Set(0),
        ..Default::default()
    })
    .exec_without_returning(ch.tx())
    .await?;
    Ok(())
}

/// Claims the oldest event that is due and not behind another of the same member. The claim moves `due_at` past the lease, so a
/// worker that dies gives the event back by itself.
pub async fn claim(ch: &mut Change<'_>) -> Result<Option<Claimed>> {
    let now = millis(ch.now);
    let mut find = event::Entity::find()
        .filter(event::Column::DoneAt.is_null())
        .filter(event::Column::DueAt.lte(now))
        .filter(Expr::cust(
            "NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.member = outbox.member AND earlier.done_at IS NULL AND earlier.seq < outbox.seq)",
        ))
        .order_by_asc(event::Column::Seq)
        .limit(1);
    if ch.tx().get_database_backend() == DbBackend::Postgres {
        find = find.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let Some(row) = find.one(ch.tx()).await? else { return Ok(None) };
    event::Entity::update_many()
        .col_expr(event::Column::DueAt, Expr::value(now + LEASE_MS))
        .col_expr(event::Column::Attempts, Expr::value(row.attempts + 1))
        .filter(event::Column::Seq.eq(row.seq))
        .exec(ch.tx())
        .await?;
    Ok(Some(Claimed {
        seq: row.seq,
        id: row.id.parse().map_err(Error::internal)?,
        event: serde_json::from_str(&row.event).map_err(Error::internal)?,
        attempts: u32::try_from(row.attempts).unwrap_or_default() + 1,
    }))
}

/// Whether `listener` has dealt with the event already.
pub async fn delivered(db: &impl Read, claimed: &Claimed, listener: &str) -> Result<bool> {
    Ok(delivery::Entity::find_by_id((claimed.id.to_string(), listener.to_owned())).one(db).await?.is_some())
}

pub async fn record_delivery(ch: &mut Change<'_>, claimed: &Claimed, listener: &str) -> Result<()> {
    let row = delivery::ActiveModel {
        event: Set(claimed.id.to_string()),
        listener: Set(listener.to_owned()),
        at: Set(millis(ch.now)),
    };
    delivery::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// All listeners are done.
pub async fn settle(ch: &mut Change<'_>, claimed: &Claimed) -> Result<()> {
    event::Entity::update_many()
        .col_expr(event::Column::DoneAt, Expr::value(millis(ch.now)))
        .filter(event::Column::Seq.eq(claimed.seq))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// A listener failed: try again later, each time after twice as long, at most five minutes.
pub async fn postpone(ch: &mut Change<'_>, claimed: &Claimed, why: &str) -> Result<()> {
    let wait = FIRST_RETRY_MS.saturating_mul(1 << claimed.attempts.min(10)).min(LAST_RETRY_MS);
    event::Entity::update_many()
        .col_expr(event::Column::DueAt, Expr::value(millis(ch.now) + wait))
        .col_expr(event::Column::LastError, Expr::value(why.to_owned()))
        .filter(event::Column::Seq.eq(claimed.seq))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// How many events wait, and since when the oldest does: for health and for tests that need silence.
pub async fn waiting(db: &impl Read) -> Result<(u64, Option<Timestamp>)> {
    let open = event::Entity::find().filter(event::Column::DoneAt.is_null());
    let oldest = open.clone().order_by_asc(event::Column::Seq).one(db).await?;
    Ok((open.count(db).await?, oldest.map(|row| crate::clock::from_millis(row.told_at))))
}

/// Whether any worker has taken one of the events that wait: if not, nobody is at work.
pub async fn tried(db: &impl Read) -> Result<bool> {
    let taken = event::Entity::find().filter(event::Column::DoneAt.is_null()).filter(event::Column::Attempts.gt(0));
    Ok(taken.limit(1).one(db).await?.is_some())
}
