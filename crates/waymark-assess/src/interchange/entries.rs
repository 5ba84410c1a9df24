//! A file taken apart: what the readers of all formats come to, and what they share.

use super::report::Warning;
use crate::{
    item::{Interaction, ItemKey},
    mistake::Mistake,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Files with more items are read up to here, and the report says so.
pub const MAX_ITEMS: usize = 20_000;
/// After so many places at which reading had to start anew, the rest is given up: each may cost a look at all of it.
pub(super) const MAX_DAMAGE: usize = 100;
/// Deeper nesting is refused.
pub(super) const MAX_DEPTH: usize = 32;

/// One item of a file before it is understood: where it begins, and its fields or why there are none.
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) fields: Result<Value, Mistake>,
    pub(super) about: About,
}

/// What is known of an entry beside its fields.
#[derive(Default)]
pub(super) struct About {
    pub(super) file: Option<String>,
    pub(super) name: Option<String>,
    pub(super) losses: Vec<Mistake>,
    /// What else is wrong with it.
    pub(super) more: Vec<Mistake>,
    /// Interaction and key of a kind that fields do not say.
    pub(super) answered: Option<(Interaction, ItemKey)>,
    /// Whether each right part of a choice earns its share.
    pub(super) per_part: bool,
}

impl Entry {
    pub(super) fn new(line: usize, fields: Result<Value, Mistake>) -> Self {
        Self { line, fields, about: About::default() }
    }
}

/// A file taken apart.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) entries: Vec<Entry>,
    /// What is wrong with the file beside its items.
    pub(super) broken: Vec<(usize, Mistake)>,
    pub(super) warnings: Vec<Warning>,
    /// Pictures inside of the file, by the name that fields call them by.
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
}

/// Asked between two items: whether to leave off.
pub type Stop<'s> = &'s dyn Fn() -> bool;

/// The line that `offset` is in, counting from 1, given a place before it whose line is known.
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    offset: usize,
    line: usize,
}

impl<'b> Lines<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, offset: 0, line: 1 }
    }

    pub(super) fn at(&mut self, offset: usize) -> usize {
        if offset < self.offset {
            *self = Self::new(self.bytes);
        }
        let offset = offset.min(self.bytes.len());
        self.line += self.bytes[self.offset..offset].iter().filter(|b| **b == b'\n').count();
        self.offset = offset;
        self.line
    }
}

/// The name that a picture inside of a file goes by: its number, and its own name as far as that is harmless.
pub(super) fn picture_name(number: usize, path: &str) -> String {
    let own = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let own: String = own.chars().filter(|c| c.is_alphanumeric() || "._-".contains(*c)).take(80).collect();
    format!("picture-{}-{own}", number + 1)
}

pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

pub(super) fn not_utf8() -> Mistake {
    Mistake::new(
        "",
        "not_utf8",
        "the text is not UTF-8: save the file as UTF-8 (in Excel: \"CSV UTF-8\")",
        "文字コードがUTF-8ではありません。UTF-8で保存し直してください(Excelでは「CSV UTF-8」)",
    )
}
