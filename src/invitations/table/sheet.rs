//! A file → one person a row, with everything that is wrong with the row itself. Nothing is looked up here.

use serde::{Deserialize, Serialize};

use super::columns::Column;
use crate::members;
use crate::tables::text::narrow;
use crate::tables::{Apart, Cells, Columns, FileSettings, Finding, Import as _, Opened};
use crate::web::i18n::Locale;

/// What is said about a file beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// `ja` or `en`: the language of people whose row names none.
    pub language: String,
    /// Whether whoever handed it in may say whose a handle is.
    pub handles: bool,
    #[serde(flatten)]
    pub file: FileSettings<Column>,
}

/// Somebody as a row has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    /// As addresses are compared.
    pub email: String,
    pub language: String,
    pub handles: Vec<String>,
    pub organization: Option<String>,
    pub title: Option<String>,
}

/// One row, read.
#[derive(Debug, Clone)]
pub struct Row {
    /// As a spreadsheet counts: the header is row 1.
    pub row: u32,
    /// What stood there, for whoever corrects it.
    pub name: String,
    pub email: String,
    /// None where some cell is wrong.
    pub person: Option<Person>,
    pub findings: Vec<Finding>,
    pub called: Called,
}

/// What the file calls the columns that the store may have something to say about.
#[derive(Debug, Clone)]
pub struct Called {
    pub name: String,
    pub email: String,
    pub handles: String,
}

/// Handles that one row may name.
const MOST_HANDLES: usize = 5;

/// Reads the file by the meanings of its columns.
///
/// # Errors
/// What is wrong with the file as a whole; what is wrong with a row stands in the row.
pub fn read(place: &Apart, bytes: &[u8], settings: &Settings) -> Result<Vec<Row>, Vec<Finding>> {
    let Opened { table, meanings, .. } = settings.opened(place, bytes)?;
    let columns = Columns { header: &table.header, meanings: &meanings };
    Ok(table.rows.into_iter().map(|cells| row(cells, columns, settings)).collect())
}

fn row(Cells { row, cells }: Cells, columns: Columns<'_, Column>, settings: &Settings) -> Row {
    let mut findings = vec![];
    let cell = |column| columns.cell(&cells, column);
    findings.extend(columns.extra(&cells));
    let mut read = |column, code, parse: fn(&str) -> Result<String, &'static str>| {
        let text = cell(column)?;
        parse(text).map_err(|detail| findings.push(Finding::error(code, columns.called(column), text, detail))).ok()
    };
    let name = read(Column::Name, "invalid_name", members::shown_name);
    let email = read(Column::Email, "invalid_email", address);
    let organization = read(Column::Organization, "invalid_organization", members::shown_name);
    let title = read(Column::Title, "invalid_title", members::shown_name);
    let needed = [Column::Name, Column::Email].into_iter().filter(|column| cell(*column).is_none());
    findings.extend(needed.map(|column| columns.unfilled(column)));
    let language = match cell(Column::Language).map(|text| (text, spoken(text))) {
        None => settings.language.clone(),
        Some((_, Some(locale))) => locale.as_str().to_owned(),
        Some((text, None)) => {
            findings.push(Finding::error("unknown_locale", columns.called(Column::Language), text, "write ja or en"));
            String::new()
        }
    };
    let handles = cell(Column::Handles).map_or_else(Vec::new, |text| {
        handles(text, settings)
            .map_err(|(code, detail)| {
                findings.push(Finding::error(code, columns.called(Column::Handles), text, detail));
            })
            .unwrap_or_default()
    });
    if let (None, Some(title)) = (cell(Column::Organization), cell(Column::Title)) {
        let detail = "a title without an organization: say where it is held, or leave it out";
        findings.push(Finding::error("title_alone", columns.called(Column::Title), title, detail));
    }
    let person = match (name, email, findings.is_empty()) {
        (Some(name), Some(email), true) => Some(Person { name, email, language, handles, organization, title }),
        _ => None,
    };
    let said = |column| cell(column).unwrap_or_default().to_owned();
    let called = |column: Column| columns.called(column).to_owned();
    Row {
        row,
        name: said(Column::Name),
        email: said(Column::Email),
        person,
        findings,
        called: Called { name: called(Column::Name), email: called(Column::Email), handles: called(Column::Handles) },
    }
}

fn address(text: &str) -> Result<String, &'static str> {
    members::email_address(&narrow(text))
}

/// `ja`, `en`, or what people write instead.
fn spoken(text: &str) -> Option<Locale> {
    match narrow(text).trim().to_lowercase().as_str() {
        "日本語" | "japanese" | "jpn" => Some(Locale::Ja),
        "英語" | "english" | "eng" => Some(Locale::En),
        tag => Locale::parse(tag),
    }
}

/// One or more handles, parted by spaces, commas or semicolons; with or without an `@`.
fn handles(text: &str, settings: &Settings) -> Result<Vec<String>, (&'static str, &'static str)> {
    let text = narrow(text).to_lowercase();
    let parts =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '、')).filter(|p| !p.is_empty());
    let mut found: Vec<String> = vec![];
    for part in parts {
        let handle =
            members::valid_handle(part.trim_start_matches('@')).map_err(|detail| ("invalid_handle", detail))?;
        if !found.contains(&handle) {
            found.push(handle);
        }
    }
    if found.len() > MOST_HANDLES {
        return Err(("too_many_handles", "write at most 5 handles"));
    }
    if !found.is_empty() && !settings.handles {
        return Err(("handles_by_role", "only owners and admins may say whose a handle is: leave the column out"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings { language: "ja".to_owned(), handles: true, file: FileSettings::of("", None, b"") }
    }

    fn rows(text: &str) -> Vec<Row> {
        read(&Apart::in_a_test(), text.as_bytes(), &settings()).expect("a table")
    }

    fn codes(row: &Row) -> Vec<(&'static str, &str)> {
        row.findings.iter().map(|f| (f.code, f.column.as_deref().unwrap_or_default())).collect()
    }

    #[test]
    fn a_row_becomes_a_person() {
        let read = rows(
            "氏名,メール,言語,ハンドル,所属,役職\n七瀬 ひかり,Ｈikari@Members.example,英語,@hikari、nana_se,例の会,理事\n蓮,ren@members.example,,,,\n",
        );
        let whole = Person {
            name: "七瀬 ひかり".to_owned(),
            email: "hikari@members.example".to_owned(),
            language: "en".to_owned(),
            handles: vec!["hikari".to_owned(), "nana_se".to_owned()],
            organization: Some("例の会".to_owned()),
            title: Some("理事".to_owned()),
        };
        assert_eq!(read[0].person.as_ref(), Some(&whole), "{:?}", read[0].findings);
        let plain = read[1].person.as_ref().expect("a person");
        assert_eq!((plain.language.as_str(), plain.handles.len(), &plain.organization), ("ja", 0, &None));
    }

    #[test]
    fn every_wrong_cell_is_named() {
        let read = rows(
            "name,email,language,handle,organization,title\n\
             ,not an address,fr,a b!,,Chair\n\
             Ada\u{202E},ada@members.example,en,a b c d e f,,\n\
             Bob,bob@members.example,en,,,,more\n",
        );
        assert!(read.iter().all(|row| row.person.is_none()));
        assert_eq!(
            codes(&read[0]),
            [
                ("invalid_email", "email"),
                ("missing_value", "name"),
                ("unknown_locale", "language"),
                ("invalid_handle", "handle"),
                ("title_alone", "title")
            ]
        );
        assert_eq!(codes(&read[1]), [("invalid_name", "name"), ("too_many_handles", "handle")]);
        assert_eq!(codes(&read[2]), [("extra_cell", "")]);
        let only_some = Settings { handles: false, ..settings() };
        let read = super::read(&Apart::in_a_test(), b"name,email,handle\nAda,ada@members.example,ada\n", &only_some)
            .expect("a table");
        assert_eq!(codes(&read[0]), [("handles_by_role", "handle")]);
    }
}
