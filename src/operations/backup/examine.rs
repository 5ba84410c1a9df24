//! Checking a backup: the archive, and where that can be done without a second server, the database inside.

use std::path::Path;
use std::sync::Arc;

use super::manifest::{Manifest, StoreKind};
use super::{BackupError, Scratch, archive, sqlite};
use crate::app::App;
use crate::config::Config;
use crate::credentials;
use crate::database::audit;
use crate::entropy::SystemEntropy;

/// What was found.
#[derive(Debug)]
pub struct Examined {
    pub manifest: Manifest,
    /// Whether the database was opened and read; a dump of PostgreSQL is compared by its hash alone.
    pub opened: bool,
    pub credentials: u64,
    pub audit_rows: Option<u64>,
    /// What is wrong inside, in plain words; empty where nothing is.
    pub damage: Vec<String>,
}

/// Reads the archive at `path` whole. Nothing outside a folder of its own, beside the archive, is written.
pub async fn examine(
    config: &Config,
    path: &Path,
    clock: Arc<dyn crate::clock::Clock>,
) -> Result<Examined, BackupError> {
    let scratch = Scratch::beside(path, &SystemEntropy)?;
    let manifest = archive::read(path, Some(&scratch.0))?;
    if manifest.database == StoreKind::Postgresql {
        return Ok(Examined { manifest, opened: false, credentials: 0, audit_rows: None, damage: vec![] });
    }
    let url = format!("sqlite://{}", scratch.join(manifest.database.file()).display());
    let db = sqlite::open_copy(&url, path, clock).await?;
    let mut damage = sqlite::damage(&db).await?;
    sqlite::is_ours(&db, path, &manifest).await?;
    db.migrate().await?;
    let mut within = Config { data_dir: scratch.0.clone(), ..config.clone() };
    within.database.url = url;
    within.base_url = manifest.base_url.parse().map_err(|e| BackupError::unfit(path, format!("base_url: {e}")))?;
    let app = App::new(db, within)?;
    let read = credentials::examine(&app).await?;
    damage.extend(read.damage.iter().map(|d| format!("{}: {}", d.object, d.problem)));
    let audit_rows = match audit::verify(app.db.read()).await? {
        Ok(rows) => Some(rows),
        Err(row) => {
            damage.push(format!("audit: row {row} does not follow from the one before it"));
            None
        }
    };
    app.db.close().await;
    Ok(Examined { manifest, opened: true, credentials: read.credentials, audit_rows, damage })
}
