//! The trust list: issuers of others that this installation knows, by which keys and since when, under which names from when on.
//!
//! Who adds one vouches for it: a report then says "known to us" instead of repeating what the issuer calls itself. It changes no state. What
//! ended stays in the history.

mod api;
mod entity;
mod pages;
mod service;

pub use api::{add_known_issuer, end_known_issuer, list_known_issuers, name_known_issuer};
pub use pages::{add_known_post, end_known_post, known_issuers_page, name_known_post};
pub use service::{KnownIssuer, KnownName, NewIssuer, NewName, live};
