//! What leaves the machine: mail, what is fetched because a credential names it, and what webhooks are told. Nothing here is called inside a transaction.

mod http;
mod mail;

pub use http::{Answer, Connector, Edition, FetchError};
pub use mail::{Letter, Post, Undelivered};
