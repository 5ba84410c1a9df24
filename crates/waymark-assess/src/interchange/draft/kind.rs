//! The kinds of items that other systems have, as far as one of ours answers to them.

use crate::rational::Rational;
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq)]
pub(in crate::interchange) struct Answer {
    pub text: String,
    pub right: bool,
    pub fixed: bool,
}

/// Texts to choose from, each held once however often it is named.
#[derive(Debug, Default)]
pub(in crate::interchange) struct Pool {
    texts: Vec<String>,
    places: HashMap<String, usize>,
}

impl Pool {
    /// The place of `text`, which is added where it is new.
    pub fn place(&mut self, text: String) -> usize {
        let next = self.texts.len();
        let place = *self.places.entry(text.clone()).or_insert(next);
        if place == next {
            self.texts.push(text);
        }
        place
    }

    pub fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

/// A gap of a text in which it stands as `{{name}}`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::interchange) struct Gap {
    pub name: String,
    pub fill: Fill,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::interchange) enum Fill {
    Choice {
        options: Vec<String>,
        right: usize,
    },
    Words(Words),
    Number(Vec<Range>),
    /// The place of the right word in the pool.
    Pooled(usize),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::interchange) struct Words {
    /// Accepted texts with the share of the points that each earns.
    pub accepted: Vec<(String, Rational)>,
    pub case_sensitive: bool,
}

/// Accepted numbers: from `value - tolerance` to `value + tolerance`, as exact decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::interchange) struct Range {
    pub value: String,
    pub tolerance: String,
    /// Whether the tolerance is a share of the value, in per cent.
    pub relative: bool,
    /// Whether the two ends themselves are accepted.
    pub inclusive: bool,
    /// The share of the points that it earns; the first of several that holds a number counts.
    pub share: Rational,
}

impl Range {
    pub fn earning(self, share: Rational) -> Self {
        Self { share, ..self }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::interchange) struct Area {
    pub shape: &'static str,
    pub coordinates: Vec<i64>,
    pub label: String,
    pub right: bool,
}

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub(in crate::interchange) enum Kind {
    /// `choose`: how many the candidate is told to choose. `stated`: whether the file says which options keep their places.
    Choice {
        multiple: bool,
        answers: Vec<Answer>,
        choose: Option<u32>,
        stated: bool,
        per_part: bool,
    },
    TrueFalse(bool),
    Match {
        sources: Vec<String>,
        targets: Vec<String>,
        pairs: Vec<(usize, usize)>,
        per_part: bool,
    },
    /// In the right order.
    Order {
        options: Vec<String>,
        per_part: bool,
    },
    Number(Vec<Range>),
    Words(Words),
    Gaps {
        gaps: Vec<Gap>,
        pool: Vec<String>,
        per_part: bool,
    },
    /// `size`: width and height of the picture, in the unit of the areas.
    Hotspot {
        areas: Vec<Area>,
        multiple: bool,
        size: (u32, u32),
    },
    Essay {
        rubric: Option<String>,
    },
    Upload,
}

impl Default for Kind {
    fn default() -> Self {
        Self::Essay { rubric: None }
    }
}
