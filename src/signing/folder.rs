//! The key folder: PKCS#8 PEM files, one private key each, in the clear or sealed with a passphrase. The folder is 0700 and its files 0600, or
//! nothing is read.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use pkcs8::pkcs5::{pbes2, scrypt};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

use super::passphrase::Passphrase;
use super::unusable::FolderError;
use crate::entropy::{self, Entropy};

/// One private key and the file it stands in.
pub(super) struct KeyFile {
    pub path: PathBuf,
    content: Content,
}

enum Content {
    Plain(SigningKey),
    /// PEM, `ENCRYPTED PRIVATE KEY`.
    Sealed(String),
}

/// Why a sealed file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StillSealed {
    #[error(
        "{path} is sealed, and no passphrase was given: put it into the file that WAYMARK_KEYS__PASSPHRASE_FILE names, or give it as the systemd credential waymark-key-passphrase"
    )]
    NoPassphrase { path: PathBuf },
    #[error(
        "the passphrase does not open {path}: give the one that it was sealed with; if it is the right one, the file is damaged, so restore it from a backup"
    )]
    WrongPassphrase { path: PathBuf },
}

impl KeyFile {
    pub fn plain(&self) -> Option<&SigningKey> {
        match &self.content {
            Content::Plain(key) => Some(key),
            Content::Sealed(_) => None,
        }
    }

    /// The key; a sealed one takes a good part of a second.
    pub fn open(&self, passphrase: Option<&Passphrase>) -> Result<SigningKey, StillSealed> {
        match (&self.content, passphrase) {
            (Content::Plain(key), _) => Ok(key.clone()),
            (Content::Sealed(_), None) => Err(StillSealed::NoPassphrase { path: self.path.clone() }),
            (Content::Sealed(pem), Some(passphrase)) => SigningKey::from_pkcs8_encrypted_pem(pem, passphrase.bytes())
                .map_err(|_| StillSealed::WrongPassphrase { path: self.path.clone() }),
        }
    }
}

/// What would tell that the folder, or the passphrase, is another than before: names, times of change, lengths.
pub type Fingerprint = Vec<(PathBuf, Option<std::time::SystemTime>, u64)>;

pub fn fingerprint(folder: &Path, passphrase: &Path) -> Fingerprint {
    let inside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = inside.chain([passphrase.to_owned()]).collect();
    paths.sort();
    let about = |path: PathBuf| match fs::metadata(&path) {
        Ok(about) => (path, about.modified().ok(), about.len()),
        Err(_) => (path, None, 0),
    };
    paths.into_iter().map(about).collect()
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
    let pem = Zeroizing::new(pem);
    let no_key = |why: String| FolderError::NoKey { path: path.clone(), why };
    let content = if pem.trim_start().starts_with(SEALED) {
        let (_, document) = SecretDocument::from_pem(&pem).map_err(|why| no_key(why.to_string()))?;
        EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|why| no_key(why.to_string()))?;
        Content::Sealed(pem.to_string())
    } else {
        Content::Plain(SigningKey::from_pkcs8_pem(&pem).map_err(|why| no_key(why.to_string()))?)
    };
    Ok(KeyFile { path, content })
}

const SEALED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
/// What it costs to try one passphrase on a file: scrypt's log₂ N, r and p (RFC 7914). It stands in each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealingCost(pub u8, pub u32, pub u32);

impl Default for SealingCost {
    /// 16 MiB and five rounds: what OWASP names for that memory, and what openssl reads without being told.
    fn default() -> Self {
        Self(14, 8, 5)
    }
}

/// What new files are sealed with.
pub(super) struct Sealing<'s> {
    pub passphrase: &'s Passphrase,
    pub cost: SealingCost,
    pub from: &'s dyn Entropy,
}

/// PKCS#8 v1, without the public half: the form that openssl reads and writes.
fn pem(seed: &[u8; 32], sealed: Option<&Sealing<'_>>) -> Result<Zeroizing<String>, String> {
    let pair = KeypairBytes { secret_key: *seed, public_key: None };
    let Some(Sealing { passphrase, cost, from }) = sealed else {
        return pair.to_pkcs8_pem(LineEnding::LF).map_err(|e| e.to_string());
    };
    let plain = pair.to_pkcs8_der().map_err(|e| e.to_string())?;
    let info = PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|e| e.to_string())?;
    let cost = scrypt::Params::new(cost.0, cost.1, cost.2).map_err(|e| e.to_string())?;
    let (salt, iv) = (entropy::bytes::<16>(*from), entropy::bytes::<16>(*from));
    let scheme = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv).map_err(|e| e.to_string())?;
    let sealed = info.encrypt_with_params(scheme, passphrase.bytes()).map_err(|e| e.to_string())?;
    sealed.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).map_err(|e| e.to_string())
}

/// Writes a new key under `name` (without `.pem`), durably, and answers its path. A file that is there already stays as it is.
pub(super) fn write(
    folder: &Path,
    name: &str,
    seed: &[u8; 32],
    sealed: Option<&Sealing<'_>>,
) -> Result<PathBuf, FolderError> {
    if !folder.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|why| unwritable(folder, why))?;
    }
    let path = folder.join(format!("{name}.pem"));
    let pem = pem(seed, sealed).map_err(|why| unwritable(&path, std::io::Error::other(why)))?;
    durably(&path, &pem).map_err(|why| unwritable(&path, why))?;
    sync(folder)?;
    Ok(path)
}

fn unwritable(path: &Path, why: std::io::Error) -> FolderError {
    FolderError::Unwritable { path: path.to_owned(), why }
}

fn durably(path: &Path, pem: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()
}

fn sync(folder: &Path) -> Result<(), FolderError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|why| unwritable(folder, why))
}

/// Seals every file that is in the clear, but those of `except` (public halves), and answers which. A file is replaced only by one that was read back
/// and opened: a crash leaves the old or the new, never neither.
pub(super) fn encrypt(folder: &Path, sealing: &Sealing<'_>, except: &[[u8; 32]]) -> Result<Vec<PathBuf>, FolderError> {
    let mut done = vec![];
    for file in read(folder)? {
        let Some(key) = file.plain().filter(|key| !except.contains(key.verifying_key().as_bytes())) else { continue };
        let seed = Zeroizing::new(key.to_bytes());
        let fresh = file.path.with_extension("pem.new");
        let failed = |why: &str| unwritable(&fresh, std::io::Error::other(why.to_owned()));
        match fs::remove_file(&fresh) {
            Err(why) if why.kind() != ErrorKind::NotFound => return Err(unwritable(&fresh, why)),
            _ => {}
        }
        let pem = pem(&seed, Some(sealing)).map_err(|why| failed(&why))?;
        durably(&fresh, &pem).map_err(|why| unwritable(&fresh, why))?;
        let back = read_file(fresh.clone())?.open(Some(sealing.passphrase));
        if back.is_ok_and(|back| back.to_bytes() == *seed) {
            fs::rename(&fresh, &file.path).map_err(|why| unwritable(&file.path, why))?;
            sync(folder)?;
            done.push(file.path);
        } else {
            let _ = fs::remove_file(&fresh);
            return Err(failed("what was written does not open again"));
        }
    }
    Ok(done)
}
