//! Slots: the named places of a template, declared in its `<metadata>`, and the texts that refer to them as `{{name}}`.

use crate::colour::Colour;

/// One declared slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub name: String,
    pub kind: SlotKind,
    /// What stands there when no value is given. Without one, a value must be given.
    pub default: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotKind {
    /// Plain text, at most [`SlotKind::MAX_TEXT`] characters, no control characters.
    Text,
    /// `#rrggbb`.
    Colour,
    /// One of these words; parts of the drawing appear by it (`w:when="name=word"`).
    Choice(Vec<String>),
    /// Computed, never given: white or near-black, whichever is legible on the colour slot of this name.
    LegibleOn(String),
}

impl SlotKind {
    /// Characters a text value may have.
    pub const MAX_TEXT: usize = 200;

    /// What is wrong with `value` for this kind, in words.
    pub(crate) fn objection(&self, value: &str) -> Option<String> {
        match self {
            Self::Text if value.chars().count() > Self::MAX_TEXT => {
                Some(format!("has more than {} characters", Self::MAX_TEXT))
            }
            Self::Text => value
                .chars()
                .find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}'))
                .map(|c| format!("contains the control character U+{:04X}", u32::from(c))),
            Self::Colour => Colour::parse(value).is_none().then(|| "is not a colour of the form #rrggbb".into()),
            Self::Choice(words) => {
                (!words.iter().any(|w| w == value)).then(|| format!("is none of: {}", words.join(", ")))
            }
            Self::LegibleOn(ground) => Some(format!("is computed from {ground} and cannot be given")),
        }
    }
}

/// A text that may refer to slots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pieces(pub(crate) Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Literal(String),
    /// Index into the template's slots.
    Slot(usize),
}

impl Pieces {
    /// Splits `text` at `{{name}}`. The error is the name that is not declared, or the text of a brace pair that is not closed.
    pub(crate) fn parse(text: &str, slots: &[Slot]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let (before, after) = rest.split_at(start);
            let Some(end) = after.find("}}") else { return Err(after.into()) };
            let name = after[2..end].trim();
            let slot = slots.iter().position(|s| s.name == name).ok_or(name)?;
            if !before.is_empty() {
                pieces.push(Piece::Literal(before.into()));
            }
            pieces.push(Piece::Slot(slot));
            rest = &after[end + 2..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.into()));
        }
        Ok(Self(pieces))
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        self.0.iter().filter_map(|p| if let Piece::Slot(i) = p { Some(*i) } else { None })
    }

    pub(crate) fn resolve(&self, values: &[String]) -> String {
        self.0
            .iter()
            .map(|p| match p {
                Piece::Literal(text) => text.as_str(),
                Piece::Slot(i) => values[*i].as_str(),
            })
            .collect()
    }
}

/// When a part of the drawing appears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) slot: usize,
    pub(crate) test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Present,
    Absent,
    Is(String),
}

impl Condition {
    pub(crate) fn holds(&self, values: &[String]) -> bool {
        let value = &values[self.slot];
        match &self.test {
            Test::Is(word) => value == word,
            Test::Present => !value.trim().is_empty(),
            Test::Absent => value.trim().is_empty(),
        }
    }
}
