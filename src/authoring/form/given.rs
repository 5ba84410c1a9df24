//! What stands in the fields of a version, taken as it comes.

use std::collections::BTreeSet;

use serde_json::Value;
use waymark_assess::item::OptionId;

use super::values::{Texts, UNSAID};

/// A text, or a number as its text; empty for what is not there.
pub fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A text by language.
pub fn words(value: &Value) -> Texts {
    match value {
        Value::String(text) => Texts::from([(UNSAID.to_owned(), text.clone())]),
        Value::Object(map) => {
            map.iter().filter_map(|(tag, text)| Some((tag.clone(), text.as_str()?.to_owned()))).collect()
        }
        _ => Texts::new(),
    }
}

/// A list of texts.
pub fn texts(list: &Value) -> impl Iterator<Item = Texts> + '_ {
    list.as_array().into_iter().flatten().map(words)
}

/// The ids of a list: those that are given, then those that a file has that names none.
pub fn ids(given: &Value) -> impl Iterator<Item = String> + '_ {
    let given: Option<Vec<String>> = given.as_array().map(|ids| ids.iter().map(said).collect());
    let usual = |place: usize| OptionId::of_place(place).map(|id| id.to_string()).unwrap_or_default();
    (0..).map(move |place| {
        given.as_ref().map_or_else(|| usual(place), |ids| ids.get(place).cloned().unwrap_or_default())
    })
}

/// Places, one or a list.
pub fn flags(value: &Value) -> BTreeSet<usize> {
    let place = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    match value {
        Value::Array(list) => list.iter().filter_map(place).collect(),
        one => place(one).into_iter().collect(),
    }
}
