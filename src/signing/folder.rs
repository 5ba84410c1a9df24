//! The key folder: PKCS#8 PEM files, one private key each. The folder is 0700 and its files 0600, or nothing is read.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use zeroize::Zeroizing;

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

/// One private key and the file it stands in.
pub(super) struct KeyFile {
    pub path: PathBuf,
    pub key: SigningKey,
}

/// Longer than any Ed25519 PEM file.
const LONGEST_FILE: u64 = 4096;

/// Every key in the folder, by file name. Files that do not end in `.pem` are left aside.
pub(super) fn read(folder: &Path) -> Result<Vec<KeyFile>, FolderError> {
    let unreadable = |path: &Path, why| FolderError::Unreadable { path: path.to_owned(), why };
    let about = match fs::metadata(folder) {
        Err(why) if why.kind() == ErrorKind::NotFound => return Err(FolderError::Missing(folder.to_owned())),
        other => other.map_err(|why| unreadable(folder, why))?,
    };
    let mode = about.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(FolderError::FolderMode { path: folder.to_owned(), mode });
    }
    let mut paths = vec![];
    for entry in fs::read_dir(folder).map_err(|why| unreadable(folder, why))? {
        let path = entry.map_err(|why| unreadable(folder, why))?.path();
        if path.extension().is_some_and(|e| e == "pem") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.into_iter().map(read_file).collect()
}

fn read_file(path: PathBuf) -> Result<KeyFile, FolderError> {
    let about = fs::metadata(&path).map_err(|why| FolderError::Unreadable { path: path.clone(), why })?;
    let mode = about.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(FolderError::FileMode { path, mode });
    }
    if !about.is_file() || about.len() > LONGEST_FILE {
        return Err(FolderError::NoKey { path, why: "not a small file".to_owned() });
    }
    let pem = fs::read_to_string(&path).map_err(|why| FolderError::Unreadable { path: path.clone(), why })?;
    match SigningKey::from_pkcs8_pem(&Zeroizing::new(pem)) {
        Ok(key) => Ok(KeyFile { path, key }),
        Err(why) => Err(FolderError::NoKey { path, why: why.to_string() }),
    }
}

/// Writes a new key under `name` (without `.pem`), durably, and answers its path. A file that is there already stays as it is.
pub(super) fn write(folder: &Path, name: &str, seed: &[u8; 32]) -> Result<PathBuf, FolderError> {
    let unwritable = |path: &Path, why| FolderError::Unwritable { path: path.to_owned(), why };
    if !folder.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|why| unwritable(folder, why))?;
    }
    let path = folder.join(format!("{name}.pem"));
    // PKCS#8 v1, without the public half: the form that openssl reads and writes.
    let pair = KeypairBytes { secret_key: *seed, public_key: None };
    let pem = pair.to_pkcs8_pem(LineEnding::LF).map_err(|e| unwritable(&path, std::io::Error::other(e.to_string())))?;
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|why| unwritable(&path, why))?;
    Ok(path)
}
