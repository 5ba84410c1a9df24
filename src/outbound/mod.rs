//! What leaves the machine: mail, and what is fetched because a credential names it. Nothing here is called inside a transaction.

mod http;
mod mail;

pub use http::{Connector, FetchError};
pub use mail::Post;
