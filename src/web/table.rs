//! Tables that go out as CSV, written for spreadsheets: UTF-8 with a byte order mark, lines that end in CR LF, and no cell that a spreadsheet would take for
//! a formula.

use crate::error::{Error, Result};

/// A table as bytes.
pub fn csv<'c>(rows: impl IntoIterator<Item = impl IntoIterator<Item = &'c str>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(vec![]);
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(Error::internal)?;
    }
    let body = writer.into_inner().map_err(|e| Error::internal(e.error()))?;
    Ok([b"\xEF\xBB\xBF".as_slice(), &body].concat())
}

/// A cell that begins like a formula, in either width, is led in by an apostrophe (OWASP, CSV injection); breaks and tabs become spaces, since what
/// follows them would begin a cell of its own where a table is pasted.
pub fn harmless(cell: &str) -> String {
    let cell = cell.replace(['\r', '\n', '\t'], " ");
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠' | '｜' | '％');
    let unseen =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}');
    match cell.trim_start_matches(unseen).starts_with(formula) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in [
            "=1+1",
            "+81",
            "-2",
            "@SUM(A1)",
            "|cmd",
            "%x",
            "\t=1",
            "\r\n=1",
            " =1",
            "＝1",
            "\u{3000}＠x",
            "\u{200B}=1",
            "\u{FEFF}+1",
        ] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["plain", "EG-2026-000001", "1-2", "七瀬 ひかり", "", "https://a.example/?a=b"] {
            assert_eq!(harmless(cell), cell);
        }
        let written = csv([["=1", "a,b"], ["say \"hi\"", "two\r\nlines\t=x"]]).expect("written");
        let text = String::from_utf8(written).expect("UTF-8");
        assert_eq!(text, "\u{FEFF}'=1,\"a,b\"\r\n\"say \"\"hi\"\"\",two  lines =x\r\n");
    }
}
