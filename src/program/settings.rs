//! The program's own settings, or one new source, without the rest of it: kept as `apply` keeps them.

use serde_json::json;

use crate::contributions::{self, SourceDefinition};
use crate::database::{AuditEntry, Change};
use crate::error::Result;
use crate::issuer::{self, IssuerProfile};
use crate::tracks::Managed;

/// Keeps what `program.yaml` says. Answers false, and writes nothing, where it says that already. Writes the audit row of `apply`.
pub async fn apply_settings(ch: &mut Change<'_>, profile: &IssuerProfile) -> Result<bool> {
    if !issuer::keep(ch, profile).await? {
        return Ok(false);
    }
    ch.audit(AuditEntry::new("program.apply", "default", json!({"changed": ["issuer:default"]}))).await?;
    Ok(true)
}

/// Keeps one source that is written by form. Answers false, and writes nothing, where it says that already. Writes the audit row of `apply`.
pub async fn apply_source(ch: &mut Change<'_>, source: &SourceDefinition) -> Result<bool> {
    if !contributions::keep_source_as(ch, source, Managed::Here).await? {
        return Ok(false);
    }
    let changed = format!("source:{}", source.source);
    ch.audit(AuditEntry::new("program.apply", "default", json!({"changed": [changed]}))).await?;
    Ok(true)
}
