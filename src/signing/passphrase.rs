//! The passphrase that opens sealed key files. It is read from a file when it is needed, kept nowhere, and shown nowhere.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use zeroize::Zeroizing;

use super::unusable::FolderError;

/// The fewest characters that a new file is sealed with.
const FEWEST: usize = 12;
/// More than anybody types, and less than a file given by mistake.
const LONGEST: u64 = 1024;

pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The first line of `file`; None where no file is named, or there is none, or it is empty: then what is sealed stays sealed.
    pub fn read(file: &Path) -> Result<Option<Self>, FolderError> {
        if file.as_os_str().is_empty() {
            return Ok(None);
        }
        let unreadable = |why| FolderError::Unreadable { path: file.to_owned(), why };
        let about = match fs::metadata(file) {
            Err(why) if matches!(why.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            other => other.map_err(unreadable)?,
        };
        if !about.is_file() || about.len() > LONGEST {
            return Err(unreadable(ErrorKind::InvalidData.into()));
        }
        let text = Zeroizing::new(fs::read_to_string(file).map_err(unreadable)?);
        let line = text.lines().next().unwrap_or_default();
        Ok((!line.is_empty()).then(|| Self(Zeroizing::new(line.to_owned()))))
    }

    /// Whether it is long enough to seal something with.
    pub fn is_long_enough(&self) -> bool {
        self.0.chars().count() >= FEWEST
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_counts_and_is_never_shown() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let read = |text: &str| {
            fs::write(file.path(), text).expect("written");
            Passphrase::read(file.path())
        };
        let found = read("correct horse battery\r\nmore\n").expect("read").expect("there");
        assert_eq!(found.bytes(), b"correct horse battery");
        assert!(found.is_long_enough() && !format!("{found:?}").contains("horse"));
        assert!(!read("short").expect("read").expect("there").is_long_enough());
        assert!(read("").expect("read").is_none() && read("\n").expect("read").is_none());
        let refused = read(&"x".repeat(2000)).expect_err("too long").to_string();
        assert!(refused.contains(&file.path().display().to_string()) && !refused.contains("xxx"));
        assert!(Passphrase::read(Path::new("")).expect("read").is_none());
        assert!(Passphrase::read(Path::new("/nonexistent/passphrase")).expect("read").is_none());
    }
}
