//! A chosen file between its report and its confirmation: on disk under the hash of its bytes, the last few of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// More are not kept: the oldest go.
const MOST: usize = 8;

fn folder(data: &Path) -> PathBuf {
    data.join("imports")
}

/// Keeps the bytes. Answers their SHA-256 in hexadecimal, by which [`take`] finds them.
pub fn keep(data: &Path, bytes: &[u8]) -> Result<String> {
    let name: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    let folder = folder(data);
    fs::create_dir_all(&folder).map_err(Error::internal)?;
    tidy(&folder);
    // Under another name first: a half-written file is never taken for whole.
    let half = folder.join(format!("{name}.part"));
    fs::write(&half, bytes).map_err(Error::internal)?;
    fs::rename(&half, folder.join(&name)).map_err(Error::internal)?;
    Ok(name)
}

/// The bytes kept under this hash; none where there is no such file, or another has taken its place.
pub fn take(data: &Path, name: &str) -> Option<Vec<u8>> {
    let plain = name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let bytes = fs::read(folder(data).join(name)).ok().filter(|_| plain)?;
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    (hash == name).then_some(bytes)
}

pub fn forget(data: &Path, name: &str) {
    if take(data, name).is_some() {
        // Gone already is as good.
        drop(fs::remove_file(folder(data).join(name)));
    }
}

fn tidy(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<(SystemTime, PathBuf)> =
        entries.flatten().filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
    files.sort();
    let surplus = (files.len() + 1).saturating_sub(MOST);
    for (_, path) in files.into_iter().take(surplus) {
        // Another request may have been quicker.
        drop(fs::remove_file(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_hash_and_no_other_name() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let name = keep(data.path(), b"file").expect("kept");
        assert_eq!(take(data.path(), &name).as_deref(), Some(&b"file"[..]));
        for other in ["../keys/x", "", "imports", &name[..63], &name.to_uppercase()] {
            assert_eq!(take(data.path(), other), None, "{other}");
        }
        fs::write(data.path().join("imports").join(&name), b"another").expect("written");
        assert_eq!(take(data.path(), &name), None, "what was shown is not what lies there");
    }

    #[test]
    fn no_more_than_a_few_are_kept() {
        let data = tempfile::tempdir().expect("a temporary folder");
        for n in 0..40_u8 {
            keep(data.path(), &[n]).expect("kept");
        }
        let held = fs::read_dir(data.path().join("imports")).expect("there").count();
        assert!(held <= MOST, "{held} files");
    }
}
