//! Why a form cannot be scored.

/// Form, keys and responses do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotScorable {
    #[error("the key of position {0} is not in the key set: load the keys of the versions that the form names")]
    KeyMissing(u32),
    #[error("the response at position {0} names a handle that the form does not have there")]
    ForeignHandle(u32),
    #[error("there is a response at position {0}, which the form does not have")]
    NoSuchPosition(u32),
    #[error("the mark at position {0} is not between 0 and the points of its rubric, or nobody is to mark there")]
    Mark(u32),
    #[error("the points at position {0} are too fine to be added exactly: use simpler fractions in its key")]
    TooFine(u32),
}
