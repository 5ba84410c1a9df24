//! Items, interchange, form assembly, the view of the candidate, and exact scoring.
