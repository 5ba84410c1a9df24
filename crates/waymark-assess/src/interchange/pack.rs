//! Files in one archive.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The same files make the same bytes. Names are plain, and each stands once.
pub(super) fn pack<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Vec<u8> {
    with(files, CompressionMethod::Deflated)
}

/// The files of a folder, by their paths in it, as the archive that [`super::import`] takes. Nothing is made smaller: what unfolds to many
/// times its size would be refused.
pub fn archive_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    with(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), CompressionMethod::Stored)
}

fn with<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        zip.start_file(name, options).expect("a plain name and a writer in memory");
        zip.write_all(bytes).expect("a writer in memory takes all");
    }
    zip.finish().expect("a writer in memory takes all").into_inner()
}
