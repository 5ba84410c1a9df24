//! A ZIP archive that is looked at before it is believed. Its list of entries is read by hand first, since what refuses an
//! archive (two entries of one name, a path that leads out, a link, a lock, far too much in it) is no longer to be seen
//! once a library has sorted it; then each entry is unpacked under the size that it states, in memory, never to disk.

use crate::mistake::Mistake;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};
use unicode_normalization::UnicodeNormalization as _;
use zip::ZipArchive;

/// More entries are refused.
const MAX_ENTRIES: usize = 10_000;
/// All entries together unfold to no more than this.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// An entry that unfolds to more than this many times its size is refused, if it unfolds to more than [`SMALL`].
const MAX_RATIO: u64 = 200;
const SMALL: u64 = 1024 * 1024;
/// An entry larger than this is not unpacked.
const MAX_ENTRY: u64 = 8 * 1024 * 1024;

const END: &[u8] = b"PK\x05\x06";
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCAL: &[u8] = b"PK\x03\x04";

/// One entry of the central directory.
#[derive(Debug)]
struct Listed<'b> {
    raw: &'b [u8],
    /// With `/` between its steps, as some programs of Windows do not write it.
    name: String,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

/// An archive whose list of entries was found harmless.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    places: BTreeMap<String, (usize, u64)>,
    /// Each name by what is left of it where case makes no difference.
    folded: BTreeMap<String, String>,
    /// What may yet be unpacked.
    left: u64,
}

impl<'b> Archive<'b> {
    /// # Errors
    /// Why the archive as a whole is not to be touched.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Mistake> {
        let listed = listing(bytes)?;
        harmless(&listed, bytes)?;
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if zip.len() != listed.len() {
            return Err(damaged());
        }
        let (mut places, mut by_fold) = (BTreeMap::new(), BTreeMap::new());
        for (place, listed) in listed.iter().enumerate() {
            let entry = zip.by_index_raw(place).map_err(|_| damaged())?;
            if entry.encrypted() {
                return Err(encrypted());
            }
            if entry.is_symlink() {
                return Err(link(&shown(entry.name_raw())));
            }
            // What was looked at above is what will be read.
            if entry.name_raw() != listed.raw || entry.header_start() != listed.offset {
                return Err(damaged());
            }
            if !listed.name.ends_with('/') {
                places.insert(listed.name.clone(), (place, entry.size()));
                by_fold.insert(folded(&listed.name), listed.name.clone());
            }
        }
        Ok(Self { zip, places, folded: by_fold, left: MAX_UNPACKED })
    }

    /// The name under which the archive holds what is called `name`, whose letters may be of another case: two that differ in
    /// case alone are refused, so that there is one at most.
    pub fn find(&self, name: &str) -> Option<&str> {
        let known = self.places.get_key_value(name).map(|(known, _)| known);
        known.or_else(|| self.folded.get(&folded(name))).map(String::as_str)
    }

    /// Names of the entries that are files, in the order of their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The bytes of an entry. What it unfolds to is counted against the whole archive, whatever the entry says of itself.
    ///
    /// # Errors
    /// It is not there, too large, or damaged.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, Mistake> {
        let known = self.find(name).and_then(|known| self.places.get(known));
        let (place, size) = *known.ok_or_else(|| missing(name))?;
        let most = MAX_ENTRY.min(self.left);
        if size > most {
            return Err(too_large(name));
        }
        let mut entry = self.zip.by_index(place).map_err(|_| broken_entry(name))?;
        let mut bytes = Vec::new();
        let read = entry.by_ref().take(most + 1).read_to_end(&mut bytes);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(length);
        if length > most {
            return Err(too_large(name));
        }
        match read {
            Ok(_) if length == size => Ok(bytes),
            _ => Err(broken_entry(name)),
        }
    }
}

/// What systems put into archives without being asked.
pub(super) fn is_litter(path: &str) -> bool {
    path.starts_with("__MACOSX/") || path.rsplit('/').next().is_some_and(|last| last.starts_with('.'))
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(field.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// The central directory as it stands (APPNOTE 4.3.12, 4.3.16). Zip64 is refused: nothing of 16 MiB needs it.
fn listing(bytes: &[u8]) -> Result<Vec<Listed<'_>>, Mistake> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = bytes[tail..].windows(4).rposition(|w| w == END).map(|n| n + tail).ok_or_else(damaged)?;
    let field = |at: usize, length: usize| number(bytes, end + at, length).ok_or_else(damaged);
    let (disks, count, size, start) = (field(4, 4)?, field(10, 2)?, field(12, 4)?, field(16, 4)?);
    if count == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff {
        return Err(zip64());
    }
    // The locator of the other kind stands right before this end.
    if end >= 20 && bytes[end - 20..].starts_with(LOCATOR_64) {
        return Err(zip64());
    }
    let ends = u64::try_from(end).unwrap_or(u64::MAX);
    // A second list before this one, or behind it, could be the one that others read.
    if disks != 0 || start + size != ends || field(8, 2)? != count || end + 22 + place(field(20, 2)?) != bytes.len() {
        return Err(damaged());
    }
    let count = place(count);
    if count > MAX_ENTRIES {
        return Err(too_many());
    }
    let mut at = place(start);
    let mut listed = Vec::new();
    while bytes.get(at..at + 4) == Some(CENTRAL) && at < end {
        if listed.len() >= MAX_ENTRIES {
            return Err(too_many());
        }
        let field = |offset: usize, length: usize| number(bytes, at + offset, length).ok_or_else(damaged);
        let length = |offset: usize| field(offset, 2).map(place);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let raw = bytes.get(at + 46..at + 46 + name).ok_or_else(damaged)?;
        let extras = bytes.get(at + 46 + name..at + 46 + name + extra).ok_or_else(damaged)?;
        if field(8, 2)? & 1 == 1 {
            return Err(encrypted());
        }
        // The upper half of the attributes is the mode of Unix; 0o12 in front is a link, 0o01 and others are devices and pipes.
        let (made_by, mode) = (field(5, 1)?, field(38, 4)? >> 28);
        if mode == 0o12 || (made_by == 3 && ![0, 0o4, 0o10].contains(&mode)) {
            return Err(link(&shown(raw)));
        }
        let (packed, unpacked, offset) = (field(20, 4)?, field(24, 4)?, field(42, 4)?);
        if [packed, unpacked, offset].contains(&0xffff_ffff) && has_extra(extras, 1) {
            return Err(zip64());
        }
        let text = std::str::from_utf8(raw).map(str::to_owned).unwrap_or_else(|_| shown(raw));
        let name_text = text.replace('\\', "/");
        let name_text = if leads_out(&text) { text } else { name_text };
        listed.push(Listed { raw, name: name_text, packed, unpacked, offset });
        at += 46 + name + extra + comment;
    }
    let whole = listed.len() == count && at == place(start + size);
    if whole { Ok(listed) } else { Err(damaged()) }
}

fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Whether extra fields hold one of this kind (APPNOTE 4.5.1).
fn has_extra(extras: &[u8], kind: u64) -> bool {
    let mut at = 0;
    while let Some((id, length)) = number(extras, at, 2).zip(number(extras, at + 2, 2)) {
        if id == kind {
            return true;
        }
        at += 4 + place(length);
    }
    false
}

fn harmless(listed: &[Listed<'_>], bytes: &[u8]) -> Result<(), Mistake> {
    let (mut names, mut spans) = (BTreeSet::new(), BTreeMap::new());
    let mut total: u64 = 0;
    for entry in listed {
        if leads_out(&entry.name) {
            return Err(path_leads_out(&entry.name));
        }
        // Two names that differ in case alone are one file on many disks, and two here: nobody could tell which was meant.
        if !names.insert(folded(&entry.name)) {
            return Err(twice(&entry.name));
        }
        total = total.saturating_add(entry.unpacked);
        let ratio = entry.unpacked / entry.packed.max(1);
        if total > MAX_UNPACKED || (entry.unpacked > SMALL && ratio > MAX_RATIO) {
            return Err(bomb());
        }
        // The header before the bytes says the same name, or it is not clear which it is.
        let at = place(entry.offset);
        let (name, extra) = (number(bytes, at + 26, 2), number(bytes, at + 28, 2));
        let (name, extra) = name.zip(extra).map(|(name, extra)| (place(name), place(extra))).ok_or_else(damaged)?;
        if bytes.get(at..at + 4) != Some(LOCAL) || bytes.get(at + 30..at + 30 + name) != Some(entry.raw) {
            return Err(damaged());
        }
        let ends = at.saturating_add(30 + name + extra).saturating_add(place(entry.packed));
        // Two entries that share bytes unfold them twice.
        if ends > bytes.len() || spans.insert(at, ends).is_some() {
            return Err(bomb());
        }
    }
    let overlaps = spans.iter().zip(spans.keys().skip(1)).any(|((_, ends), next)| ends > next);
    if overlaps { Err(bomb()) } else { Ok(()) }
}

/// A name that would land outside of a folder it is unpacked in, on any system.
fn leads_out(name: &str) -> bool {
    let drive = |step: &str| step.as_bytes().get(1) == Some(&b':');
    name.is_empty()
        || name.starts_with(['/', '\\'])
        || name.chars().any(char::is_control)
        || name.split(['/', '\\']).any(|step| step == ".." || drive(step))
}

/// What is left of a name where neither case nor the way of writing an accent makes a difference, and a full stop or space at the
/// end of a step is nothing.
fn folded(name: &str) -> String {
    let steps = name.trim_end_matches('/').split('/').map(|step| step.trim_end_matches(['.', ' ']));
    let name: String = steps.collect::<Vec<_>>().join("/").nfc().collect();
    name.to_lowercase().to_uppercase().to_lowercase()
}

fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().take(80).map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn damaged() -> Mistake {
    Mistake::new(
        "",
        "damaged_archive",
        "the archive is damaged or no ZIP: pack it again",
        "ZIPファイルが壊れています。作り直してください",
    )
}

fn zip64() -> Mistake {
    Mistake::new(
        "",
        "zip64_archive",
        "the archive is of the kind for very large files (ZIP64), which none of 16 MiB needs to be: nothing was read; pack it again",
        "巨大なファイル用のZIP(ZIP64)です。16 MiB以下のファイルには不要なため、何も読みませんでした。作り直してください",
    )
}

fn encrypted() -> Mistake {
    Mistake::new(
        "",
        "encrypted_archive",
        "the archive is locked by a password: pack it without",
        "ZIPファイルにパスワードがかかっています。パスワードなしで作り直してください",
    )
}

fn link(name: &str) -> Mistake {
    Mistake::new(
        "",
        "link_in_archive",
        format!("`{name}` in the archive is a link, which could point at any file: nothing was read; pack files only"),
        format!(
            "ZIPの中の「{name}」がリンクです。どのファイルを指すかわからないため、何も読みませんでした。ファイルだけを入れてください"
        ),
    )
}

fn too_many() -> Mistake {
    Mistake::new(
        "",
        "too_many_files",
        format!("the archive has more than {MAX_ENTRIES} files: nothing was read; split it"),
        format!("ZIPの中のファイルが{MAX_ENTRIES}個を超えています。何も読みませんでした。分けてください"),
    )
}

fn bomb() -> Mistake {
    Mistake::new(
        "",
        "archive_bomb",
        "the archive unfolds to far more than it should: nothing was read; pack items and their pictures only",
        "展開すると異常に大きくなるZIPです。何も読みませんでした。設問と図だけを入れてください",
    )
}

fn path_leads_out(name: &str) -> Mistake {
    let name = shown(name.as_bytes());
    Mistake::new(
        "",
        "path_leads_out",
        format!("`{name}` in the archive would land outside of it: nothing was read"),
        format!("ZIPの中の「{name}」は外のフォルダーを指しています。何も読みませんでした"),
    )
}

fn twice(name: &str) -> Mistake {
    let name = shown(name.as_bytes());
    Mistake::new(
        "",
        "duplicate_file",
        format!("the archive has `{name}` twice, and nobody can tell which is meant: nothing was read; pack it again"),
        format!("ZIPに「{name}」が2つあり、どちらが正しいかわかりません。何も読みませんでした。作り直してください"),
    )
}

fn missing(name: &str) -> Mistake {
    let name = shown(name.as_bytes());
    Mistake::new(
        "",
        "file_missing",
        format!("`{name}` is not in the archive: add it, or take it out of the manifest"),
        format!("「{name}」がZIPの中にありません。入れるか、マニフェストから外してください"),
    )
}

fn too_large(name: &str) -> Mistake {
    let name = shown(name.as_bytes());
    Mistake::new(
        "",
        "file_too_large",
        format!("`{name}` is larger than 8 MiB: make it smaller"),
        format!("「{name}」が8 MiBを超えています。小さくしてください"),
    )
}

fn broken_entry(name: &str) -> Mistake {
    let name = shown(name.as_bytes());
    Mistake::new(
        "",
        "damaged_file",
        format!("`{name}` is damaged in the archive (its checksum or size is wrong): pack it again"),
        format!("ZIPの中の「{name}」が壊れています(検査値か大きさが合いません)。作り直してください"),
    )
}
