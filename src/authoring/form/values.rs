//! What a form holds, field by field: texts by language, what was typed or ticked, rows with fields of their own. Right or wrong, nothing is lost.

use std::collections::BTreeMap;

use waymark_assess::text::MAX_LANGUAGES;

use super::described::{Field, Kind, Rows};

/// The language of texts that name none.
pub const UNSAID: &str = waymark_assess::text::NO_LANGUAGE;

/// A text by language, as far as it is written.
pub type Texts = BTreeMap<String, String>;

/// Rows that a posted form may hold beyond the most of an item: what is too much is said, not cut off in silence.
const BEYOND: usize = 4;
/// The highest number that a row may be known by.
const HIGHEST_KEY: usize = 9_999;
/// Most things ticked in one field.
const MOST_TICKS: usize = 64;

static NO_TEXTS: Texts = Texts::new();

/// The fields of a form, or of one row of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    texts: BTreeMap<&'static str, Texts>,
    given: BTreeMap<&'static str, Vec<String>>,
    lists: BTreeMap<&'static str, Vec<Row>>,
}

/// A row and the number that it is known by as long as the form is open, wherever it moves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub key: usize,
    pub values: Values,
}

impl Values {
    pub fn texts(&self, name: &str) -> &Texts {
        self.texts.get(name).unwrap_or(&NO_TEXTS)
    }

    /// What stands in a field of one line, without the space around it.
    pub fn one(&self, name: &str) -> &str {
        self.all(name).first().map_or("", |text| text.trim())
    }

    /// What stands there, as it was typed.
    pub fn raw(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    pub fn all(&self, name: &str) -> &[String] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn is_on(&self, name: &str) -> bool {
        !self.one(name).is_empty()
    }

    pub fn rows(&self, name: &str) -> &[Row] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn set_texts(&mut self, name: &'static str, texts: Texts) {
        self.texts.insert(name, texts);
    }

    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.given.insert(name, vec![value.into()]);
    }

    pub fn set_all(&mut self, name: &'static str, values: Vec<String>) {
        self.given.insert(name, values);
    }

    pub fn turn(&mut self, name: &'static str, on: bool) {
        if on {
            self.set(name, "1");
        }
    }

    /// One more row at the end, known by a number that no other has.
    pub fn add(&mut self, name: &'static str, values: Values) {
        let list = self.lists.entry(name).or_default();
        let key = list.iter().map(|row| row.key + 1).max().unwrap_or_default();
        list.push(Row { key, values });
    }

    pub fn set_rows(&mut self, name: &'static str, rows: impl IntoIterator<Item = Values>) {
        rows.into_iter().for_each(|values| self.add(name, values));
    }

    /// What a new item begins with.
    pub fn set_usual(&mut self, field: &Field) {
        if let Some(usual) = field.usual {
            self.set_all(field.name, usual.iter().map(|value| (*value).to_owned()).collect());
        }
    }

    /// Whether nobody has written anything here. Marks and choices among given words are no writing.
    pub fn is_blank(&self, fields: &[Field]) -> bool {
        fields.iter().all(|field| match &field.kind {
            Kind::Words(_) => self.texts(field.name).values().all(|text| text.trim().is_empty()),
            Kind::Typed(_) | Kind::Lines => self.one(field.name).is_empty(),
            Kind::Rows(rows) => self.rows(field.name).iter().all(|row| row.values.is_blank(rows.fields)),
            _ => true,
        })
    }

    /// Every language that a text of the form is in.
    pub fn languages(&self) -> Vec<String> {
        let mut found: Vec<String> = self.texts.values().flat_map(|texts| texts.keys().cloned()).collect();
        found.extend(self.lists.values().flatten().flat_map(|row| row.values.languages()));
        found.sort();
        found.dedup();
        found
    }

    /// Empty rows, so that each list has as many as a new item begins with.
    pub fn fill(&mut self, fields: &'static [Field]) {
        for field in fields {
            let Kind::Rows(rows) = &field.kind else { continue };
            for row in self.lists.entry(field.name).or_default() {
                row.values.fill(rows.fields);
            }
            while self.rows(field.name).len() < rows.fewest {
                self.add(field.name, blank(rows));
            }
        }
    }

    /// Takes one posted field; what the form does not have is left aside.
    pub fn take(&mut self, fields: &'static [Field], path: &str, value: &str) {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let Some(field) = fields.iter().find(|field| field.name == name) else { return };
        match (&field.kind, rest) {
            (Kind::Words(_), Some(tag)) if is_tag(tag) => {
                let texts = self.texts.entry(field.name).or_default();
                if texts.len() < MAX_LANGUAGES || texts.contains_key(tag) {
                    texts.insert(tag.to_owned(), value.to_owned());
                }
            }
            (Kind::Rows(rows), Some(rest)) => self.take_row(field.name, rows, rest, value),
            (Kind::Rows(rows), None) => {
                value.parse().ok().and_then(|key| self.row(field.name, rows, key));
            }
            (Kind::Ticks(_) | Kind::Picks(_), None) => {
                let ticked = self.given.entry(field.name).or_default();
                if ticked.len() < MOST_TICKS && !value.is_empty() {
                    ticked.push(value.to_owned());
                }
            }
            (Kind::Typed(_) | Kind::Lines | Kind::Select(_) | Kind::Flag | Kind::Kept, None) => {
                self.given.insert(field.name, vec![value.to_owned()]);
            }
            _ => {}
        }
    }

    /// `3.text.ja` is a field of the row that is known as 3; `right` with the value 3 marks that row.
    fn take_row(&mut self, name: &'static str, rows: &'static Rows, path: &str, value: &str) {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let marks = rows.fields.iter().find(|field| field.name == first && matches!(field.kind, Kind::Mark(_)));
        match (first.parse(), rest, marks, value.parse()) {
            (Ok(key), Some(rest), ..) => {
                if let Some(row) = self.row(name, rows, key) {
                    row.values.take(rows.fields, rest, value);
                }
            }
            (Err(_), None, Some(mark), Ok(key)) => {
                if let Some(row) = self.row(name, rows, key) {
                    row.values.set(mark.name, "1");
                }
            }
            _ => {}
        }
    }

    fn row(&mut self, name: &'static str, rows: &Rows, key: usize) -> Option<&mut Row> {
        let list = self.lists.entry(name).or_default();
        let at = list.iter().position(|row| row.key == key);
        if at.is_none() && (key > HIGHEST_KEY || list.len() >= rows.most + BEYOND) {
            return None;
        }
        let at = at.unwrap_or_else(|| {
            list.push(Row { key, ..Row::default() });
            list.len() - 1
        });
        list.get_mut(at)
    }

    /// What was done to the rows: `add:gaps.2.answers`, `remove:answers.1`, `up:answers.3`. Anything else does nothing.
    pub fn act(&mut self, fields: &'static [Field], action: &str) {
        let Some((verb, path)) = action.split_once(':') else { return };
        let (list, row) = match (verb, path.rsplit_once('.')) {
            ("add", _) => (path, None),
            (_, Some((list, row))) => (list, row.parse::<usize>().ok()),
            _ => return,
        };
        let Some((holder, name, rows)) = self.holder(fields, list) else { return };
        match (verb, row) {
            ("add", None) if holder.rows(name).len() < rows.most => holder.add(name, blank(rows)),
            ("remove", Some(key)) => holder.lists.entry(name).or_default().retain(|row| row.key != key),
            ("up", Some(key)) => {
                let list = holder.lists.entry(name).or_default();
                if let Some(at) = list.iter().position(|row| row.key == key).filter(|at| *at > 0) {
                    list.swap(at - 1, at);
                }
            }
            _ => {}
        }
    }

    /// Where the list of this path lies.
    fn holder(&mut self, fields: &'static [Field], path: &str) -> Option<(&mut Self, &'static str, &'static Rows)> {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let field = fields.iter().find(|field| field.name == name)?;
        let Kind::Rows(rows) = &field.kind else { return None };
        let Some(rest) = rest else { return Some((self, field.name, rows)) };
        let (key, rest) = rest.split_once('.')?;
        let key: usize = key.parse().ok()?;
        let row = self.lists.get_mut(field.name)?.iter_mut().find(|row| row.key == key)?;
        row.values.holder(rows.fields, rest)
    }

    /// A gap of this name: in a row that nobody has written into, else in one more.
    pub fn name_gap(&mut self, rows: &'static Rows, id: String) {
        let list = self.lists.entry("gaps").or_default();
        if let Some(row) = list.iter_mut().find(|row| row.values.is_blank(rows.fields)) {
            row.values.set("id", id);
        } else {
            let mut values = blank(rows);
            values.set("id", id);
            self.add("gaps", values);
        }
    }

    /// The fields as a browser posts them.
    pub fn pairs(&self, fields: &[Field], before: &str) -> Vec<(String, String)> {
        let mut pairs = vec![];
        for field in fields {
            let name = format!("{before}{}", field.name);
            match &field.kind {
                Kind::Words(_) => pairs
                    .extend(self.texts(field.name).iter().map(|(tag, text)| (format!("{name}.{tag}"), text.clone()))),
                Kind::Rows(rows) => {
                    for row in self.rows(field.name) {
                        pairs.push((name.clone(), row.key.to_string()));
                        pairs.extend(row.values.pairs(rows.fields, &format!("{name}.{}.", row.key)));
                    }
                    for mark in rows.fields.iter().filter(|field| matches!(field.kind, Kind::Mark(_))) {
                        let marked = self.rows(field.name).iter().filter(|row| row.values.is_on(mark.name));
                        pairs.extend(marked.map(|row| (format!("{name}.{}", mark.name), row.key.to_string())));
                    }
                }
                Kind::Mark(_) => {}
                _ => pairs.extend(self.all(field.name).iter().map(|value| (name.clone(), value.clone()))),
            }
        }
        pairs
    }
}

fn blank(rows: &'static Rows) -> Values {
    let mut values = Values::default();
    values.fill(rows.fields);
    for field in rows.fields {
        values.set_usual(field);
    }
    values
}

/// What can stand in a name and an id.
fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
