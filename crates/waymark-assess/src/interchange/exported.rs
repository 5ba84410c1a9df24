//! The formats that banks are written in, and a file that was written.

use super::{draft::Draft, report::Loss};
use crate::mistake::Mistake;
use std::collections::BTreeMap;

/// A format that a bank is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportFormat {
    Qti3,
    Qti21,
    Moodle,
    Gift,
    Aiken,
    Csv,
    Json,
    Yaml,
}

impl ExportFormat {
    pub const ALL: [Self; 8] =
        [Self::Qti3, Self::Qti21, Self::Moodle, Self::Gift, Self::Aiken, Self::Csv, Self::Json, Self::Yaml];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Qti3 => "qti3",
            Self::Qti21 => "qti21",
            Self::Moodle => "moodle",
            Self::Gift => "gift",
            Self::Aiken => "aiken",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        let name = if name == "moodle-xml" { "moodle" } else { name };
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Whether a file only names its pictures, which belong beside it.
    pub fn names_pictures(self) -> bool {
        matches!(self, Self::Csv | Self::Json | Self::Yaml)
    }

    /// Of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Qti3 | Self::Qti21 => "zip",
            Self::Moodle => "xml",
            Self::Gift => "gift",
            Self::Aiken => "txt",
            other => other.as_str(),
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Qti3 | Self::Qti21 => "application/zip",
            Self::Moodle => "application/xml",
            Self::Gift | Self::Aiken => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
        }
    }

    /// Whether one text of each item is all that the format holds.
    pub(super) fn holds_one_language(self) -> bool {
        !matches!(self, Self::Csv | Self::Json | Self::Yaml)
    }
}

/// A file that was written.
#[derive(Debug, Default)]
pub struct Export {
    pub bytes: Vec<u8>,
    /// How many items are in it.
    pub items: usize,
    /// What it does not say of them.
    pub losses: Vec<Loss>,
    /// Items that are not in it, with why.
    pub left_out: Vec<Loss>,
    /// Pictures that belong beside the file, by name: CSV, JSON and YAML only name theirs.
    pub beside: BTreeMap<String, Vec<u8>>,
}

impl Export {
    pub(super) fn take(&mut self, draft: &Draft, written: Result<Vec<Mistake>, Mistake>) {
        let name = draft.id.as_deref().unwrap_or(&draft.name);
        match written {
            Ok(lost) => {
                self.items += 1;
                self.lose(name, lost);
            }
            Err(mistake) => self.leave_out(name, mistake),
        }
    }

    pub(super) fn lose(&mut self, item: &str, lost: Vec<Mistake>) {
        self.losses.extend(lost.into_iter().map(|text| Loss { item: item.to_owned(), line: None, text }));
    }

    pub(super) fn leave_out(&mut self, item: &str, text: Mistake) {
        self.left_out.push(Loss { item: item.to_owned(), line: None, text });
    }
}
