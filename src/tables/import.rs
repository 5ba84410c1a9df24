//! What a room that takes tables has of its own: what it keeps beside a file, what columns mean to it, where its pages stand and what they say.

use std::future::Future;

use askama::Template;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::columns::{Meaning, meant};
use super::finding::Finding;
use super::open;
use super::reading::Apart;
use super::steps::hash_of;
use super::table::Table;
use super::text::Encoding;
use crate::access::Permission;
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::{Job, JobKind};
use crate::web::i18n::Words;
use crate::web::page::Shell;

/// What is kept beside every file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSettings<M> {
    pub encoding: Option<Encoding>,
    /// What each column means, once somebody confirmed it; by its name where this is none.
    pub columns: Option<Vec<Option<M>>>,
    /// The file's name, for people.
    #[serde(default)]
    pub name: String,
    /// SHA-256 of the file, in hexadecimal.
    #[serde(default)]
    pub sha256: String,
}

impl<M> FileSettings<M> {
    /// A file whose columns nobody has confirmed.
    pub fn of(name: &str, encoding: Option<Encoding>, bytes: &[u8]) -> Self {
        Self { encoding, columns: None, name: name.to_owned(), sha256: hash_of(bytes) }
    }
}

/// The keys of what a room's pages say.
pub struct Texts {
    /// What the page is called on which a file is chosen.
    pub title: &'static str,
    /// The pages between that of the staff and this one: address and name.
    pub above: &'static [(&'static str, &'static str)],
    /// The names of the steps, where the pages show them.
    pub steps: &'static [&'static str],
    /// What is said of a file above its columns, with `file` and `rows`.
    pub columns: &'static str,
    /// Begins the names of what a column can mean.
    pub meaning: &'static str,
    /// What the page of the work is called, in the way there and at its head.
    pub work: (&'static str, &'static str),
}

/// What is said about a file beside the file, as one room needs it. It is kept as the input of the long work.
pub trait Import: Serialize + DeserializeOwned + Send + Sync + 'static {
    type Column: Meaning;
    /// Who may hand a table in.
    type By: Permission;
    /// The part of the page that changes while rows are worked on.
    type Progress: Template + Send;

    const KIND: JobKind;
    /// Where a file is chosen; the pages of each table stand below.
    const FIRST: &'static str;
    const TEXTS: Texts;

    fn file(&self) -> &FileSettings<Self::Column>;

    fn file_mut(&mut self) -> &mut FileSettings<Self::Column>;

    /// Whether it is a table with columns at all.
    fn has_columns(&self) -> bool {
        true
    }

    /// What is missing of the meanings, or there twice.
    fn check(&self, meanings: &[Option<Self::Column>]) -> Vec<Finding>;

    /// What was found, in the reader's language.
    fn told(finding: &Finding, w: Words) -> String {
        finding.told(w)
    }

    fn progress(app: &App, shell: Shell, job: &Job) -> impl Future<Output = Result<Self::Progress>> + Send;

    /// The table's own address.
    fn address(job: &Job) -> String {
        format!("{}/{}", Self::FIRST, job.id)
    }

    /// Reads the file by the meanings of its columns, confirmed or, where the caller says so by leaving them out, guessed.
    ///
    /// # Errors
    /// What is wrong with the file as a whole.
    fn opened(&self, place: &Apart, bytes: &[u8]) -> Result<Opened<Self::Column>, Vec<Finding>> {
        let (table, encoding) = open(place, bytes, self.file().encoding).map_err(|f| vec![f])?;
        let meanings = meant(&table.header, self.file().columns.as_deref());
        let wrong = self.check(&meanings);
        if wrong.is_empty() { Ok(Opened { table, encoding, meanings }) } else { Err(wrong) }
    }

    /// What was found, a sentence each.
    fn sentences(wrong: &[Finding], w: Words) -> Vec<String> {
        wrong.iter().map(|finding| Self::told(finding, w)).collect()
    }
}

/// A table whose columns have a meaning.
pub struct Opened<M> {
    pub table: Table,
    pub encoding: Encoding,
    pub meanings: Vec<Option<M>>,
}

/// What is wrong with the file as a whole, as a problem of the call.
pub fn refused(wrong: &[Finding]) -> Error {
    Error::invalid(wrong.iter().map(Finding::fault).collect())
}
