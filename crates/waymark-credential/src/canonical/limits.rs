//! How far canonicalizing a dataset goes. What would take more is refused.

/// Most steps of the search among indistinguishable blank nodes (RDFC-1.0 §7.1). A credential of ours needs none; the largest graph of
/// the W3C suite that must pass needs fewer than a quarter of this.
pub const WORK_LIMIT: u32 = 32_768;

/// Most bytes of all statements together. An id stands in every statement about its node, so that a short document can mean a very
/// long dataset; a credential of ours has some ten thousand.
pub const SIZE_LIMIT: usize = 8 * 1024 * 1024;
