//! The fields of a bank file while they are written, and which field of the form each of them came from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use waymark_assess::Mistake;
use waymark_assess::item::{ItemType, OptionId};

use super::catalogue;
use super::values::{Row, UNSAID, Values};

/// The fields under way.
pub struct Writer<'f> {
    pub item_type: ItemType,
    pub values: &'f Values,
    pub(super) fields: Map<String, Value>,
    pub(super) ids: Map<String, Value>,
    pub(super) places: BTreeMap<String, String>,
    pub(super) wrong: Vec<Mistake>,
}

impl<'f> Writer<'f> {
    /// A field of the bank file, left out where it says nothing.
    pub fn put(&mut self, name: &str, path: &str, value: Value) {
        self.at(format!("/{name}"), path);
        if !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()) {
            self.fields.insert(name.to_owned(), value);
        }
    }

    /// What stands at this pointer came from this field.
    pub fn at(&mut self, pointer: impl Into<String>, path: impl Into<String>) {
        self.places.insert(pointer.into(), path.into());
    }

    /// A mistake that only the form can make.
    pub fn wrong(&mut self, path: &str, code: &'static str, en: &str, ja: &str) {
        let pointer = format!("/{}", path.replace('.', "/"));
        self.at(pointer.clone(), path);
        self.wrong.push(Mistake::new(pointer, code, en, ja));
    }

    /// A text in its languages; null where nothing is written.
    pub fn words(&self, values: &Values, name: &str) -> Value {
        let spoken = self.values.one("spoken");
        let named = |tag: &String| if tag == UNSAID && !spoken.is_empty() { spoken.to_owned() } else { tag.clone() };
        let written: BTreeMap<String, &String> = values
            .texts(name)
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(t, text)| (named(t), text))
            .collect();
        match (written.len(), written.get(UNSAID)) {
            (0, _) => Value::Null,
            (1, Some(text)) => json!(text),
            _ => json!(written),
        }
    }

    /// The rows that somebody wrote into, and where they come to stand.
    pub fn kept<'r>(&mut self, names: &[&str], rows: &'r [Row], pointer: &str, path: &str) -> Vec<&'r Row> {
        let fields = catalogue::list(self.item_type, names).map_or(&[][..], |rows| rows.fields);
        let kept: Vec<&Row> = rows.iter().filter(|row| !row.values.is_blank(fields)).collect();
        self.at(pointer, path);
        for (n, row) in kept.iter().enumerate() {
            self.at(format!("{pointer}/{n}"), format!("{path}.{}", row.key));
        }
        kept
    }

    /// A list of the item itself.
    pub fn list(&mut self, name: &str) -> Vec<&'f Row> {
        let values = self.values;
        self.kept(&[name], values.rows(name), &format!("/{name}"), name)
    }

    /// One text a row.
    pub fn texts(&self, rows: &[&Row]) -> Value {
        if rows.is_empty() { Value::Null } else { rows.iter().map(|row| self.words(&row.values, "text")).collect() }
    }

    /// The ids of a list, where they are not those that reading would give.
    pub fn put_ids(&mut self, name: &str, rows: &[&Row]) {
        self.at(format!("/ids/{name}"), name);
        if let Some(ids) = ids(rows) {
            self.ids.insert(name.to_owned(), ids);
        }
    }
}

/// `a`, `b`, … by place are what a file has that names no ids. A row keeps the id that it was opened with; a new one takes a letter that is free.
pub fn ids(rows: &[&Row]) -> Option<Value> {
    let usual = |place: usize| OptionId::of_place(place).map(|id| id.to_string());
    let taken: BTreeSet<&str> = rows.iter().map(|row| row.values.one("id")).collect();
    let mut free = (0..).map_while(usual).filter(|id| !taken.contains(id.as_str()));
    let ids: Vec<Option<String>> = rows
        .iter()
        .map(|row| match row.values.one("id") {
            "" => free.next(),
            id => Some(id.to_owned()),
        })
        .collect();
    let by_place = ids.iter().enumerate().all(|(place, id)| *id == usual(place));
    if by_place || ids.contains(&None) { None } else { Some(json!(ids)) }
}

/// The places of the rows where this flag or mark is set.
pub fn marked_places(rows: &[&Row], name: &str) -> Vec<usize> {
    rows.iter().enumerate().filter(|(_, row)| row.values.is_on(name)).map(|(place, _)| place).collect()
}

/// The places of the rows that were picked, by their numbers in the form.
pub fn picked_places(rows: &[&Row], keys: &[String]) -> Vec<usize> {
    let place = |key: &String| {
        let key: usize = key.parse().ok()?;
        rows.iter().position(|row| row.key == key)
    };
    let places: BTreeSet<usize> = keys.iter().filter_map(place).collect();
    places.into_iter().collect()
}

/// A list, or nothing where it is empty.
pub fn some(list: Vec<&str>) -> Value {
    if list.is_empty() { Value::Null } else { json!(list) }
}

pub fn names(text: &str) -> Value {
    some(text.split([';', '；', '、', ',']).map(str::trim).filter(|name| !name.is_empty()).collect())
}
