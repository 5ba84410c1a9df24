//! The write door. A [`Change`] is one open transaction with one `now`, one actor and one stream of ids; dropping it without
//! [`Change::commit`] undoes everything, and so does [`Change::undo`].
//!
//! A privileged change commits only with exactly one audit row, so "no row, no change" holds by construction.

use std::sync::atomic::Ordering;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait};
use sha2::{Digest, Sha256};

use super::audit::{self, AuditEntry};
use super::connect::Database;
use super::group::Turn;
use super::outbox;
use crate::actor::Actor;
use crate::clock::Timestamp;
use crate::domain_event::DomainEvent;
use crate::entropy::Entropy;
use crate::error::{Code, Error, Result};
use crate::ids::{self, PrefixedId};

/// Whether a change needs its row in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What a person does for themselves: an answer, a setting, a fact that arrives.
    Ordinary,
    /// What changes the standing of others: issue, revoke, publish, roles, keys.
    Privileged,
}

#[must_use = "a change that is not committed is undone"]
pub struct Change<'d> {
    db: &'d Database,
    door: Door,
    pub now: Timestamp,
    pub actor: Actor,
    kind: Kind,
    audited: u32,
    told: u32,
}

/// How a change becomes durable.
enum Door {
    /// In a transaction of its own: PostgreSQL gathers commits by itself.
    Own(DatabaseTransaction),
    /// In a savepoint of a transaction that it shares: SQLite.
    Shared(Turn),
}

impl Door {
    fn tx(&self) -> &DatabaseTransaction {
        match self {
            Self::Own(tx) => tx,
            Self::Shared(turn) => turn.tx(),
        }
    }

    async fn commit(self) -> std::result::Result<(), DbErr> {
        match self {
            Self::Own(tx) => tx.commit().await,
            Self::Shared(turn) => turn.commit().await,
        }
    }

    async fn undo(self) -> std::result::Result<(), DbErr> {
        match self {
            Self::Own(tx) => tx.rollback().await,
            Self::Shared(turn) => turn.undo().await,
        }
    }
}

impl Database {
    /// Opens the write door. On SQLite a change waits here for its turn, never at a later statement.
    pub async fn change(&self, actor: Actor, kind: Kind) -> Result<Change<'_>> {
        let door = match &self.queue {
            Some(queue) => Door::Shared(Turn::take(queue.clone(), self.write.clone()).await?),
            None => Door::Own(self.write.begin().await?),
        };
        Ok(Change { db: self, door, now: self.now(), actor, kind, audited: 0, told: 0 })
    }
}

impl Change<'_> {
    /// The open transaction: what a room's entity finders and inserts take.
    pub fn tx(&self) -> &DatabaseTransaction {
        self.door.tx()
    }

    pub fn entropy(&self) -> &dyn Entropy {
        self.db.entropy.as_ref()
    }

    /// What the server's secret makes of this text: the same for the same one, and nothing that a list can be tried against. `purpose` keeps it apart from what is
    /// made for another.
    pub fn keyed(&self, purpose: &str, text: &str) -> Result<String> {
        let made = self.db.secret.derive(self.entropy(), &format!("{purpose}\x1f{text}"));
        let made = made.map_err(|e| Error::new(Code::Unavailable).because(format!("the key folder: {e}")))?;
        Ok(made.iter().take(16).map(|b| format!("{b:02x}")).collect())
    }

    /// Waits until no other open change holds the same turn, and holds it until the end. For a check and a write that must not be parted on
    /// PostgreSQL; SQLite has one writer anyway.
    pub async fn take_turn(&self, turn: &str) -> Result<()> {
        if self.tx().get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let hash: [u8; 32] = Sha256::new().chain_update(b"waymark turn\x1f").chain_update(turn).finalize().into();
        let number = hash[..8].iter().fold(0_i64, |n, byte| n << 8 | i64::from(*byte));
        let lock =
            Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [number.into()]);
        self.tx().execute_raw(lock).await?;
        Ok(())
    }

    /// A new id of any kind.
    pub fn id<I: PrefixedId>(&self) -> I {
        ids::fresh(self.now, self.entropy())
    }

    /// Tells the other rooms, once this change is committed.
    pub async fn tell(&mut self, event: &DomainEvent) -> Result<()> {
        self.tell_all(std::slice::from_ref(event)).await
    }

    /// The same with many events at once, in their order.
    pub async fn tell_all(&mut self, events: &[DomainEvent]) -> Result<()> {
        outbox::append(self, events).await?;
        self.told = self.told.saturating_add(u32::try_from(events.len()).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Adds this change's row to the hash chain of the audit log.
    pub async fn audit(&mut self, entry: AuditEntry) -> Result<()> {
        audit::append(self, entry).await?;
        self.audited += 1;
        Ok(())
    }

    /// Undoes the change. For a caller that found its work already done and answers from what it saw: that may stand in a change which is not
    /// durable yet, and is when this returns. Where nothing seen is answered, dropping the change is enough.
    pub async fn undo(self) -> Result<()> {
        self.door.undo().await.map_err(|e| Error::new(Code::OutcomeUnknown).because(e))
    }

    /// Makes the change durable. An error here means *unknown*: read back by key before trying again.
    pub async fn commit(self) -> Result<()> {
        if self.kind == Kind::Privileged && self.audited != 1 {
            return Err(Error::internal(format!(
                "a privileged change needs exactly one audit row, it has {}",
                self.audited
            )));
        }
        let outcome = self.door.commit().await;
        // Also where the outcome is unknown: it may have happened.
        self.db.commits.fetch_add(1, Ordering::Release);
        outcome.map_err(|e| Error::new(Code::OutcomeUnknown).because(e))?;
        if self.told > 0 {
            self.db.bell.notify_one();
        }
        Ok(())
    }
}
