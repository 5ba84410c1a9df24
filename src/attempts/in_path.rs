//! What a path names: an attempt, a position.

use crate::error::{Error, Result};
use crate::ids::AttemptId;

/// An id out of a path: what is no id of an attempt names nothing.
pub(super) fn attempt_id(text: &str) -> Result<AttemptId> {
    text.parse().map_err(|_| Error::not_found())
}

/// A position out of a path: a number from 1, written without sign or leading zero.
pub(super) fn position_number(text: &str) -> Result<u32> {
    let number: u32 = text.parse().map_err(|_| Error::not_found())?;
    if number == 0 || number.to_string() != text { Err(Error::not_found()) } else { Ok(number) }
}
