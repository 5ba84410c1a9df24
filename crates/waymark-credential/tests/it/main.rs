//! What others wrote, against this crate: reference data, other implementations.

mod contexts;
mod n_quads;
mod oracle;
mod rdf_canon;
mod reference_data;
mod vectors;
