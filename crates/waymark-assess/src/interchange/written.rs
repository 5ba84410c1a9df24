//! Items as a bank file of our own: CSV, JSON, YAML. JSON and YAML say everything; CSV says what its columns can, and nothing that a spreadsheet runs.

use super::export::{Export, ExportFormat};
use crate::{
    item::{Interaction, ItemVersion, KeyKind, Rule, Scoring},
    mistake::Mistake,
    text::{NO_LANGUAGE, Text},
};
use serde_json::{Map, Value, json};

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
            out.beside.insert(figure_name(version), bytes);
        }
        match fields(version) {
            Ok(item) => items.push(item),
            Err(mistake) => out.leave_out(version.slug(), mistake),
        }
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
fn figure_name(version: &ItemVersion) -> String {
    let figure = version.content().figure.as_ref();
    let (sha256, kind) = figure.map(|f| (f.sha256(), f.media_type())).unwrap_or_default();
    format!("{}.{}", &sha256.get(..16).unwrap_or_default(), if kind == "image/png" { "png" } else { "jpg" })
}

fn text(text: &Text) -> Value {
    let mut entries = text.entries();
    match (entries.next(), entries.next()) {
        (Some((NO_LANGUAGE, only)), None) => json!(only),
        _ => text
            .entries()
            .collect::<std::collections::BTreeMap<_, _>>()
            .into_iter()
            .map(|(t, w)| (t.to_owned(), json!(w)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// An item as the fields of a bank file: what the readers of this crate take back as the same version.
fn fields(version: &ItemVersion) -> Result<Value, Mistake> {
    let content = version.content();
    let mut map = Map::new();
    map.insert("id".into(), json!(content.slug));
    map.insert("type".into(), json!(content.item_type().as_str()));
    map.insert("question".into(), text(&content.stem));
    let (Interaction::Choice(choice), KeyKind::Options(key), Scoring { rule: Rule::AllOrNothing, points: 1, .. }) =
        (&content.interaction, version.key().kind(), version.key().scoring())
    else {
        let (what, what_ja) = ("this type of item, or how it is scored", "この種類の設問、またはその採点方法");
        return Err(super::losses::not_said(what, what_ja));
    };
    if choice.true_false || content.stimulus.is_some() || !content.enemies.is_empty() {
        let (what, what_ja) = ("true/false, a shared stimulus or enemies", "正誤問題、共通資料、同時に出題しない組");
        return Err(super::losses::not_said(what, what_ja));
    }
    let places = |wanted: &dyn Fn(&crate::item::ItemOption) -> bool| {
        choice.options.iter().enumerate().filter(|(_, o)| wanted(o)).map(|(n, _)| n).collect::<Vec<_>>()
    };
    let right = places(&|option| key.contains(&option.id));
    map.insert("answers".into(), choice.options.iter().map(|option| text(&option.text)).collect());
    map.insert("correct".into(), if choice.multiple { json!(right) } else { json!(right.first()) });
    map.insert("fixed".into(), json!(places(&|option| option.fixed)));
    if let Some(choose) = choice.choose {
        map.insert("choose".into(), json!(choose));
    }
    if !content.refs.is_empty() {
        map.insert("refs".into(), json!(content.refs));
    }
    if let Some(domain) = &content.domain {
        map.insert("domain".into(), json!(domain));
    }
    if !content.tags.is_empty() {
        map.insert("tags".into(), json!(content.tags));
    }
    if let Some(rationale) = version.rationale() {
        map.insert("rationale".into(), text(rationale.reveal()));
    }
    if let Some(figure) = &content.figure {
        map.insert("figure".into(), json!(figure_name(version)));
        if let Some(alt) = &figure.alt {
            map.insert("figure_alt".into(), text(alt));
        }
    }
    Ok(Value::Object(map))
}

/// A column for each field and language; items of other kinds than choice are left out.
fn csv(items: &[Value], out: &mut Export) {
    let mut rows: Vec<Vec<(String, String)>> = Vec::new();
    for item in items {
        let id = item["id"].as_str().unwrap_or_default();
        if !item["answers"].is_array() {
            out.leave_out(id, super::losses::not_said("this type of item", "この種類の設問"));
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
