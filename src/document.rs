//! Reading a document that a person wrote (YAML or JSON as a value) field by field, so that every mistake is reported at once, each with
//! its JSON pointer.

pub mod yaml;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Fault;

/// One object of the document; remembers which fields were asked for.
pub struct Fields<'v> {
    map: Option<&'v Map<String, Value>>,
    pointer: String,
    known: Vec<&'static str>,
}

/// All mistakes so far.
pub type Faults = Vec<Fault>;

const LONGEST_TEXT: usize = 4000;

impl<'v> Fields<'v> {
    /// An object at `pointer`; anything else is a mistake and reads as empty.
    pub fn of(value: &'v Value, pointer: &str, faults: &mut Faults) -> Self {
        let map = value.as_object();
        if map.is_none() {
            faults.push(Fault::new(pointer, "not_a_mapping", "write a mapping of fields here (name: value)"));
        }
        Self { map, pointer: pointer.to_owned(), known: vec![] }
    }

    /// The pointer of a field.
    pub fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.pointer)
    }

    /// The field as it stands; null counts as absent.
    pub fn value(&mut self, name: &'static str) -> Option<&'v Value> {
        self.known.push(name);
        self.map?.get(name).filter(|v| !v.is_null())
    }

    /// A field that must be there.
    pub fn required(&mut self, name: &'static str, faults: &mut Faults) -> Option<&'v Value> {
        let value = self.value(name);
        if value.is_none() && self.map.is_some() {
            faults.push(Fault::new(&self.pointer, "missing_field", format!("`{name}` is missing")));
        }
        value
    }

    pub fn text(&mut self, name: &'static str, faults: &mut Faults) -> Option<String> {
        let pointer = self.at(name);
        as_text(self.value(name)?, &pointer, faults)
    }

    pub fn required_text(&mut self, name: &'static str, faults: &mut Faults) -> String {
        let pointer = self.at(name);
        self.required(name, faults).and_then(|v| as_text(v, &pointer, faults)).unwrap_or_default()
    }

    /// A slug: 1 to 60 of a-z, 0-9 and -.
    pub fn slug(&mut self, name: &'static str, faults: &mut Faults) -> String {
        let before = faults.len();
        let slug = self.required_text(name, faults);
        if faults.len() == before && !is_slug(&slug) {
            faults.push(Fault::new(
                self.at(name),
                "invalid_slug",
                "a slug is 1 to 60 of a-z, 0-9 and -, and begins with a letter or digit",
            ));
        }
        slug
    }

    /// One of a closed list of words.
    pub fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)], faults: &mut Faults) -> Option<T> {
        let pointer = self.at(name);
        let text = as_text(self.value(name)?, &pointer, faults)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            faults.push(Fault::new(
                pointer,
                "unknown_word",
                format!("`{text}` is not known here; use one of: {}", list.join(", ")),
            ));
        }
        found
    }

    /// A whole number within a range.
    pub fn number(&mut self, name: &'static str, least: u32, most: u32, faults: &mut Faults) -> Option<u32> {
        let pointer = self.at(name);
        let value = self.value(name)?;
        let number = value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| (least..=most).contains(n));
        if number.is_none() {
            faults.push(Fault::new(pointer, "invalid_number", format!("write a whole number from {least} to {most}")));
        }
        number
    }

    /// A text in one or more languages: a plain string, or `{ja: …, en: …}`.
    pub fn texts(&mut self, name: &'static str, faults: &mut Faults) -> Option<BTreeMap<String, String>> {
        let pointer = self.at(name);
        as_texts(self.value(name)?, &pointer, faults)
    }

    pub fn required_texts(&mut self, name: &'static str, faults: &mut Faults) -> BTreeMap<String, String> {
        let pointer = self.at(name);
        self.required(name, faults).and_then(|v| as_texts(v, &pointer, faults)).unwrap_or_default()
    }

    /// A list of texts.
    pub fn list(&mut self, name: &'static str, faults: &mut Faults) -> Option<Vec<String>> {
        let pointer = self.at(name);
        let Some(entries) = self.value(name)?.as_array() else {
            faults.push(Fault::new(pointer, "not_a_list", "write a list here"));
            return None;
        };
        Some(
            entries
                .iter()
                .enumerate()
                .filter_map(|(n, entry)| as_text(entry, &format!("{pointer}/{n}"), faults))
                .collect(),
        )
    }

    /// Reports every field that nobody asked for. Call last.
    pub fn refuse_unknown(self, faults: &mut Faults) {
        let Some(map) = self.map else { return };
        for name in map.keys().filter(|name| !self.known.contains(&name.as_str())) {
            let near =
                self.known.iter().map(|k| (strsim::jaro_winkler(k, name), *k)).max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = near
                .filter(|(likeness, _)| *likeness > 0.75)
                .map_or(String::new(), |(_, k)| format!("; did you mean `{k}`?"));
            faults.push(Fault::new(self.at(name), "unknown_field", format!("`{name}` is not a field here{hint}")));
        }
    }
}

/// Whether the text can name a thing in addresses and files.
pub fn is_slug(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && !text.is_empty() && text.len() <= 60 && !text.starts_with('-')
}

fn as_text(value: &Value, pointer: &str, faults: &mut Faults) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        _ => {
            faults.push(Fault::new(pointer, "not_a_text", "write a text here"));
            return None;
        }
    };
    if text.is_empty() || text.len() > LONGEST_TEXT {
        faults.push(Fault::new(pointer, "invalid_text", format!("write a text of 1 to {LONGEST_TEXT} bytes")));
        return None;
    }
    if let Some(c) = text.chars().find(|c| disturbs(*c)) {
        let detail = format!(
            "leave out the character U+{:04X}: it cannot be seen and moves what stands around it",
            u32::from(c)
        );
        faults.push(Fault::new(pointer, "forbidden_character", detail));
        return None;
    }
    Some(text)
}

/// Control characters other than breaks of line, and marks that turn the direction of reading (UAX #9 §2): badges, certificates and résumés would
/// show another text than the one that was written.
fn disturbs(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn as_texts(value: &Value, pointer: &str, faults: &mut Faults) -> Option<BTreeMap<String, String>> {
    let Value::Object(map) = value else {
        return as_text(value, pointer, faults).map(|text| BTreeMap::from([("und".to_owned(), text)]));
    };
    let mut texts = BTreeMap::new();
    for (language, text) in map {
        if !matches!(language.as_str(), "ja" | "en" | "und") {
            faults.push(Fault::new(
                format!("{pointer}/{language}"),
                "unknown_language",
                format!("`{language}` is not a language here; use ja or en"),
            ));
            continue;
        }
        if let Some(text) = as_text(text, &format!("{pointer}/{language}"), faults) {
            texts.insert(language.clone(), text);
        }
    }
    if map.is_empty() {
        faults.push(Fault::new(pointer, "invalid_text", "write the text in at least one language: {ja: …, en: …}"));
    }
    Some(texts)
}
