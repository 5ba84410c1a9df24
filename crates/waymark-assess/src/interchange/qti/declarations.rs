//! What a QTI item declares of a response: its shape, its right value, what each answer is worth.

use crate::{
    interchange::{numbers::decimal, tree::Element},
    rational::Rational,
};

/// A response declaration.
#[derive(Debug, Clone, Default)]
pub(super) struct Declaration {
    pub identifier: String,
    /// `single`, `multiple`, `ordered`, `record`.
    pub cardinality: String,
    /// `identifier`, `directedPair`, `string`, `float`, `integer`, `point`, …
    pub base_type: String,
    pub correct: Option<Vec<String>>,
    pub mapping: Option<Mapping>,
}

/// What answers are worth; bounds hold for the sum, also that of no answer (trap b of the profile).
#[derive(Debug, Clone, Default)]
pub(super) struct Mapping {
    pub entries: Vec<Entry>,
    pub default: Option<Rational>,
    pub lower: Option<Rational>,
    pub upper: Option<Rational>,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: String,
    pub value: Rational,
    /// QTI 2: case counts in a mapping unless the entry says otherwise.
    pub case_sensitive: bool,
}

pub(super) fn read(item: &Element) -> Vec<Declaration> {
    item.all("responseDeclaration").map(one).collect()
}

fn one(element: &Element) -> Declaration {
    let text = |name: &str| element.attribute(name).unwrap_or_default().trim().to_owned();
    let correct = element
        .child("correctResponse")
        .map(|correct| correct.all("value").map(|v| v.text().trim().to_owned()).collect());
    Declaration {
        identifier: text("identifier"),
        cardinality: text("cardinality"),
        base_type: text("baseType"),
        correct,
        mapping: element.child("mapping").map(mapping),
    }
}

fn mapping(element: &Element) -> Mapping {
    let number = |name: &str| element.attribute(name).and_then(rational);
    let entries = element.all("mapEntry").filter_map(|entry| {
        Some(Entry {
            key: entry.attribute("mapKey")?.trim().to_owned(),
            value: rational(entry.attribute("mappedValue")?)?,
            case_sensitive: entry.attribute("caseSensitive") != Some("false"),
        })
    });
    Mapping {
        entries: entries.collect(),
        default: number("defaultValue"),
        lower: number("lowerBound"),
        upper: number("upperBound"),
    }
}

pub(super) fn rational(text: &str) -> Option<Rational> {
    decimal(text)?.parse().ok()
}

impl Mapping {
    pub fn positive(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.value > Rational::ZERO)
    }

    /// Whether wrong answers take points off.
    pub fn punishes(&self) -> bool {
        self.default.is_some_and(|d| d < Rational::ZERO) || self.entries.iter().any(|e| e.value < Rational::ZERO)
    }

    /// Whether every right answer is worth the same.
    pub fn is_even(&self) -> bool {
        let mut values = self.positive().map(|entry| entry.value);
        values.next().is_none_or(|first| values.all(|value| value == first))
    }
}
