//! Group commit on SQLite: changes take turns on the one writing connection, each in a savepoint of its own, and the changes that came while one
//! commit was being written share the next, so that one write to the disk makes many of them durable.
//!
//! Promises: no change is answered before the COMMIT that holds it returned, nor is one that was undone by [`Turn::undo`] before all that it saw is
//! durable; a change that is undone takes no other with it; a caller that goes away in the middle leaves neither an open transaction nor a half-done step behind (each step runs as a task of its own).

use std::sync::{Arc, OnceLock};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
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
pub(super) struct Turn(Option<Held>);

struct Held {
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
            let mut held = Held { group, queue };
            held.run("SAVEPOINT change").await?;
            Ok(Self(Some(held)))
        })
        .await
    }

    pub(super) fn tx(&self) -> &DatabaseTransaction {
        self.0.as_ref().and_then(|held| held.group.outer.as_ref()).expect("a turn is held until it ends")
    }

    /// Makes the change durable, with all that share its group.
    pub(super) async fn commit(mut self) -> Result<(), DbErr> {
        let mut held = self.0.take().expect("a turn ends once");
        detached(async move {
            held.run("RELEASE change").await?;
            held.group.finished += 1;
            held.share_fate().await
        })
        .await
    }

    /// Undoes the change, and returns once all that it could see is durable.
    pub(super) async fn undo(mut self) -> Result<(), DbErr> {
        let held = self.0.take().expect("a turn ends once");
        detached(async move {
            match held.roll_back().await? {
                Some(held) => held.share_fate().await,
                None => Ok(()),
            }
        })
        .await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut held) = self.0.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(held.roll_back())),
            Err(_) => held.group.fail("the program ends"),
        }
    }
}

impl Held {
    /// A step that fails leaves the savepoints in doubt, and with them everything in the group.
    async fn run(&mut self, step: &str) -> Result<(), DbErr> {
        let outer =
            self.group.outer.as_ref().ok_or_else(|| DbErr::Custom("the shared transaction is over".to_owned()))?;
        let done = outer.execute_unprepared(step).await;
        if let Err(e) = &done {
            self.group.fail(&e.to_string());
        }
        done.map(drop)
    }

    /// Answers itself while others wait in the group; else the transaction ends here, so that it keeps no other process out.
    async fn roll_back(mut self) -> Result<Option<Self>, DbErr> {
        self.run("ROLLBACK TO change; RELEASE change").await?;
        if self.group.finished > 0 {
            return Ok(Some(self));
        }
        match self.group.outer.take() {
            Some(outer) => outer.rollback().await.map(|()| None),
            None => Ok(None),
        }
    }

    /// Stands in the queue again, and commits for the group unless somebody did meanwhile.
    async fn share_fate(self) -> Result<(), DbErr> {
        let Self { group, queue } = self;
        let fate = Arc::clone(&group.fate);
        drop(group);
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

impl Group {
    async fn commit(&mut self) {
        let Some(outer) = self.outer.take() else { return };
        let outcome = outer.commit().await.map_err(|e| Arc::from(e.to_string()));
        let _ = self.fate.set(outcome);
    }

    /// Undoes everything that is not committed yet; whoever waits for it is told.
    fn fail(&mut self, why: &str) {
        let _ = self.fate.set(Err(Arc::from(why)));
        drop(self.outer.take());
    }
}

/// Runs a step to its end even when the caller is dropped half-way: a savepoint that was opened or released without anybody
/// knowing would make the next roll back more, or less, than its own work.
async fn detached<T: Send + 'static>(
    step: impl Future<Output = Result<T, DbErr>> + Send + 'static,
) -> Result<T, DbErr> {
    tokio::spawn(step).await.unwrap_or_else(|e| Err(DbErr::Custom(format!("the step did not end: {e}"))))
}
