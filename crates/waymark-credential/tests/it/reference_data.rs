//! Where the reference data of the tests lies. A plain clone has none of it: the tests then say so and pass.

use std::path::PathBuf;

/// The folder `name` of the reference data, or `None` with a word on stderr.
pub fn folder(name: &str) -> Option<PathBuf> {
    let default = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into();
    #[expect(clippy::disallowed_methods, reason = "a test is told by its environment where the reference data is")]
    let folder: PathBuf = std::env::var("WAYMARK_SHARED_DATA").map_or_else(|_| default(), PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says why")]
    {
        eprintln!("skipped: no reference data at {} (set WAYMARK_SHARED_DATA)", folder.display());
    }
    None
}
