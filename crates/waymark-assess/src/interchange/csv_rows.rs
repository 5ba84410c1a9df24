//! CSV banks: the first line names the columns. After a quotation mark that is never closed, reading goes on at the next
//! line, so that it takes down one row and not the rest of the file.

use super::{
    Entries, Entry, Lines, MAX_DAMAGE, MAX_ITEMS,
    csv_columns::{columns, fields},
    not_utf8,
};
use crate::mistake::Mistake;
use std::ops::Range;

/// Where the first byte stands that is no UTF-8, in a file of which no line beyond ASCII is: that is a matter of the whole file, said once and not
/// of every row. One line alone may as well be damaged.
fn other_writing(bytes: &[u8]) -> Option<usize> {
    let wrong = std::str::from_utf8(bytes).err()?.valid_up_to();
    let mut beyond = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii());
    let (first, second) = (beyond.next()?, beyond.next()?);
    let all = [first, second].into_iter().chain(beyond).all(|line| std::str::from_utf8(line).is_err());
    all.then_some(wrong)
}

pub(super) fn read(bytes: &[u8]) -> Entries {
    let mut out = Entries::default();
    if let Some(at) = other_writing(bytes) {
        out.broken.push((Lines::new(bytes).at(at), not_utf8()));
        return out;
    }
    let delimiter = delimiter(bytes);
    let mut lines = Lines::new(bytes);
    let mut rows = Rows::new(bytes, delimiter);
    let Some((header, _)) = rows.next() else { return out };
    let Some(columns) = columns(&header, &mut out) else { return out };
    let mut damage = 0;
    while out.entries.len() <= MAX_ITEMS {
        let Some((row, place)) = rows.next() else { return out };
        let line = lines.at(place.start);
        let raw = &bytes[place.clone()];
        let misfit = row.len() != columns.len();
        let several_lines = raw.trim_ascii_end().contains(&b'\n');
        let fields = if several_lines && (misfit || !quotes_frame_cells(raw, delimiter)) {
            damage += 1;
            rows.go_on_at(place.start + raw.iter().position(|b| *b == b'\n').map_or(raw.len(), |n| n + 1));
            Err(unclosed_quote())
        } else if misfit {
            Err(ragged(row.len(), columns.len()))
        } else {
            fields(&row, &columns)
        };
        out.entries.push(Entry::new(line, fields));
        if damage > MAX_DAMAGE {
            out.broken.push((line, given_up()));
            return out;
        }
    }
    out
}

/// The rows of a file with their places, from any place on.
struct Rows<'b> {
    bytes: &'b [u8],
    delimiter: u8,
    from: usize,
    reader: csv::Reader<&'b [u8]>,
}

impl<'b> Rows<'b> {
    fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter, from: 0, reader: reader(bytes, delimiter) }
    }

    fn go_on_at(&mut self, from: usize) {
        (self.from, self.reader) = (from, reader(&self.bytes[from..], self.delimiter));
    }

    fn at(&self) -> usize {
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.from.saturating_add(read).min(self.bytes.len())
    }

    fn next(&mut self) -> Option<(csv::ByteRecord, Range<usize>)> {
        let at = self.at();
        let start = at + self.bytes[at..].iter().take_while(|b| b"\r\n".contains(b)).count();
        let mut record = csv::ByteRecord::new();
        // Reading from memory into bytes has no way to fail: widths may differ and nothing is decoded.
        self.reader.read_byte_record(&mut record).unwrap_or(false).then(|| (record, start..self.at().max(start)))
    }
}

fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes)
}

/// Whether every quotation mark opens a cell, closes one or is doubled within one. A mark that is never closed runs on to
/// the next mark of a later row, which does none of these.
fn quotes_frame_cells(row: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut cell_begins) = (false, true);
    let mut bytes = row.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, quoted) {
            (b'"', false) if cell_begins => quoted = true,
            (b'"', false) => return false,
            (b'"', true) if bytes.peek() == Some(&b'"') => drop(bytes.next()),
            (b'"', true) if bytes.peek().is_none_or(|next| *next == delimiter || b"\r\n".contains(next)) => {
                quoted = false;
            }
            (b'"', true) => return false,
            _ => {}
        }
        cell_begins = !quoted && byte == delimiter;
    }
    !quoted
}

/// A comma, unless the first line has none and has semicolons or tabs, as spreadsheets of some countries write.
fn delimiter(bytes: &[u8]) -> u8 {
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let has = |delimiter: u8| line.contains(&delimiter);
    [b',', b';', b'\t'].into_iter().find(|delimiter| has(*delimiter)).unwrap_or(b',')
}

fn unclosed_quote() -> Mistake {
    Mistake::new(
        "",
        "csv_syntax",
        "a quotation mark in this row is never closed: close it, or double it if it belongs to the text",
        "この行の引用符が閉じられていません。閉じるか、文の一部なら2つ重ねてください",
    )
}

fn ragged(has: usize, wants: usize) -> Mistake {
    Mistake::new(
        "",
        "csv_syntax",
        format!(
            "the row has {has} cells, the first line {wants}: put texts that contain the separator into quotation marks"
        ),
        format!("この行のセルは{has}個、1行目は{wants}個です。区切り文字を含む文は引用符で囲んでください"),
    )
}

fn given_up() -> Mistake {
    Mistake::new(
        "",
        "csv_syntax",
        "too many unclosed quotation marks: the rest was not read",
        "閉じられていない引用符が多すぎます。ここから先は読んでいません",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    type Outlined = Vec<(usize, Result<Value, &'static str>)>;

    fn outline(text: &str) -> (Outlined, Vec<&'static str>, usize) {
        let out = read(text.as_bytes());
        let entries = out.entries.into_iter().map(|e| (e.line, e.fields.map_err(|m| m.code))).collect();
        (entries, out.broken.iter().map(|(_, m)| m.code).collect(), out.warnings.len())
    }

    #[test]
    fn reads_rows_lists_and_languages() {
        let text =
            "id,correct,question_ja,question_en,a_ja,a_en,b_ja,b_en,tags,hue\r\nx,0;1,問,q,あ,a,い,b,t;u,red\r\n";
        let fields = json!({"id": "x", "correct": [0, 1], "question": {"ja": "問", "en": "q"}, "tags": "t;u",
            "answers": [{"ja": "あ", "en": "a"}, {"ja": "い", "en": "b"}]});
        assert_eq!(outline(text), (vec![(2, Ok(fields))], vec![], 1));
    }

    #[test]
    fn semicolons_and_tabs_separate_too() {
        let fields = json!({"id": "x", "question": "q, r"});
        assert_eq!(outline("id;question\nx;q, r\n").0, vec![(2, Ok(fields.clone()))]);
        assert_eq!(outline("id\tquestion\nx\tq, r\n").0, vec![(2, Ok(fields))]);
    }

    #[test]
    fn one_damaged_row_leaves_the_others() {
        let text = "id,question,a\n1,q,x\n2,\"open,x\n3,q,x\n4,q\n\n5,\"two\nlines\",x\n6,5\" pipe,x\n";
        let lines: Vec<_> = outline(text).0.into_iter().map(|(line, fields)| (line, fields.is_ok())).collect();
        assert_eq!(lines, [(2, true), (3, false), (4, true), (5, false), (7, true), (9, true)]);
    }

    #[test]
    fn names_what_is_wrong_with_the_header() {
        assert_eq!(outline("T1A01,2,Which?\n").1, ["no_header"]);
        assert_eq!(outline("id,question,id\nx,q,y\n").1, ["duplicate_column"]);
        assert_eq!(outline("").1, Vec::<&str>::new());
    }

    #[test]
    fn an_option_is_not_skipped_and_bytes_are_text() {
        assert_eq!(outline("id,question,a,b\nx,q,,y\n").0, vec![(2, Err("empty_option"))]);
        let out = read(b"id,question\nw,q\nx,\x83e\x83X\x83g\ny,\x83e\n");
        let broken: Vec<_> = out.broken.iter().map(|(line, mistake)| (*line, mistake.code)).collect();
        assert_eq!((broken, out.entries.len()), (vec![(3, "not_utf8")], 0), "said once");
        let out = read("id,question\nx,é\n".bytes().chain(*b"y,\x83e\nz,q\n").collect::<Vec<_>>().as_slice());
        let rows: Vec<_> =
            out.entries.iter().map(|entry| entry.fields.as_ref().map(|_| ()).map_err(|m| m.code)).collect();
        assert_eq!(rows, [Ok(()), Err("not_utf8"), Ok(())], "a damaged row alone");
    }

    #[test]
    fn many_open_quotes_are_given_up() {
        let text = format!("id,question\n{}", "1,\"q\n1,\"q\n1,q\n".repeat(5_000));
        let (entries, broken, _) = outline(&text);
        assert_eq!(entries.iter().filter(|(_, fields)| fields.is_err()).count(), MAX_DAMAGE + 1);
        assert_eq!(broken, ["csv_syntax"]);
    }
}
