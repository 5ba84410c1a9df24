//! An SQLite database copied while others write to it.

use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::BackupError;
use crate::database::Database;

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
