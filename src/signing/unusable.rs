//! Why the key folder cannot be used.

use std::path::PathBuf;

/// Why the key folder cannot be used. Each message names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("the key folder {0} is not there: put it back from a backup, or set WAYMARK_KEYS__DIR to where it is")]
    Missing(PathBuf),
    #[error("others can look into the key folder {path} (mode {mode:04o}): chmod 700 {path}")]
    FolderMode { path: PathBuf, mode: u32 },
    #[error("others can read the key file {path} (mode {mode:04o}): chmod 600 {path}")]
    FileMode { path: PathBuf, mode: u32 },
    #[error(
        "{path} is no Ed25519 key in PKCS#8 PEM form ({why}): restore it from a backup, or move it out of the folder"
    )]
    NoKey { path: PathBuf, why: String },
    #[error("{path} cannot be read: {why}")]
    Unreadable { path: PathBuf, why: std::io::Error },
    #[error("{path} cannot be written: {why}")]
    Unwritable { path: PathBuf, why: std::io::Error },
}
