//! Who writes, and when they were last heard of.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sea_orm::entity::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;
use waymark_assess::attempt::Refused;

use super::entity::lease;
use crate::attempts::log::{self, Kind};
use crate::attempts::service::lock;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::entropy;
use crate::error::{Code, Error, Result};
use crate::ids::{AttemptId, MemberId};

/// A holder that was not heard of for so long has let go: the next window to ask gets the lease without a question.
pub const QUIET: Duration = Duration::seconds(45);

/// What a window learns when it asks for the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Whether the window that asked writes from now on.
    pub held: bool,
    /// Counts the holders of the lease from 1.
    pub epoch: u64,
    /// 32 bytes in base64, the same for the whole attempt: the player encrypts with it what it keeps on the device.
    pub local_key: String,
    pub taken_at: Timestamp,
    pub contact_at: Timestamp,
}

/// Asks for the lease in the name of a window.
///
/// # Errors
/// A foreign attempt; one that is over.
pub async fn ask(
    ch: &mut Change<'_>,
    id: AttemptId,
    member: MemberId,
    holder: &str,
    take_over: bool,
) -> Result<Granted> {
    let attempt = lock(ch, id, member).await?;
    let holder = digest(holder);
    let Some(row) = lease::Entity::find_by_id(id.to_string()).one(ch.tx()).await? else {
        let local_key = STANDARD.encode(entropy::bytes::<32>(ch.entropy()));
        let row = lease::Model {
            attempt: id.to_string(),
            epoch: 1,
            holder,
            local_key,
            taken_at: millis(ch.now),
            contact_at: millis(ch.now),
            unsent: 0,
            lag_ms: None,
        };
        let insert = lease::ActiveModel::from(row.clone()).reset_all();
        lease::Entity::insert(insert).exec_without_returning(ch.tx()).await?;
        log::append(ch, id, Kind::LeaseTaken, json!({"epoch": 1, "how": "first"})).await?;
        return granted(row, true);
    };
    let quiet = ch.now - from_millis(row.contact_at) >= QUIET;
    let same = row.holder == holder;
    if attempt.life.at_work(ch.now).is_err() || !(same || take_over || quiet) {
        return granted(row, same);
    }
    let epoch = if same { row.epoch } else { row.epoch + 1 };
    let row = lease::Model {
        epoch,
        holder,
        taken_at: if same { row.taken_at } else { millis(ch.now) },
        contact_at: millis(ch.now),
        ..row
    };
    lease::Entity::update_many()
        .col_expr(lease::Column::Epoch, Expr::value(row.epoch))
        .col_expr(lease::Column::Holder, Expr::value(row.holder.clone()))
        .col_expr(lease::Column::TakenAt, Expr::value(row.taken_at))
        .col_expr(lease::Column::ContactAt, Expr::value(row.contact_at))
        .filter(lease::Column::Attempt.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    if !same {
        let how = if take_over { "taken_over" } else { "quiet" };
        log::append(ch, id, Kind::LeaseTaken, json!({"epoch": epoch, "how": how})).await?;
    }
    granted(row, true)
}

fn granted(row: lease::Model, held: bool) -> Result<Granted> {
    Ok(Granted {
        held,
        epoch: row.epoch.unsigned_abs(),
        local_key: row.local_key,
        taken_at: from_millis(row.taken_at),
        contact_at: from_millis(row.contact_at),
    })
}

fn digest(holder: &str) -> String {
    let hash = Sha256::new().chain_update(b"waymark window\x1f").chain_update(holder).finalize();
    hash[..16].iter().map(|b| format!("{b:02x}")).collect()
}

/// Who wants to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// A window that takes part in the lease, by the epoch that it was given.
    Window { epoch: u64 },
    /// A page that was made while the lease stood at this epoch: a form posted without JavaScript.
    Page { epoch: u64 },
    /// A program with a token that never asked for the lease.
    Apart,
}

impl Writer {
    /// What a call says of itself: the epoch, or nothing.
    pub fn calling(lease: Option<u64>) -> Self {
        lease.map_or(Self::Apart, |epoch| Self::Window { epoch })
    }

    /// What a form says of itself: the epoch that stood on its page.
    pub fn posting(lease: Option<u64>) -> Self {
        lease.map_or(Self::Apart, |epoch| Self::Page { epoch })
    }

    /// The epoch that it named, 0 where it named none.
    pub fn epoch(self) -> u64 {
        match self {
            Self::Window { epoch } | Self::Page { epoch } => epoch,
            Self::Apart => 0,
        }
    }
}

/// Lets `writer` go on, or says that another window writes now. The caller holds the attempt's row until the change ends, so that no take-over comes
/// between. Without a lease, or once its holder fell silent for [`QUIET`], who names none may write; a window that holds it may always.
///
/// # Errors
/// The inner error is the refusal.
pub async fn hold(ch: &Change<'_>, id: AttemptId, writer: Writer) -> Result<Result<(), Error>> {
    let row = lease::Entity::find_by_id(id.to_string()).one(ch.tx()).await?;
    Ok(may_write(row.as_ref(), writer, ch.now).map_err(lost))
}

/// What a writer learns who may not write: the epoch of the lease.
pub fn lost(current: u64) -> Error {
    Error::new(Code::LeaseLost).member("epoch", current)
}

/// Whether `writer` may write under this lease, else the epoch at which it stands.
fn may_write(row: Option<&lease::Model>, writer: Writer, now: Timestamp) -> Result<(), u64> {
    let current = row.map_or(0, |row| row.epoch.unsigned_abs());
    let let_go = row.is_none_or(|row| now - from_millis(row.contact_at) >= QUIET);
    let may = match writer {
        Writer::Window { epoch } => epoch == current,
        Writer::Page { epoch } => epoch == current || let_go,
        Writer::Apart => let_go,
    };
    if may { Ok(()) } else { Err(current) }
}

/// The leases of several attempts. The caller holds their rows until the change ends.
pub struct Leases(HashMap<String, lease::Model>);

impl Leases {
    pub async fn of(db: &impl Read, attempts: &[String]) -> Result<Self> {
        let rows = lease::Entity::find().filter(lease::Column::Attempt.is_in(attempts)).all(db).await?;
        Ok(Self(rows.into_iter().map(|row| (row.attempt.clone(), row)).collect()))
    }

    /// As [`hold`] judges for one.
    ///
    /// # Errors
    /// The epoch at which the lease stands.
    pub fn let_write(&self, id: AttemptId, writer: Writer, now: Timestamp) -> Result<(), u64> {
        may_write(self.0.get(&id.to_string()), writer, now)
    }
}

/// Whether a refusal says that the attempt is over: that is told before anything about windows.
pub fn is_over<T>(outcome: &Result<T, Refused>) -> bool {
    matches!(outcome, Err(Refused::Closed(_) | Refused::Late(_)))
}

/// The epoch that a page is made under: the current one, or, before anybody asked for the lease, the one that the first to ask will get.
pub async fn epoch_of(db: &impl Read, id: AttemptId) -> Result<u64> {
    let row = lease::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(row.map_or(1, |row| row.epoch.unsigned_abs()))
}

/// Writes down that a window wrote although another one holds the lease: so many times, for it may go on trying.
pub async fn note_lost(ch: &mut Change<'_>, id: AttemptId, member: MemberId, epoch: u64) -> Result<()> {
    const MOST: i64 = 100;
    lock(ch, id, member).await?;
    let before = log::counts(ch.tx(), &[id.to_string()], Kind::LeaseLost).await?;
    if before.values().sum::<i64>() >= MOST {
        return Ok(());
    }
    log::append(ch, id, Kind::LeaseLost, json!({"epoch": epoch})).await
}

/// Hears from the holder: whether it still is, and how its saves go.
pub async fn hear(
    ch: &mut Change<'_>,
    id: AttemptId,
    member: MemberId,
    epoch: u64,
    unsent: u32,
    lag_ms: Option<u32>,
) -> Result<(bool, u64)> {
    lock(ch, id, member).await?;
    let row = lease::Entity::find_by_id(id.to_string()).one(ch.tx()).await?;
    let current = row.as_ref().map_or(0, |row| row.epoch.unsigned_abs());
    if row.is_none() || current != epoch {
        return Ok((false, current));
    }
    lease::Entity::update_many()
        .col_expr(lease::Column::ContactAt, Expr::value(millis(ch.now)))
        .col_expr(lease::Column::Unsent, Expr::value(i32::try_from(unsent).unwrap_or(i32::MAX)))
        .col_expr(lease::Column::LagMs, Expr::value(lag_ms.map(i64::from)))
        .filter(lease::Column::Attempt.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok((true, current))
}

/// When a player was last heard of, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub at: Timestamp,
    pub epoch: u64,
    pub unsent: u32,
    pub lag_ms: Option<i64>,
}

/// The last contact with each of these attempts; without JavaScript there is none.
pub async fn contacts(db: &impl Read, attempts: &[String]) -> Result<BTreeMap<String, Contact>> {
    let rows = lease::Entity::find().filter(lease::Column::Attempt.is_in(attempts)).all(db).await?;
    let contact = |row: lease::Model| {
        let contact = Contact {
            at: from_millis(row.contact_at),
            epoch: row.epoch.unsigned_abs(),
            unsent: row.unsent.unsigned_abs(),
            lag_ms: row.lag_ms,
        };
        (row.attempt, contact)
    };
    Ok(rows.into_iter().map(contact).collect())
}
