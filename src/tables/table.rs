//! Text → rows of cells, by RFC 4180 with commas, tabs or semicolons.

use super::finding::Finding;
use super::text::{Lines, line_of};

/// Rows in one file.
pub const MOST_ROWS: usize = 1_000;
/// Rows that are looked at, those without anything in them too: spreadsheets save many of them, but not as many as a file can hold.
const MOST_LOOKED_AT: usize = 10_000;
const MOST_COLUMNS: usize = 60;

/// One row: where it stands in the spreadsheet (its header is row 1), and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    pub row: u32,
    pub cells: Vec<String>,
}

/// A table with its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub delimiter: char,
    pub header: Vec<String>,
    pub rows: Vec<Cells>,
}

/// Reads the table. Rows without anything in them are passed over, but counted.
pub fn read(text: &str) -> Result<Table, Finding> {
    read_by(text, &mut Lines::of(text))
}

fn read_by(text: &str, lines: &mut Lines<'_>) -> Result<Table, Finding> {
    let delimiter = layout(text)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let (mut header, mut rows) = (None, vec![]);
    // A cell may hold line breaks: a spreadsheet counts rows, an editor lines.
    let mut broken_inside = 0;
    let mut looked_at = 0;
    let mut record = csv::StringRecord::new();
    let unread = |e: csv::Error| Finding::file("no_table", e.to_string());
    while reader.read_record(&mut record).map_err(unread)? {
        looked_at += 1;
        if looked_at > MOST_LOOKED_AT {
            return Err(too_long());
        }
        let start = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX)).min(text.len());
        let start = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        let row = lines.line(start) - broken_inside;
        let breaks = record.iter().flat_map(str::chars).filter(|c| *c == '\n').count();
        broken_inside += u32::try_from(breaks).unwrap_or(u32::MAX);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if header.is_none() {
            header = Some(cells);
            continue;
        }
        if rows.len() == MOST_ROWS {
            return Err(too_many());
        }
        rows.push(Cells { row, cells });
    }
    let header =
        header.ok_or_else(|| Finding::file("empty", "the file is empty: give a header and at least one row"))?;
    if header.len() > MOST_COLUMNS {
        let detail = format!("the file has {} columns, at most {MOST_COLUMNS} are read", header.len());
        return Err(Finding::file("too_many_columns", detail).naming(MOST_COLUMNS.to_string()));
    }
    if rows.is_empty() {
        return Err(Finding::file("no_rows", "there is a header and no row below it"));
    }
    Ok(Table { delimiter, header, rows })
}

pub fn too_many() -> Finding {
    let detail = format!("the file has more than {MOST_ROWS} rows: split it");
    Finding::file("too_many_rows", detail).naming(MOST_ROWS.to_string())
}

fn too_long() -> Finding {
    let detail =
        format!("more than {MOST_LOOKED_AT} rows stand in the file, empty ones counted: delete the empty rows");
    Finding::file("too_many_empty_rows", detail).naming(MOST_LOOKED_AT.to_string())
}

/// What separates the cells, by the first line with something in it; refuses a quotation mark that is never closed, since it would swallow the
/// rest of the file into one cell.
fn layout(text: &str) -> Result<char, Finding> {
    let first = text.trim_start_matches(['\r', '\n']);
    let (mut quoted, mut counts) = (false, [(',', 0), ('\t', 0), (';', 0)]);
    for c in first.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            c if !quoted => counts.iter_mut().filter(|(d, _)| *d == c).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    let (delimiter, _) = counts.into_iter().rev().max_by_key(|(_, n)| *n).unwrap_or((',', 0));
    let mut opened = None;
    let mut begins = true;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match (c, opened) {
            ('"', None) if begins => opened = Some(at),
            ('"', Some(_)) if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                characters.next();
            }
            ('"', Some(_)) => opened = None,
            _ => {}
        }
        begins = opened.is_none() && (c == delimiter || c == '\n' || c == '\r');
    }
    match opened {
        None => Ok(delimiter),
        Some(at) => {
            let detail = "the quotation mark that is opened here is never closed: close it, or double it where it is meant as a character";
            Err(Finding::file("open_quote", detail).on_line(line_of(text, at)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        read(text).expect("a table").rows.into_iter().map(|r| (r.row, r.cells)).collect()
    }

    #[test]
    fn commas_tabs_and_semicolons_are_told_apart() {
        for (text, delimiter) in
            [("a,b\n1,2\n", ','), ("a\tb,c\td\n1\t2\t3\n", '\t'), ("a;b;c\n1;2;3", ';'), ("a\n1\n", ',')]
        {
            assert_eq!(read(text).expect("a table").delimiter, delimiter, "{text:?}");
        }
        assert_eq!(read("\"a;b;c\",d\n1,2\n").expect("a table").delimiter, ',', "what is quoted does not count");
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        let text = "name,email\r\n\r\n\"a\r\nb\",x\r\n,\r\nc,y\r\n";
        assert_eq!(rows(text), [(3, vec!["a\r\nb".into(), "x".into()]), (5, vec!["c".into(), "y".into()])]);
        assert_eq!(rows("name,email\nc,y"), [(2, vec!["c".into(), "y".into()])]);
        assert_eq!(rows("\n\nname,email\n\n\nc,y\nd,z\n").iter().map(|r| r.0).collect::<Vec<_>>(), [6, 7]);
    }

    #[test]
    fn a_quotation_mark_that_stays_open_is_named() {
        for (text, line) in [("a,b\n1,\"2\n3,4\n", 2), ("a,b\n\"1\"\"\n", 2), ("\"a,b\n1,2\n", 1)] {
            let wrong = read(text).expect_err("open");
            assert_eq!((wrong.code, wrong.line), ("open_quote", Some(line)), "{text:?}");
        }
        assert_eq!(rows("a,b\n5\" screen,\"say \"\"hi\"\"\"\n")[0].1, ["5\" screen", "say \"hi\""]);
    }

    #[test]
    fn no_byte_is_looked_at_twice_for_the_number_of_its_line() {
        let text = format!("name,email\n{}\n\n\"a\nb\",c\n{}", ",\n".repeat(900), "d,e\n".repeat(900));
        let mut lines = Lines::of(&text);
        let table = read_by(&text, &mut lines).expect("a table");
        assert_eq!((table.rows[0].row, table.rows[900].row), (904, 1_804));
        assert!(lines.looked_at() <= text.len(), "{} of {}", lines.looked_at(), text.len());
    }

    #[test]
    fn the_ends_are_bounded() {
        let many = |n: usize| format!("name,email\n{}", "a,b\n".repeat(n));
        assert_eq!(read(&many(1_000)).expect("as many as may be").rows.len(), 1_000);
        assert_eq!(read(&many(1_001)).expect_err("one more").code, "too_many_rows");
        assert_eq!(
            read(&format!("{}name,email\na,b\n", ",\n".repeat(9_998))).expect("the last one").rows[0].row,
            10_000
        );
        let wrong = read(&format!("name,email\n{}a,b\n", ",\n".repeat(9_999))).expect_err("one more");
        assert_eq!((wrong.code, &*wrong.named), ("too_many_empty_rows", "10000"));
        assert_eq!(read("").expect_err("nothing").code, "empty");
        assert_eq!(read("name,email\n,\n").expect_err("no row").code, "no_rows");
        assert_eq!(read(&format!("{}\n1", "a,".repeat(60))).expect_err("too wide").code, "too_many_columns");
    }
}
