//! Opening the pools, with the pragmas that make an acknowledged write durable (design: WAL, `synchronous=FULL`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::sync::Notify;

use super::group::Queue;
use crate::clock::{Clock, Timestamp};
use crate::entropy::Entropy;
use crate::server_secret::ServerSecret;

/// Why the store could not be opened or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the database address must start with sqlite:// or postgres://")]
    UnknownScheme,
    #[error(
        "the database was written by a newer Waymark (its schema has `{found}`, which this program does not know): start the newer program, or restore a backup made before the upgrade"
    )]
    NewerSchema { found: String },
    #[error("the database is not up to date ({pending} migrations wait): run `waymark migrate` first")]
    Behind { pending: usize },
    #[error("{path} could not be made readable by its owner alone: {why}")]
    Exposed { path: String, why: std::io::Error },
    #[error("the database did not answer: {0}")]
    Db(#[from] DbErr),
}

/// Pools, clock and randomness. Cheap to share behind an [`Arc`].
pub struct Database {
    read: DatabaseConnection,
    pub(super) write: DatabaseConnection,
    /// Who writes next, where there is one writer.
    pub(super) queue: Option<Queue>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// What no store has.
    pub secret: ServerSecret,
    /// Rung after each commit that told a domain event, so that the worker in this process looks at once.
    pub bell: Arc<Notify>,
    pub(super) commits: AtomicU64,
}

const SQLITE_READERS: u32 = 4;
/// Of each pool, the reading and the writing one.
const POSTGRES_CONNECTIONS: u32 = 8;

impl Database {
    /// Opens `url` (`sqlite://path/file.db` or `postgres://…`); an SQLite file that does not exist is created.
    pub async fn open(url: &str, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, ConnectError> {
        let (bell, commits, secret) = (Arc::new(Notify::new()), AtomicU64::new(0), ServerSecret::default());
        if url.starts_with("sqlite:") {
            keep_private(url)?;
            let write = sea_orm::Database::connect(sqlite(url, 1)).await?;
            let read = sea_orm::Database::connect(sqlite(url, SQLITE_READERS)).await?;
            Ok(Self { read, write, queue: Some(Queue::default()), clock, entropy, secret, bell, commits })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let mut options = ConnectOptions::new(url);
            options.max_connections(POSTGRES_CONNECTIONS).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
            // Writers that wait for one another never keep a reader from a connection.
            let read = sea_orm::Database::connect(options.clone()).await?;
            let write = sea_orm::Database::connect(options).await?;
            Ok(Self { read, write, queue: None, clock, entropy, secret, bell, commits })
        } else {
            Err(ConnectError::UnknownScheme)
        }
    }

    /// The pool to read from.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Grows with every change that this process committed, before the one who made it is answered. What was read before it grew may be out of date.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn is_sqlite(&self) -> bool {
        self.write.get_database_backend() == DbBackend::Sqlite
    }

    /// Runs every migration that waits. Refuses a schema that is newer than this program.
    pub async fn migrate(&self) -> Result<usize, ConnectError> {
        self.refuse_newer().await?;
        let pending = Migrator::get_pending_migrations(&self.write).await?.len();
        Migrator::up(&self.write, None).await?;
        Ok(pending)
    }

    /// Whether this migration was applied to it: in an empty database, or one of another program, none was.
    pub async fn has_migration(&self, name: &str) -> Result<bool, ConnectError> {
        Migrator::install(&self.write).await?;
        Ok(Migrator::get_migration_models(&self.write).await?.iter().any(|row| row.version == name))
    }

    /// Ok only when the schema is exactly the one this program knows.
    pub async fn require_current(&self) -> Result<(), ConnectError> {
        self.refuse_newer().await?;
        match Migrator::get_pending_migrations(&self.write).await?.len() {
            0 => Ok(()),
            pending => Err(ConnectError::Behind { pending }),
        }
    }

    async fn refuse_newer(&self) -> Result<(), ConnectError> {
        Migrator::install(&self.write).await?;
        let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        let applied = Migrator::get_migration_models(&self.write).await?;
        match applied.into_iter().find(|row| !known.contains(&row.version)) {
            Some(row) => Err(ConnectError::NewerSchema { found: row.version }),
            None => Ok(()),
        }
    }

    /// Whether a commit that was answered survives a power cut, and the settings that say so.
    pub async fn durability(&self) -> Result<(bool, String), DbErr> {
        let ask = async |sql: &str, column: &str| -> Result<String, DbErr> {
            let backend = self.write.get_database_backend();
            let row = self.write.query_one_raw(Statement::from_string(backend, sql)).await?;
            let row = row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))?;
            row.try_get::<String>("", column).or_else(|_| row.try_get::<i32>("", column).map(|n| n.to_string()))
        };
        if self.is_sqlite() {
            let journal = ask("PRAGMA journal_mode", "journal_mode").await?;
            let synchronous = ask("PRAGMA synchronous", "synchronous").await?;
            let text = format!("SQLite journal_mode={journal} synchronous={synchronous}");
            return Ok((journal == "wal" && synchronous == "2", text));
        }
        let version = ask("SHOW server_version_num", "server_version_num").await?;
        let commit = ask("SHOW synchronous_commit", "synchronous_commit").await?;
        let fsync = ask("SHOW fsync", "fsync").await?;
        let text = format!("PostgreSQL {version} synchronous_commit={commit} fsync={fsync}");
        Ok((version.parse::<u32>().is_ok_and(|v| v >= 150_000) && commit != "off" && fsync == "on", text))
    }

    /// Closes the pools; on SQLite this checkpoints the write-ahead log.
    pub async fn close(&self) {
        let _ = self.read.clone().close().await;
        let _ = self.write.clone().close().await;
    }
}

/// The file holds addresses, answer keys and check codes: its owner reads it and nobody else. SQLite gives its two companion files the same mode.
fn keep_private(url: &str) -> Result<(), ConnectError> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default();
    if path.is_empty() || path.contains(":memory:") {
        return Ok(());
    }
    #[cfg(unix)]
    {
        use std::fs::{OpenOptions, Permissions, set_permissions};
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let exposed = |why| ConnectError::Exposed { path: path.to_owned(), why };
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                let mode = std::fs::metadata(path).map_err(exposed)?.permissions().mode();
                if mode & 0o077 != 0 {
                    set_permissions(path, Permissions::from_mode(0o600)).map_err(exposed)?;
                }
            }
            // A folder that is missing or closed: SQLite says it better.
            Err(_) => {}
        }
    }
    Ok(())
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
        })
        // After a commit or a rollback that failed, on a full disk say, a connection may still believe itself in a transaction: what is written on
        // it would be acknowledged and never stored. It is thrown away.
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        });
    options
}
