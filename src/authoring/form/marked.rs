//! Essays and files: what people mark by a rubric.

use serde_json::{Map, Value, json};

use super::given::{said, words};
use super::typed::whole;
use super::values::Values;
use super::writer::Writer;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * 1024;

pub fn open_essay(fields: &Value, values: &mut Values) {
    values.set("max_length", said(&fields["max_length"]));
    open_rubric(fields, values);
}

pub fn open_upload(fields: &Value, values: &mut Values) {
    values.set_all("files", fields["files"].as_array().into_iter().flatten().map(said).collect());
    let bytes = fields["max_bytes"].as_u64().unwrap_or_default();
    let (number, unit) = match bytes {
        0 => (String::new(), "mib"),
        whole if whole % MIB == 0 => ((whole / MIB).to_string(), "mib"),
        whole if whole % KIB == 0 => ((whole / KIB).to_string(), "kib"),
        whole => (whole.to_string(), "bytes"),
    };
    values.set("max_bytes", number);
    values.set("size_unit", unit);
    open_rubric(fields, values);
}

fn open_rubric(fields: &Value, values: &mut Values) {
    let lines = fields["rubric"].as_array().into_iter().flatten().map(|line| {
        let mut row = Values::default();
        row.set_texts("text", words(&line["text"]));
        row.set("points", said(&line["points"]));
        row
    });
    values.set_rows("rubric", lines);
}

pub fn write_essay(w: &mut Writer<'_>) {
    w.put("max_length", "max_length", whole(w.values.one("max_length")));
    write_rubric(w);
}

pub fn write_upload(w: &mut Writer<'_>) {
    let files = w.values.all("files");
    w.put("files", "files", if files.is_empty() { Value::Null } else { json!(files) });
    let unit = match w.values.one("size_unit") {
        "bytes" => 1,
        "kib" => KIB,
        _ => MIB,
    };
    let bytes = match whole(w.values.one("max_bytes")) {
        Value::Number(number) => json!(number.as_u64().unwrap_or_default().saturating_mul(unit)),
        other => other,
    };
    w.put("max_bytes", "max_bytes", bytes);
    write_rubric(w);
}

fn write_rubric(w: &mut Writer<'_>) {
    let rows = w.list("rubric");
    let mut lines = vec![];
    for (n, row) in rows.iter().enumerate() {
        let mut line = Map::new();
        for (name, value) in [("text", w.words(&row.values, "text")), ("points", whole(row.values.one("points")))] {
            w.at(format!("/rubric/{n}/{name}"), format!("rubric.{}.{name}", row.key));
            if !value.is_null() {
                line.insert(name.to_owned(), value);
            }
        }
        lines.push(Value::Object(line));
    }
    w.put("rubric", "rubric", if lines.is_empty() { Value::Null } else { Value::Array(lines) });
}
