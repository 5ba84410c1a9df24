//! The crate from outside: reading trees, deciding, counting onwards.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop at what is wrong, as the tests do")]

mod answers;
mod counting;
mod decided;
mod drawn;
mod given;
mod guards;
mod histories;
mod ladders;
mod laws;
mod measures;
mod moments;
mod options;
mod oracle;
mod renewals;
mod trees;
