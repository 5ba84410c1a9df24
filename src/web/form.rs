//! One field of a form: what it asks for, what was typed, and what is wrong with that.

use askama::Template;

use super::i18n::Words;

/// How a field is filled in.
pub enum Shape {
    /// One line; the `type` of the input.
    Line(&'static str),
    /// Several lines; how many are seen.
    Lines(u8),
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
    /// A box that is ticked or not.
    Tick,
}

#[derive(Template)]
#[template(path = "_field.html")]
pub struct Field {
    pub id: &'static str,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub why: Option<String>,
    pub shape: Shape,
    pub required: bool,
    pub most: usize,
    /// The id of a list of suggestions on the page.
    pub list: &'static str,
    pub lang: &'static str,
}

/// What is wrong with a form that was sent: the field, and what to do about it.
#[derive(Default)]
pub struct Wrong(pub Vec<(&'static str, String)>);

impl Wrong {
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes the text `key-wrong-field` for a field, once.
    pub fn note(&mut self, w: Words, key: &str, field: &'static str) {
        if self.of(field).is_none() {
            self.0.push((field, w.t(&format!("{key}-wrong-{field}"))));
        }
    }
}

impl Field {
    /// A field whose words stand under `key-id`, and its hint under `key-id-hint` where there is one.
    pub fn new(w: Words, key: &str, id: &'static str, value: &str, wrong: &Wrong) -> Self {
        let (label, hint) = (format!("{key}-{id}"), format!("{key}-{id}-hint"));
        Self {
            id,
            label: w.t(&label),
            hint: if w.has(&hint) { w.t(&hint) } else { String::new() },
            value: value.to_owned(),
            why: wrong.of(id),
            shape: Shape::Line("text"),
            required: false,
            most: 200,
            list: "",
            lang: "",
        }
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn of(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    pub fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    pub fn suggesting(mut self, list: &'static str) -> Self {
        self.list = list;
        self
    }

    pub fn written_in(mut self, lang: &'static str) -> Self {
        self.lang = lang;
        self
    }

    fn is_ticked(&self) -> bool {
        self.value == "yes"
    }

    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let why = self.why.is_some().then(|| format!("{}-wrong", self.id));
        [why, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
