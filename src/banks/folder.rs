//! A folder with a bank file and its pictures, or with an unpacked package, as the archive that it would be.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use waymark_assess::interchange;

use super::read_bounded;

/// Deeper folders are not looked into.
const DEPTH: usize = 16;
/// More files are no bank.
const MOST: usize = 10_000;
/// What a bank, its stimuli and its pictures are. Films and styles would only fill the room that there is.
const KINDS: [&str; 14] =
    ["xml", "csv", "json", "yaml", "yml", "gift", "aiken", "txt", "png", "jpg", "jpeg", "gif", "svg", "webp"];

/// A folder that was read.
#[derive(Debug)]
pub struct Folder {
    /// A ZIP, as a file of the same content would be.
    pub bytes: Vec<u8>,
    /// Links, which are not followed: they could lead anywhere.
    pub links: Vec<PathBuf>,
}

/// Reads the files of a folder and of those in it, hidden ones left out.
///
/// # Errors
/// A file or folder that cannot be read, by its path; more than [`interchange::MAX_FILE`] bytes or 10,000 files.
pub fn packed(folder: &Path) -> Result<Folder, (PathBuf, io::Error)> {
    let (mut files, mut links, mut total) = (BTreeMap::new(), Vec::new(), 0_usize);
    let mut open = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((place, prefix, depth)) = open.pop() {
        let told = |why: io::Error| (place.clone(), why);
        for entry in fs::read_dir(&place).map_err(told)? {
            let entry = entry.map_err(told)?;
            let kind = entry.file_type().map_err(told)?;
            let (path, name) = (entry.path(), entry.file_name());
            // A name that is no text cannot be referred to.
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let inside = format!("{prefix}{name}");
            if kind.is_symlink() {
                links.push(path);
            } else if kind.is_dir() && depth < DEPTH {
                open.push((path, format!("{inside}/"), depth + 1));
            } else if kind.is_file() && is_wanted(name) {
                let bytes = read_bounded(&path, interchange::MAX_FILE).map_err(|why| (path.clone(), why))?;
                total = total.saturating_add(bytes.len());
                if total > interchange::MAX_FILE || files.len() >= MOST {
                    return Err((folder.to_owned(), io::Error::other("it holds more than 16 MiB, or 10,000 files")));
                }
                files.insert(inside, bytes);
            }
        }
    }
    links.sort();
    Ok(Folder { bytes: interchange::archive_of(&files), links })
}

fn is_wanted(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(extension)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use waymark_assess::interchange::Format;

    fn imported(folder: &Path) -> (Vec<String>, Vec<PathBuf>) {
        let read = packed(folder).expect("readable");
        let import = interchange::import(&read.bytes, Format::Qti, &|_| None, &|_| None);
        let ids = import.accepted.iter().map(|(_, version)| version.slug().to_owned()).collect();
        (ids, read.links)
    }

    #[test]
    fn a_folder_is_read_as_the_archive_of_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bank = folder.path().join("bank");
        fs::create_dir_all(bank.join(".hidden")).expect("made");
        fs::write(bank.join("a.csv"), "id,question,a,b,correct\nx,Q?,1,2,0\n").expect("written");
        fs::write(bank.join(".hidden/b.csv"), "id,question,a,b,correct\ny,Q?,1,2,0\n").expect("written");
        fs::write(bank.join("film.mp4"), [0; 100]).expect("written");
        fs::write(folder.path().join("c.csv"), "id,question,a,b,correct\nz,Q?,1,2,0\n").expect("written");
        std::os::unix::fs::symlink("../c.csv", bank.join("c.csv")).expect("linked");
        std::os::unix::fs::symlink("..", bank.join("up")).expect("linked");
        assert_eq!(imported(&bank), (vec!["x".to_owned()], vec![bank.join("c.csv"), bank.join("up")]));
    }

    #[test]
    fn what_is_too_much_is_not_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let large = vec![b'x'; interchange::MAX_FILE / 2 + 1];
        for name in ["a.csv", "b.txt"] {
            fs::write(folder.path().join(name), &large).expect("written");
        }
        assert_eq!(packed(folder.path()).expect_err("too much").0, folder.path());
        assert!(packed(&folder.path().join("none")).is_err());
    }
}
