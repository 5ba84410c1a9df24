//! Why a document is refused, and the place in it.

use std::fmt;

/// Why a document has no quads that stand for all of it. Places are JSON Pointers; the top is the empty one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    #[error("the context {0:?} is not one of those embedded here")]
    UnknownContext(String),
    #[error("the embedded context cannot be read: {0}")]
    UnsupportedContext(String),
    #[error("the contexts together redefine the protected term {0:?}")]
    ProtectedTerm(String),
    #[error("{pointer}: the name {name:?} has no definition in the contexts, so the signature would not cover it")]
    UndefinedTerm { pointer: String, name: String },
    #[error("{pointer}: the type {name:?} has no definition in the contexts, so the signature would not cover it")]
    UndefinedType { pointer: String, name: String },
    #[error("{pointer}: {value:?} is not an absolute URI, so the signature would not cover it")]
    RelativeReference { pointer: String, value: String },
    #[error("{pointer}: {what} leaves no trace in the signed dataset")]
    NoTrace { pointer: String, what: &'static str },
    #[error("{pointer}: {what} is not allowed here")]
    NotAllowed { pointer: String, what: &'static str },
}

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
