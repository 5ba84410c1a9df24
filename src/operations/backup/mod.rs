//! One file that holds the installation: database, keys, what the data folder remembers. Made while the server runs, checked without touching
//! anything, put back into an empty place only.
//!
//! An archive is a gzip-compressed tar. Its first entry is `manifest.json` ([`Manifest`]), which names every other entry with size and SHA-256;
//! an entry that is missing, too many, or not what the manifest says makes the archive unfit. Pictures of items and everything else that people
//! uploaded stand in the database.
//!
//! A backup knows nothing of what came after it. So that nothing issued since is issued a second time, [`restore`] begins new status lists and
//! leaves a gap in the numbering; what was revoked since must be revoked again.

mod archive;
mod create;
mod examine;
mod manifest;
mod postgres;
mod restore;
mod sqlite;

pub use create::create;
pub use examine::{Examined, examine};
pub use manifest::{Manifest, Member, StoreKind};
pub use restore::{NUMBER_GAP, Restored, restore};

use std::io;
use std::path::{Path, PathBuf};

use crate::database::ConnectError;
use crate::entropy::{self, Entropy};
use crate::error::Error;

/// Why a backup cannot be made, checked or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} is there already: name another file")]
    Exists(PathBuf),
    #[error("{0} is not there")]
    Missing(PathBuf),
    #[error("there is no folder {0}: make it first, or name a file in another one")]
    NoFolder(PathBuf),
    #[error("{path}: {why}")]
    Io { path: PathBuf, why: io::Error },
    #[error("{path} is no usable backup: {why}")]
    Unfit { path: PathBuf, why: String },
    #[error(
        "{what} is there already: a backup is put back into an empty place only. Move it away, or name another folder with --data"
    )]
    Occupied { what: String },
    #[error(
        "a key is in {0} already, the key folder that keys.dir (WAYMARK_KEYS__DIR) names whatever --data says: set it to a new folder beside the new \
         data folder, or leave it out, and the keys go into the data folder"
    )]
    KeysOccupied(PathBuf),
    #[error(
        "the backup holds a {found} database, and this configuration names a {wanted} one: set WAYMARK_DATABASE__URL to match"
    )]
    OtherStore { found: StoreKind, wanted: StoreKind },
    #[error("{tool} is not on this machine: install the client tools of PostgreSQL (Debian: postgresql-client)")]
    NoTool { tool: &'static str },
    #[error("{tool} failed: {why}")]
    Tool { tool: &'static str, why: String },
    #[error(transparent)]
    Store(#[from] ConnectError),
    #[error(transparent)]
    Inside(#[from] Error),
}

impl BackupError {
    fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        move |why| Self::Io { path: path.to_owned(), why }
    }

    fn unfit(path: &Path, why: impl ToString) -> Self {
        Self::Unfit { path: path.to_owned(), why: why.to_string() }
    }
}

impl From<sea_orm::DbErr> for BackupError {
    fn from(e: sea_orm::DbErr) -> Self {
        Self::Store(ConnectError::Db(e))
    }
}

/// A folder of our own beside the place where the work ends, so that the last step is a rename; it goes with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(place: &Path, from: &dyn Entropy) -> Result<Self, BackupError> {
        let parent = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let tag: String = entropy::bytes::<6>(from).iter().map(|b| format!("{b:02x}")).collect();
        let folder = parent.join(format!(".waymark-backup-{tag}"));
        private_folder(&folder)?;
        Ok(Self(folder))
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(why) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %why, "a folder that is not needed any more could not be removed");
        }
    }
}

/// Makes the folder and what is missing above it, for its owner alone.
fn private_folder(folder: &Path) -> Result<(), BackupError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(BackupError::io(folder))
}
