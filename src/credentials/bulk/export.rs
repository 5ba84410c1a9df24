//! Tables that go out: the rows with errors to be corrected, the result, links to claim. Written for spreadsheets: UTF-8 with a byte order mark,
//! and no cell that a spreadsheet would take for a formula.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::error::{Error, Result};

/// A table as bytes.
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(vec![]);
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(Error::internal)?;
    }
    let body = writer.into_inner().map_err(|e| Error::internal(e.error()))?;
    Ok([b"\xEF\xBB\xBF".as_slice(), &body].concat())
}

/// A cell that begins like a formula gets an apostrophe before it (OWASP, CSV injection).
fn harmless(cell: &str) -> String {
    match cell.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{cell}"),
        _ if cell.starts_with(['\t', '\r', '\n']) => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

/// The table as a file to save.
pub fn download(name: &str, body: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        body,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "+81", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "plain", "a,b", "say \"hi\""];
        let written = csv([cells.iter().map(|c| (*c).to_owned()).collect()]).expect("written");
        let text = String::from_utf8(written).expect("UTF-8");
        assert_eq!(text, "\u{FEFF}'=1+1,'+81,'-2,'@SUM(A1),'\t=1,' =1,'＝1,plain,\"a,b\",\"say \"\"hi\"\"\"\r\n");
    }
}
