//! Tables that people hand in: bytes → text → rows of cells, what each column means, and the steps from a file to long work.
//!
//! * UTF-8, UTF-16 with a mark, or CP932; commas, tabs or semicolons; rows are numbered as a spreadsheet does.
//! * What there is to mean is the room's own, as a type with [`Meaning`]; that a name is known, that none is taken twice and that a person confirms
//!   them is the same everywhere.
//! * Files are read [`apart`] from the threads that answer requests, in one pass, and no further than their limits.
//! * Whatever is wrong is a [`Finding`]: where, which value, and what to do.
//! * A file is stored, looked at as often as somebody likes, and started once; what goes out again holds no cell that a spreadsheet would take for a
//!   formula.
//! * What a room has of its own is [`Import`]: columns, settings, words, and what the work shows. The steps from the columns to the end of the work are
//!   the same pages everywhere, in `templates/tables`; where each row has one outcome ([`RowByRow`]), its report is, too.

pub mod call;
mod columns;
pub mod finding;
mod import;
mod leaving;
mod page;
mod reading;
mod row_by_row;
mod steps;
pub mod table;
pub mod text;
mod upload;
mod work_page;

pub use columns::{Columns, Meaning, guess, meant, missing, of_form, repeated};
pub use finding::Finding;
pub use import::{FileSettings, Import, Opened, Texts, refused};
pub use leaving::{csv, download};
pub use page::{Choice, Head, ask_columns, columns_page, columns_post};
pub use reading::{Apart, apart, opened};
pub use row_by_row::{RowByRow, RowProgress, RowTexts, report_page, row_progress};
pub use steps::{Confirmed, cancel, confirm, confirmed, handed_in, hash_of, of_path, prepare, start};
pub use table::{Cells, Table};
pub use text::Encoding;
pub use upload::{Earlier, Uploaded, earlier, sent};
pub use work_page::{Nothing, Reached, cancel_post, number_of, progress, rows, work_page};

/// The largest file: 2 MiB.
pub const TABLE_LIMIT: usize = 2 * 1024 * 1024;

/// The table as it stands, before its columns have a meaning. It takes its time, so nobody does it but [`apart`].
///
/// # Errors
/// What is wrong with the file as a whole.
pub fn open(_: &Apart, bytes: &[u8], encoding: Option<Encoding>) -> Result<(Table, Encoding), Finding> {
    let (text, encoding) = text::read(bytes, encoding)?;
    Ok((table::read(&text)?, encoding))
}
