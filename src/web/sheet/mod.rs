//! Tables that come in: bytes → text → rows of cells, and what was found in them. Which column means what is the room's own.
//!
//! * UTF-8, UTF-16 with a mark, or CP932; commas, tabs or semicolons; rows are numbered as a spreadsheet does.
//! * Whatever is wrong is a [`Finding`](finding::Finding): where, which value, and what to do.

pub mod finding;
pub mod table;
pub mod text;
