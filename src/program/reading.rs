//! The files of a program as they are read: what was found in them, and what is wrong with it.

use serde::Serialize;

use super::files::FileSet;
use super::published::PublishedHere;
use crate::document::yaml::Document;

/// What is wrong, and where: line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub code: &'static str,
    pub message: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: {} [{}]", self.file, self.line, self.column, self.message, self.code)
    }
}

/// A file of the program. What it says stays at hand where it is not free of mistakes, so that the others can be held against it all the same.
pub(super) struct Found<T> {
    /// None where it has mistakes, which were told.
    pub read: Option<T>,
    pub file: String,
    pub document: Document,
}

impl<T> Found<T> {
    /// The text at this place of the file.
    pub fn said(&self, pointer: &str) -> Option<&str> {
        self.document.value.pointer(pointer)?.as_str()
    }
}

pub(super) struct Reading<'f> {
    pub files: &'f FileSet,
    pub published: &'f PublishedHere,
    pub mistakes: Vec<Mistake>,
    pub notes: Vec<Mistake>,
    /// Files that are no YAML, so that nobody knows what they would have named.
    pub unread: Vec<String>,
}

impl Reading<'_> {
    pub fn wrong(
        &mut self,
        file: &str,
        (line, column): (usize, usize),
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.mistakes.push(Mistake { file: file.to_owned(), line, column, code, message: message.into() });
    }

    /// Worth knowing, and no mistake.
    pub fn note(&mut self, file: &str, (line, column): (usize, usize), code: &'static str, message: String) {
        self.notes.push(Mistake { file: file.to_owned(), line, column, code, message });
    }
}
