//! From the form to the fields of a bank file, remembering which field of the form each value came from, so that a mistake can be told where it was made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use waymark_assess::Mistake;
use waymark_assess::interchange::item_from_value;
use waymark_assess::item::{ItemType, ItemVersion, OptionId};

use super::values::{Row, Values};
use super::{Form, UNSAID, areas, catalogue, choices, gaps, marked, pairs, typed};

/// What a form comes to.
pub struct Written {
    /// The fields of a bank file.
    pub fields: Value,
    places: BTreeMap<String, String>,
    wrong: Vec<Mistake>,
}

impl Written {
    /// The version that the form describes. `picture` is the picture that it names.
    ///
    /// # Errors
    /// All mistakes, with pointers into the fields of a bank file.
    pub fn read(&self, picture: Option<&[u8]>) -> Result<ItemVersion, Vec<Mistake>> {
        let figure = self.fields["figure"].as_str();
        let read = item_from_value(&self.fields, &|name| picture.filter(|_| Some(name) == figure).map(<[u8]>::to_vec));
        match read {
            read if self.wrong.is_empty() => read,
            Ok(_) => Err(self.wrong.clone()),
            Err(more) => Err(self.wrong.iter().cloned().chain(more).collect()),
        }
    }

    /// The field of the form that a mistake speaks of; empty where none does.
    pub fn path_of(&self, mistake: &Mistake) -> &str {
        let mut pointer = mistake.pointer.as_str();
        loop {
            if let Some(path) = self.places.get(pointer) {
                return path;
            }
            match pointer.rsplit_once('/') {
                Some((shorter, _)) if !shorter.is_empty() => pointer = shorter,
                _ => return "",
            }
        }
    }
}

/// The fields under way.
pub struct Writer<'f> {
    pub item_type: ItemType,
    pub values: &'f Values,
    fields: Map<String, Value>,
    ids: Map<String, Value>,
    places: BTreeMap<String, String>,
    wrong: Vec<Mistake>,
}

pub fn write(form: &Form) -> Written {
    let mut w = Writer {
        item_type: form.item_type,
        values: &form.values,
        fields: Map::new(),
        ids: Map::new(),
        places: BTreeMap::new(),
        wrong: vec![],
    };
    let values = w.values;
    w.put("id", "id", json!(values.one("id")));
    w.put("type", "type", json!(form.item_type.as_str()));
    w.put("question", "question", w.words(values, "question"));
    match form.item_type {
        ItemType::SingleChoice | ItemType::MultipleChoice => choices::write(&mut w),
        ItemType::TrueFalse => choices::write_truth(&mut w),
        ItemType::Ordering => choices::write_order(&mut w),
        ItemType::Matching => pairs::write(&mut w),
        ItemType::Numeric => typed::write_number(&mut w),
        ItemType::ShortText => typed::write_text(&mut w),
        ItemType::InlineChoice | ItemType::Cloze | ItemType::GapMatch => gaps::write(&mut w),
        ItemType::Hotspot => areas::write(&mut w),
        ItemType::Essay => marked::write_essay(&mut w),
        ItemType::FileUpload => marked::write_upload(&mut w),
        _ => {}
    }
    w.filed();
    if !w.ids.is_empty() {
        let ids = std::mem::take(&mut w.ids);
        w.fields.insert("ids".to_owned(), Value::Object(ids));
    }
    Written { fields: Value::Object(w.fields), places: w.places, wrong: w.wrong }
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

    /// What any item says beside its type.
    fn filed(&mut self) {
        let values = self.values;
        let points = typed::whole(values.one("scoring_points"));
        let penalty = typed::ascii(values.one("scoring_penalty"));
        let mut scoring = Map::new();
        for (name, value) in
            [("rule", json!(values.one("scoring_rule"))), ("points", points), ("penalty", json!(penalty))]
        {
            self.at(format!("/scoring/{name}"), format!("scoring_{name}"));
            if !value.is_null() && value != "" {
                scoring.insert(name.to_owned(), value);
            }
        }
        let says = scoring.len() > 1 || scoring.get("rule").is_some_and(|rule| rule != "all_or_nothing");
        self.put("scoring", "scoring_rule", if says { Value::Object(scoring) } else { Value::Null });
        let (id, text) = (values.one("stimulus_id"), self.words(values, "stimulus_text"));
        let mut stimulus = Map::new();
        for (name, value) in [("id", json!(id)), ("text", text)] {
            self.at(format!("/stimulus/{name}"), format!("stimulus_{name}"));
            if !value.is_null() && value != "" {
                stimulus.insert(name.to_owned(), value);
            }
        }
        let stimulus = if stimulus.is_empty() { Value::Null } else { Value::Object(stimulus) };
        self.put("stimulus", "stimulus_id", stimulus);
        self.put("domain", "domain", json!(values.one("domain")));
        self.put("tags", "tags", names(values.one("tags")));
        self.put("enemies", "enemies", names(values.one("enemies")));
        let refs = values.raw("refs").lines().map(str::trim).filter(|line| !line.is_empty());
        self.put("refs", "refs", some(refs.collect()));
        self.put("rationale", "rationale", self.words(values, "rationale"));
        self.put("figure", "figure", json!(values.one("figure")));
        self.put("figure_alt", "figure_alt", self.words(values, "figure_alt"));
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

fn names(text: &str) -> Value {
    some(text.split([';', '；', '、', ',']).map(str::trim).filter(|name| !name.is_empty()).collect())
}
