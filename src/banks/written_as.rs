//! CSV banks as spreadsheets write them: in UTF-8, in CP932 (Excel on a Japanese Windows), or in UTF-16 with a mark.

use std::borrow::Cow;

use waymark_assess::Mistake;
use waymark_assess::interchange::{Format, Warning};

use crate::tables::Encoding;
use crate::tables::text;

/// The file in UTF-8, and a word about it where it was written otherwise. What is no text in any of these stays as it is: reading it says so.
pub fn in_utf8(bytes: &[u8], format: Format) -> (Cow<'_, [u8]>, Option<Warning>) {
    let plain = format != Format::Csv || bytes.starts_with(b"PK") || is_utf_8(bytes);
    match (!plain).then(|| text::read(bytes, None)) {
        Some(Ok((text, encoding))) => (Cow::Owned(text.into_bytes()), Some(read_as(encoding))),
        _ => (Cow::Borrowed(bytes), None),
    }
}

/// Whether it is UTF-8, though perhaps damaged: a line beyond ASCII that can be read tells. The damaged row is refused by itself.
fn is_utf_8(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let readable = |line: &[u8]| !line.is_ascii() && std::str::from_utf8(line).is_ok();
    std::str::from_utf8(bytes).is_ok() || !marked && bytes.split(|byte| *byte == b'\n').any(readable)
}

fn read_as(encoding: Encoding) -> Warning {
    let (name, name_ja) = match encoding {
        Encoding::Cp932 => ("Shift_JIS (CP932)", "シフトJIS（CP932）"),
        Encoding::Utf16Le | Encoding::Utf16Be => ("UTF-16", "UTF-16"),
        Encoding::Utf8 => ("UTF-8", "UTF-8"),
    };
    let text = Mistake::new(
        "",
        "read_as",
        format!("the file was read as {name}: look whether the words below read right; if not, save it as UTF-8"),
        format!(
            "{name_ja}として読みました。下の設問が文字化けしていないか確かめ、しているときはUTF-8で保存し直してください"
        ),
    );
    Warning { item: None, line: 1, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_utf_8_is_read_anew() {
        let cp932 = b"id,question\nq1,\x96\xe2\n";
        let (read, told) = in_utf8(cp932, Format::Csv);
        assert_eq!(read.as_ref(), "id,question\nq1,問\n".as_bytes());
        assert_eq!(told.map(|told| told.text.code), Some("read_as"));
        for (bytes, format) in [
            ("id,question\nq1,問\n".as_bytes(), Format::Csv),
            (&cp932[..], Format::Gift),
            (&b"id\n\xff\xfd\x80\n"[..], Format::Csv),
            (&b"id,question\nq1,caf\xc3\xa9\nq2,\xb1\n"[..], Format::Csv),
        ] {
            let (read, told) = in_utf8(bytes, format);
            assert!(read.as_ref() == bytes && told.is_none(), "{format:?}");
        }
    }
}
