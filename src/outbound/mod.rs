//! What leaves the machine: mail. Nothing here is called inside a transaction, and nothing waits for it.

mod mail;

pub use mail::Post;
