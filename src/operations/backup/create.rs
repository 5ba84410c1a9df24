//! Making a backup while the server runs.

use std::fs;
use std::path::Path;

use migration::{Migrator, MigratorTrait as _};

use super::archive::{self, Content};
use super::manifest::{self, FORMAT, Manifest, StoreKind};
use super::{BackupError, Scratch, postgres, sqlite};
use crate::app::App;
use crate::clock::rfc3339;

/// Writes one archive to `to`, which must not exist. Without keys it can verify and show everything, and issue nothing.
pub async fn create(app: &App, to: &Path, with_keys: bool) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    // A folder that is not there is a wrong name more often than a new one, and a backup on the wrong disk is none.
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(BackupError::NoFolder(folder.to_owned()));
    }
    let scratch = Scratch::beside(to, app.db.entropy.as_ref())?;
    let url = app.config.database_url();
    let kind = StoreKind::of_url(&url);
    let created_at = app.db.now();
    let copy = scratch.join(kind.file());
    match kind {
        StoreKind::Sqlite => sqlite::copy(&app.db, &copy).await?,
        StoreKind::Postgresql => postgres::copy(&url, &copy).await?,
    }
    let mut contents = vec![Content { name: kind.file().to_owned(), from: copy }];
    let remembered = app.config.data_dir.join(manifest::REMEMBERED);
    if remembered.is_file() {
        contents.push(Content { name: manifest::REMEMBERED.to_owned(), from: remembered });
    }
    if with_keys {
        contents.extend(keys(&app.config.keys_dir())?);
    }
    let schema = Migrator::migrations().last().map(|m| m.name().to_owned()).unwrap_or_default();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        created_at: rfc3339(created_at),
        waymark: env!("CARGO_PKG_VERSION").to_owned(),
        database: kind,
        schema,
        base_url: app.config.base_url.to_string(),
        files: contents.iter().map(Content::member).collect::<Result<_, _>>()?,
    };
    if let Some(fault) = manifest.fault() {
        return Err(BackupError::unfit(to, fault));
    }
    // Under its name only once it is whole.
    let unfinished = scratch.join("archive");
    archive::write(&unfinished, &manifest, &contents, created_at)?;
    fs::hard_link(&unfinished, to).map_err(BackupError::io(to))?;
    archive::settle(to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    Ok(manifest)
}

/// The key files, by name. A folder that is not there has none.
fn keys(folder: &Path) -> Result<Vec<Content>, BackupError> {
    let mut found = vec![];
    if folder.is_dir() {
        for entry in fs::read_dir(folder).map_err(BackupError::io(folder))? {
            let from = entry.map_err(BackupError::io(folder))?.path();
            let name = format!("keys/{}", from.file_name().unwrap_or_default().to_string_lossy());
            if from.is_file() && (name.ends_with(".pem") || name == manifest::WEBHOOKS) {
                found.push(Content { name, from });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}
