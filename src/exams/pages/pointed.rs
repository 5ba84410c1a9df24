//! Values of a document by their JSON pointers: shown in fields, and put back.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What a form sends, by the name of its field.
pub type Fields = BTreeMap<String, String>;

/// A value as a field shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What was typed as a number, where it is one; digits of full width count as digits.
pub(super) fn number(text: &str) -> Value {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' => '.',
        other => other,
    };
    let plain: String = text.trim().chars().map(narrow).collect();
    plain.parse::<u32>().map_or_else(|_| json!(plain), |n| json!(n))
}

/// One reference token of a pointer.
pub(super) fn token(text: &str) -> String {
    text.replace('~', "~0").replace('/', "~1")
}

/// Sets, or takes away, what the pointer names. Objects on the way are made where they are needed and go when they are empty; what is no object is replaced.
pub(super) fn put(document: &mut Value, pointer: &str, value: Option<Value>) {
    let mut names: Vec<String> = pointer.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).collect();
    let Some(last) = names.pop() else { return };
    inner(document, &names, &last, value);
}

fn inner(at: &mut Value, path: &[String], last: &str, value: Option<Value>) {
    if let Value::Array(list) = at {
        if let Some((first, rest)) = path.split_first()
            && let Some(entry) = first.parse::<usize>().ok().and_then(|n| list.get_mut(n))
        {
            inner(entry, rest, last, value);
        }
        return;
    }
    if !at.is_object() {
        if value.is_none() {
            return;
        }
        *at = json!({});
    }
    let Value::Object(map) = at else { return };
    let Some((first, rest)) = path.split_first() else {
        match value {
            Some(value) => map.insert(last.to_owned(), value),
            None => map.remove(last),
        };
        return;
    };
    if value.is_none() && !map.contains_key(first) {
        return;
    }
    let taken = value.is_none();
    let entry = map.entry(first.clone()).or_insert_with(|| json!({}));
    inner(entry, rest, last, value);
    if taken && entry.as_object().is_some_and(Map::is_empty) {
        map.remove(first);
    }
}

/// A text, field by language. A text without language has the tag `und`.
pub(super) fn open_text(document: &Value, pointer: &str, fields: &mut Fields) {
    match document.pointer(pointer) {
        Some(Value::Object(texts)) => {
            for (tag, text) in texts {
                fields.insert(format!("{pointer}/{}", token(tag)), shown(text));
            }
        }
        Some(Value::Null) | None => {}
        Some(other) => {
            fields.insert(format!("{pointer}/und"), shown(other));
        }
    }
}

/// The text that the fields under this pointer say, on top of what there is.
pub(super) fn said_text(fields: &Fields, pointer: &str, base: &Value) -> Option<Value> {
    let mut texts: Map<String, Value> = match base {
        Value::Object(texts) => texts.clone(),
        Value::Null => Map::new(),
        other => Map::from_iter([("und".to_owned(), other.clone())]),
    };
    let prefix = format!("{pointer}/");
    for (name, text) in fields.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix)) {
        let tag = name[prefix.len()..].replace("~1", "/").replace("~0", "~");
        match text.trim() {
            "" => texts.remove(&tag),
            // Forms send lines with CR LF; the text has LF.
            text => texts.insert(tag, json!(text.replace("\r\n", "\n"))),
        };
    }
    (!texts.is_empty()).then_some(Value::Object(texts))
}
