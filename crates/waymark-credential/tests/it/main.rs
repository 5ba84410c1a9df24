//! What others wrote, against this crate: reference data, other implementations; and our own documents from draft to verified proof.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arbitrary;
mod contexts;
mod direct;
mod expansion;
mod generated;
mod issuing_rules;
mod n_quads;
mod oracle;
mod proofs;
mod rdf_canon;
mod reference_data;
mod samples;
mod vectors;
mod wycheproof;
