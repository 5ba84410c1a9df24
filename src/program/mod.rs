//! A program as files: read and validated with every mistake at once (file, line, column), compared with what is published, applied in one
//! transaction, and written as files again.

mod countable;
mod export;
mod files;
mod fixtures;
mod plan;
mod published;
mod reading;
mod references;
mod schema;
mod settings;
mod source_schema;
mod validate;

pub use export::{BankOut, banks_of, document_of_track, export, written, written_track};
pub use files::{FileSet, ReadFailure};
pub use fixtures::{CaseOutcome, Difference, Fixtures, run as run_tests};
pub use plan::{Effect, Plan, Step, apply, plan};
pub use published::PublishedHere;
pub use reading::Mistake;
pub use references::{BUILT_IN_TEMPLATES, Name, search, unknown_title};
pub use schema::schemas;
pub use settings::{apply_settings, apply_source};
pub use validate::{Program, validate, validate_beside};

/// YAML as a value: for documents of ours that are no program file. The error names line and column.
pub fn read_yaml(text: &str) -> Result<serde_json::Value, String> {
    let document =
        crate::document::yaml::Document::parse(text).map_err(|b| format!("{}:{}: {}", b.line, b.column, b.detail))?;
    Ok(document.value)
}
