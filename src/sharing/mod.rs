//! What a member shows and a stranger opens: the page of a credential, its documents, and the member's own page where they decide.
//!
//! Private and unknown answer alike. The page's verdict is the verifier's report on the signed bytes, made anew at each look.

mod address;
mod documents;
mod linkedin;
mod manage;
mod page;

pub use manage::{manage_page, own_document, set_visibility};
pub use page::open;
