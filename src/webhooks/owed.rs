//! What webhooks are owed: one delivery for each webhook and event, with every try. Claimed under a lease, so that what was claimed by a process that
//! died is tried again by itself.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use time::Duration;

use super::entity::{delivery, tried};
use super::lifecycle::{self, Kind, Off, State};
use super::service::{self, Webhook};
use crate::clock::{Timestamp, from_millis, millis, rfc3339};
use crate::database::{AuditEntry, Change, Read};
use crate::domain_event::DomainEvent;
use crate::entropy;
use crate::error::{Code, Error, Result};
use crate::ids::{EventId, WebhookDeliveryId, WebhookId};

/// What one webhook is owed of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: WebhookDeliveryId,
    pub webhook: WebhookId,
    /// `webhook-id`: the same however often it is tried.
    pub event: EventId,
    pub kind: Kind,
    /// The bytes that are signed and sent.
    pub body: String,
    pub told_at: Timestamp,
    pub state: State,
    pub tries: u32,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    /// What the last try came to.
    pub status: Option<u16>,
    pub error: Option<String>,
    pub finished_at: Option<Timestamp>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    pub number: u32,
    pub at: Timestamp,
    pub status: Option<u16>,
    /// Why there is no status.
    pub error: Option<String>,
    /// The beginning of what the receiver answered.
    pub answer: String,
    pub took_ms: i64,
}

/// So many to one receiver at once.
pub(super) const AT_ONCE: u64 = 4;
/// Longer than any try takes.
const LEASE: Duration = Duration::seconds(60);
/// What nobody can sign here is looked at again after this.
const UNSIGNED: Duration = Duration::minutes(5);
/// Finished deliveries are kept so long.
const KEPT: Duration = Duration::days(30);
const AT_A_TIME: u64 = 500;

/// Writes down what a webhook is owed; twice is once.
pub(super) async fn owe(
    ch: &Change<'_>,
    to: WebhookId,
    event: EventId,
    kind: Kind,
    at: Timestamp,
    data: &Value,
) -> Result<()> {
    let body = json!({"type": kind.as_str(), "timestamp": rfc3339(at), "data": data});
    let row = delivery::ActiveModel {
        id: Set(ch.id::<WebhookDeliveryId>().to_string()),
        webhook: Set(to.to_string()),
        event: Set(event.to_string()),
        kind: Set(kind.as_str().to_owned()),
        body: Set(body.to_string()),
        told_at: Set(millis(at)),
        state: Set(State::Waiting.as_str().to_owned()),
        tries: Set(0),
        failed: Set(0),
        round_at: Set(None),
        due_at: Set(millis(ch.now)),
        leased_until: Set(None),
        status: Set(None),
        error: Set(None),
        finished_at: Set(None),
    };
    let twice = OnConflict::columns([delivery::Column::Webhook, delivery::Column::Event]).do_nothing().to_owned();
    delivery::Entity::insert(row).on_conflict(twice).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// A delivery by which staff see whether the receiver understands it.
///
/// # Errors
/// No such webhook; one that is off.
pub async fn test(ch: &mut Change<'_>, webhook: WebhookId) -> Result<Delivery> {
    must_be_on(&service::find(ch.tx(), webhook).await?)?;
    let event: EventId = ch.id();
    owe(ch, webhook, event, Kind::Test, ch.now, &json!({"webhook": webhook})).await?;
    ch.audit(AuditEntry::new("webhook.test", webhook, json!({"event": event}))).await?;
    let row = delivery::Entity::find().filter(delivery::Column::Webhook.eq(webhook.to_string()));
    let row = row.filter(delivery::Column::Event.eq(event.to_string())).one(ch.tx()).await?;
    read(row.ok_or_else(|| Error::internal("what was written is not there"))?)
}

/// Has a delivery tried again at once, whatever became of it, with all its tries before it; its id and body are the same.
///
/// # Errors
/// No such delivery of this webhook; the webhook is off.
pub async fn redeliver(ch: &mut Change<'_>, webhook: WebhookId, id: WebhookDeliveryId) -> Result<Delivery> {
    must_be_on(&service::find(ch.tx(), webhook).await?)?;
    find(ch.tx(), webhook, id).await?;
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(State::Waiting.as_str()))
        .col_expr(delivery::Column::Failed, Expr::value(0))
        .col_expr(delivery::Column::RoundAt, Expr::value(None::<i64>))
        .col_expr(delivery::Column::DueAt, Expr::value(millis(ch.now)))
        .col_expr(delivery::Column::FinishedAt, Expr::value(None::<i64>))
        .filter(delivery::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    ch.audit(AuditEntry::new("webhook.redeliver", webhook, json!({"delivery": id}))).await?;
    find(ch.tx(), webhook, id).await
}

fn must_be_on(webhook: &Webhook) -> Result<()> {
    if webhook.is_on() { Ok(()) } else { Err(Error::new(Code::WebhookOff)) }
}

fn is_due(now: i64) -> Condition {
    Condition::all()
        .add(delivery::Column::State.eq(State::Waiting.as_str()))
        .add(delivery::Column::DueAt.lte(now))
        .add(Condition::any().add(delivery::Column::LeasedUntil.is_null()).add(delivery::Column::LeasedUntil.lte(now)))
}

/// The webhooks that are on and are owed something now.
pub(super) async fn due(db: &impl Read, now: Timestamp) -> Result<Vec<Webhook>> {
    let owed: Vec<String> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Webhook)
        .filter(is_due(millis(now)))
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    if owed.is_empty() {
        return Ok(vec![]);
    }
    let all = service::all(db).await?;
    Ok(all.into_iter().filter(|webhook| webhook.is_on() && owed.contains(&webhook.id.to_string())).collect())
}

/// Claims up to `most` deliveries, the ones that have waited longest, and never more than [`AT_ONCE`] to one receiver.
pub(super) async fn claim(ch: &mut Change<'_>, most: usize) -> Result<Vec<(Webhook, Delivery)>> {
    ch.take_turn("webhooks").await?;
    let now = millis(ch.now);
    let mut claimed = vec![];
    for webhook in due(ch.tx(), ch.now).await? {
        let own = || delivery::Entity::find().filter(delivery::Column::Webhook.eq(webhook.id.to_string()));
        let underway = own().filter(delivery::Column::LeasedUntil.gt(now)).count(ch.tx()).await?;
        let left = u64::try_from(most - claimed.len()).unwrap_or(AT_ONCE);
        let room = AT_ONCE.saturating_sub(underway).min(left);
        let oldest = own().filter(is_due(now)).order_by_asc(delivery::Column::DueAt).order_by_asc(delivery::Column::Id);
        for row in oldest.limit(room).all(ch.tx()).await? {
            delivery::Entity::update_many()
                .col_expr(delivery::Column::LeasedUntil, Expr::value(millis(ch.now + LEASE)))
                .filter(delivery::Column::Id.eq(row.id.as_str()))
                .exec(ch.tx())
                .await?;
            claimed.push((webhook.clone(), read(row)?));
        }
        if claimed.len() >= most {
            break;
        }
    }
    Ok(claimed)
}

/// Nothing could be signed here: it waits, and no try is counted.
pub(super) async fn put_off(ch: &Change<'_>, id: WebhookDeliveryId) -> Result<()> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::DueAt, Expr::value(millis(ch.now + UNSIGNED)))
        .col_expr(delivery::Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(delivery::Column::Error, Expr::value("unsigned"))
        .filter(delivery::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Writes down how a try went, and what follows: delivered, another try later, or given up; and whether the webhook is switched off.
pub(super) async fn settle(ch: &mut Change<'_>, id: WebhookDeliveryId, tried_at: Timestamp, came: Try) -> Result<()> {
    let row = delivery::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    // Removed meanwhile, with its webhook.
    let Some(row) = row else { return Ok(()) };
    let webhook = service::find(ch.tx(), row.webhook.parse().map_err(Error::internal)?).await?;
    let (tries, failed) = (row.tries + 1, row.failed + 1);
    let round_at = row.round_at.unwrap_or(millis(tried_at));
    let (mut state, mut due_at, mut off) = (State::Delivered, millis(ch.now), None);
    if came.status.is_some_and(|status| (200..300).contains(&status)) {
        if webhook.failing_since.is_some() {
            service::set_failing(ch, webhook.id, None).await?;
        }
    } else {
        let since = webhook.failing_since.unwrap_or(tried_at);
        let jitter = entropy::below(ch.entropy(), lifecycle::JITTER);
        match lifecycle::wait(failed.unsigned_abs(), jitter) {
            _ if came.status == Some(410) => (state, off) = (State::GivenUp, Some(Off::Gone)),
            Some(wait) => (state, due_at) = (State::Waiting, millis(ch.now + wait)),
            None => {
                let silent = lifecycle::is_silent(Some(millis(since)), round_at);
                (state, off) = (State::GivenUp, silent.then_some(Off::Unanswered));
            }
        }
        if webhook.failing_since.is_none() {
            service::set_failing(ch, webhook.id, Some(since)).await?;
        }
    }
    let finished = (state != State::Waiting).then(|| millis(ch.now));
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(state.as_str()))
        .col_expr(delivery::Column::Tries, Expr::value(tries))
        .col_expr(delivery::Column::Failed, Expr::value(failed))
        .col_expr(delivery::Column::RoundAt, Expr::value(round_at))
        .col_expr(delivery::Column::DueAt, Expr::value(due_at))
        .col_expr(delivery::Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(delivery::Column::Status, Expr::value(came.status.map(i32::from)))
        .col_expr(delivery::Column::Error, Expr::value(came.error.clone()))
        .col_expr(delivery::Column::FinishedAt, Expr::value(finished))
        .filter(delivery::Column::Id.eq(row.id.as_str()))
        .exec(ch.tx())
        .await?;
    let one = tried::ActiveModel {
        delivery: Set(row.id),
        number: Set(tries),
        at: Set(millis(tried_at)),
        status: Set(came.status.map(i32::from)),
        error: Set(came.error),
        answer: Set(came.answer),
        took_ms: Set(came.took_ms),
    };
    tried::Entity::insert(one).exec_without_returning(ch.tx()).await?;
    if let Some(why) = off.filter(|_| webhook.is_on()) {
        service::set_off(ch, webhook.id, Some(why)).await?;
        ch.tell(&DomainEvent::WebhookGivenUp { webhook: webhook.id }).await?;
    }
    Ok(())
}

/// Forgets what was finished long ago; answers how many.
pub(super) async fn forget(ch: &Change<'_>) -> Result<usize> {
    let old: Vec<String> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Id)
        .filter(delivery::Column::FinishedAt.lt(millis(ch.now - KEPT)))
        .limit(AT_A_TIME)
        .into_tuple()
        .all(ch.tx())
        .await?;
    tried::Entity::delete_many().filter(tried::Column::Delivery.is_in(&old)).exec(ch.tx()).await?;
    delivery::Entity::delete_many().filter(delivery::Column::Id.is_in(&old)).exec(ch.tx()).await?;
    Ok(old.len())
}

/// The delivery of this webhook with this id.
///
/// # Errors
/// Not found.
pub async fn find(db: &impl Read, webhook: WebhookId, id: WebhookDeliveryId) -> Result<Delivery> {
    let row = delivery::Entity::find_by_id(id.to_string()).one(db).await?;
    row.filter(|row| row.webhook == webhook.to_string()).map(read).transpose()?.ok_or_else(Error::not_found)
}

/// What a webhook is owed, the newest first.
pub async fn of(
    db: &impl Read,
    webhook: WebhookId,
    before: Option<WebhookDeliveryId>,
    most: u64,
) -> Result<Vec<Delivery>> {
    let mut find = delivery::Entity::find().filter(delivery::Column::Webhook.eq(webhook.to_string()));
    if let Some(before) = before {
        find = find.filter(delivery::Column::Id.lt(before.to_string()));
    }
    find.order_by_desc(delivery::Column::Id).limit(most).all(db).await?.into_iter().map(read).collect()
}

/// The tries of these deliveries, the first one first.
pub async fn tries_of(db: &impl Read, ids: &[WebhookDeliveryId]) -> Result<BTreeMap<WebhookDeliveryId, Vec<Try>>> {
    let rows = tried::Entity::find()
        .filter(tried::Column::Delivery.is_in(ids.iter().map(ToString::to_string)))
        .order_by_asc(tried::Column::Number)
        .all(db)
        .await?;
    let mut found: BTreeMap<WebhookDeliveryId, Vec<Try>> = BTreeMap::new();
    for row in rows {
        found.entry(row.delivery.parse().map_err(Error::internal)?).or_default().push(Try {
            number: row.number.unsigned_abs(),
            at: from_millis(row.at),
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            error: row.error,
            answer: row.answer,
            took_ms: row.took_ms,
        });
    }
    Ok(found)
}

fn read(row: delivery::Model) -> Result<Delivery> {
    Ok(Delivery {
        id: row.id.parse().map_err(Error::internal)?,
        webhook: row.webhook.parse().map_err(Error::internal)?,
        event: row.event.parse().map_err(Error::internal)?,
        kind: Kind::parse(&row.kind).ok_or_else(|| Error::internal("an unknown kind"))?,
        body: row.body,
        told_at: from_millis(row.told_at),
        state: State::parse(&row.state).ok_or_else(|| Error::internal("an unknown state"))?,
        tries: row.tries.unsigned_abs(),
        due_at: from_millis(row.due_at),
        status: row.status.and_then(|status| u16::try_from(status).ok()),
        error: row.error,
        finished_at: row.finished_at.map(from_millis),
    })
}
