//! Which fields the form of each type has: the one description that pages are made from and posted forms are read by.
//!
//! A field is called `editor-<key>` in the reader's language, with `editor-<key>-hint` below it where there is such a text; a row is `editor-<key>-row`, and what a
//! select or a row of boxes offers is `editor-<key>-<value>`.

/// One field.
pub struct Field {
    pub name: &'static str,
    pub key: &'static str,
    pub kind: Kind,
    /// What a new item begins with.
    pub usual: Option<&'static [&'static str]>,
    /// Shown only where a field beside it says this.
    pub only: Option<(&'static str, &'static str)>,
}

/// How a field is filled in.
pub enum Kind {
    /// A text in each language, on so many lines to begin with.
    Words(u8),
    /// One line without a language.
    Typed(Typed),
    /// Several lines without a language.
    Lines,
    Select(&'static [&'static str]),
    Ticks(&'static [&'static str]),
    Flag,
    /// Marks the row that it stands in, beside others of the list or instead of them.
    Mark(Mark),
    /// Rows of another list of the form.
    Picks(&'static str),
    /// Carried along unseen.
    Kept,
    Rows(Rows),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    Name,
    Line,
    Whole,
    Number,
    Code,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    One,
    Many,
    /// Many where this flag of the form is set.
    If(&'static str),
}

/// A list of rows.
pub struct Rows {
    pub fields: &'static [Field],
    /// How many a new item begins with.
    pub fewest: usize,
    pub most: usize,
    /// Whether the author's order says something.
    pub ordered: bool,
}

pub const fn field(name: &'static str, key: &'static str, kind: Kind) -> Field {
    Field { name, key, kind, usual: None, only: None }
}

pub const fn rows(
    name: &'static str,
    key: &'static str,
    fields: &'static [Field],
    fewest: usize,
    most: usize,
) -> Field {
    field(name, key, Kind::Rows(Rows { fields, fewest, most, ordered: false }))
}

pub const fn ordered(
    name: &'static str,
    key: &'static str,
    fields: &'static [Field],
    fewest: usize,
    most: usize,
) -> Field {
    field(name, key, Kind::Rows(Rows { fields, fewest, most, ordered: true }))
}

impl Field {
    pub const fn usually(self, usual: &'static [&'static str]) -> Self {
        Self { usual: Some(usual), ..self }
    }

    pub const fn only(self, beside: &'static str, says: &'static str) -> Self {
        Self { only: Some((beside, says)), ..self }
    }
}
