//! `/admin/credentials/issue`: staff issue one credential by page. The first press shows what would be issued, by the code that issues; the second
//! issues it, once however often it is pressed.

mod form;
mod issued;
mod look;
mod pages;

pub use issued::issued_page;
pub use pages::{issue_page, issue_post};
