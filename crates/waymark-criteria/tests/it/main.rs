//! The crate from outside: reading trees, deciding, counting onwards.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop at what is wrong, as the tests do")]

mod answers;
mod counting;
mod given;
mod laws;
mod moments;
mod oracle;
mod trees;
