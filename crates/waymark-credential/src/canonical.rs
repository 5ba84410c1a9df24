//! Canonical forms: of JSON (JCS, RFC 8785) and of RDF datasets (RDFC-1.0).
//!
//! A document becomes quads through the embedded contexts and no others, and nothing in it may fall away on the road: what would
//! leave no trace in the dataset would be shown without being signed, so it is an error here.

mod active_context;
pub(crate) mod direct;
mod expand;
mod jcs;
pub(crate) mod limits;
mod number;
mod quads;
mod rdfc;
mod refused;

use crate::work::Work;
pub use direct::short_n_quads;
pub use expand::{expand, expand_open};
pub(crate) use expand::{expand_open_within, is_language_tag};
pub use jcs::canonical_json;
pub use jcs::typed::canonical_typed;
pub use limits::{SIZE_LIMIT, WORK_LIMIT};
pub(crate) use number::is_uncontested;
pub use quads::{Node, Object, Quad, Text};
pub(crate) use rdfc::is_plain;
pub use rdfc::{HashAlgorithm, RdfcError, canonical_labels, canonicalize, canonicalize_by};
pub use refused::ExpandError;

/// Why a document has no canonical N-Quads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    #[error(transparent)]
    Expand(#[from] ExpandError),
    #[error(transparent)]
    Rdfc(#[from] RdfcError),
}

/// The canonical N-Quads of `document` read under `contexts` (an `@context` member of its own at the top is not looked at).
pub fn canonical_n_quads(document: &serde_json::Value, contexts: &[&str]) -> Result<String, CanonicalError> {
    canonical_n_quads_within(document, contexts, &mut Work::default())
}

/// The same on the account of `work`.
pub(crate) fn canonical_n_quads_within(
    document: &serde_json::Value,
    contexts: &[&str],
    work: &mut Work,
) -> Result<String, CanonicalError> {
    Ok(rdfc::canonicalize_within(&expand(document, contexts)?, HashAlgorithm::Sha256, work)?)
}

/// The canonical N-Quads of a document of any kind, read under `contexts`, the value of an `@context`.
pub fn canonical_n_quads_open(
    document: &serde_json::Value,
    contexts: &serde_json::Value,
) -> Result<String, CanonicalError> {
    canonical_n_quads_open_within(document, contexts, &mut Work::default())
}

/// The same on the account of `work`.
pub(crate) fn canonical_n_quads_open_within(
    document: &serde_json::Value,
    contexts: &serde_json::Value,
    work: &mut Work,
) -> Result<String, CanonicalError> {
    let (_, quads) = expand_open_within(document, contexts, work)?;
    Ok(rdfc::canonicalize_within(&quads, HashAlgorithm::Sha256, work)?)
}
