//! The controls of the form: each with its label, its hint, what is wrong with it, and what was typed.

use std::collections::BTreeMap;

use askama::Template;

use super::pointed::Fields;
use super::wrong::key;
use crate::web::i18n::Words;

/// What a control is made from.
pub struct Controls<'p> {
    pub w: Words,
    pub fields: &'p Fields,
    pub wrong: &'p BTreeMap<String, Vec<String>>,
    /// The languages in which the program writes.
    pub languages: &'p [String],
}

/// A field with one line, or several.
#[derive(Template)]
#[template(path = "exams/_input.html")]
struct Input<'p> {
    id: String,
    label: String,
    hint: String,
    wrong: &'p [String],
    value: &'p str,
    /// `text`, `number`, `area`, `moment`
    kind: &'static str,
}

/// Radio buttons, a word each.
#[derive(Template)]
#[template(path = "exams/_words.html")]
struct Choice<'p> {
    id: String,
    label: String,
    hint: String,
    wrong: &'p [String],
    words: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "exams/_flag.html")]
struct Flag<'p> {
    id: String,
    label: String,
    hint: String,
    wrong: &'p [String],
    on: bool,
}

/// A text, a field for each language.
#[derive(Template)]
#[template(path = "exams/_text.html")]
struct Texts<'p> {
    id: String,
    label: String,
    hint: String,
    wrong: &'p [String],
    rows: u32,
    /// Tag, name of the language, what was typed, and whether the tag names a language.
    languages: Vec<(String, String, &'p str, bool)>,
}

fn html(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

impl<'p> Controls<'p> {
    fn hint(&self, id: &str) -> String {
        let key = format!("{}-hint", key(id));
        if self.w.has(&key) { self.w.t(&key) } else { String::new() }
    }

    fn wrong_with(&self, id: &str) -> &'p [String] {
        self.wrong.get(id).map_or(&[], Vec::as_slice)
    }

    fn value(&self, id: &str) -> &'p str {
        self.fields.get(id).map_or("", String::as_str)
    }

    pub fn input(&self, id: &str, kind: &'static str) -> String {
        html(&Input {
            label: self.w.t(&key(id)),
            hint: self.hint(id),
            wrong: self.wrong_with(id),
            value: self.value(id),
            id: id.to_owned(),
            kind,
        })
    }

    pub fn words(&self, id: &str, words: &[&str]) -> String {
        let said = self.value(id);
        let named = |word: &&str| {
            let name = self.w.t(&format!("{}-{}", key(id), word.replace('_', "-")));
            ((*word).to_owned(), name, said == *word || (said.is_empty() && words.first() == Some(word)))
        };
        html(&Choice {
            label: self.w.t(&key(id)),
            hint: self.hint(id),
            wrong: self.wrong_with(id),
            words: words.iter().map(named).collect(),
            id: id.to_owned(),
        })
    }

    pub fn flag(&self, id: &str) -> String {
        html(&Flag {
            label: self.w.t(&key(id)),
            hint: self.hint(id),
            wrong: self.wrong_with(id),
            on: !self.value(id).is_empty(),
            id: id.to_owned(),
        })
    }

    /// The languages of the program, and whatever else the text is written in.
    pub fn texts(&self, id: &str, rows: u32) -> String {
        let prefix = format!("{id}/");
        let said = |tag: &str| !self.value(&format!("{id}/{tag}")).is_empty();
        let mut tags = vec!["ja", "en"];
        tags.retain(|tag| said(tag) || self.languages.iter().any(|own| own == tag));
        tags.extend(
            self.fields.keys().filter_map(|name| name.strip_prefix(&prefix)).filter(|t| !["ja", "en"].contains(t)),
        );
        let language = |tag: &str| {
            let key = format!("examf-language-{tag}");
            let name = if self.w.has(&key) { self.w.t(&key) } else { tag.to_owned() };
            (tag.to_owned(), name, self.value(&format!("{id}/{tag}")), tag != "und")
        };
        html(&Texts {
            label: self.w.t(&key(id)),
            hint: self.hint(id),
            wrong: self.wrong_with(id),
            rows,
            languages: tags.into_iter().map(language).collect(),
            id: id.to_owned(),
        })
    }
}
