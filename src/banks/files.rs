//! Bank files on disk and the figures beside them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path};

use waymark_assess::item::MAX_FIGURE_BYTES;

/// Answers the files beside a bank file, by a name or by plain steps below its folder. A path out of it, what a link leads out of it to,
/// what is no file, and what cannot be read, is not there.
pub fn beside(folder: &Path) -> impl Fn(&str) -> Option<Vec<u8>> + Sync + use<> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.to_owned();
    move |name| {
        let plain = Path::new(name).components().all(|step| matches!(step, Component::Normal(_)));
        let path = folder.join(Some(name).filter(|name| plain && !name.is_empty())?).canonicalize().ok()?;
        let inside = path.starts_with(folder.canonicalize().ok()?) && path.is_file();
        if inside { read_bounded(&path, MAX_FIGURE_BYTES).ok() } else { None }
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
        std::fs::create_dir(folder.path().join("bank/inner")).expect("made");
        std::fs::write(folder.path().join("bank/inner/t-3.png"), b"too").expect("written");
        assert_eq!(read("inner/t-3.png").as_deref(), Some(&b"too"[..]));
        std::os::unix::fs::symlink("../secret.png", folder.path().join("bank/link.png")).expect("linked");
        std::os::unix::fs::symlink("..", folder.path().join("bank/up")).expect("linked");
        std::os::unix::fs::symlink("t-1.png", folder.path().join("bank/same.png")).expect("linked");
        assert_eq!(read("same.png").as_deref(), Some(&b"yes"[..]), "a link that stays inside");
        let out =
            ["../secret.png", absolute.to_str().expect("utf-8"), "inner/../../secret.png", "link.png", "up/secret.png"];
        for name in out.into_iter().chain(["..", ".", "", "t-2.png", "./t-1.png", "inner", "inner/"]) {
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
