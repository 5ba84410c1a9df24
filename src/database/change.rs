//! The write door. A [`Change`] is one open transaction with one `now`, one actor and one stream of ids; dropping it without
//! [`Change::commit`] undoes everything.
//!
//! A privileged change commits only with exactly one audit row, so "no row, no change" holds by construction.

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use sha2::{Digest, Sha256};

use super::audit::{self, AuditEntry};
use super::connect::Database;
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
    tx: DatabaseTransaction,
    pub now: Timestamp,
    pub actor: Actor,
    kind: Kind,
    audited: u32,
    told: u32,
}

impl Database {
    /// Opens the write door. On SQLite the transaction is IMMEDIATE: it waits here for its turn, never at a later statement.
    pub async fn change(&self, actor: Actor, kind: Kind) -> Result<Change<'_>> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.is_sqlite().then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let tx = self.write.begin_with_options(options).await?;
        Ok(Change { db: self, tx, now: self.now(), actor, kind, audited: 0, told: 0 })
    }
}

impl Change<'_> {
    /// The open transaction: what a room's entity finders and inserts take.
    pub fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    pub fn entropy(&self) -> &dyn Entropy {
        self.db.entropy.as_ref()
    }

    /// Waits until no other open change holds the same turn, and holds it until the end. For a check and a write that must not be parted on
    /// PostgreSQL; SQLite has one writer anyway.
    pub async fn take_turn(&self, turn: &str) -> Result<()> {
        if self.tx.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let hash: [u8; 32] = Sha256::new().chain_update(b"waymark turn\x1f").chain_update(turn).finalize().into();
        let number = hash[..8].iter().fold(0_i64, |n, byte| n << 8 | i64::from(*byte));
        let lock =
            Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [number.into()]);
        self.tx.execute_raw(lock).await?;
        Ok(())
    }

    /// A new id of any kind.
    pub fn id<I: PrefixedId>(&self) -> I {
        ids::fresh(self.now, self.entropy())
    }

    /// Tells the other rooms, once this change is committed.
    pub async fn tell(&mut self, event: &DomainEvent) -> Result<()> {
        outbox::append(self, event).await?;
        self.told += 1;
        Ok(())
    }

    /// Adds this change's row to the hash chain of the audit log.
    pub async fn audit(&mut self, entry: AuditEntry) -> Result<()> {
        audit::append(self, entry).await?;
        self.audited += 1;
        Ok(())
    }

    /// Makes the change durable. An error here means *unknown*: read back by key before trying again.
    pub async fn commit(self) -> Result<()> {
        if self.kind == Kind::Privileged && self.audited != 1 {
            return Err(Error::internal(format!(
                "a privileged change needs exactly one audit row, it has {}",
                self.audited
            )));
        }
        self.tx.commit().await.map_err(|e| Error::new(Code::OutcomeUnknown).because(e))?;
        if self.told > 0 {
            self.db.bell.notify_one();
        }
        Ok(())
    }
}
