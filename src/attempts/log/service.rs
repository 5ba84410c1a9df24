//! Appending to an attempt's log and reading it back. Nothing here changes or removes an event.

use std::collections::{BTreeMap, HashMap};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Order, Query, UnionType};
use sea_orm::{QueryOrder, QueryResult, QuerySelect};
use serde_json::{Value, json};

use super::chain::{self, Link, Log};
use super::entity::{event, note};
use super::kind::Kind;
use crate::clock::{Timestamp, from_millis, millis, rfc3339};
use crate::database::{Change, Read};
use crate::entropy;
use crate::error::{Code, Error, Result};
use crate::ids::AttemptId;

/// Events that one player may report: what comes after is counted by nobody and stored nowhere.
pub const MOST_REPORTED: u64 = 2_000;
/// Events that one player may report in a minute.
pub const MOST_A_MINUTE: u64 = 120;
/// The same kind reported for a window is worth a row this often.
const MINUTE: time::Duration = time::Duration::MINUTE;

/// Adds an event; the caller holds the attempt's row, so that two events never follow the same one.
pub async fn append(ch: &mut Change<'_>, attempt: AttemptId, kind: Kind, payload: Value) -> Result<()> {
    add(ch, attempt, kind, payload, None, false).await.map(|_| ())
}

/// Adds an event that says something of a person: the chain holds a salted digest, the words stand beside it and can be erased.
pub async fn append_with_note(
    ch: &mut Change<'_>,
    attempt: AttemptId,
    kind: Kind,
    payload: Value,
    about: &Value,
) -> Result<()> {
    let salt: String = entropy::bytes::<16>(ch.entropy()).iter().map(|b| format!("{b:02x}")).collect();
    let content = chain::canonical(about);
    let mut payload = payload;
    payload["note"] = json!(chain::reference(&salt, &content));
    let seq = add(ch, attempt, kind, payload, None, false).await?;
    let row =
        note::ActiveModel { attempt: Set(attempt.to_string()), seq: Set(seq), salt: Set(salt), content: Set(content) };
    note::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// What a player noticed.
#[derive(Debug, Clone)]
pub struct Reported {
    pub kind: Kind,
    pub position: Option<u32>,
    pub client_at: Option<Timestamp>,
}

/// Adds what a player reported, as far as there is room; answers how many.
///
/// # Errors
/// More in a minute than a person brings about.
pub async fn report(ch: &mut Change<'_>, attempt: AttemptId, reported: &[Reported]) -> Result<usize> {
    let by_client = event::Entity::find()
        .filter(event::Column::Attempt.eq(attempt.to_string()))
        .filter(event::Column::ByClient.eq(true));
    let all = by_client.clone().count(ch.tx()).await?;
    let lately = by_client.filter(event::Column::At.gt(millis(ch.now - MINUTE))).count(ch.tx()).await?;
    if lately + reported.len() as u64 > MOST_A_MINUTE {
        return Err(Error::new(Code::RateLimited).with("seconds", "60").retry_after(60));
    }
    let room = usize::try_from(MOST_REPORTED.saturating_sub(all)).unwrap_or(usize::MAX);
    let taken = reported.len().min(room);
    for one in &reported[..taken] {
        let payload = one.position.map_or_else(|| json!({}), |position| json!({"position": position}));
        add(ch, attempt, one.kind, payload, one.client_at, true).await?;
    }
    Ok(taken)
}

async fn add(
    ch: &mut Change<'_>,
    attempt: AttemptId,
    kind: Kind,
    payload: Value,
    client_at: Option<Timestamp>,
    by_client: bool,
) -> Result<i64> {
    let last: Option<(i64, String)> = event::Entity::find()
        .select_only()
        .columns([event::Column::Seq, event::Column::Hash])
        .filter(event::Column::Attempt.eq(attempt.to_string()))
        .order_by_desc(event::Column::Seq)
        .into_tuple()
        .one(ch.tx())
        .await?;
    let head = last.unwrap_or_default();
    let seq = head.0 + 1;
    let row = following(attempt.to_string(), head, ch.now, kind, payload, client_at, by_client);
    event::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(seq)
}

/// The event that follows the one with this number and hash.
fn following(
    attempt: String,
    (before, prev_hash): (i64, String),
    now: Timestamp,
    kind: Kind,
    payload: Value,
    client_at: Option<Timestamp>,
    by_client: bool,
) -> event::ActiveModel {
    let seq = before + 1;
    let link = Link {
        seq: seq.unsigned_abs(),
        at: rfc3339(now),
        client_at: client_at.map(rfc3339),
        kind: kind.as_str().to_owned(),
        payload,
        prev_hash,
        hash: String::new(),
    };
    let hash = chain::hash(&attempt, &link);
    event::ActiveModel {
        attempt: Set(attempt),
        seq: Set(seq),
        at: Set(millis(now)),
        client_at: Set(client_at.map(millis)),
        kind: Set(link.kind),
        payload: Set(chain::canonical(&link.payload)),
        by_client: Set(by_client),
        hash: Set(hash),
    }
}

/// Adds one event to each of these attempts; the caller holds their rows. No attempt may stand twice among them.
pub async fn append_each(ch: &mut Change<'_>, events: Vec<(AttemptId, Kind, Value)>) -> Result<()> {
    let attempts: Vec<String> = events.iter().map(|(attempt, ..)| attempt.to_string()).collect();
    let mut heads = heads(ch, &attempts).await?;
    let follow = |((_, kind, payload), attempt): ((AttemptId, Kind, Value), String)| {
        let head = heads.remove(&attempt).unwrap_or_default();
        following(attempt, head, ch.now, kind, payload, None, false)
    };
    let rows: Vec<_> = events.into_iter().zip(attempts).map(follow).collect();
    if !rows.is_empty() {
        event::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Number and hash of the last event of each attempt that has one.
async fn heads(ch: &Change<'_>, attempts: &[String]) -> Result<HashMap<String, (i64, String)>> {
    let columns = [event::Column::Attempt, event::Column::Seq, event::Column::Hash];
    let last = |attempt: &String| {
        let mut last = Query::select();
        last.columns(columns).from(event::Entity).and_where(event::Column::Attempt.eq(attempt.as_str()));
        last.order_by(event::Column::Seq, Order::Desc).limit(1);
        Query::select().columns(columns).from_subquery(last, "last").to_owned()
    };
    let mut each = attempts.iter().map(last);
    let Some(mut all) = each.next() else { return Ok(HashMap::new()) };
    for one in each {
        all.union(UnionType::All, one);
    }
    let rows = ch.tx().query_all(&all).await?;
    let read = |row: QueryResult| {
        let by = |column: event::Column| column.as_str();
        let head = (row.try_get("", by(event::Column::Seq))?, row.try_get("", by(event::Column::Hash))?);
        Ok((row.try_get("", by(event::Column::Attempt))?, head))
    };
    rows.into_iter().map(read).collect()
}

/// The whole log, oldest first.
pub async fn of_attempt(db: &impl Read, attempt: AttemptId) -> Result<Log> {
    let rows = event::Entity::find()
        .filter(event::Column::Attempt.eq(attempt.to_string()))
        .order_by_asc(event::Column::Seq)
        .all(db)
        .await?;
    let mut log = Log { attempt: attempt.to_string(), events: Vec::with_capacity(rows.len()) };
    let mut previous = String::new();
    for row in rows {
        let hash = row.hash.clone();
        log.events.push(Link {
            seq: row.seq.unsigned_abs(),
            at: rfc3339(from_millis(row.at)),
            client_at: row.client_at.map(|at| rfc3339(from_millis(at))),
            kind: row.kind,
            payload: serde_json::from_str(&row.payload)?,
            prev_hash: std::mem::replace(&mut previous, hash),
            hash: row.hash,
        });
    }
    Ok(log)
}

/// What events say of people, by number, where it was not erased.
pub async fn notes(db: &impl Read, attempt: AttemptId) -> Result<BTreeMap<u64, Value>> {
    let rows = note::Entity::find().filter(note::Column::Attempt.eq(attempt.to_string())).all(db).await?;
    rows.into_iter().map(|row| Ok((row.seq.unsigned_abs(), serde_json::from_str(&row.content)?))).collect()
}

/// Erases what the events of an attempt say of people; the chain goes on holding. Answers how many.
pub async fn erase_notes(ch: &mut Change<'_>, attempt: AttemptId) -> Result<u64> {
    let gone = note::Entity::delete_many().filter(note::Column::Attempt.eq(attempt.to_string())).exec(ch.tx()).await?;
    Ok(gone.rows_affected)
}

/// How often something happened in each of these attempts.
pub async fn counts(db: &impl Read, attempts: &[String], kind: Kind) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = event::Entity::find()
        .select_only()
        .column(event::Column::Attempt)
        .column_as(event::Column::Seq.count(), "number")
        .filter(event::Column::Attempt.is_in(attempts))
        .filter(event::Column::Kind.eq(kind.as_str()))
        .group_by(event::Column::Attempt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
