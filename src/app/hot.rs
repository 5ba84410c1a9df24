//! Documents that are asked for again and again: kept with the moment at which it was known that they may be seen.
//!
//! A copy is good while this process has committed nothing since, and for less than a second: other processes write to the same store,
//! and what they unpublish or revoke is gone everywhere within one second, the answer included.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use time::Duration;

use super::{Kept, Subject};
use crate::clock::Timestamp;
use crate::database::Database;

/// One document as it is answered.
#[derive(Debug)]
pub struct HotDocument {
    pub body: Bytes,
    pub tag: HeaderValue,
    pub disposition: HeaderValue,
    /// Which document it is: the bytes behind this name never change.
    pub edition: String,
    /// Whose figures a look goes to.
    pub subject: Subject,
    pub(super) seen: Seen,
}

/// When the store was asked.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    at: Timestamp,
    commits: u64,
}

impl Seen {
    /// To be taken before the store is asked.
    pub fn now(db: &Database) -> Self {
        Self { commits: db.commits(), at: db.now() }
    }

    fn is_good(self, db: &Database) -> bool {
        let age = db.now() - self.at;
        self.commits == db.commits() && !age.is_negative() && age <= LONGEST
    }
}

const LONGEST: Duration = Duration::milliseconds(800);
/// Documents that are kept, a few kilobytes each.
const MOST: usize = 4096;

/// The documents by the name under which strangers ask for them.
pub struct Hot(Kept<HotDocument>);

impl Default for Hot {
    fn default() -> Self {
        Self(Kept::new(MOST))
    }
}

impl Hot {
    /// The document, where it is known that it may be seen now.
    pub fn get(&self, db: &Database, name: &str) -> Option<Arc<HotDocument>> {
        self.0.get(name).filter(|kept| kept.seen.is_good(db))
    }

    /// The document as it was, whether or not it may be seen: for its bytes alone, to whoever asked the store first.
    pub fn bytes(&self, name: &str, edition: &str) -> Option<Arc<HotDocument>> {
        self.0.get(name).filter(|kept| kept.edition == edition)
    }

    pub fn keep(&self, name: String, document: Arc<HotDocument>) {
        self.0.keep(name, document);
    }
}

impl HotDocument {
    pub fn new(
        body: Bytes,
        tag: HeaderValue,
        disposition: HeaderValue,
        edition: String,
        subject: Subject,
        seen: Seen,
    ) -> Self {
        Self { body, tag, disposition, edition, subject, seen }
    }

    /// The same document, seen again.
    #[must_use]
    pub fn again(&self, seen: Seen) -> Self {
        let (body, edition) = (self.body.clone(), self.edition.clone());
        Self::new(body, self.tag.clone(), self.disposition.clone(), edition, self.subject, seen)
    }
}
