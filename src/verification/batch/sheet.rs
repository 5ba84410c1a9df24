//! The answers as CSV: UTF-8 with its mark and CR LF, as spreadsheets expect, and no cell that a spreadsheet would run.

use super::table::Shown;
use crate::error::{Error, Result};
use crate::web::i18n::Words;

const COLUMNS: [&str; 14] = [
    "line",
    "given",
    "state",
    "result",
    "holder",
    "title",
    "issuer",
    "number",
    "awarded",
    "valid-until",
    "theirs",
    "problem",
    "explanation",
    "same-as",
];

/// The table as a file.
///
/// # Errors
/// Never for what a table holds; writing to memory does not fail.
pub fn csv(lines: &[Shown], words: Words) -> Result<Vec<u8>> {
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    out.write_record(COLUMNS.map(|column| words.t(&format!("batch-column-{column}")))).map_err(Error::internal)?;
    for line in lines {
        let same_as = line.same_as.map(|n| n.to_string()).unwrap_or_default();
        let at = line.at.to_string();
        let cells = [
            &at,
            &line.given,
            line.state,
            &line.word,
            &line.holder,
            &line.title,
            &line.issuer,
            &line.number,
            &line.awarded,
            &line.valid_until,
            &line.theirs,
            &line.problem_code,
            &line.problem,
            &same_as,
        ];
        out.write_record(cells.map(harmless)).map_err(Error::internal)?;
    }
    out.into_inner().map_err(Error::internal)
}

/// A cell that begins like a formula is led in by an apostrophe, in either width; line breaks become spaces.
pub fn harmless(cell: &str) -> String {
    let cell = cell.replace(['\r', '\n', '\t'], " ");
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠');
    match cell.trim_start().starts_with(formula) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn no_cell_is_run_by_a_spreadsheet() {
        for cell in ["=1+1", "+1", "-1", "@SUM(1)", "|cmd", "＝1", " =1", "\t=1", "\r\n=1", "%x"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("EG-2026-000001"), "EG-2026-000001");
        let given = "=HYPERLINK(\"https://evil.example\",\"x\")".to_owned();
        let lines = [Shown { at: 1, given, holder: "七瀬, \"ひかり\"".into(), ..Shown::default() }];
        let text = String::from_utf8(csv(&lines, Words::new(Locale::Ja)).expect("written")).expect("UTF-8");
        assert!(
            text.starts_with('\u{feff}') && text.ends_with("\r\n") && text.matches("\r\n").count() == 2,
            "{text:?}"
        );
        assert!(text.contains("\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")\""), "{text}");
        assert!(text.contains("\"七瀬, \"\"ひかり\"\"\""), "{text}");
    }
}
