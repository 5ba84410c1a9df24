//! What was found in a table: where, which value, what is wrong and what to do.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault};
use crate::web::i18n::Words;

/// An error keeps its row from being issued; a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    pub code: &'static str,
    /// The line of the file, where the whole file is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column's name as the file has it, or a JSON pointer into the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What stood there, cut short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong and what to do, in English; pages say it in their language.
    pub detail: String,
    /// What the sentence names: a number, a row, a name.
    #[serde(skip)]
    pub named: Box<str>,
}

/// The longest part of a value that is shown again.
const SHOWN: usize = 80;

impl Finding {
    fn new(severity: Severity, code: &'static str, detail: impl Into<String>) -> Self {
        Self { severity, code, line: None, column: None, value: None, detail: detail.into(), named: Box::default() }
    }

    /// The file as a whole cannot be used.
    pub fn file(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, detail)
    }

    /// Something in the row is wrong.
    pub fn error(code: &'static str, column: impl Into<String>, value: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, detail).at(column, value)
    }

    /// Something in the row is worth a look.
    pub fn warning(code: &'static str, column: impl Into<String>, value: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, detail).at(column, value)
    }

    fn at(mut self, column: impl Into<String>, value: &str) -> Self {
        self.column = Some(column.into()).filter(|c| !c.is_empty());
        self.value = Some(cut(value)).filter(|v| !v.is_empty());
        self
    }

    #[must_use]
    pub fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub fn naming(mut self, named: impl Into<Box<str>>) -> Self {
        self.named = named.into();
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// In the reader's language.
    pub fn told(&self, w: Words) -> String {
        let key = format!("bulk-why-{}", self.code.replace('_', "-"));
        if !w.has(&key) {
            return self.detail.clone();
        }
        let text = w.with1(&key, "named", &*self.named);
        match self.line {
            Some(line) => w.with2("bulk-on-line", "line", line, "text", text),
            None => text,
        }
    }

    /// As a problem of the call.
    pub fn fault(&self) -> Fault {
        let pointer = self.line.map_or_else(String::new, |line| format!("/lines/{line}"));
        Fault::new(pointer, self.code, self.detail.clone())
    }
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self::invalid(vec![finding.fault()])
    }
}

/// The beginning of a value, without what would disturb the lines around it.
pub fn cut(value: &str) -> String {
    let mut short: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}
