//! The fields of the form as the document of a track. A field has the JSON pointer of its value as its name, so that a mistake finds its field.
//!
//! * An achievement type left to the kind is written as what it is for that kind.
//! * A field that the form does not send leaves its value alone; an empty one takes it away.
//! * What is no number stays in the document as the text that was typed: the definition refuses it, and the form shows it again.
//! * What no field shows stays as it is.
//! * A requirement without a name is given one, which the form sends back from then on.

use serde_json::{Map, Value, json};

use super::tree;
use super::typed::{Fields, LANGUAGES, number, parts, put};
use crate::tracks;

/// How the value of a field is written in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    /// Texts, one a line or between commas.
    List,
    /// Numbers, one a line or between commas.
    Numbers,
}

/// Fields that hold one value each.
const PLAIN: &[(&str, Kind)] = &[
    ("/slug", Kind::Text),
    ("/kind", Kind::Text),
    ("/goal/measure", Kind::Text),
    ("/goal/target", Kind::Number),
    ("/goal/owner", Kind::Text),
    ("/validity/months", Kind::Number),
    ("/renewal/grace_days", Kind::Number),
    ("/renewal/reminders", Kind::Numbers),
    ("/level/ladder", Kind::Text),
    ("/level/step", Kind::Number),
    ("/template", Kind::Text),
    ("/achievement_type", Kind::Text),
    ("/tags", Kind::List),
];

/// Texts with a field for each language.
pub const TEXTS: [&str; 3] = ["/title", "/description", "/criteria"];

/// The document that the form says, beginning from `base`. Buttons that add, move or take away a requirement are followed on the way.
pub fn said(fields: &Fields, base: &Value) -> Value {
    let mut document = if base.is_object() { base.clone() } else { json!({}) };
    for (pointer, kind) in PLAIN {
        if let Some(text) = fields.get(*pointer) {
            put(&mut document, pointer, value(text, *kind));
        }
    }
    if fields.get("/achievement_type").is_some_and(|sort| sort.trim().is_empty()) {
        let usual = usual_sort(&document["kind"]).map(|sort| json!(sort));
        put(&mut document, "/achievement_type", usual);
    }
    for pointer in TEXTS {
        texts(fields, pointer, &mut document);
    }
    for language in LANGUAGES {
        let pointer = format!("/goal/{language}");
        if let Some(text) = fields.get(&pointer) {
            put(&mut document, &pointer, value(text, Kind::Text));
        }
    }
    tree::read(fields, &mut document);
    if fields.contains_key("node:/requires") {
        tree::name(&mut document, base);
    }
    tidy(&mut document);
    document
}

/// The sort of achievement that goes with a kind of track; none while there is no kind.
pub fn usual_sort(kind: &Value) -> Option<&'static str> {
    serde_json::from_value::<tracks::Kind>(kind.clone()).ok().map(tracks::Kind::usual_type)
}

/// What stands alone says nothing: a measure without a goal.
fn tidy(document: &mut Value) {
    let only_measure = document["goal"].as_object().is_some_and(|goal| goal.keys().all(|key| key == "measure"));
    if only_measure {
        put(document, "/goal", None);
    }
    for part in ["/goal", "/validity", "/renewal", "/level"] {
        let empty = document.pointer(part).and_then(Value::as_object).is_some_and(Map::is_empty);
        if empty {
            put(document, part, None);
        }
    }
}

fn texts(fields: &Fields, pointer: &str, document: &mut Value) {
    let typed = LANGUAGES.map(|language| {
        let sent = fields.get(&format!("{pointer}/{language}"));
        (language, sent.is_some(), sent.and_then(|text| value(text, Kind::Text)))
    });
    // A text without a language stands in the field of the reader; it gives way once somebody writes something else.
    let said = document.pointer(pointer).cloned().unwrap_or_default();
    let plain = said.as_str().or_else(|| said["und"].as_str()).map(str::to_owned);
    let written = typed.iter().filter_map(|(_, _, text)| text.as_ref()).any(|text| text.as_str() != plain.as_deref());
    let own = LANGUAGES.iter().any(|language| !said[*language].is_null());
    if plain.is_some() && !written && !own {
        return;
    }
    if plain.is_some() && written {
        put(document, &format!("{pointer}/und"), None);
    }
    for (language, sent, text) in typed {
        if sent {
            put(document, &format!("{pointer}/{language}"), text);
        }
    }
    if document.pointer(pointer).and_then(Value::as_object).is_some_and(Map::is_empty) {
        put(document, pointer, None);
    }
}

fn value(text: &str, kind: Kind) -> Option<Value> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return None;
    }
    Some(match kind {
        Kind::Text => Value::String(text),
        Kind::Number => number(&text),
        Kind::List => parts(&text).map(|part| json!(part)).collect(),
        Kind::Numbers => parts(&text).map(number).collect(),
    })
}
