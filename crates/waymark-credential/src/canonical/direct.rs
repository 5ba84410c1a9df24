//! The short way for documents of the closed types: from the typed value straight to canonical N-Quads, without a JSON tree, a
//! JSON-LD expansion or a search among blank nodes.
//!
//! It takes the same contexts as [`super::expand`], compiled once. Whatever is not plain — an error, a graph of its own, two scoped
//! types on one node, blank nodes that look alike — is left to the long way, which then also has the last word on what is wrong. Both
//! ways give the same bytes; `tests/it/direct.rs` holds them together.

mod compiled;
mod dataset;
mod walk;

use crate::model::Contexts;
use dataset::Dataset;
use serde::Serialize;

/// What the walk through a typed document found.
pub(crate) struct Plain {
    dataset: Dataset,
    labels: Vec<u32>,
}

/// Walks `document` under `contexts`, leaving out the member `without` at its top; `None` where only the long way knows.
pub(crate) fn plain(document: &impl Serialize, contexts: Contexts, without: &str) -> Option<Plain> {
    let mut dataset = Dataset::default();
    walk::top(document, compiled::root(contexts)?, without, &mut dataset).ok()?;
    if dataset.weight() > super::limits::SIZE_LIMIT {
        return None;
    }
    dataset.sort();
    let labels = dataset.labels()?;
    Some(Plain { dataset, labels })
}

/// The canonical N-Quads of a typed document by the short way, without the member `without` at its top; `None` where it does not lead
/// there. For the tests that hold both ways together.
pub fn short_n_quads(document: &impl Serialize, contexts: Contexts, without: &str) -> Option<String> {
    Some(plain(document, contexts, without)?.n_quads())
}

impl Plain {
    /// The canonical N-Quads (RDFC-1.0 §5).
    pub(crate) fn n_quads(self) -> String {
        self.dataset.write(&self.labels)
    }

    /// Whether no two objects carry one id, and every text is visible: no control characters but line feed and tab, none blank.
    pub(crate) fn is_unambiguous(&self) -> bool {
        self.dataset.ids_differ && self.dataset.texts_visible
    }
}
