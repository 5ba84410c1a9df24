//! Bank files on disk and the figures beside them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use waymark_assess::item::MAX_FIGURE_BYTES;

/// Answers the files beside a bank file by plain name; a path, or what cannot be read, is not there.
pub fn beside(folder: &Path) -> impl Fn(&str) -> Option<Vec<u8>> + Sync + use<> {
    let folder = folder.to_owned();
    move |name| {
        let plain = Path::new(name).file_name().is_some_and(|file| file == name);
        if plain { read_bounded(&folder.join(name), MAX_FIGURE_BYTES).ok() } else { None }
    }
}

/// The bytes of a file, at most one more than `most`: enough to tell that it is too large.
///
/// # Errors
/// As reading a file fails.
pub fn read_bounded(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    File::open(path)?.take(u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("bank")).expect("made");
        std::fs::write(folder.path().join("secret.png"), b"no").expect("written");
        std::fs::write(folder.path().join("bank/t-1.png"), b"yes").expect("written");
        let read = beside(&folder.path().join("bank"));
        assert_eq!(read("t-1.png").as_deref(), Some(&b"yes"[..]));
        let absolute = folder.path().join("secret.png");
        for name in ["../secret.png", absolute.to_str().expect("utf-8"), "..", ".", "", "t-2.png", "./t-1.png"] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    #[test]
    fn no_more_is_read_than_tells_that_it_is_too_much() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), [0; 100]).expect("written");
        assert_eq!(read_bounded(file.path(), 10).expect("readable").len(), 11);
    }
}
