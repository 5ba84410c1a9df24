//! What an option can speak of.

/// How an option speaks of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::interchange) enum Speaks {
    /// Of all others, wherever they stand.
    OfAll,
    /// Of those above it.
    OfThoseAbove,
    /// Of some by letter.
    ByLetter,
}
