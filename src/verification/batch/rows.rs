//! A list as it comes: pasted text, or a file in UTF-8, UTF-16 or Windows-31J (CP932), with commas, semicolons or tabs, with a header or without.

use encoding_rs::{Encoding, SHIFT_JIS};

use super::MOST;
use super::line::{Columns, Line};

/// Why a list is not read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFault {
    Empty,
    /// How many lines there are.
    TooMany(usize),
    /// In none of the encodings.
    Encoding,
}

/// Cells beyond are not looked at.
const MOST_CELLS: usize = 40;

/// Reads pasted text, each line by itself: a stray quotation mark spoils its own line only.
pub fn of_text(text: &str) -> Result<Vec<Line>, ListFault> {
    let separator = separator(text);
    // CR and LF are one end of a line, not two
    let text = text.replace("\r\n", "\n");
    read(text.split(['\n', '\r']).map(|line| of_line(separator, line)).collect())
}

fn of_line(separator: u8, line: &str) -> Vec<String> {
    let mut record = csv::StringRecord::new();
    match reader(separator, line.as_bytes()).read_record(&mut record) {
        Ok(true) => cells(&record),
        _ => vec![line.to_owned()],
    }
}

/// Reads a file.
pub fn of_file(bytes: &[u8]) -> Result<Vec<Line>, ListFault> {
    let text = decoded(bytes).ok_or(ListFault::Encoding)?;
    let mut lines = vec![];
    for record in reader(separator(&text), text.as_bytes()).records() {
        let Ok(record) = record else { return Err(ListFault::Encoding) };
        lines.push(cells(&record));
        if lines.len() > MOST * 10 {
            break;
        }
    }
    read(lines)
}

/// The text of a file: as its first bytes say, else UTF-8, else Windows-31J.
fn decoded(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (text, faulty) = encoding.decode_without_bom_handling(&bytes[length..]);
        return (!faulty).then(|| text.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let (text, faulty) = SHIFT_JIS.decode_without_bom_handling(bytes);
    (!faulty).then(|| text.into_owned())
}

/// What parts the cells, by what the first lines have.
fn separator(text: &str) -> u8 {
    let first = || text.lines().filter(|line| !line.trim().is_empty()).take(3);
    let has = |mark: char| first().any(|line| line.contains(mark));
    match (has('\t'), has(';') && !has(',')) {
        (true, _) => b'\t',
        (false, true) => b';',
        (false, false) => b',',
    }
}

fn reader(separator: u8, bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(bytes)
}

fn cells(record: &csv::StringRecord) -> Vec<String> {
    record.iter().take(MOST_CELLS).map(str::to_owned).collect()
}

/// Blank lines are left out, and keep their number.
fn read(lines: Vec<Vec<String>>) -> Result<Vec<Line>, ListFault> {
    let filled = |cells: &Vec<String>| cells.iter().any(|cell| !cell.trim().is_empty());
    let mut lines: Vec<(usize, Vec<String>)> =
        lines.into_iter().enumerate().map(|(at, cells)| (at + 1, cells)).filter(|(_, cells)| filled(cells)).collect();
    let columns = lines.first().and_then(|(_, cells)| Columns::of(cells));
    if columns.is_some() {
        lines.remove(0);
    }
    match lines.len() {
        0 => Err(ListFault::Empty),
        many if many > MOST => Err(ListFault::TooMany(many)),
        _ => Ok(lines.iter().map(|(at, cells)| Line::of(*at, cells, columns.as_ref())).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Subject;
    use super::*;

    fn numbers(lines: &[Line]) -> Vec<(usize, Option<&str>)> {
        let number = |line: &'_ Line| match &line.meaning {
            Ok(Subject::Number { number, .. }) => Some(number.clone()),
            _ => None,
        };
        let known = ["EG-1", "EG-2", "EG-3"];
        lines
            .iter()
            .map(|line| (line.at, known.into_iter().find(|known| number(line).as_deref() == Some(known))))
            .collect()
    }

    #[test]
    fn a_file_in_every_encoding_with_every_separator() {
        let text = "氏名,認定番号,確認コード\r\n七瀬 ひかり,EG-1,A0B1C2\r\n髙橋,EG-2,A0B1C3\r\n";
        let (cp932, _, faulty) = SHIFT_JIS.encode(text);
        assert!(!faulty);
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let with_bom = format!("\u{feff}{text}");
        let (tabs, semicolons) = (text.replace(',', "\t"), text.replace(',', ";"));
        for bytes in [text.as_bytes(), &cp932, &utf16, with_bom.as_bytes(), tabs.as_bytes(), semicolons.as_bytes()] {
            let lines = of_file(bytes).expect("read");
            assert_eq!(numbers(&lines), [(2, Some("EG-1")), (3, Some("EG-2"))]);
            assert_eq!(lines[1].name.as_deref(), Some("髙橋"));
        }
        assert_eq!(of_file(&[0x81, 0x00, 0xFF, 0xFD]), Err(ListFault::Encoding));
    }

    #[test]
    fn lines_keep_their_number_and_a_stray_quotation_mark_its_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["EG-1 A0B1C2", "", "\"EG-2 A0B1C2", "  ", "EG-3,A0B1C2"].join(end);
            let lines = of_text(&text).expect("read");
            assert_eq!(numbers(&lines), [(1, Some("EG-1")), (3, Some("EG-2")), (5, Some("EG-3"))], "{end:?}");
        }
    }

    #[test]
    fn a_hundred_and_no_more() {
        let list = |n: usize| (0..n).map(|n| format!("EG-{n} A0B1C2\n")).collect::<String>();
        assert_eq!(of_text(&list(100)).map(|lines| lines.len()), Ok(100));
        assert_eq!(of_text(&list(101)), Err(ListFault::TooMany(101)));
        assert_eq!(of_file(list(101).as_bytes()), Err(ListFault::TooMany(101)));
        assert_eq!(of_text(" \n\n"), Err(ListFault::Empty));
        assert_eq!(of_text("url,name\n"), Err(ListFault::Empty), "a header alone");
    }
}
