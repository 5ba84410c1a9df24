//! Reading JSON values strictly: closed objects, every mistake collected with its pointer, and a suggestion for a
//! mistyped name.

use crate::{
    mistake::{Mistake, nearest, pointer_to},
    text::Text,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An object of which each known member is taken at most once.
pub(crate) struct Object<'v> {
    map: &'v Map<String, Value>,
    pub pointer: String,
}

impl<'v> Object<'v> {
    /// Opens `value` as an object with no other members than `known`.
    pub fn open(value: &'v Value, pointer: &str, known: &[&str], mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let Some(map) = value.as_object() else {
            mistakes.push(Mistake::new(
                pointer,
                "not_an_object",
                format!("{} stands here: write an object with {}", kind(value), list(known)),
                format!("{}が書かれています。{}を持つ対応表にしてください", kind_ja(value), list(known)),
            ));
            return None;
        };
        for name in map.keys().filter(|name| !known.contains(&name.as_str())) {
            mistakes.push(unknown_field(pointer, name, known));
        }
        Some(Self { map, pointer: pointer.to_owned() })
    }

    pub fn at(&self, name: &str) -> String {
        pointer_to(&self.pointer, name)
    }

    pub fn get(&self, name: &str) -> Option<&'v Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub fn required(&self, name: &str, mistakes: &mut Vec<Mistake>) -> Option<&'v Value> {
        let value = self.get(name);
        if value.is_none() {
            mistakes.push(Mistake::new(
                self.at(name),
                "missing",
                format!("`{name}` is missing: add it"),
                format!("「{name}」がありません。書き加えてください"),
            ));
        }
        value
    }

    /// A whole number within `range`, if the member is there.
    pub fn whole(&self, name: &str, range: std::ops::RangeInclusive<u32>, mistakes: &mut Vec<Mistake>) -> Option<u32> {
        whole(self.get(name)?, &self.at(name), range, mistakes)
    }
}

pub(crate) fn whole(
    value: &Value,
    pointer: &str,
    range: std::ops::RangeInclusive<u32>,
    mistakes: &mut Vec<Mistake>,
) -> Option<u32> {
    let number = value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| range.contains(n));
    if number.is_none() {
        let (low, high) = (range.start(), range.end());
        mistakes.push(Mistake::new(
            pointer,
            "not_a_whole_number",
            format!("{} stands here: write a whole number from {low} to {high}", shown(value)),
            format!("{}が書かれています。{low}から{high}までの整数にしてください", shown(value)),
        ));
    }
    number
}

pub(crate) fn text<'v>(value: &'v Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<&'v str> {
    let text = value.as_str();
    if text.is_none() {
        mistakes.push(Mistake::new(
            pointer,
            "not_a_text",
            format!("{} stands here: write a text", shown(value)),
            format!("{}が書かれています。文字列にしてください", shown(value)),
        ));
    }
    text
}

/// A text without language, or one for each language.
pub(crate) fn read_text(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<Text> {
    let read = match value {
        Value::String(text) => Text::plain(text),
        Value::Object(map) => {
            let mut texts = BTreeMap::new();
            for (tag, entry) in map {
                texts.insert(tag.clone(), text(entry, &pointer_to(pointer, tag), mistakes)?.to_owned());
            }
            Text::in_languages(texts)
        }
        other => {
            mistakes.push(Mistake::new(
                pointer,
                "not_a_text",
                format!("{} stands here: write a text, or one for each language like {{ja: …, en: …}}", shown(other)),
                format!(
                    "{}が書かれています。文字列か、{{ja: …, en: …}} のように言語ごとの文字列にしてください",
                    shown(other)
                ),
            ));
            return None;
        }
    };
    read.map_err(|wrong| mistakes.push(Mistake::new(pointer, wrong.code(), wrong.to_string(), wrong.in_japanese())))
        .ok()
}

pub(crate) fn unknown_field(pointer: &str, name: &str, known: &[&str]) -> Mistake {
    let shown: String = name.chars().take(60).filter(|c| !c.is_control()).collect();
    let (hint, hint_ja) = match nearest(name, known.iter().copied()) {
        Some(near) => (format!("did you mean `{near}`?"), format!("「{near}」のことでしょうか")),
        None => (format!("known are {}", list(known)), format!("使えるのは{}です", list(known))),
    };
    Mistake::new(
        pointer_to(pointer, name),
        "unknown_field",
        format!("`{shown}` is unknown here: {hint}"),
        format!("「{shown}」という項目はありません。{hint_ja}"),
    )
}

/// One of several words, with a suggestion for a mistyped one.
pub(crate) fn not_one_of(value: &Value, pointer: &str, known: &[&str]) -> Mistake {
    let near = value.as_str().and_then(|typed| nearest(typed, known.iter().copied()));
    let (hint, hint_ja) = near.map_or_else(
        || (String::new(), String::new()),
        |near| (format!("; did you mean `{near}`?"), format!("(「{near}」のことでしょうか)")),
    );
    Mistake::new(
        pointer,
        "not_one_of",
        format!("{} stands here: write one of {}{hint}", shown(value), list(known)),
        format!("{}が書かれています。{}のどれかにしてください{hint_ja}", shown(value), list(known)),
    )
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The value itself if it is short, else what kind of value it is.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() <= 40 => format!("`{}`", text.escape_debug()),
        Value::Number(_) | Value::Bool(_) => format!("`{value}`"),
        other => kind(other).to_owned(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn kind_ja(value: &Value) -> &'static str {
    match value {
        Value::Null => "空の値",
        Value::Bool(_) => "真偽値",
        Value::Number(_) => "数値",
        Value::String(_) => "文字列",
        Value::Array(_) => "リスト",
        Value::Object(_) => "対応表",
    }
}
