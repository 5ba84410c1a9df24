//! Group commit on SQLite: changes take turns on the one writing connection, each in a savepoint of its own, and the changes that came while one
//! commit was being written share the next, so that one write to the disk makes many of them durable.
//!
//! Promises: no change is answered before the COMMIT that holds it returned, nor is one that was undone by [`Turn::undo`] before all that it saw is
//! durable; a change that is undone takes no other with it; a caller that goes
//! away in the middle leaves neither an open transaction nor a half-done step behind (each step runs as a task of its own).

use std::sync::{Arc, OnceLock};

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// What became of the COMMIT that a group shares; unset until it was tried.
type Fate = Arc<OnceLock<Result<(), Arc<str>>>>;

/// The open transaction, and how many finished changes wait in it.
#[derive(Default)]
pub(super) struct Group {
    outer: Option<DatabaseTransaction>,
    finished: usize,
    fate: Fate,
}

/// First come, first served: a finished change that wants its COMMIT stands behind those that were waiting before it, and so takes them along.
pub(super) type Queue = Arc<Mutex<Group>>;

/// One change's turn. Dropped without [`Turn::commit`], its savepoint is rolled back.
pub(super) struct Turn {
    /// Ends before the group's transaction does.
    savepoint: Option<DatabaseTransaction>,
    group: OwnedMutexGuard<Group>,
    queue: Queue,
}

impl Turn {
    pub(super) async fn take(queue: Queue, connection: DatabaseConnection) -> Result<Self, DbErr> {
        detached(async move {
            let mut group = Arc::clone(&queue).lock_owned().await;
            if group.outer.is_none() {
                let immediate = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..Default::default()
                };
                *group = Group { outer: Some(connection.begin_with_options(immediate).await?), ..Group::default() };
            }
            let outer = group.outer.as_ref().expect("the line above opened it");
            match outer.begin().await {
                Ok(savepoint) => Ok(Self { savepoint: Some(savepoint), group, queue }),
                Err(e) => {
                    group.fail(&e); // the failed savepoint may have undone the whole transaction
                    Err(e)
                }
            }
        })
        .await
    }

    pub(super) fn tx(&self) -> &DatabaseTransaction {
        self.savepoint.as_ref().expect("only `commit` and `drop` take it, and both end the turn")
    }

    /// Makes the change durable, with all that share its group.
    pub(super) async fn commit(mut self) -> Result<(), DbErr> {
        detached(async move {
            self.savepoint.take().expect("a turn ends once").commit().await?;
            self.group.finished += 1;
            self.share_fate().await
        })
        .await
    }

    /// Undoes the change, and returns once all that it could see is durable.
    pub(super) async fn undo(mut self) -> Result<(), DbErr> {
        detached(async move {
            self.savepoint.take().expect("a turn ends once").rollback().await?;
            if self.group.finished == 0 { Ok(()) } else { self.share_fate().await }
        })
        .await
    }

    /// Stands in the queue again, and commits for the group unless somebody did meanwhile.
    async fn share_fate(self) -> Result<(), DbErr> {
        let fate = Arc::clone(&self.group.fate);
        let queue = Arc::clone(&self.queue);
        drop(self);
        let mut group = queue.lock().await;
        if fate.get().is_none() {
            group.commit().await;
        }
        match fate.get() {
            Some(Ok(())) => Ok(()),
            Some(Err(why)) => Err(DbErr::Custom(why.to_string())),
            None => Err(DbErr::Custom("the shared transaction ended without an answer".to_owned())),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        drop(self.savepoint.take());
        if self.group.finished == 0 {
            // nobody waits for this transaction: it must not stay open and keep other processes out
            drop(self.group.outer.take());
        }
    }
}

impl Group {
    async fn commit(&mut self) {
        let Some(outer) = self.outer.take() else { return };
        let outcome = outer.commit().await.map_err(|e| Arc::from(e.to_string()));
        let _ = self.fate.set(outcome);
    }

    fn fail(&mut self, why: &DbErr) {
        let _ = self.fate.set(Err(Arc::from(why.to_string())));
        drop(self.outer.take());
    }
}

/// Runs a step to its end even when the caller is dropped half-way: a savepoint that is opened or released without anybody knowing would make the
/// next roll back more than its own work.
async fn detached<T: Send + 'static>(
    step: impl Future<Output = Result<T, DbErr>> + Send + 'static,
) -> Result<T, DbErr> {
    tokio::spawn(step).await.unwrap_or_else(|e| Err(DbErr::Custom(format!("the step did not end: {e}"))))
}
