//! Putting a backup back, into an empty place only.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::manifest::{self, Manifest, StoreKind};
use super::{BackupError, Scratch, archive, postgres, private_folder, sqlite};
use crate::actor::Actor;
use crate::clock::Clock;
use crate::config::Config;
use crate::credentials;
use crate::database::{AuditEntry, Database, Kind};
use crate::entropy::SystemEntropy;

/// How many certificate numbers are left out after a restore: more than are issued between two backups.
pub const NUMBER_GAP: u32 = 10_000;

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// Migrations that the older database needed.
    pub migrated: usize,
    /// Where the backup's installation answers, if this configuration names another address: what was issued points there.
    pub issued_at: Option<String>,
}

/// Puts the backup where `config` says. The database appears under its name last, whole or not at all.
pub async fn restore(config: &Config, path: &Path, clock: Arc<dyn Clock>) -> Result<Restored, BackupError> {
    let url = config.database_url();
    let wanted = StoreKind::of_url(&url);
    let keys = config.keys_dir();
    occupied_by_files(config, &url, &keys)?;
    private_folder(&config.data_dir)?;
    let scratch = Scratch::beside(&config.data_dir.join("inside"), &SystemEntropy)?;
    let manifest = archive::read(path, Some(&scratch.0))?;
    if manifest.database != wanted {
        return Err(BackupError::OtherStore { found: manifest.database, wanted });
    }
    let copy = scratch.join(wanted.file());
    let open = async |url: &str| Database::open(url, clock.clone(), Arc::new(SystemEntropy)).await;
    let migrated = match wanted {
        StoreKind::Sqlite => {
            let db = sqlite::open_copy(&format!("sqlite://{}", copy.display()), path, clock.clone()).await?;
            let damage = sqlite::damage(&db).await?;
            if let Some(first) = damage.first() {
                return Err(BackupError::unfit(path, format!("its database is damaged: {first}")));
            }
            sqlite::is_ours(&db, path, &manifest).await?;
            let migrated = go_on(&db, &manifest).await?;
            // Closing writes the log into the file, so that the file alone is the database.
            db.close().await;
            migrated
        }
        StoreKind::Postgresql => {
            let db = open(&url).await?;
            if !postgres::is_empty(&db).await? {
                return Err(BackupError::Occupied {
                    what: "the database that WAYMARK_DATABASE__URL names, with tables in it".to_owned(),
                });
            }
            postgres::fill(&url, &copy).await?;
            go_on(&db, &manifest).await?
        }
    };
    place_keys(&scratch, &keys)?;
    let remembered = scratch.join(manifest::REMEMBERED);
    if remembered.is_file() {
        let to = config.data_dir.join(manifest::REMEMBERED);
        fs::rename(&remembered, &to).map_err(BackupError::io(&to))?;
    }
    if let Some(file) = sqlite::file_of(&url) {
        fs::rename(&copy, &file).map_err(BackupError::io(&file))?;
        archive::settle(file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    }
    let issued_at = Some(manifest.base_url.clone()).filter(|url| *url != config.base_url.as_str());
    Ok(Restored { manifest, migrated, issued_at })
}

fn occupied_by_files(config: &Config, url: &str, keys: &Path) -> Result<(), BackupError> {
    if let Some(file) = sqlite::file_of(url)
        && let Some(there) = sqlite::companions(&file).into_iter().find(|file| file.exists())
    {
        return Err(BackupError::Occupied { what: there.display().to_string() });
    }
    let holds_keys = fs::read_dir(keys).is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.path().extension().is_some_and(|end| end == "pem")))
    });
    match (holds_keys, config.keys.dir.as_os_str().is_empty()) {
        (false, _) => Ok(()),
        (true, true) => Err(BackupError::Occupied { what: format!("a key in {}", keys.display()) }),
        // another data folder alone would not help
        (true, false) => Err(BackupError::KeysOccupied(keys.to_owned())),
    }
}

fn place_keys(scratch: &Scratch, keys: &Path) -> Result<(), BackupError> {
    let from = scratch.join("keys");
    if !from.is_dir() {
        return Ok(());
    }
    private_folder(keys)?;
    for entry in fs::read_dir(&from).map_err(BackupError::io(&from))? {
        let file = entry.map_err(BackupError::io(&from))?;
        let to = keys.join(file.file_name());
        // The key folder may stand on another file system: copied, not renamed.
        fs::copy(file.path(), &to).map_err(BackupError::io(&to))?;
        fs::File::open(&to).and_then(|f| f.sync_all()).map_err(BackupError::io(&to))?;
    }
    archive::settle(keys)
}

/// Brings the database up to date and makes sure that nothing which was given out after the backup is given out again.
async fn go_on(db: &Database, manifest: &Manifest) -> Result<usize, BackupError> {
    let migrated = db.migrate().await?;
    let mut ch = db.change(Actor::Operator, Kind::Privileged).await?;
    credentials::begin_anew(&ch, NUMBER_GAP).await?;
    let about = serde_json::to_vec(manifest).map_err(crate::error::Error::from)?;
    let hash: String = Sha256::digest(about).iter().map(|b| format!("{b:02x}")).collect();
    let detail = json!({"created_at": manifest.created_at, "manifest_sha256": hash, "number_gap": NUMBER_GAP});
    ch.audit(AuditEntry::new("backup.restore", "backup", detail)).await?;
    ch.commit().await?;
    Ok(migrated)
}
