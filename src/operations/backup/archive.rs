//! Writing and reading the archive itself. Reading believes nothing but the manifest, and the manifest only as far as hashes bear it out.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::BackupError;
use super::manifest::{self, Manifest, Member};
use crate::clock::Timestamp;

/// How many bytes one byte of an archive may stand for. Databases come to about ten, and an empty one to fifty; more is made to fill a disk.
const MOST_DENSE: u64 = 100;
/// As much may always be unpacked.
const ALWAYS_LET_IN: u64 = 16 * 1024 * 1024;

/// A file that goes into the archive.
pub struct Content {
    pub name: String,
    pub from: PathBuf,
}

impl Content {
    /// Size and hash of the file as it is now.
    pub fn member(&self) -> Result<Member, BackupError> {
        let io = BackupError::io(&self.from);
        let mut file = File::open(&self.from).map_err(&io)?;
        let (bytes, sha256) = copy(&mut file, &mut io::sink()).map_err(&io)?;
        Ok(Member { name: self.name.clone(), bytes, sha256 })
    }
}

/// Writes the archive to a new file that only its owner reads, durably.
pub fn write(to: &Path, manifest: &Manifest, contents: &[Content], at: Timestamp) -> Result<(), BackupError> {
    let io = BackupError::io(to);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(&io)?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    let about = serde_json::to_vec_pretty(manifest).map_err(|e| BackupError::unfit(to, e))?;
    let header = |bytes: u64| {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o600);
        header.set_size(bytes);
        header.set_mtime(u64::try_from(at.unix_timestamp()).unwrap_or_default());
        header
    };
    tar.append_data(&mut header(about.len() as u64), manifest::NAME, about.as_slice()).map_err(&io)?;
    for (content, member) in contents.iter().zip(&manifest.files) {
        let file = File::open(&content.from).map_err(BackupError::io(&content.from))?;
        tar.append_data(&mut header(member.bytes), &member.name, file.take(member.bytes)).map_err(&io)?;
    }
    let file = tar.into_inner().and_then(GzEncoder::finish).map_err(&io)?;
    file.sync_all().map_err(&io)
}

/// Reads the archive; where `into` names a folder, its files are written there under their own names (`keys/…` in a folder of that name).
pub fn read(path: &Path, into: Option<&Path>) -> Result<Manifest, BackupError> {
    let file = File::open(path).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => BackupError::Missing(path.to_owned()),
        _ => BackupError::Io { path: path.to_owned(), why },
    })?;
    let damaged = |why: io::Error| BackupError::unfit(path, why);
    let packed = file.metadata().map_err(BackupError::io(path))?.len();
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    // Raw: extensions of the format, which could name other places, are entries like any other and so refused.
    let mut entries = tar.entries().map_err(damaged)?.raw(true);
    let mut first = entries.next().ok_or_else(|| BackupError::unfit(path, "it is empty"))?.map_err(damaged)?;
    if name_of(&first) != manifest::NAME || !first.header().entry_type().is_file() || first.size() > manifest::LONGEST {
        return Err(BackupError::unfit(path, "it does not begin with a manifest"));
    }
    let mut about = vec![];
    first.read_to_end(&mut about).map_err(damaged)?;
    let manifest: Manifest =
        serde_json::from_slice(&about).map_err(|e| BackupError::unfit(path, format!("manifest: {e}")))?;
    if let Some(fault) = manifest.fault() {
        return Err(BackupError::unfit(path, fault));
    }
    let unpacked = manifest.files.iter().fold(0u64, |sum, file| sum.saturating_add(file.bytes));
    if unpacked > packed.saturating_mul(MOST_DENSE).saturating_add(ALWAYS_LET_IN) {
        let why = format!("{packed} bytes would unpack to {unpacked}: no backup is packed so densely");
        return Err(BackupError::unfit(path, why));
    }
    let mut expected = manifest.files.iter();
    for entry in entries {
        let mut entry = entry.map_err(damaged)?;
        let name = name_of(&entry);
        let Some(member) =
            expected.next().filter(|member| member.name == name && entry.header().entry_type().is_file())
        else {
            return Err(BackupError::unfit(
                path,
                format!("`{}` is not what the manifest names here", name.escape_debug()),
            ));
        };
        if entry.size() != member.bytes {
            return Err(BackupError::unfit(path, format!("`{name}` has another size than the manifest says")));
        }
        let (bytes, sha256) = match into {
            Some(folder) => store(&mut entry, &folder.join(&member.name), path)?,
            None => copy(&mut entry, &mut io::sink()).map_err(damaged)?,
        };
        if bytes != member.bytes || sha256 != member.sha256 {
            return Err(BackupError::unfit(path, format!("`{name}` was damaged: its hash is not the manifest's")));
        }
    }
    match expected.next() {
        Some(missing) => Err(BackupError::unfit(path, format!("`{}` is missing: the file was cut off", missing.name))),
        None => Ok(manifest),
    }
}

fn name_of<R: Read>(entry: &tar::Entry<'_, R>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}

fn store(from: &mut impl Read, to: &Path, archive: &Path) -> Result<(u64, String), BackupError> {
    if let Some(folder) = to.parent() {
        super::private_folder(folder)?;
    }
    let io = BackupError::io(to);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(&io)?;
    let copied = copy(from, &mut file).map_err(|why| BackupError::unfit(archive, why))?;
    file.sync_all().map_err(&io)?;
    Ok(copied)
}

/// Copies all, and answers how much it was and its SHA-256 in hexadecimal.
fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0u64, vec![0; 64 * 1024]);
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
        bytes += n as u64;
    }
    Ok((bytes, hash.finalize().iter().map(|b| format!("{b:02x}")).collect()))
}

/// Makes what was renamed or created in the folder survive a power cut.
pub fn settle(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(BackupError::io(folder))
}
