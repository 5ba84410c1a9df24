//! In which format a bank file is, by its name or its beginning.

use super::without_mark;
use crate::mistake::Mistake;

/// A format that a bank is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    Csv,
    Json,
    Yaml,
    /// A package or a single item.
    Qti,
    /// Moodle XML.
    Moodle,
    Gift,
    Aiken,
}

impl Format {
    /// `csv`, `json`, `yaml`, `qti`, `moodle-xml` (or `moodle`), `gift`, `aiken`; not `auto`, which is [`Format::detect`].
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "qti" | "zip" => Some(Self::Qti),
            "moodle" | "moodle-xml" => Some(Self::Moodle),
            "gift" => Some(Self::Gift),
            "aiken" => Some(Self::Aiken),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Qti => "qti",
            Self::Moodle => "moodle",
            Self::Gift => "gift",
            Self::Aiken => "aiken",
        }
    }

    /// By extension of the file's name, else by its first characters.
    ///
    /// # Errors
    /// Neither tells.
    pub fn detect(file_name: &str, bytes: &[u8]) -> Result<Self, Mistake> {
        let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        if let Some(format) = extension.as_deref().and_then(Self::parse) {
            return Ok(format);
        }
        let text = without_mark(bytes).trim_ascii_start();
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Ok(Self::Qti);
        }
        if extension.as_deref() == Some("xml") || text.starts_with(b"<") {
            return Ok(if root_is_quiz(text) { Self::Moodle } else { Self::Qti });
        }
        let answer = |line: &[u8]| line.trim_ascii_start().starts_with(b"ANSWER:");
        if text.split(|b| *b == b'\n').take(500).any(answer) {
            return Ok(Self::Aiken);
        }
        let of_gift: [&[u8]; 7] = [b"::", b"//", b"$CATEGORY", b"[html]", b"[markdown]", b"[plain]", b"[moodle]"];
        if of_gift.iter().any(|begin| text.starts_with(begin)) {
            return Ok(Self::Gift);
        }
        let line = text.split(|b| *b == b'\n').next().unwrap_or_default();
        let is_header =
            line.windows(8).any(|w| w.eq_ignore_ascii_case(b"question")) && line.iter().any(|b| b",;\t".contains(b));
        if !matches!(text.first(), Some(b'[' | b'{' | b'-' | b'#' | b'%')) && !is_header && has_gift_answers(text) {
            return Ok(Self::Gift);
        }
        match text.first() {
            Some(b'[' | b'{') => Ok(Self::Json),
            Some(b'-' | b'#' | b'%') => Ok(Self::Yaml),
            Some(_) if line.starts_with(b"items:") => Ok(Self::Yaml),
            Some(_) if line.iter().any(|b| b",;\t".contains(b)) => Ok(Self::Csv),
            _ => Err(Mistake::new(
                "",
                "unknown_format",
                "neither the name nor the beginning of the file tells its format: name it (qti, moodle, gift, aiken, csv, json or yaml)",
                "ファイルの名前からも中身からも形式がわかりません。qti、moodle、gift、aiken、csv、json、yaml のどれかを指定してください",
            )),
        }
    }
}

/// Whether braces around answers of GIFT stand somewhere near the beginning: `{=`, `{~`, `{#`, `{T}`, `{F}`.
fn has_gift_answers(text: &[u8]) -> bool {
    let begins = |inside: &[u8]| {
        let inside = inside.trim_ascii_start();
        let truth = [&b"T}"[..], b"F}", b"TRUE}", b"FALSE}"].iter().any(|word| inside.starts_with(word));
        truth || matches!(inside.first(), Some(b'=' | b'~' | b'#'))
    };
    text[..text.len().min(65_536)].split(|b| *b == b'{').skip(1).any(begins)
}

/// Whether an XML document is a quiz of Moodle, by its first element.
fn root_is_quiz(text: &[u8]) -> bool {
    let mut rest = &text[..text.len().min(4096)];
    while let Some(at) = rest.iter().position(|b| *b == b'<') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"!--") {
            let end = rest.windows(3).position(|w| w == b"-->").unwrap_or(rest.len());
            rest = &rest[end..];
            continue;
        }
        if !rest.starts_with(b"?") && !rest.starts_with(b"!") {
            return rest.starts_with(b"quiz") || rest.starts_with(b"question");
        }
    }
    false
}
