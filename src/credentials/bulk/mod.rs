//! Many credentials from a table: CSV or NDJSON, up to 1,000 rows.
//!
//! * Nothing is issued before somebody has seen what would be: each row is read, looked at, and reported with what is wrong and what to do.
//! * An error keeps its row from being issued, a warning does not. The good rows are issued one by one, each by the same verb as a single call.
//! * It is long work of [`jobs`](crate::jobs): a crash loses no row and issues none twice.
//! * Tables that go out hold no cell that a spreadsheet would take for a formula.

mod api;
mod check;
mod columns;
pub(super) mod pages;
mod sheet;
mod work;

use crate::tables::{finding, table, text};

pub use crate::tables::{TABLE_LIMIT as BULK_LIMIT, csv, hash_of};
pub use api::{bulk_claim_links, issue_bulk};
pub use check::{Checked, check};
pub use sheet::{Format, Settings};
pub use text::Encoding;
pub use work::{key_of, prepare, start, work};
