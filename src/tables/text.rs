//! Bytes of a table → text: UTF-8 with or without a byte order mark, UTF-16 with one, or CP932 (what Excel writes on a Japanese Windows).

use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

use super::finding::Finding;
use crate::clock::parse_rfc3339;

/// How the bytes are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    #[serde(rename = "cp932")]
    Cp932,
}

impl Encoding {
    /// By a label of the Encoding Standard, `cp932` included; None for what is not read here.
    pub fn parse(label: &str) -> Option<Self> {
        let label = label.trim();
        if label.eq_ignore_ascii_case("cp932") {
            return Some(Self::Cp932);
        }
        let known = encoding_rs::Encoding::for_label(label.as_bytes())?;
        [(UTF_8, Self::Utf8), (SHIFT_JIS, Self::Cp932), (UTF_16LE, Self::Utf16Le), (UTF_16BE, Self::Utf16Be)]
            .into_iter()
            .find_map(|(encoding, name)| (known == encoding).then_some(name))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Cp932 => "cp932",
        }
    }

    fn reader(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Cp932 => SHIFT_JIS,
        }
    }
}

/// The text, and how it was read. A byte order mark says it; else what was asked for; else UTF-8 where it is that, and CP932 where not.
///
/// # Errors
/// Bytes that are no text in that encoding, with the line; U+0000.
pub fn read(bytes: &[u8], asked: Option<Encoding>) -> Result<(String, Encoding), Finding> {
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, length)| (encoding.name(), length));
    let (encoding, skip) = match (marked.and_then(|(name, length)| Some((Encoding::parse(name)?, length))), asked) {
        (Some((encoding, length)), _) => (encoding, length),
        (None, Some(encoding)) => (encoding, 0),
        (None, None) if std::str::from_utf8(bytes).is_ok() => (Encoding::Utf8, 0),
        (None, None) => (Encoding::Cp932, 0),
    };
    let body = &bytes[skip..];
    let Some(text) = encoding.reader().decode_without_bom_handling_and_without_replacement(body) else {
        let (lossy, _) = encoding.reader().decode_without_bom_handling(body);
        return Err(unreadable(&lossy, encoding, asked.is_some()));
    };
    match text.find('\0') {
        Some(at) => {
            let detail = "leave out the character U+0000; a file with it is usually no text file at all";
            Err(Finding::file("forbidden_character", detail).on_line(line_of(&text, at)))
        }
        None => Ok((text.into_owned(), encoding)),
    }
}

fn unreadable(lossy: &str, encoding: Encoding, asked: bool) -> Finding {
    let line = lossy.find('\u{FFFD}').map_or(1, |at| line_of(lossy, at));
    let detail = match asked {
        true => format!("this is not {}: choose the other encoding, or save the file as UTF-8", encoding.as_str()),
        false => "this is neither UTF-8 nor Shift_JIS (CP932): save the file as CSV UTF-8".to_owned(),
    };
    Finding::file("unreadable", detail).on_line(line)
}

/// The number of the line, from 1, in which the byte stands.
pub fn line_of(text: &str, at: usize) -> u32 {
    u32::try_from(text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1).unwrap_or(u32::MAX)
}

/// The numbers of lines, asked for from the beginning to the end: each byte is looked at once, however many are asked for.
#[derive(Debug)]
pub struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u32,
    #[cfg(test)]
    looked_at: usize,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// The number of the line, from 1, in which the byte stands. Before one that was asked for earlier it is that one's.
    pub fn line(&mut self, at: usize) -> u32 {
        let between = self.bytes.get(self.at..at).unwrap_or_default();
        let more = between.iter().filter(|b| **b == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        #[cfg(test)]
        {
            self.looked_at += between.len();
        }
        self.at += between.len();
        self.line
    }

    /// Bytes that were counted through so far: what it cost.
    #[cfg(test)]
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }
}

/// Full-width letters, digits, signs and spaces as their usual selves; nothing else is touched.
pub fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

/// `2026/4/1`, `2026.4.1`, `2026年4月1日` and full-width digits as `2026-04-01`; a moment as it is. Which of `4/1/2026` is the month nobody knows.
pub fn plain_day(text: &str) -> Option<String> {
    let text = narrow(text);
    let text = text.trim();
    if parse_rfc3339(text).is_some() {
        return Some(text.to_owned());
    }
    let plain = text.replace(['/', '.', '年', '月'], "-");
    let parts: Vec<&str> = plain.trim_end_matches('日').split('-').map(str::trim).collect();
    let [year, month, day] = parts[..] else { return None };
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let fits = year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2);
    fits.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// A header as names are compared: narrow, lower case, without what only separates, and without what stands in brackets.
pub fn plain_header(header: &str) -> String {
    let narrow = narrow(header).to_lowercase();
    let bare = narrow.split('(').next().unwrap_or_default();
    bare.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '.' | '*' | ':' | '・' | '\u{FEFF}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_told_from_the_others() {
        let text = "氏名,メール\n髙橋 一郎,a@b.example\n";
        let cp932 = SHIFT_JIS.encode(text).0.into_owned();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked, Encoding::Utf8),
            (utf16, Encoding::Utf16Le),
            (cp932, Encoding::Cp932),
        ] {
            assert_eq!(read(&bytes, None), Ok((text.to_owned(), encoding)), "{encoding:?}");
        }
    }

    #[test]
    fn broken_bytes_are_refused_with_their_line() {
        let broken = [b"name,email\n\x8b\x7e,a@b.example\n".as_slice(), b"\x8b\xff\xfd\n"].concat();
        let wrong = read(&broken, None).expect_err("no encoding at all");
        assert_eq!((wrong.code, wrong.line), ("unreadable", Some(3)));
        let wrong = read(&SHIFT_JIS.encode("氏名\n").0, Some(Encoding::Utf8)).expect_err("not what was said");
        assert_eq!((wrong.code, wrong.line), ("unreadable", Some(1)));
        let nul = read(b"name\nx\0y\n", None).expect_err("U+0000");
        assert_eq!((nul.code, nul.line), ("forbidden_character", Some(2)));
    }

    #[test]
    fn labels_are_those_of_the_encoding_standard() {
        assert_eq!(Encoding::parse("Shift_JIS"), Some(Encoding::Cp932));
        assert_eq!(Encoding::parse("CP932"), Some(Encoding::Cp932));
        assert_eq!(Encoding::parse("utf8"), Some(Encoding::Utf8));
        assert_eq!(Encoding::parse("euc-jp"), None);
    }

    #[test]
    fn full_width_is_narrowed_and_kana_are_left() {
        assert_eq!(narrow("２０２６／４／１　ＡＢ＠ｃ カナ"), "2026/4/1 AB@c カナ");
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in ["2026-04-01", "2026/4/1", "2026.04.1", "2026年4月1日", "２０２６／４／１", " 2026-4-1 "]
        {
            assert_eq!(plain_day(text).as_deref(), Some("2026-04-01"), "{text}");
        }
        assert_eq!(plain_day("2026-04-01T09:00:00Z").as_deref(), Some("2026-04-01T09:00:00Z"));
        for text in ["4/1/2026", "46113", "2026-4", "26/4/1", "2026-004-01", "yesterday", "令和8年4月1日", "2026-+4-01"]
        {
            assert_eq!(plain_day(text), None, "{text}");
        }
    }
}
