//! Words of the base vocabularies under other names. What a credential says of its dates and its status is read from JSON by the names that the
//! base contexts give; a definition in the document, a prefix, a vocabulary cut in another place could give the same statement another name.

use super::{Mapping, RDF_TYPE};

/// The vocabularies whose words a verdict reads. In every base context each word is called by its own name.
const BASE: [&str; 2] = ["https://www.w3.org/2018/credentials#", "https://www.w3.org/ns/credentials/status#"];

/// Whether `name` stands for the id or the type of a node and is not `id` or `type`.
pub(super) fn is_alias(name: &str, mapping: &Mapping) -> bool {
    match mapping {
        Mapping::Id => name != "id",
        Mapping::Type => name != "type",
        Mapping::Iri(_) => false,
    }
}

/// Whether `iri`, written as `name`, is a word of those under another name.
pub(super) fn is_disguised(name: &str, iri: &str) -> bool {
    BASE.iter().any(|base| iri.strip_prefix(*base).is_some_and(|own| own != name))
}

/// The same of a predicate, of which none may state a type either: types stand under `type`.
pub(super) fn is_disguised_predicate(name: &str, iri: &str) -> bool {
    iri == RDF_TYPE || is_disguised(name, iri)
}
