//! The fields of a form as a page shows them: one template for every field of every type, filled from the one description.

mod build;

pub use build::{Built, Wrong, built};

use askama::Template;

/// One field, with the fields of its rows where it is a list.
#[derive(Template)]
#[template(path = "authoring/_field.html")]
pub struct FieldView {
    /// The name that it is posted by.
    pub name: String,
    pub id: String,
    pub label: String,
    /// The row that it stands in, said to those who do not see it stand there.
    pub within: Option<String>,
    pub hint: Option<String>,
    pub errors: Vec<String>,
    pub shape: Shape,
}

pub enum Shape {
    Words {
        cells: Vec<Cell>,
        lines: u8,
    },
    Typed {
        value: String,
        mode: &'static str,
        class: &'static str,
        most: usize,
        list: Option<&'static str>,
    },
    Lines {
        value: String,
    },
    Select {
        picks: Vec<Pick>,
        reshapes: bool,
    },
    Ticks {
        picks: Vec<Pick>,
    },
    Flag {
        on: bool,
        reshapes: bool,
    },
    Mark {
        many: bool,
        key: usize,
        on: bool,
    },
    Picks {
        one: bool,
        picks: Vec<Pick>,
        none: String,
    },
    Rows(RowsView),
    /// What is not asked now and not forgotten either.
    Hidden(Vec<(String, String)>),
}

/// A text in one language.
pub struct Cell {
    pub tag: String,
    pub lang: Option<String>,
    pub language: String,
    pub value: String,
}

pub struct Pick {
    pub value: String,
    pub words: String,
    pub on: bool,
}

pub struct RowsView {
    pub rows: Vec<RowView>,
    /// Where the form goes, with the place of this list on the page.
    pub action: String,
    /// The words of the button for one more row; none where there can be no more.
    pub add: Option<String>,
    pub up: Option<String>,
    pub remove: Option<String>,
}

pub struct RowView {
    pub key: usize,
    pub id: String,
    pub title: String,
    pub errors: Vec<String>,
    pub fields: Vec<FieldView>,
}

/// What a field asks for, and what is wrong with what stands there.
#[derive(Template)]
#[template(path = "authoring/_troubles.html")]
struct Troubles<'v> {
    id: &'v str,
    hint: Option<&'v str>,
    errors: &'v [String],
}

impl FieldView {
    fn troubles(&self) -> Troubles<'_> {
        Troubles { id: &self.id, hint: self.hint.as_deref(), errors: &self.errors }
    }

    fn is_described(&self) -> bool {
        self.hint.is_some() || !self.errors.is_empty()
    }

    /// What describes the field, for screen readers.
    fn described(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = (!self.errors.is_empty()).then(|| format!("{}-error", self.id));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}
