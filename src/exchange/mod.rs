//! Banks in and out: files of other systems and of ours, read with a report before anything is stored, written with the losses named.
//!
//! * A file is read twice: once for the report, once when its import is confirmed. In between it lies under the hash of its bytes, so that what is imported is
//!   what was shown.
//! * An import never overwrites: what differs becomes a new version, what is the same stays. An exam that could no longer be filled refuses the whole of it.
//! * What an export holds are keys: each is in the audit log.

mod api;
mod export_page;
mod kept;
mod pages;
mod service;

pub use api::{IMPORT_LIMIT, export_bank, import_bank};
pub use export_page::export_page;
pub use pages::{choose_post, confirm_post, import_page, sample_csv};
pub use service::{export, read, store};
