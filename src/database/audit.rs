//! The audit log: one row for each privileged change, each row holding the hash of the one before it.
//!
//! `hash = SHA-256(previous hash ‖ 0x1F-joined seq, at, actor, action, object, detail)`. A row that is edited, removed or inserted breaks the chain
//! at its place, which [`verify`] names.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, DbBackend, QueryOrder, QuerySelect, Statement};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Change, Read};
use crate::clock::millis;
use crate::error::Result;

/// What was done, to what. `detail` holds no secrets and no addresses.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// `credential.revoke`: noun and verb.
    pub action: &'static str,
    /// The id or slug of what was changed.
    pub object: String,
    pub detail: Value,
}

impl AuditEntry {
    pub fn new(action: &'static str, object: impl ToString, detail: Value) -> Self {
        Self { action, object: object.to_string(), detail }
    }
}

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub actor: String,
        pub action: String,
        pub object: String,
        pub detail: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One row as people read it.
pub use row::Model as AuditRow;

const NO_PREVIOUS: &str = "";
/// Any fixed number: the lock under which PostgreSQL writers take turns at the end of the chain.
const CHAIN_LOCK: i64 = 0x5741_594D_4152_4B01;

pub(super) async fn append(ch: &Change<'_>, entry: AuditEntry) -> Result<()> {
    if ch.tx().get_database_backend() == DbBackend::Postgres {
        ch.tx()
            .execute_raw(Statement::from_string(
                DbBackend::Postgres,
                format!("SELECT pg_advisory_xact_lock({CHAIN_LOCK})"),
            ))
            .await?;
    }
    let last = row::Entity::find().order_by_desc(row::Column::Seq).one(ch.tx()).await?;
    let (seq, previous) = last.map_or((1, NO_PREVIOUS.to_owned()), |r| (r.seq + 1, r.hash));
    let mut model = row::Model {
        seq,
        at: millis(ch.now),
        actor: ch.actor.to_string(),
        action: entry.action.to_owned(),
        object: entry.object,
        detail: entry.detail.to_string(),
        hash: String::new(),
    };
    model.hash = chained(&previous, &model);
    row::Entity::insert(row::ActiveModel {
        seq: Set(model.seq),
        at: Set(model.at),
        actor: Set(model.actor),
        action: Set(model.action),
        object: Set(model.object),
        detail: Set(model.detail),
        hash: Set(model.hash),
    })
    .exec_without_returning(ch.tx())
    .await?;
    Ok(())
}

fn chained(previous: &str, row: &row::Model) -> String {
    let fields = [&row.seq.to_string(), &row.at.to_string(), &row.actor, &row.action, &row.object, &row.detail];
    let mut hash = Sha256::new().chain_update(previous);
    for field in fields {
        hash.update([0x1F]);
        hash.update(field.as_bytes());
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// The first row that does not follow from the one before it, or the number of rows when all do.
pub async fn verify(db: &impl Read) -> Result<std::result::Result<u64, i64>> {
    let mut previous = NO_PREVIOUS.to_owned();
    let mut expected = 1_i64;
    loop {
        let page = row::Entity::find()
            .filter(row::Column::Seq.gte(expected))
            .order_by_asc(row::Column::Seq)
            .limit(1000)
            .all(db)
            .await?;
        if page.is_empty() {
            return Ok(Ok(expected.unsigned_abs() - 1));
        }
        for r in page {
            if r.seq != expected || r.hash != chained(&previous, &r) {
                return Ok(Err(expected));
            }
            previous = r.hash;
            expected += 1;
        }
    }
}

/// How often each of these actions was written down for each of these objects: by object and action.
pub async fn counts(db: &impl Read, objects: &[String], actions: &[&str]) -> Result<HashMap<(String, String), u64>> {
    let rows: Vec<(String, String)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Object, row::Column::Action])
        .filter(row::Column::Object.is_in(objects))
        .filter(row::Column::Action.is_in(actions.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = HashMap::new();
    for row in rows {
        *counts.entry(row).or_insert(0) += 1;
    }
    Ok(counts)
}

/// The newest `limit` rows about any of these objects, below `before` (exclusive), newest first.
pub async fn about(db: &impl Read, objects: &[String], before: Option<i64>, limit: u64) -> Result<Vec<AuditRow>> {
    let mut find = row::Entity::find().filter(row::Column::Object.is_in(objects));
    if let Some(before) = before {
        find = find.filter(row::Column::Seq.lt(before));
    }
    Ok(find.order_by_desc(row::Column::Seq).limit(limit).all(db).await?)
}

/// The newest `limit` rows below `before` (exclusive), newest first.
pub async fn recent(db: &impl Read, before: Option<i64>, limit: u64) -> Result<Vec<AuditRow>> {
    let mut find = row::Entity::find().order_by_desc(row::Column::Seq).limit(limit);
    if let Some(before) = before {
        find = find.filter(row::Column::Seq.lt(before));
    }
    Ok(find.all(db).await?)
}

/// Which rows are looked for: each part that is named must fit.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter<'a> {
    pub actor: Option<&'a str>,
    /// A whole action, `credential.revoke`, or its noun alone.
    pub action: Option<&'a str>,
    pub object: Option<&'a str>,
}

/// The newest `limit` rows that fit, below `before` (exclusive), newest first.
pub async fn found(db: &impl Read, filter: &AuditFilter<'_>, before: Option<i64>, limit: u64) -> Result<Vec<AuditRow>> {
    let mut find = row::Entity::find().order_by_desc(row::Column::Seq).limit(limit);
    if let Some(before) = before {
        find = find.filter(row::Column::Seq.lt(before));
    }
    if let Some(actor) = filter.actor {
        find = find.filter(row::Column::Actor.eq(actor));
    }
    if let Some(action) = filter.action {
        // `/` follows `.` in the order of characters, so that this is all that begins with the noun and a point.
        let of_noun = Condition::all()
            .add(row::Column::Action.gte(format!("{action}.")))
            .add(row::Column::Action.lt(format!("{action}/")));
        find = find.filter(Condition::any().add(row::Column::Action.eq(action)).add(of_noun));
    }
    if let Some(object) = filter.object {
        find = find.filter(row::Column::Object.eq(object));
    }
    Ok(find.all(db).await?)
}
