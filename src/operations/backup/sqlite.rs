//! An SQLite database copied while others write to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::{BackupError, Manifest};
use crate::clock::Clock;
use crate::database::Database;
use crate::entropy::SystemEntropy;

/// Writes a copy as of one moment. Readers and writers go on.
pub async fn copy(db: &Database, to: &Path) -> Result<(), BackupError> {
    let statement =
        Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [to.display().to_string().into()]);
    db.read().execute_raw(statement).await?;
    Ok(())
}

/// What SQLite itself finds damaged in the file; empty where nothing is.
pub async fn damage(db: &Database) -> Result<Vec<String>, BackupError> {
    let rows = db.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check")).await?;
    let said: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get::<String>("", "integrity_check")).collect();
    Ok(said?.into_iter().filter(|line| line != "ok").collect())
}

/// Opens the database of an archive. What is no database makes the archive unfit.
pub async fn open_copy(url: &str, archive: &Path, clock: Arc<dyn Clock>) -> Result<Database, BackupError> {
    let opened = Database::open(url, clock, Arc::new(SystemEntropy)).await;
    opened.map_err(|why| BackupError::unfit(archive, format!("its database cannot be opened: {why}")))
}

/// Refuses a database that lacks the schema which the manifest names: putting it back would make an installation of nothing.
pub async fn is_ours(db: &Database, archive: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    if db.has_migration(&manifest.schema).await? {
        return Ok(());
    }
    let why = format!("its database lacks the schema `{}` that the manifest names", manifest.schema.escape_debug());
    Err(BackupError::unfit(archive, why))
}

/// The file behind an address; None for one that lives in memory.
pub fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//").split('?').next()?;
    (!path.is_empty() && !path.contains(":memory:")).then(|| PathBuf::from(path))
}

/// The files that SQLite keeps for a database.
pub fn companions(file: &Path) -> Vec<PathBuf> {
    ["", "-wal", "-shm"]
        .iter()
        .map(|end| {
            let mut name = file.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        })
        .collect()
}
