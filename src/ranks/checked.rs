//! What is wrong with a document that should be a ladder: its own mistakes, and names of what is not there.

use serde_json::Value;

use super::definition::LadderDefinition;
use crate::database::Read;
use crate::error::{Fault, Result};
use crate::{exams, tracks};

/// Reads the document exactly as `waymark program apply` reads a file, and holds it against what this installation knows.
pub async fn checked(db: &impl Read, document: &Value) -> Result<std::result::Result<LadderDefinition, Vec<Fault>>> {
    let definition = match LadderDefinition::from_value(document) {
        Ok(definition) => definition,
        Err(faults) => return Ok(Err(faults)),
    };
    let mut faults = vec![];
    for slug in definition.points.exams.keys() {
        if exams::find(db, slug).await?.is_none() {
            let detail = format!("there is no exam `{slug}` that is published");
            faults.push(Fault::new(format!("/points/exams/{slug}"), "unknown_exam", detail));
        }
    }
    for slug in definition.points.credentials.keys() {
        if tracks::by_slug(db, slug).await?.is_none() {
            let detail = format!("there is no track `{slug}` that is published");
            faults.push(Fault::new(format!("/points/credentials/{slug}"), "unknown_track", detail));
        }
    }
    Ok(if faults.is_empty() { Ok(definition) } else { Err(faults) })
}
