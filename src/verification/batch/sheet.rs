//! The answers as CSV.

use super::table::Shown;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::web::table;

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
    let mut rows = vec![COLUMNS.map(|column| words.t(&format!("batch-column-{column}")))];
    rows.extend(lines.iter().map(|line| {
        [
            line.at.to_string(),
            line.given.clone(),
            line.state.to_owned(),
            line.word.clone(),
            line.holder.clone(),
            line.title.clone(),
            line.issuer.clone(),
            line.number.clone(),
            line.awarded.clone(),
            line.valid_until.clone(),
            line.theirs.clone(),
            line.problem_code.clone(),
            line.problem.clone(),
            line.same_as.map(|n| n.to_string()).unwrap_or_default(),
        ]
    }));
    table::csv(rows.iter().map(|row| row.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn no_cell_is_run_by_a_spreadsheet() {
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
