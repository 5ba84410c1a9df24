//! A bank file packed with its pictures: one CSV, JSON, YAML, Moodle XML, GIFT or Aiken file in a ZIP, and the pictures that
//! it names, beside it or in a folder of their own.

use super::{
    Format,
    archive::{Archive, is_litter},
};
use crate::mistake::Mistake;
use std::cell::RefCell;

pub(super) struct Bundle<'b> {
    archive: RefCell<Archive<'b>>,
    /// The bank file by its name in the archive.
    pub name: String,
    pub bytes: Vec<u8>,
    pub format: Format,
}

/// Opens a ZIP that holds a bank file; nothing where it is no ZIP, or a package of QTI, which has its own reader. `asked` is the
/// format that was named; [`Format::Qti`] also stands for a ZIP of which nobody knows what is in it.
///
/// # Errors
/// The archive cannot be read, or it holds no bank file or several.
pub(super) fn open(bytes: &[u8], asked: Format) -> Option<Result<Bundle<'_>, Mistake>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let mut archive = match Archive::open(bytes) {
        Ok(archive) => archive,
        // The reader of packages says the same.
        Err(_) if asked == Format::Qti => return None,
        Err(mistake) => return Some(Err(mistake)),
    };
    if asked == Format::Qti && super::qti::is_package(&archive) {
        return None;
    }
    let mut found = candidates(&mut archive);
    if asked == Format::Qti && found.iter().any(|(_, format, _)| *format == Format::Qti) {
        return None;
    }
    // A note for people (`readme.txt`) is no bank beside one.
    if found.len() > 1 {
        found.retain(|(name, ..)| extension(name).is_none_or(|extension| extension != "txt"));
    }
    let chosen = match found.len() {
        0 if asked == Format::Qti => return None,
        0 => return Some(Err(no_bank_file())),
        1 => found.remove(0),
        _ => return Some(Err(several(found.iter().map(|(name, ..)| name.as_str())))),
    };
    let (name, told, bytes) = chosen;
    let format = if asked == Format::Qti { told } else { asked };
    Some(Ok(Bundle { archive: RefCell::new(archive), name, bytes, format }))
}

impl Bundle<'_> {
    /// The picture of this plain name: beside the bank file, or the only one of that name.
    pub fn figure(&self, name: &str) -> Option<Vec<u8>> {
        let mut archive = self.archive.borrow_mut();
        let folder = self.name.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        if let Ok(bytes) = archive.read(&format!("{folder}{name}")) {
            return Some(bytes);
        }
        let of_that_name = |path: &&str| path.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
        let found = archive.names().filter(|path| !is_litter(path)).filter(of_that_name);
        let found: Vec<String> = found.take(2).map(str::to_owned).collect();
        let [only] = found.as_slice() else { return None };
        archive.read(only).ok()
    }
}

fn extension(path: &str) -> Option<String> {
    path.rsplit('/').next()?.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

/// Files that are banks by their name, and those with a name for anything that are by their beginning.
fn candidates(archive: &mut Archive<'_>) -> Vec<(String, Format, Vec<u8>)> {
    let by_name = |path: &&str| {
        let known = ["csv", "json", "yaml", "yml", "gift", "aiken", "xml", "txt"];
        !is_litter(path) && extension(path).is_some_and(|extension| known.contains(&extension.as_str()))
    };
    let names: Vec<String> = archive.names().filter(by_name).take(MOST_LOOKED_AT).map(str::to_owned).collect();
    let mut found = Vec::new();
    for name in names {
        let Ok(bytes) = archive.read(&name) else { continue };
        let told = match extension(&name).as_deref() {
            Some("txt") => Format::detect("", &bytes).ok().filter(|f| matches!(f, Format::Gift | Format::Aiken)),
            _ => Format::detect(&name, &bytes).ok(),
        };
        found.extend(told.map(|format| (name, format, bytes)));
    }
    found
}

/// More files than these are no bank file with pictures, and each is unpacked to be looked at.
const MOST_LOOKED_AT: usize = 20;

fn no_bank_file() -> Mistake {
    Mistake::new(
        "",
        "no_bank_file",
        "the archive holds no bank file: put one CSV, JSON, YAML, XML, GIFT or Aiken file into it, with its pictures",
        "ZIPの中に問題ファイルがありません。CSV、JSON、YAML、XML、GIFT、Aikenのどれか1つを、図と一緒に入れてください",
    )
}

fn several<'n>(names: impl Iterator<Item = &'n str>) -> Mistake {
    let names: Vec<String> = names.take(5).map(|name| name.chars().take(60).collect()).collect();
    let names = names.join(", ");
    Mistake::new(
        "",
        "several_bank_files",
        format!(
            "the archive holds several bank files ({names}), and nobody can tell which is meant: pack each by itself"
        ),
        format!("ZIPの中に問題ファイルが複数あります({names})。どれを取り込むかわからないため、1つずつ分けてください"),
    )
}
