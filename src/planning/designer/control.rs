//! The controls of the form: each with its label, its hint, what is wrong with it, and what was typed.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde_json::Value;

use super::typed::LANGUAGES;
use super::wrong::Labels;
use crate::web::i18n::Words;

/// One choice of a list: the word, its name, whether it is chosen.
pub type Choice = (String, String, bool);

/// What a control looks like, with what was typed.
pub enum Shape {
    Line(String),
    /// A line that offers words, and takes any.
    LineWith(String, Vec<String>),
    Number(String),
    Area(String, u32),
    /// One word of several.
    Words(Vec<Choice>),
    Flag(bool),
    /// A line or an area for each language.
    Texts(Vec<(&'static str, String, String)>, u32),
    /// Boxes: the name of each field, its label, whether it is ticked.
    Ticks(Vec<Choice>),
}

#[derive(Template)]
#[template(path = "planning/_control.html")]
pub struct Control {
    id: String,
    label: String,
    hint: String,
    wrong: Vec<String>,
    shape: Shape,
    /// What is worth knowing about what was chosen: a sentence, where to go, and what the link says.
    pub note: Option<(String, &'static str, String)>,
    /// Whether a mistake leads here, also where it is not told here yet.
    marked: bool,
}

/// What controls are made from; it remembers which there are, so that a mistake finds its own.
pub struct Desk<'p> {
    pub w: Words,
    pub wrong: &'p BTreeMap<String, Vec<String>>,
    /// The fields to which a mistake leads.
    pub marked: &'p BTreeSet<String>,
    pub ids: Labels,
    /// The languages in which the program writes; texts of another one are shown where there are some.
    pub languages: &'p [String],
}

impl Desk<'_> {
    /// What is wrong with the field of this id; it is known to be there from now on.
    pub fn wrong_with(&mut self, id: &str) -> Vec<String> {
        self.ids.entry(id.to_owned()).or_default();
        self.wrong.get(id).cloned().unwrap_or_default()
    }

    /// What stands at this id is called so.
    pub fn call(&mut self, id: &str, label: &str) {
        self.ids.insert(id.to_owned(), label.to_owned());
    }

    /// `key` names the label; `KEY-hint` the hint, where there is one.
    pub fn control(&mut self, id: &str, key: &str, shape: Shape) -> Control {
        let (label, hint) = (self.w.t(key), format!("{key}-hint"));
        self.call(id, &label);
        Control {
            wrong: self.wrong_with(id),
            label,
            hint: if self.w.has(&hint) { self.w.t(&hint) } else { String::new() },
            id: id.to_owned(),
            shape,
            note: None,
            marked: self.marked.contains(id),
        }
    }

    /// A line that offers what is known; `KEY-known` names it in the hint.
    pub fn line_with(&mut self, id: &str, key: &str, value: &Value, known: &[String]) -> Control {
        let mut made = self.control(id, key, Shape::LineWith(plain(value), known.to_vec()));
        if !known.is_empty() {
            let named = self.w.with1(&format!("{key}-known"), "known", known.join(&self.w.t("list-comma")));
            made.hint = self.w.sentences(&[made.hint, named]);
        }
        made
    }

    pub fn line(&mut self, id: &str, key: &str, value: &Value) -> Control {
        self.control(id, key, Shape::Line(plain(value)))
    }

    pub fn number(&mut self, id: &str, key: &str, value: &Value) -> Control {
        self.control(id, key, Shape::Number(plain(value)))
    }

    /// Words of which one is chosen, each named by `KEY-WORD`; the first where nothing is said.
    pub fn words(&mut self, id: &str, key: &str, words: &[&str], value: &str) -> Control {
        let named = words.iter().map(|word| {
            let name =
                if word.is_empty() { format!("{key}-none") } else { format!("{key}-{}", word.replace('_', "-")) };
            ((*word).to_owned(), self.w.t(&name))
        });
        let named = named.collect();
        self.choice(id, key, named, value)
    }

    /// Words with names of their own. What was said and is not among them is offered too.
    pub fn choice(&mut self, id: &str, key: &str, words: Vec<(String, String)>, value: &str) -> Control {
        let known = words.iter().any(|(word, _)| word == value);
        let first = words.first().map(|(word, _)| word.clone()).unwrap_or_default();
        let chosen = if value.is_empty() && !known { first.as_str() } else { value };
        let mut all: Vec<Choice> =
            words.iter().map(|(word, name)| (word.clone(), name.clone(), word == chosen)).collect();
        if !known && !value.is_empty() {
            all.push((value.to_owned(), value.to_owned(), true));
        }
        self.control(id, key, Shape::Words(all))
    }

    pub fn flag(&mut self, id: &str, key: &str, on: bool) -> Control {
        self.control(id, key, Shape::Flag(on))
    }

    /// A field for each language of the program, and for each other one in which something is said; a text without a language stands in the
    /// one of the reader.
    pub fn texts(&mut self, id: &str, key: &str, rows: u32, value: &Value) -> Control {
        let lang = self.w.lang();
        let fields = LANGUAGES.map(|language| {
            let own = match value.as_str() {
                Some(text) if language == lang => text.to_owned(),
                Some(_) => String::new(),
                None if language == lang && value[language].is_null() => plain(&value["und"]),
                None => plain(&value[language]),
            };
            (language, self.w.t(&format!("designer-language-{language}")), own)
        });
        let label = self.w.t(key);
        for language in LANGUAGES {
            self.call(&format!("{id}/{language}"), &label);
        }
        let shown = |language: &str, own: &str| !own.is_empty() || self.languages.iter().any(|known| known == language);
        let fields = fields.into_iter().filter(|(language, _, own)| shown(language, own)).collect();
        let mut made = self.control(id, key, Shape::Texts(fields, rows));
        for language in LANGUAGES {
            let own = format!("{id}/{language}");
            made.wrong.extend(self.wrong_with(&own));
            made.marked |= self.marked.contains(&own);
        }
        made
    }
}

impl Control {
    pub fn is_wrong(&self) -> bool {
        self.marked || !self.wrong.is_empty()
    }

    /// Mistakes of something that has no field of its own.
    pub fn add_wrong(&mut self, wrong: Vec<String>) {
        self.wrong.extend(wrong);
    }
}

/// A value as it stands in a field.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A list as it stands in a field.
pub fn listed(value: &Value, between: &str) -> String {
    match value.as_array() {
        Some(entries) => entries.iter().map(plain).collect::<Vec<_>>().join(between),
        None => plain(value),
    }
}
