//! The document of an exam as the fields of a form, and back. A field has the JSON pointer of its value as its name, so that a mistake finds its field.
//!
//! * A field that the form does not send leaves its value alone; an empty one takes it away.
//! * What is no number stays in the document as the text that was typed: the spec refuses it, and the form shows it again.
//! * What no field shows (another language, an unknown name in a draft) stays as it is.

use serde_json::{Value, json};

use super::moment;
use super::pointed::{Fields, number, open_text, put, said_text, shown};
use super::rows;
use crate::web::zone::Zone;

/// How a value is written in a field.
#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    Number,
    /// `yes` or nothing.
    Flag,
    /// One word of several; this one is meant where nothing is said.
    Word(&'static str),
    /// A name a line, or this word alone, which means all there are.
    Names(&'static str),
}

/// Fields that hold one value each.
pub const PLAIN: &[(&str, Kind)] = &[
    ("/slug", Kind::Text),
    ("/bank", Kind::Text),
    ("/blueprint/pretest", Kind::Number),
    ("/blueprint/exposure/at_most", Kind::Number),
    ("/blueprint/avoid/last_attempts", Kind::Number),
    ("/timing/minutes", Kind::Number),
    ("/timing/grace_seconds", Kind::Number),
    ("/rules/attempts", Kind::Number),
    ("/rules/cool_down_days", Kind::Number),
    ("/scoring/scale/min", Kind::Number),
    ("/scoring/scale/cut", Kind::Number),
    ("/scoring/scale/max", Kind::Number),
    ("/scoring/sections_from", Kind::Number),
    ("/navigation", Kind::Word("free")),
    ("/sitting/practice", Kind::Flag),
    ("/sitting/untimed", Kind::Flag),
    ("/sitting/voucher", Kind::Flag),
    ("/sitting/admission", Kind::Word("open")),
    ("/sitting/cool_down", Kind::Word("hours")),
    ("/sitting/connection/pauses_minutes", Kind::Number),
    ("/sitting/downtime", Kind::Word("credited")),
    ("/outside/sources", Kind::Names("any")),
];

/// Texts in languages outside of rows.
pub const TEXTS: [&str; 4] = ["/title", "/description", "/sitting/agreement", "/sitting/fee"];

/// The ways of drawing: the word of the form, and the members of the blueprint that belong to it.
pub const WAYS: [(&str, &[&str]); 4] = [
    ("domains", &["domains"]),
    ("weights", &["weights", "items"]),
    ("groups", &["group_by", "one_from_each"]),
    ("forms", &["forms"]),
];

/// The way of drawing that a document goes by.
pub fn way_of(document: &Value) -> &'static str {
    let blueprint = &document["blueprint"];
    let said = |names: &[&str]| names.iter().any(|name| !blueprint[*name].is_null());
    WAYS.iter().find(|(_, names)| said(names)).map_or("domains", |(way, _)| *way)
}

/// The fields of a document.
pub fn open(document: &Value, zone: &Zone) -> Fields {
    let mut fields = Fields::new();
    for (pointer, kind) in PLAIN {
        let value = document.pointer(pointer).unwrap_or(&Value::Null);
        let text = match (kind, value) {
            (Kind::Flag, Value::Bool(on)) => String::from(if *on { "yes" } else { "" }),
            (Kind::Word(otherwise), Value::Null) => (*otherwise).to_owned(),
            (Kind::Names(_), Value::Array(names)) => names.iter().map(shown).collect::<Vec<_>>().join("\n"),
            (_, value) => shown(value),
        };
        fields.insert((*pointer).to_owned(), text);
    }
    for pointer in TEXTS {
        open_text(document, pointer, &mut fields);
    }
    let cut = &document["scoring"]["cut_percent"];
    fields.insert("/scoring/cut".into(), shown(&document["scoring"]["cut"]));
    fields.insert("/scoring/cut_percent".into(), shown(cut));
    fields.insert("cut-by".into(), if cut.is_null() { "points" } else { "percent" }.into());
    let (word, on) = moment::release(document, zone);
    fields.insert("/release".into(), word);
    fields.insert("/release/on".into(), on);
    fields.insert("way".into(), way_of(document).into());
    fields.insert("/blueprint/items".into(), shown(&document["blueprint"]["items"]));
    fields.insert("/blueprint/group_by/id_prefix".into(), shown(&document["blueprint"]["group_by"]["id_prefix"]));
    rows::open(document, &mut fields);
    fields
}

/// The document that the form says, on top of what is known of it.
pub fn said(fields: &Fields, base: &Value, zone: &Zone) -> Value {
    let mut document = if base.is_object() { base.clone() } else { json!({}) };
    for (pointer, kind) in PLAIN {
        let typed = fields.get(*pointer).map(|text| text.trim());
        // What shows as it did is what it was: also a value that this form could not have written.
        if document.pointer(pointer).is_some_and(|value| !value.is_boolean() && typed == Some(shown(value).as_str())) {
            continue;
        }
        let value = match (kind, typed) {
            // A box that is not ticked is not sent at all; a whole form sends the way of drawing.
            (Kind::Flag, None) if !fields.contains_key("way") => continue,
            (Kind::Flag, typed) => typed.filter(|text| !text.is_empty()).map(|_| json!(true)),
            (_, None) => continue,
            (_, Some("")) => None,
            (Kind::Word(otherwise), Some(word)) => (word != *otherwise).then(|| json!(word)),
            (Kind::Number, Some(text)) => Some(number(text)),
            (Kind::Text, Some(text)) => Some(json!(text)),
            (Kind::Names(all), Some(text)) if text == *all => Some(json!(all)),
            (Kind::Names(_), Some(text)) => Some(json!(text.split_whitespace().collect::<Vec<_>>())),
        };
        put(&mut document, pointer, value);
    }
    for pointer in TEXTS {
        let text = said_text(fields, pointer, document.pointer(pointer).unwrap_or(&Value::Null));
        put(&mut document, pointer, text);
    }
    said_cut(fields, &mut document);
    moment::said_release(fields, base, &mut document, zone);
    said_way(fields, &mut document);
    rows::said(fields, base, &mut document);
    for part in ["blueprint", "timing", "scoring"] {
        // Parts that every exam has are there even while they say nothing.
        if document[part].is_null() {
            document[part] = json!({});
        }
    }
    document
}

/// A cut in points or in percent: the one that is chosen, else the one that is filled in.
fn said_cut(fields: &Fields, document: &mut Value) {
    let typed = |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    if !fields.contains_key("/scoring/cut") && !fields.contains_key("/scoring/cut_percent") {
        return;
    }
    let percent = match fields.get("cut-by").map(String::as_str) {
        Some("percent") => true,
        Some(_) => false,
        None => typed("/scoring/cut").is_none() && typed("/scoring/cut_percent").is_some(),
    };
    let chosen = if percent { "/scoring/cut_percent" } else { "/scoring/cut" };
    for name in ["/scoring/cut", "/scoring/cut_percent"] {
        put(document, name, typed(name).filter(|_| name == chosen).map(number));
    }
}

/// The members of the blueprint that belong to the chosen way; those of the others go.
fn said_way(fields: &Fields, document: &mut Value) {
    let Some(way) = fields.get("way") else { return };
    for (_, names) in WAYS.iter().filter(|(other, _)| other != way) {
        for name in *names {
            put(document, &format!("/blueprint/{name}"), None);
        }
    }
    let typed = |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty()).map(number);
    match way.as_str() {
        "weights" => put(document, "/blueprint/items", typed("/blueprint/items")),
        "groups" => {
            put(document, "/blueprint/group_by/id_prefix", typed("/blueprint/group_by/id_prefix"));
            put(document, "/blueprint/one_from_each", Some(json!("group")));
        }
        _ => {}
    }
}
