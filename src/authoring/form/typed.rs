//! What is typed by the candidate: numbers with a tolerance, texts and what makes no difference between them. Items of their own, and gaps of a cloze.

use serde_json::{Map, Value, json};

use super::given::said;
use super::values::{Row, Values};
use super::writer::Writer;

/// Digits and signs as computers read them: a Japanese keyboard types the wide ones.
pub fn ascii(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' | '．' | '，' | '／' | '％' | '－' | '＋' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '−' => '-',
        other => other,
    };
    text.trim().chars().map(narrow).collect()
}

/// A whole number; what is none stays as it was typed, and reading says so.
pub fn whole(text: &str) -> Value {
    let text = ascii(text);
    match text.parse::<u64>() {
        _ if text.is_empty() => Value::Null,
        Ok(number) => json!(number),
        Err(_) => json!(text),
    }
}

/// The rows of accepted numbers.
pub fn numbers(list: &Value) -> Vec<Values> {
    let row = |number: &Value| {
        let mut row = Values::default();
        row.set("value", if number.is_object() { said(&number["value"]) } else { said(number) });
        let tolerance = said(&number["tolerance"]);
        let percent = tolerance.strip_suffix('%');
        row.set("unit", if percent.is_some() { "percent" } else { "absolute" });
        row.set("tolerance", percent.unwrap_or(&tolerance));
        let left_out = number["exclude"].as_array();
        for edge in ["lower", "upper"] {
            row.turn(edge, left_out.is_some_and(|edges| edges.iter().any(|out| out == edge)));
        }
        row.set("share", said(&number["share"]));
        row
    };
    list.as_array().into_iter().flatten().map(row).collect()
}

pub fn write_numbers(w: &mut Writer<'_>, names: &[&str], rows: &[Row], pointer: &str, path: &str) -> Value {
    let kept = w.kept(names, rows, pointer, path);
    let mut list = vec![];
    for (n, row) in kept.iter().enumerate() {
        let values = &row.values;
        let mut number = Map::new();
        let edges: Vec<&str> = ["lower", "upper"].into_iter().filter(|edge| values.is_on(edge)).collect();
        let mut tolerance = ascii(values.one("tolerance"));
        if values.one("unit") == "percent" && !tolerance.is_empty() {
            tolerance = format!("{}%", tolerance.trim_end_matches('%'));
        }
        if tolerance.is_empty() && !edges.is_empty() {
            tolerance = "0".to_owned();
        }
        number.insert("value".to_owned(), json!(ascii(values.one("value"))));
        for (name, value) in
            [("tolerance", json!(tolerance)), ("exclude", json!(edges)), ("share", json!(ascii(values.one("share"))))]
        {
            if value != "" && value != json!([]) {
                number.insert(name.to_owned(), value);
            }
        }
        for (name, field) in [("value", "value"), ("tolerance", "tolerance"), ("exclude", "lower"), ("share", "share")]
        {
            w.at(format!("{pointer}/{n}/{name}"), format!("{path}.{}.{field}", row.key));
        }
        list.push(Value::Object(number));
    }
    if list.is_empty() { Value::Null } else { Value::Array(list) }
}

/// The rows of accepted texts.
pub fn accepted(list: &Value) -> Vec<Values> {
    let row = |text: &Value| {
        let mut row = Values::default();
        row.set("text", if text.is_object() { said(&text["text"]) } else { said(text) });
        row.set("share", said(&text["share"]));
        row
    };
    list.as_array().into_iter().flatten().map(row).collect()
}

pub fn write_accepted(w: &mut Writer<'_>, names: &[&str], rows: &[Row], pointer: &str, path: &str) -> Value {
    let kept = w.kept(names, rows, pointer, path);
    let mut list = vec![];
    for (n, row) in kept.iter().enumerate() {
        let (text, share) = (row.values.one("text"), ascii(row.values.one("share")));
        list.push(if share.is_empty() { json!(text) } else { json!({"text": text, "share": share}) });
        for name in ["text", "share"] {
            w.at(format!("{pointer}/{n}/{name}"), format!("{path}.{}.{name}", row.key));
        }
    }
    if list.is_empty() { Value::Null } else { Value::Array(list) }
}

/// What makes no difference, ticked as reading would have it.
pub fn ignored(value: &Value) -> Vec<String> {
    match value.as_array() {
        Some(names) => names.iter().map(said).collect(),
        None => waymark_assess::item::Ignored::usual().into_iter().map(|name| name.as_str().to_owned()).collect(),
    }
}

pub fn open_number(fields: &Value, values: &mut Values) {
    values.set_rows("correct", numbers(&fields["correct"]));
}

pub fn write_number(w: &mut Writer<'_>) {
    let rows = w.values.rows("correct");
    let correct = write_numbers(w, &["correct"], rows, "/correct", "correct");
    w.put("correct", "correct", correct);
}

pub fn open_text(fields: &Value, values: &mut Values) {
    values.set_rows("correct", accepted(&fields["correct"]));
    values.set_all("ignore", ignored(&fields["ignore"]));
    values.set("max_length", said(&fields["max_length"]));
}

pub fn write_text(w: &mut Writer<'_>) {
    let rows = w.values.rows("correct");
    let correct = write_accepted(w, &["correct"], rows, "/correct", "correct");
    w.put("correct", "correct", correct);
    w.put("ignore", "ignore", json!(w.values.all("ignore")));
    w.put("max_length", "max_length", whole(w.values.one("max_length")));
}
