//! The place in a document, and refusals that name one.

use super::ExpandError;
use std::fmt;

/// The way from the top, on the stack; written out only for an error.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    Top,
    Member(&'p Place<'p>, &'p str),
    Element(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Top => Ok(()),
            Place::Member(up, name) => write!(f, "{up}/{}", name.replace('~', "~0").replace('/', "~1")),
            Place::Element(up, at) => write!(f, "{up}/{at}"),
        }
    }
}

pub(super) fn not_allowed(place: &Place<'_>, what: &'static str) -> ExpandError {
    ExpandError::NotAllowed { pointer: place.to_string(), what }
}

pub(super) fn no_trace(place: &Place<'_>, what: &'static str) -> ExpandError {
    ExpandError::NoTrace { pointer: place.to_string(), what }
}

pub(super) fn relative(value: &str, place: &Place<'_>) -> ExpandError {
    ExpandError::RelativeReference { pointer: place.to_string(), value: value.chars().take(200).collect() }
}
