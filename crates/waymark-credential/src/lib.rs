//! Open Badges 3.0 credentials: shape, canonical forms, proofs, status lists, baking and verification, without a server.

pub mod bake;
pub mod status_list;
