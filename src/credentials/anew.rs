//! Going on after the store was put back from a backup.

use super::{lists, numbering};
use crate::database::Change;
use crate::error::Result;

/// What was issued between the backup and its return has numbers and places that this store does not know. New credentials take theirs from new
/// status lists and from `gap` numbers further on. The caller writes the audit row.
pub async fn begin_anew(ch: &Change<'_>, gap: u32) -> Result<()> {
    lists::close_all(ch).await?;
    numbering::skip(ch, gap).await
}
