//! Essays and uploads: answers that people mark, by a rubric.

use super::{ItemKey, KeyKind, key::of_another_kind, options, scoring::MAX_POINTS, words::check_length};
use crate::{mistake::Mistake, text::Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Longest essay, in characters.
pub const MAX_ESSAY: u32 = 50_000;
/// Largest file a candidate may hand in, in bytes.
pub const MAX_UPLOAD: u32 = 20 * 1024 * 1024;
/// Most criteria of a rubric.
pub const MAX_CRITERIA: usize = 20;

/// A text to be written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Essay {
    /// Longest answer, in characters.
    pub max_length: u32,
}

/// A file to be handed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    pub kinds: BTreeSet<FileKind>,
    pub max_bytes: u32,
}

/// What a file is, by its first bytes; its name is never believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Pdf,
    Png,
    Jpeg,
    /// UTF-8 without control characters.
    Text,
    /// Also what word processors write.
    Zip,
}

impl FileKind {
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Png, Self::Jpeg, Self::Text, Self::Zip];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Text => "text",
            Self::Zip => "zip",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// What the bytes begin like; `None` for anything unknown.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        let is_text = |bytes: &[u8]| {
            std::str::from_utf8(bytes).is_ok_and(|text| {
                !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            })
        };
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            other => is_text(other).then_some(Self::Text),
        }
    }

    /// Extension of the name it is downloaded under.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Text => "txt",
            Self::Zip => "zip",
        }
    }
}

/// What a marker looks at, and what it is worth.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    pub criteria: Vec<Criterion>,
}

/// One line of a rubric.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub text: Text,
    /// Most points for it.
    pub points: u32,
}

impl Rubric {
    /// Most points of the whole answer.
    pub fn points(&self) -> u32 {
        self.criteria.iter().map(|criterion| criterion.points).fold(0, u32::saturating_add)
    }

    pub(super) fn value(&self) -> Value {
        let criterion = |criterion: &Criterion| json!({"text": criterion.text, "points": criterion.points});
        json!({"criteria": self.criteria.iter().map(criterion).collect::<Vec<_>>()})
    }
}

fn check_rubric(stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
    let KeyKind::Rubric(rubric) = key.kind() else {
        return mistakes.push(of_another_kind());
    };
    let fits = (1..=MAX_CRITERIA).contains(&rubric.criteria.len())
        && rubric.criteria.iter().all(|criterion| criterion.points > 0)
        && rubric.points() <= MAX_POINTS;
    if !fits {
        mistakes.push(Mistake::new(
            "/rubric",
            "rubric_out_of_range",
            format!(
                "a rubric has 1 to {MAX_CRITERIA} criteria, each worth at least a point, together up to {MAX_POINTS}"
            ),
            format!("採点基準は1項目から{MAX_CRITERIA}項目、各1点以上、合計{MAX_POINTS}点までです"),
        ));
    }
    for (n, criterion) in rubric.criteria.iter().enumerate() {
        options::languages(&criterion.text, &format!("/rubric/{n}"), ("criterion", "基準"), stem, mistakes);
    }
}

impl Essay {
    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        check_length(self.max_length, MAX_ESSAY, mistakes);
        check_rubric(stem, key, mistakes);
    }

    pub(super) fn value(&self) -> Value {
        json!({"max_length": self.max_length})
    }
}

impl Upload {
    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        if self.kinds.is_empty() {
            mistakes.push(Mistake::new(
                "/files",
                "no_kind_of_file",
                "no kind of file may be handed in: name some of pdf, png, jpeg, text, zip",
                "提出できるファイルの種類がありません。pdf、png、jpeg、text、zip から選んでください",
            ));
        }
        if !(1..=MAX_UPLOAD).contains(&self.max_bytes) {
            mistakes.push(Mistake::new(
                "/max_bytes",
                "size_out_of_range",
                format!("a file may have 1 to {MAX_UPLOAD} bytes"),
                format!("ファイルの大きさは1から{MAX_UPLOAD}バイトまでにしてください"),
            ));
        }
        check_rubric(stem, key, mistakes);
    }

    pub(super) fn value(&self) -> Value {
        json!({"kinds": self.kinds, "max_bytes": self.max_bytes})
    }
}
