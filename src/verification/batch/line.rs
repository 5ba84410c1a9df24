//! One line of a list: what somebody typed, pasted or exported, and what it means.

use waymark_credential::fold;

use crate::verification::number::{check_code, in_one_form, looks_like_a_check_code};
use crate::verification::service::Source;

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in the list, counted from 1 with what was left out.
    pub at: usize,
    /// As it was given, shortened.
    pub given: String,
    pub meaning: Result<Subject, LineFault>,
    /// The name it should belong to, where a column says so.
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Address(String),
    Number { number: String, check_code: String },
    NamedNumber { number: String, name: String },
}

/// Why a line means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// Other columns say something, these do not.
    Empty,
    TooLong,
    /// Neither an address nor a number.
    NotUnderstood,
    /// A number with nothing that opens it.
    NoCheckCode,
}

impl LineFault {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "line_empty",
            Self::TooLong => "line_too_long",
            Self::NotUnderstood => "line_not_understood",
            Self::NoCheckCode => "line_no_check_code",
        }
    }
}

/// A longer line is not read.
const LONGEST: usize = 2_000;
/// What is shown of a line.
const SHOWN: usize = 160;

/// What the cells of a line are, where a header says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    pub address: Option<usize>,
    pub number: Option<usize>,
    pub check_code: Option<usize>,
    pub name: Option<usize>,
}

impl Columns {
    /// Reads a header; none where the cells are no names of columns.
    pub fn of(cells: &[String]) -> Option<Self> {
        let mut columns = Self::default();
        for (at, cell) in cells.iter().enumerate() {
            let kept = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-' | '.');
            let name: String = fold::width(cell).to_lowercase().chars().filter(kept).collect();
            let place = match name.as_str() {
                "url" | "address" | "link" | "credential" | "credentialurl" | "certurl" | "アドレス" | "リンク"
                | "認定url" => &mut columns.address,
                "number" | "certificatenumber" | "certid" | "no" | "認定番号" | "番号" | "証明書番号" => {
                    &mut columns.number
                }
                "checkcode" | "code" | "確認コード" | "コード" => &mut columns.check_code,
                "name" | "fullname" | "holder" | "氏名" | "名前" | "お名前" => &mut columns.name,
                _ => continue,
            };
            place.get_or_insert(at);
        }
        (columns.address.is_some() || columns.number.is_some()).then_some(columns)
    }
}

impl Line {
    /// Reads a line of cells.
    pub fn of(at: usize, cells: &[String], columns: Option<&Columns>) -> Self {
        let whole = cells.join(" ");
        let whole = whole.trim();
        let cut: String = whole.chars().map(|c| if disturbs(c) { ' ' } else { c }).take(SHOWN).collect();
        let given = if cut.chars().count() < whole.chars().count() { format!("{cut}…") } else { cut };
        if whole.len() > LONGEST {
            return Self { at, given, meaning: Err(LineFault::TooLong), name: None };
        }
        if whole.chars().any(|c| c.is_control() && c != '\t') {
            return Self { at, given, meaning: Err(LineFault::NotUnderstood), name: None };
        }
        let (meaning, name) = match columns {
            Some(columns) => by_header(cells, columns),
            None => (by_form(cells), None),
        };
        Self { at, given, meaning, name }
    }
}

/// Whether a character would move what stands around it (UAX #9 §2), or end a line.
fn disturbs(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn by_header(cells: &[String], columns: &Columns) -> (Result<Subject, LineFault>, Option<String>) {
    let cell =
        |at: Option<usize>| at.and_then(|at| cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let name = cell(columns.name).map(str::to_owned);
    let meaning = match (cell(columns.address), cell(columns.number)) {
        (Some(address), _) => address_or_number(address),
        (None, Some(number)) => match (cell(columns.check_code), &name) {
            (Some(code), _) => numbered(number, code),
            (None, Some(name)) => named(number, name),
            (None, None) => address_or_number(number),
        },
        (None, None) => Err(LineFault::Empty),
    };
    (meaning, name)
}

/// Without a header: an address wherever it stands; else a number, and what comes next opens it.
fn by_form(cells: &[String]) -> Result<Subject, LineFault> {
    let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    if let Some(address) = cells.iter().find(|cell| is_address(cell)) {
        return address_or_number(address);
    }
    match cells.as_slice() {
        [] => Err(LineFault::Empty),
        [one] => address_or_number(one),
        [number, key, ..] if looks_like_a_check_code(key) => numbered(number, key),
        [number, key, ..] => named(number, key),
    }
}

/// One cell: an address, or a number with what opens it behind a space.
fn address_or_number(cell: &str) -> Result<Subject, LineFault> {
    if is_address(cell) {
        return Ok(Subject::Address(cell.split_whitespace().next().unwrap_or_default().to_owned()));
    }
    match cell.split_once(char::is_whitespace) {
        None if is_number(cell) => Err(LineFault::NoCheckCode),
        None => Err(LineFault::NotUnderstood),
        Some((number, key)) if looks_like_a_check_code(key) => numbered(number, key),
        Some((number, key)) => named(number, key),
    }
}

fn numbered(number: &str, code: &str) -> Result<Subject, LineFault> {
    match is_number(number) {
        true => Ok(Subject::Number { number: number.to_owned(), check_code: code.to_owned() }),
        false => Err(LineFault::NotUnderstood),
    }
}

fn named(number: &str, name: &str) -> Result<Subject, LineFault> {
    match is_number(number) {
        true => Ok(Subject::NamedNumber { number: number.to_owned(), name: name.trim().to_owned() }),
        false => Err(LineFault::NotUnderstood),
    }
}

/// Whether somebody means an address: a scheme with two slashes, or a host and the path of a credential.
fn is_address(cell: &str) -> bool {
    let text = fold::width(cell).to_lowercase();
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let host = text.split_once("/c/").map(|(host, _)| host.trim());
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    scheme.is_some_and(|scheme| matches!(scheme, "http" | "https"))
        || host.is_some_and(|host| host.contains('.') && host.chars().all(part))
}

/// Numbers are made of letters, digits and few marks, and begin with a letter or digit: no formula, no script, no sentence.
fn is_number(text: &str) -> bool {
    let text = in_one_form(text);
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#');
    text.chars().count() <= 60
        && text.chars().next().is_some_and(char::is_alphanumeric)
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(part)
}

impl Subject {
    pub fn source(&self) -> Source {
        match self.clone() {
            Self::Address(url) => Source::Url(url),
            Self::Number { number, check_code } => Source::Number { number, check_code },
            Self::NamedNumber { number, name } => Source::NamedNumber { number, name },
        }
    }

    /// Whether a wrong one is a guess.
    pub fn is_guess(&self) -> bool {
        !matches!(self, Self::Address(_))
    }

    /// One text for what means the same.
    pub fn key(&self) -> String {
        match self {
            Self::Address(url) => format!("a {url}"),
            Self::Number { number, check_code: code } => format!("n {} {}", in_one_form(number), check_code(code)),
            Self::NamedNumber { number, name } => format!("h {} {}", in_one_form(number), fold::name(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[&str]) -> Result<Subject, LineFault> {
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        Line::of(1, &cells, None).meaning
    }

    #[test]
    fn a_line_in_every_form() {
        let address = |url: &str| Ok(Subject::Address(url.to_owned()));
        let number = |code: &str| Ok(Subject::Number { number: "EG-2026-000001".into(), check_code: code.into() });
        let named = Ok(Subject::NamedNumber { number: "EG-2026-000001".into(), name: "七瀬 ひかり".into() });
        assert_eq!(read(&["https://a.example/c/1"]), address("https://a.example/c/1"));
        assert_eq!(read(&["HTTPS://A.EXAMPLE/C/1"]), address("HTTPS://A.EXAMPLE/C/1"));
        assert_eq!(read(&["a.example/c/1"]), address("a.example/c/1"));
        assert_eq!(read(&["七瀬 ひかり", "https://a.example/c/1"]), address("https://a.example/c/1"));
        assert_eq!(read(&["EG-2026-000001", "A0B1C2"]), number("A0B1C2"));
        assert_eq!(read(&["EG-2026-000001 A0B1C2"]), number("A0B1C2"));
        assert_eq!(read(&["EG-2026-000001", "七瀬 ひかり"]), named);
        assert_eq!(read(&["EG-2026-000001\u{3000}七瀬 ひかり"]), named);
        assert!(matches!(read(&["ＥＧ－２０２６－０００００１", "Ａ０Ｂ１Ｃ２"]), Ok(Subject::Number { .. })));
    }

    #[test]
    fn what_means_nothing_is_told_apart() {
        assert_eq!(read(&["EG-2026-000001"]), Err(LineFault::NoCheckCode));
        assert_eq!(read(&["", " "]), Err(LineFault::Empty));
        assert_eq!(read(&[&"x".repeat(5_000)]), Err(LineFault::TooLong));
        for odd in [
            "javascript:alert(1)",
            "=HYPERLINK(\"https",
            "=1+1",
            "@SUM(A1)",
            "+81312345678",
            "-1",
            "hello",
            "EG-2026\u{0}-1",
            "data:text/html,1",
            "DROP TABLE credential; 1",
        ] {
            assert_eq!(read(&[odd]), Err(LineFault::NotUnderstood), "{odd}");
        }
    }

    #[test]
    fn a_header_says_which_cell_is_which() {
        let cells = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let columns = Columns::of(&cells(&["氏名", "認定番号", "確認コード", "備考"])).expect("a header");
        let line = Line::of(2, &cells(&["七瀬 ひかり", "EG-1", "A0B1C2", "x"]), Some(&columns));
        assert_eq!(line.meaning, Ok(Subject::Number { number: "EG-1".into(), check_code: "A0B1C2".into() }));
        assert_eq!(line.name.as_deref(), Some("七瀬 ひかり"));
        assert_eq!(Line::of(3, &cells(&["Ada", "", "", "x"]), Some(&columns)).meaning, Err(LineFault::Empty));
        assert!(Columns::of(&cells(&["Name", "Certificate No.", "URL"])).is_some_and(|c| c.address == Some(2)));
        assert_eq!(Columns::of(&cells(&["https://a.example/c/1"])), None);
        assert_eq!(Columns::of(&cells(&["EG-1", "A0B1C2"])), None);
    }
}
