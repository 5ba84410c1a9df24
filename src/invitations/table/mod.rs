//! Members from a table: name, address, language, handles, where they belong.
//!
//! * What each column means is confirmed by a person; a row that is wrong in any cell is left out, and the report says which cell and why.
//! * A known address is known: nothing of its member is overwritten. The same person twice in a file is one member.
//! * It is long work of [`jobs`](crate::jobs): a crash loses no row and enrols nobody twice.

mod api;
mod columns;
mod inviting;
mod pages;
mod progress;
mod sheet;
mod work;

pub use api::{import_call, invite_table_call};
pub use inviting::{Invited, invite_all, invite_table_post};
pub use pages::{import_page, import_post, start_post, step_page};
pub use progress::import_report;
pub use sheet::Settings;
pub use work::{Tried, prepare, start, take_row, try_out};
