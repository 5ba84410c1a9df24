//! A program as files: read and validated with every mistake at once (file, line, column), compared with what is published, applied in one
//! transaction, and written as files again.

mod countable;
mod export;
mod files;
mod plan;
mod references;
mod schema;
mod validate;

pub use export::{BankOut, banks_of, export, written};
pub use files::{FileSet, ReadFailure};
pub use plan::{Effect, Plan, Step, apply, plan};
pub use references::PublishedHere;
pub use schema::schemas;
pub use validate::{Mistake, Program, validate, validate_beside};

/// YAML as a value: for documents of ours that are no program file. The error names line and column.
pub fn read_yaml(text: &str) -> Result<serde_json::Value, String> {
    let document =
        crate::document::yaml::Document::parse(text).map_err(|b| format!("{}:{}: {}", b.line, b.column, b.detail))?;
    Ok(document.value)
}
