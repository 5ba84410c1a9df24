//! Why a document has no quads.

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
