//! A fact, read from its row.

use waymark_criteria::Fact;

use super::entity::fact;
use crate::error::{Error, Result};

pub(super) fn read(row: fact::Model) -> Result<Fact> {
    read_document(&row.document, row.voided_by)
}

pub(super) fn read_document(document: &str, voided_by: Option<String>) -> Result<Fact> {
    let mut fact: Fact = serde_json::from_str(document)?;
    fact.voided_by = voided_by.map(|by| by.parse().map_err(Error::internal)).transpose()?;
    Ok(fact)
}
