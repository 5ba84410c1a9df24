//! What the API offers, as an `OpenAPI` 3.1 document and as a page; and the guide.
//!
//! The document is written by hand, one file for each room in `openapi/`. `tests/it/openapi.rs` holds it true: its calls are the router's, what it says is public is
//! public, and real questions and answers of every call fit its schemas.

mod document;
mod manual;
mod pages;

pub use document::{document, openapi};
pub use manual::{guide_chapter, guide_page};
pub use pages::docs_page;
