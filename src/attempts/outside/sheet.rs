//! Results as CSV: the first row names the columns, in any order, by the names that the API gives them. `sections` is `alpha=3/5; beta=2/4`.

use serde_json::{Map, Value, json};

use super::entry::{Entry, FIELDS};
use crate::clock::Timestamp;
use crate::error::Fault;

/// A row of the file, by its line.
pub struct Row {
    pub line: u64,
    pub entry: Result<Entry, Vec<Fault>>,
}

/// Why nothing of the file can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    UnknownColumn(String),
    MissingColumn(&'static str),
    NotCsv(u64),
    TooMany,
    Empty,
}

/// Reads the text of a file.
///
/// # Errors
/// A file whose columns are not ours, or that is no CSV.
pub fn read(text: &str, most: usize, now: Timestamp) -> Result<Vec<Row>, Unreadable> {
    // Forms send lines with two ends, of which the reader would count the second with the next line.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(str::to_lowercase).collect(),
        Err(_) => return Err(Unreadable::NotCsv(1)),
    };
    if let Some(unknown) = names.iter().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(Unreadable::UnknownColumn(unknown.clone()));
    }
    for needed in ["candidate", "score", "delivered_by", "at"] {
        if !names.iter().any(|name| name == needed) {
            return Err(Unreadable::MissingColumn(needed));
        }
    }
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|e| Unreadable::NotCsv(e.position().map_or(0, csv::Position::line)))?;
        if rows.len() == most {
            return Err(Unreadable::TooMany);
        }
        let line = record.position().map_or(0, csv::Position::line);
        let mut object = Map::new();
        for (name, cell) in names.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty()) {
            let value = if name == "sections" { sections(cell) } else { json!(cell) };
            object.insert(name.clone(), value);
        }
        rows.push(Row { line, entry: Entry::read(&Value::Object(object), "", now) });
    }
    if rows.is_empty() { Err(Unreadable::Empty) } else { Ok(rows) }
}

/// What cannot be read stays a text, which is then refused by name.
fn sections(cell: &str) -> Value {
    let section = |part: &str| {
        let (name, figures) = part.split_once('=')?;
        let (right, of) = figures.split_once('/')?;
        let (right, of): (u64, u64) = (right.trim().parse().ok()?, of.trim().parse().ok()?);
        Some(json!({"section": name.trim(), "right": right, "of": of}))
    };
    let read: Option<Vec<Value>> = cell.split(';').filter(|part| !part.trim().is_empty()).map(section).collect();
    read.map_or_else(|| json!(cell), Value::Array)
}
