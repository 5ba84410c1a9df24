//! What the columns of a CSV bank mean, and a row as the fields of an item.

use super::{Entries, Warning, item_fields::FIELDS, not_utf8};
use crate::{
    mistake::{Mistake, nearest},
    text::is_language_tag,
};
use serde_json::{Map, Value};

/// More columns than this are no bank.
const MAX_COLUMNS: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// A field, in a language or without one.
    Field(&'static str, Option<String>),
    /// The option at this place, in a language or without one.
    Option(usize, Option<String>),
    Unknown,
}

/// The columns that the first line names, once each.
pub(super) fn columns(header: &csv::ByteRecord, out: &mut Entries) -> Option<Vec<Column>> {
    let names: Vec<String> =
        header.iter().take(MAX_COLUMNS + 1).map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let columns: Vec<Column> = names.iter().map(|name| column(name)).collect();
    let has = |field: &str| columns.iter().any(|column| matches!(column, Column::Field(name, _) if *name == field));
    if columns.len() > MAX_COLUMNS || !has("id") || !has("question") {
        out.broken.push((1, no_header(&names)));
        return None;
    }
    for (n, name) in names.iter().enumerate() {
        if columns[n] == Column::Unknown && !name.is_empty() {
            out.warnings.push(Warning { item: None, line: 1, text: unknown_column(name) });
        } else if columns[n] != Column::Unknown && columns[..n].contains(&columns[n]) {
            out.broken.push((1, column_twice(name)));
            return None;
        }
    }
    Some(columns)
}

fn column(name: &str) -> Column {
    let (base, language) = match name.rsplit_once('_') {
        Some((base, tag)) if is_language_tag(tag) && field(base, true).is_some() => (base, Some(tag.to_owned())),
        _ => (name, None),
    };
    match field(base, language.is_some()) {
        Some(Column::Field(name, _)) => Column::Field(name, language),
        Some(Column::Option(place, _)) => Column::Option(place, language),
        _ => Column::Unknown,
    }
}

fn field(name: &str, in_a_language: bool) -> Option<Column> {
    let translated = ["question", "rationale", "figure_alt"];
    if let [letter @ b'a'..=b'z'] = name.as_bytes() {
        return Some(Column::Option(usize::from(letter - b'a'), None));
    }
    let known =
        FIELDS.into_iter().filter(|field| *field != "answers" && (!in_a_language || translated.contains(field)));
    known.into_iter().find(|field| *field == name).map(|field| Column::Field(field, None))
}

/// A text that spreadsheets would run is led in by an apostrophe (OWASP, CSV injection), and one that begins so by a further one.
pub(super) fn led(text: &str) -> String {
    if runs(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text behind [`led`].
fn unled(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| runs(text)).unwrap_or(cell)
}

fn runs(text: &str) -> bool {
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠');
    text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).starts_with(formula)
}

/// A row as the fields of an item.
pub(super) fn fields(row: &csv::ByteRecord, columns: &[Column]) -> Result<Value, Mistake> {
    let (mut fields, mut options) = (Map::new(), Vec::<Value>::new());
    for (cell, column) in row.iter().zip(columns) {
        let cell = std::str::from_utf8(cell).map_err(|_| not_utf8())?.trim();
        let cell = unled(cell);
        match column {
            _ if cell.is_empty() => {}
            Column::Unknown => {}
            Column::Field(name, language) => {
                put(fields.entry(*name).or_insert(Value::Null), language.as_deref(), typed(name, cell));
            }
            Column::Option(place, language) => {
                let room = options.len().max(place + 1);
                options.resize(room, Value::Null);
                put(&mut options[*place], language.as_deref(), Value::from(cell));
            }
        }
    }
    if let Some(empty) = options.iter().position(Value::is_null) {
        let letter = u8::try_from(empty).map_or('?', |n| char::from(b'a' + n));
        return Err(Mistake::new(
            format!("/answers/{empty}"),
            "empty_option",
            format!("column `{letter}` is empty while a later option is filled: fill it or move the others up"),
            format!("{letter} 列が空なのに後の選択肢が書かれています。埋めるか、前に詰めてください"),
        ));
    }
    if !options.is_empty() {
        fields.insert("answers".into(), Value::Array(options));
    }
    Ok(Value::Object(fields))
}

/// Places a cell: by itself, or among its translations. A cell without language beside translations is of language `und`.
fn put(slot: &mut Value, language: Option<&str>, cell: Value) {
    match (language, &mut *slot) {
        (None, Value::Null) => *slot = cell,
        (language, Value::Object(map)) => {
            drop(map.insert(language.unwrap_or(crate::text::NO_LANGUAGE).to_owned(), cell));
        }
        (Some(language), before) => {
            let mut map = Map::new();
            if !before.is_null() {
                map.insert(crate::text::NO_LANGUAGE.to_owned(), before.take());
            }
            map.insert(language.to_owned(), cell);
            *slot = Value::Object(map);
        }
        (None, _) => *slot = cell,
    }
}

/// Cells are texts; these few hold numbers.
fn typed(name: &str, cell: &str) -> Value {
    let number = |text: &str| match text.trim().parse::<u32>() {
        // `007` stays a text: it may be an answer that is typed.
        Ok(number) if number.to_string() == text.trim() => Value::from(number),
        _ => Value::from(text.trim()),
    };
    match name {
        // An empty cell leaves open which options keep their places.
        "fixed" if cell.eq_ignore_ascii_case("none") => Value::Array(Vec::new()),
        "correct" | "fixed" if cell.contains(';') => Value::Array(cell.split(';').map(number).collect()),
        "ignore" | "files" => Value::Array(cell.split(';').map(|name| Value::from(name.trim())).collect()),
        "correct" | "fixed" | "choose" | "max_length" | "max_bytes" => number(cell),
        _ => Value::from(cell),
    }
}

fn no_header(names: &[String]) -> Mistake {
    let found: String = names.join(", ").chars().filter(|c| !c.is_control()).take(80).collect();
    Mistake::new(
        "",
        "no_header",
        format!("the first line is to name the columns, `id` and `question` among them; it reads: {found}"),
        format!("1行目には列の名前を書いてください(id と question は必須)。今の1行目: {found}"),
    )
}

fn unknown_column(name: &str) -> Mistake {
    let shown: String = name.chars().take(60).filter(|c| !c.is_control()).collect();
    let near = nearest(name, FIELDS.into_iter().filter(|field| *field != "answers"));
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let hint_ja = near.map_or(String::new(), |near| format!("。「{near}」のことでしょうか"));
    let list = |between: &str| FIELDS.into_iter().filter(|field| *field != "answers").collect::<Vec<_>>().join(between);
    Mistake::new(
        "",
        "unknown_column",
        format!(
            "the column `{shown}` is unknown and was not read{hint} (columns are {}; the options a to z; a language stands behind, like \
             question_ja or a_en)",
            list(", ")
        ),
        format!(
            "列「{shown}」は使われないため、読んでいません{hint_ja}(使える列: {}、選択肢の a から z。言語は question_ja、a_en のように後ろに付けます)",
            list("、")
        ),
    )
}

fn column_twice(name: &str) -> Mistake {
    Mistake::new(
        "",
        "duplicate_column",
        format!("the column `{name}` is there twice: keep one"),
        format!("列「{name}」が2つあります。1つにしてください"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_led_in_and_comes_back() {
        for text in ["=1+1", "-5", "+81", "@x", "'=x", "''-", "＝1", "|x"] {
            let led = led(text);
            assert!(led.starts_with('\''), "{text}");
            assert_eq!(unled(&led), text);
        }
        for text in ["5", "it's", "'tis", "a=b", ""] {
            assert_eq!((led(text).as_str(), unled(text)), (text, text));
        }
    }
}
