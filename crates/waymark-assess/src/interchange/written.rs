//! Items as a bank file of our own: CSV, JSON, YAML. JSON and YAML say everything; CSV says what its columns can, and nothing that a spreadsheet runs.

use super::{
    exported::{Export, ExportFormat},
    item_fields::item_to_value,
};
use crate::{
    item::{Figure, ItemVersion},
    mistake::Mistake,
};
use serde_json::Value;

pub(super) fn write(
    versions: &[&ItemVersion],
    format: ExportFormat,
    figure: &dyn Fn(&str) -> Option<Vec<u8>>,
    out: &mut Export,
) {
    let mut items = Vec::new();
    for version in versions {
        if let Some(named) = &version.content().figure
            && let Some(bytes) = figure(&named.sha256())
        {
            out.beside.insert(figure_name(named), bytes);
        }
        items.push(item_to_value(version, &figure_name));
    }
    match format {
        ExportFormat::Csv => csv(&items, out),
        ExportFormat::Yaml => {
            // Every JSON is YAML, and a flow mapping on a line of its own is read back item by item.
            let lines: String = items.iter().map(|item| format!("- {item}\n")).collect();
            out.items = items.len();
            out.bytes = lines.into_bytes();
        }
        _ => {
            out.items = items.len();
            let mut text = serde_json::to_string_pretty(&items).expect("values always serialize");
            text.push('\n');
            out.bytes = text.into_bytes();
        }
    }
}

/// By its hash: a name that says what is shown could give the answer away.
fn figure_name(figure: &Figure) -> String {
    let kind = if figure.media_type() == "image/png" { "png" } else { "jpg" };
    format!("{}.{kind}", figure.sha256().get(..16).unwrap_or_default())
}

/// Whether a row of a table can say the item: a choice that scores one point for the whole answer, its options named by their places.
fn has_row(item: &Value) -> bool {
    let choice = item["type"] == "single_choice" || item["type"] == "multiple_choice";
    choice && ["ids", "scoring", "stimulus"].iter().all(|field| item.get(*field).is_none())
}

/// A column for each field and language; items that have no row are left out.
fn csv(items: &[Value], out: &mut Export) {
    let mut rows: Vec<Vec<(String, String)>> = Vec::new();
    for item in items {
        let id = item["id"].as_str().unwrap_or_default();
        if !has_row(item) {
            let (what, what_ja) = ("this type of item, or how it is scored", "この種類の設問、またはその採点方法");
            out.leave_out(id, super::losses::not_said(what, what_ja));
            continue;
        }
        match row(item) {
            Ok(row) => rows.push(row),
            Err(mistake) => out.leave_out(id, mistake),
        }
    }
    let mut columns: Vec<String> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    if !columns.is_empty() {
        writer.write_record(&columns).expect("a writer in memory takes all");
    }
    for row in &rows {
        let cell =
            |column: &String| row.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_str());
        let cell = |column: &String| super::csv_columns::led(cell(column));
        writer.write_record(columns.iter().map(cell)).expect("a writer in memory takes all");
    }
    out.items = rows.len();
    out.bytes = writer.into_inner().expect("a writer in memory takes all");
}

fn row(item: &Value) -> Result<Vec<(String, String)>, Mistake> {
    let mut row = Vec::new();
    for (name, value) in item.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("answers", Value::Array(answers)) => {
                for (letter, answer) in ('a'..='z').zip(answers) {
                    cells(&letter.to_string(), answer, &mut row)?;
                }
            }
            // An empty cell would leave it to the words of the options which of them keep their places.
            ("fixed", Value::Array(fixed)) if fixed.is_empty() => row.push(("fixed".to_owned(), "none".to_owned())),
            // The cell is one reference, whatever signs are in it.
            ("refs", Value::Array(refs)) => match refs.as_slice() {
                [Value::String(only)] => row.push((name.clone(), only.clone())),
                _ => return Err(super::losses::not_said("more than one reference", "2つ以上の出典")),
            },
            _ => cells(name, value, &mut row)?,
        }
    }
    Ok(row)
}

fn cells(name: &str, value: &Value, row: &mut Vec<(String, String)>) -> Result<(), Mistake> {
    match value {
        Value::String(text) => row.push((name.to_owned(), text.clone())),
        Value::Array(list) => {
            let texts: Vec<String> =
                list.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
            if texts.iter().any(|text| text.contains(';')) {
                return Err(super::losses::not_said("a list whose entries hold `;`", "「;」を含むリスト"));
            }
            row.push((name.to_owned(), texts.join(";")));
        }
        Value::Object(languages) => {
            for (tag, text) in languages {
                row.push((format!("{name}_{tag}"), text.as_str().unwrap_or_default().to_owned()));
            }
        }
        other => row.push((name.to_owned(), other.to_string())),
    }
    Ok(())
}
