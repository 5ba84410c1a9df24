//! What was typed into a form, and how it is put into a document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What a form sends, by the name of its field.
pub type Fields = BTreeMap<String, String>;

pub const LANGUAGES: [&str; 2] = ["ja", "en"];

/// A number, full-width digits included; anything else as it was typed.
pub fn number(text: &str) -> Value {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        c => c,
    };
    let plain: String = text.trim().chars().map(digit).collect();
    plain.parse::<u64>().map_or_else(|_| json!(text.trim()), |n| json!(n))
}

/// The entries of a list that somebody typed.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ',', '、', '，']).map(str::trim).filter(|part| !part.is_empty())
}

/// Writes or takes away what stands at a pointer. What lies on the way and is no object gives way to one.
pub fn put(document: &mut Value, pointer: &str, value: Option<Value>) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let mut at = document;
    for step in parent.split('/').filter(|step| !step.is_empty()) {
        if value.is_none() && at.get(step).is_none() {
            return;
        }
        if !at.is_object() {
            *at = json!({});
        }
        let Some(map) = at.as_object_mut() else { return };
        at = map.entry(step).or_insert_with(|| json!({}));
    }
    if !at.is_object() {
        if value.is_none() {
            return;
        }
        *at = json!({});
    }
    let Some(map) = at.as_object_mut() else { return };
    match value {
        Some(value) => {
            map.insert(name.to_owned(), value);
        }
        None => {
            map.remove(name);
        }
    }
}
