//! Canonical forms: of JSON (JCS, RFC 8785) and of RDF datasets (RDFC-1.0).
//!
//! A document becomes quads through the embedded contexts and no others, and nothing in it may fall away on the road: what would
//! leave no trace in the dataset would be shown without being signed, so it is an error here.

mod active_context;
pub(crate) mod direct;
mod expand;
mod jcs;
mod number;
mod quads;
mod rdfc;

pub use direct::short_n_quads;
pub(crate) use expand::is_language_tag;
pub use expand::{ExpandError, expand, expand_open};
pub use jcs::canonical_json;
pub use jcs::typed::canonical_typed;
pub(crate) use number::is_uncontested;
pub use quads::{Node, Object, Quad, Text};
pub(crate) use rdfc::is_plain;
pub use rdfc::{HashAlgorithm, RdfcError, SIZE_LIMIT, WORK_LIMIT, canonical_labels, canonicalize, canonicalize_by};

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
    Ok(canonicalize(&expand(document, contexts)?)?)
}

/// The canonical N-Quads of a document of any kind, read under `contexts`, the value of an `@context`.
pub fn canonical_n_quads_open(
    document: &serde_json::Value,
    contexts: &serde_json::Value,
) -> Result<String, CanonicalError> {
    Ok(canonicalize(&expand_open(document, contexts)?.1)?)
}
