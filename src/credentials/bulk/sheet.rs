//! A file → one request a row, with everything that is wrong with the row itself. Nothing is looked up here.

use serde::{Deserialize, Serialize};
use waymark_credential::strict_json;

use super::columns::Column;
use super::finding::Finding;
use super::table::{self, Cells, MOST_ROWS};
use super::text::{self, Encoding, narrow, plain_day};
use crate::credentials::document::GivenEvidence;
use crate::credentials::request::{IssueRequest, Recipient};
use crate::error::{Error, Fault};
use crate::members;
use crate::tables::{Apart, Columns, FileSettings, Import as _, Opened};
use crate::web::i18n::Locale;
use crate::web::input;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A table with a header: commas, tabs or semicolons.
    Csv,
    /// One [`IssueRequest`] as JSON a line.
    Ndjson,
}

/// What is said about a file beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub format: Format,
    /// The track of rows that name none: slug or id.
    pub track: Option<String>,
    /// `ja` or `en`: the language of new recipients whose row names none.
    pub locale: Option<String>,
    #[serde(flatten)]
    pub file: FileSettings<Column>,
}

/// One row, read.
#[derive(Debug, Clone)]
pub struct Row {
    /// As a spreadsheet counts: the header is row 1. In NDJSON the line.
    pub row: u32,
    /// What stood there, for whoever corrects it.
    pub cells: Vec<String>,
    pub name: String,
    pub email: String,
    /// None where it cannot be issued.
    pub request: Option<IssueRequest>,
    pub findings: Vec<Finding>,
}

/// A file, read.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub format: Format,
    pub encoding: Encoding,
    pub delimiter: Option<char>,
    /// Empty for NDJSON.
    pub header: Vec<String>,
    pub meanings: Vec<Option<Column>>,
    pub rows: Vec<Row>,
}

impl Sheet {
    /// What the file calls the column of this meaning.
    pub fn called(&self, column: Column) -> String {
        Columns { header: &self.header, meanings: &self.meanings }.called(column).to_owned()
    }
}

/// Reads the file.
///
/// # Errors
/// What is wrong with the file as a whole; what is wrong with a row stands in the row.
pub fn read(place: &Apart, bytes: &[u8], settings: &Settings) -> Result<Sheet, Vec<Finding>> {
    match settings.format {
        Format::Csv => {
            let Opened { table, encoding, meanings } = settings.opened(place, bytes)?;
            let columns = Columns { header: &table.header, meanings: &meanings };
            let rows = table.rows.into_iter().map(|cells| of_cells(cells, columns, settings)).collect();
            let delimiter = Some(table.delimiter);
            Ok(Sheet { format: Format::Csv, encoding, delimiter, header: table.header, meanings, rows })
        }
        Format::Ndjson => {
            let (text, encoding) = text::read(bytes, settings.file.encoding).map_err(|f| vec![f])?;
            let mut rows = vec![];
            for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                if rows.len() == MOST_ROWS {
                    return Err(vec![table::too_many()]);
                }
                rows.push(of_line(u32::try_from(n + 1).unwrap_or(u32::MAX), line, settings));
            }
            if rows.is_empty() {
                return Err(vec![Finding::file("empty", "the file is empty: give one JSON object a line")]);
            }
            Ok(Sheet { format: Format::Ndjson, encoding, delimiter: None, header: vec![], meanings: vec![], rows })
        }
    }
}

fn of_cells(cells: Cells, columns: Columns<'_, Column>, settings: &Settings) -> Row {
    let Cells { row, cells } = cells;
    let mut findings = vec![];
    let cell = |column| columns.cell(&cells, column);
    findings.extend(columns.extra(&cells));
    let mut required = |column: Column| match cell(column) {
        Some(text) => text.to_owned(),
        None => {
            findings.push(columns.unfilled(column));
            String::new()
        }
    };
    let name = required(Column::Name);
    let email = narrow(&required(Column::Email));
    let track = cell(Column::Track).map(narrow).or_else(|| settings.track.clone());
    if track.is_none() {
        required(Column::Track);
    }
    let mut day = |column: Column| {
        let text = cell(column)?;
        let day = plain_day(text);
        if day.is_none() {
            let detail = "write a day such as 2026-04-01 or 2026/4/1";
            findings.push(Finding::error("invalid_time", columns.called(column), text, detail));
        }
        day
    };
    let (awarded_at, valid_until, date) = (day(Column::AwardedAt), day(Column::ValidUntil), day(Column::EvidenceDate));
    let locale = match cell(Column::Locale).map(|text| (text, language(text))) {
        None => settings.locale.clone(),
        Some((_, Some(locale))) => Some(locale.as_str().to_owned()),
        Some((text, None)) => {
            let at = columns.called(Column::Locale);
            findings.push(Finding::error("unknown_locale", at, text, "write ja or en"));
            None
        }
    };
    let said = |column| cell(column).map(|text| text.replace("\r\n", "\n"));
    let evidence = GivenEvidence {
        url: said(Column::Evidence),
        name: said(Column::EvidenceName),
        description: said(Column::EvidenceText),
        date,
        ..GivenEvidence::default()
    };
    let request = IssueRequest {
        track: track.unwrap_or_default(),
        member: None,
        recipient: Some(Recipient { name: name.clone(), email: email.clone(), locale }),
        evidence: if evidence == GivenEvidence::default() { vec![] } else { vec![evidence] },
        results: vec![],
        awarded_at,
        valid_until,
    };
    let mut read = Row { row, cells, name, email, request: None, findings };
    keep(&mut read, request, |pointer| columns.called(column_of(pointer)).to_owned());
    read
}

fn of_line(row: u32, line: &str, settings: &Settings) -> Row {
    let mut read = Row {
        row,
        cells: vec![line.to_owned()],
        name: String::new(),
        email: String::new(),
        request: None,
        findings: vec![],
    };
    let value = strict_json::parse(line.as_bytes(), input::BODY_LIMIT);
    let parsed = value.map_err(|e| Error::malformed(e.to_string())).and_then(|mut value| {
        if let Some(pointer) = input::nul_in(&value) {
            return Err(Error::invalid(vec![Fault::new(
                pointer,
                "forbidden_character",
                "leave out the character U+0000",
            )]));
        }
        if let (Some(object), Some(track)) = (value.as_object_mut(), &settings.track) {
            object.entry("track").or_insert_with(|| track.as_str().into());
        }
        input::from_value::<IssueRequest>(value)
    });
    match parsed {
        Err(e) if e.faults().is_empty() => {
            read.findings.push(Finding::error("malformed", "", line, format!("this line is no JSON object: {e}")));
        }
        Err(e) => read.findings.extend(e.faults().iter().map(|f| of_fault(f, f.pointer.clone(), ""))),
        Ok(mut request) => {
            if let Some(recipient) = &mut request.recipient {
                if recipient.locale.is_none() {
                    recipient.locale.clone_from(&settings.locale);
                }
                read.name.clone_from(&recipient.name);
                read.email.clone_from(&recipient.email);
            }
            if request.member.is_some() == request.recipient.is_some() {
                let detail = "name either `member` (an id) or `recipient` (name and email)";
                read.findings.push(Finding::error("recipient", "", "", detail));
            }
            keep(&mut read, request, str::to_owned);
        }
    }
    read
}

/// Adds what is wrong with the request itself, and keeps it where nothing is.
fn keep(row: &mut Row, request: IssueRequest, place: impl Fn(&str) -> String) {
    if let Some(recipient) = &request.recipient {
        let checks = [
            ("/recipient/email", "invalid_email", &recipient.email, members::email_address(&recipient.email)),
            ("/recipient/name", "invalid_name", &recipient.name, members::shown_name(&recipient.name)),
        ];
        for (pointer, code, value, outcome) in checks {
            if let Err(detail) = outcome
                && !(value.is_empty() && row.findings.iter().any(|f| f.code == "missing_value"))
            {
                row.findings.push(Finding::error(code, place(pointer), value, detail));
            }
        }
    }
    if let Some(tag) = request.recipient.as_ref().and_then(|r| r.locale.as_deref())
        && Locale::parse(tag).is_none()
    {
        row.findings.push(Finding::error("unknown_locale", place("/recipient/locale"), tag, "write ja or en"));
    }
    match request.clone().checked() {
        Err(e) => row.findings.extend(e.faults().iter().map(|f| of_fault(f, place(&f.pointer), value_at(&request, f)))),
        Ok(_) => row.request = Some(request),
    }
    if row.findings.iter().any(Finding::is_error) {
        row.request = None;
    }
}

/// A fault of the request as a finding in its row.
pub(super) fn of_fault(fault: &Fault, column: String, value: &str) -> Finding {
    Finding::error(fault.code, column, value, fault.detail.clone())
}

/// What stands where the fault points.
pub(super) fn value_at<'r>(request: &'r IssueRequest, fault: &Fault) -> &'r str {
    let first = request.evidence.first();
    let text = match column_of(&fault.pointer) {
        Column::Name => request.recipient.as_ref().map(|r| r.name.as_str()),
        Column::Email => request.recipient.as_ref().map(|r| r.email.as_str()).or(request.member.as_deref()),
        Column::Locale => request.recipient.as_ref().and_then(|r| r.locale.as_deref()),
        Column::Track => Some(request.track.as_str()),
        Column::AwardedAt => request.awarded_at.as_deref(),
        Column::ValidUntil => request.valid_until.as_deref(),
        Column::Evidence => first.and_then(|e| e.url.as_deref()),
        Column::EvidenceName => first.and_then(|e| e.name.as_deref()),
        Column::EvidenceText => first.and_then(|e| e.description.as_deref()),
        Column::EvidenceDate => first.and_then(|e| e.date.as_deref()),
    };
    text.unwrap_or_default()
}

/// The column from which the value at a pointer into the request came.
pub(super) fn column_of(pointer: &str) -> Column {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    match (pointer.starts_with("/evidence"), last) {
        (true, "date") => Column::EvidenceDate,
        (true, "name") => Column::EvidenceName,
        (true, "description" | "narrative") => Column::EvidenceText,
        (true, _) => Column::Evidence,
        (false, "name") => Column::Name,
        (false, "locale") => Column::Locale,
        (false, "track") => Column::Track,
        (false, "awarded_at") => Column::AwardedAt,
        (false, "valid_until" | "validUntil") => Column::ValidUntil,
        _ => Column::Email,
    }
}

fn language(text: &str) -> Option<Locale> {
    match narrow(text).to_lowercase().as_str() {
        "ja" | "jp" | "ja-jp" | "japanese" | "日本語" => Some(Locale::Ja),
        "en" | "en-us" | "en-gb" | "english" | "英語" => Some(Locale::En),
        _ => None,
    }
}
