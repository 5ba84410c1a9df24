//! The outbox: domain events written in the transaction of their cause, claimed by workers under a lease, many at a time, delivered at least once
//! per (event, listener). Events of one member are delivered in order; a failing one holds back only that member.
//!
//! An event is settled once: where two workers have it, because a lease ran out, what the slower one writes for it is undone. Who put an event off or
//! gives it back writes only while the lease is its own.

use std::collections::HashSet;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, QueryOrder, QuerySelect};

use super::{Change, Read};
use crate::clock::{Timestamp, millis};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Result};
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
    id: String,
    /// Until when, in milliseconds: who claims it after that has another.
    lease: i64,
    /// Within whose events order is kept.
    pub member: Option<String>,
    /// The error says why nobody can read it: a newer program wrote it, or something damaged it.
    pub event: std::result::Result<DomainEvent, String>,
    /// When it happened.
    pub told_at: Timestamp,
    /// This one included.
    pub attempts: u32,
}

impl Claimed {
    /// The event's own id, the same however often it is delivered.
    pub fn id(&self) -> Result<EventId> {
        self.id.parse().map_err(Error::internal)
    }
}

const LEASE_MS: i64 = 30_000;
const FIRST_RETRY_MS: i64 = 500;
const LAST_RETRY_MS: i64 = 300_000;

pub(super) async fn append(ch: &Change<'_>, told: &[DomainEvent]) -> Result<()> {
    let mut rows = Vec::with_capacity(told.len());
    for told in told {
        rows.push(event::ActiveModel {
            id: Set(ch.id::<EventId>().to_string()),
            member: Set(told.member().map(|m| m.to_string())),
            event: Set(serde_json::to_string(told).map_err(Error::internal)?),
            told_at: Set(millis(ch.now)),
            due_at: Set(millis(ch.now)),
            attempts: Set(0),
            ..Default::default()
        });
    }
    if !rows.is_empty() {
        event::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Claims up to `most` events that are due, oldest first: of each member the first that is open and, unless that one failed before, those right
/// behind it. The claim moves `due_at` past the lease, so a worker that dies gives the events back by itself.
pub async fn claim(ch: &mut Change<'_>, most: u64) -> Result<Vec<Claimed>> {
    use sea_orm::ExprTrait as _;

    let now = millis(ch.now);
    let mut rows = first_of_each(ch, now, most).await?;
    rows.extend(right_behind(ch, now, &rows, most).await?);
    if rows.is_empty() {
        return Ok(vec![]);
    }
    rows.sort_by_key(|row| row.seq);
    let lease = now + LEASE_MS;
    event::Entity::update_many()
        .col_expr(event::Column::DueAt, Expr::value(lease))
        .col_expr(event::Column::Attempts, Expr::col(event::Column::Attempts).add(1))
        .filter(event::Column::Seq.is_in(rows.iter().map(|row| row.seq)))
        .exec(ch.tx())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            seq: row.seq,
            event: serde_json::from_str(&row.event).map_err(|e| format!("the event cannot be read: {e}")),
            id: row.id,
            lease,
            member: row.member,
            told_at: crate::clock::from_millis(row.told_at),
            attempts: u32::try_from(row.attempts).unwrap_or_default() + 1,
        })
        .collect())
}

/// What is due and not behind another of the same member. What another worker is claiming at this moment is passed over.
async fn first_of_each(ch: &Change<'_>, now: i64, most: u64) -> Result<Vec<event::Model>> {
    let mut find = event::Entity::find()
        .filter(event::Column::DoneAt.is_null())
        .filter(event::Column::DueAt.lte(now))
        .filter(Expr::cust(
            "NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.member = outbox.member AND earlier.done_at IS NULL AND earlier.seq < outbox.seq)",
        ))
        .order_by_asc(event::Column::Seq)
        .limit(most);
    if ch.tx().get_database_backend() == DbBackend::Postgres {
        find = find.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    Ok(find.all(ch.tx()).await?)
}

/// What follows the first of each member without a gap, as far as there is room for it. Nobody else claims these while the first is open; where
/// somebody has one nevertheless, because the first was written late, this waits for them, and what they have is a gap.
async fn right_behind(ch: &Change<'_>, now: i64, first: &[event::Model], most: u64) -> Result<Vec<event::Model>> {
    let room = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(first.len());
    // What failed before is tried alone.
    let members: HashSet<String> =
        first.iter().filter(|row| row.attempts == 0).filter_map(|row| row.member.clone()).collect();
    if room == 0 || members.is_empty() {
        return Ok(vec![]);
    }
    let mut find = event::Entity::find()
        .filter(event::Column::DoneAt.is_null())
        .filter(event::Column::Member.is_in(members))
        .filter(event::Column::Seq.is_not_in(first.iter().map(|row| row.seq)))
        .order_by_asc(event::Column::Seq)
        .limit(room as u64);
    if ch.tx().get_database_backend() == DbBackend::Postgres {
        find = find.lock(LockType::Update);
    }
    let mut rows = find.all(ch.tx()).await?;
    let mut gap = HashSet::new();
    rows.retain(|row| {
        if row.due_at > now || row.attempts > 0 {
            gap.insert(row.member.clone());
        }
        !gap.contains(&row.member)
    });
    Ok(rows)
}

/// Whether nobody has settled it yet.
pub async fn is_open(db: &impl Read, claimed: &Claimed) -> Result<bool> {
    let row = event::Entity::find_by_id(claimed.seq).one(db).await?;
    Ok(row.is_some_and(|row| row.done_at.is_none()))
}

/// Whether `listener` has dealt with the event already.
pub async fn delivered(db: &impl Read, claimed: &Claimed, listener: &str) -> Result<bool> {
    Ok(delivery::Entity::find_by_id((claimed.id.clone(), listener.to_owned())).one(db).await?.is_some())
}

/// Notes that `listener` has dealt with an event for which others are still to be asked.
pub async fn record_delivery(ch: &mut Change<'_>, claimed: &Claimed, listener: &str) -> Result<()> {
    let row = delivery::ActiveModel {
        event: Set(claimed.id.clone()),
        listener: Set(listener.to_owned()),
        at: Set(millis(ch.now)),
    };
    delivery::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// All listeners are done with these.
///
/// # Errors
/// A conflict where another worker has settled one of them: then what was written for them is to be undone.
pub async fn settle(ch: &mut Change<'_>, claimed: &[Claimed]) -> Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    let done = event::Entity::update_many()
        .col_expr(event::Column::DoneAt, Expr::value(millis(ch.now)))
        .filter(event::Column::Seq.is_in(claimed.iter().map(|one| one.seq)))
        .filter(event::Column::DoneAt.is_null())
        .exec(ch.tx())
        .await?;
    if done.rows_affected != claimed.len() as u64 {
        return Err(Error::new(Code::Conflict).because("another worker took an event up after the lease had run out"));
    }
    Ok(())
}

/// Not begun: whoever comes next may have them, as if they had never been claimed.
pub async fn give_back(ch: &mut Change<'_>, claimed: &[Claimed]) -> Result<()> {
    use sea_orm::ExprTrait as _;

    let untried = Expr::col(event::Column::Attempts).sub(1);
    let now = Expr::value(millis(ch.now));
    write(ch, claimed, &[(event::Column::DueAt, now), (event::Column::Attempts, untried)]).await
}

/// A listener failed: try again later, each time after twice as long, at most five minutes.
pub async fn postpone(ch: &mut Change<'_>, claimed: &Claimed, why: &str) -> Result<()> {
    let wait = FIRST_RETRY_MS.saturating_mul(1 << claimed.attempts.min(10)).min(LAST_RETRY_MS);
    let due = Expr::value(millis(ch.now) + wait);
    let why = Expr::value(why.to_owned());
    let one = std::slice::from_ref(claimed);
    write(ch, one, &[(event::Column::DueAt, due), (event::Column::LastError, why)]).await
}

/// Writes to those of the events, of one call of [`claim`], whose lease is still that one.
async fn write(ch: &Change<'_>, claimed: &[Claimed], columns: &[(event::Column, Expr)]) -> Result<()> {
    let Some(first) = claimed.first() else { return Ok(()) };
    let mut update = event::Entity::update_many();
    for (column, value) in columns {
        update = update.col_expr(*column, value.clone());
    }
    update
        .filter(event::Column::Seq.is_in(claimed.iter().map(|one| one.seq)))
        .filter(event::Column::DoneAt.is_null())
        .filter(event::Column::DueAt.eq(first.lease))
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
