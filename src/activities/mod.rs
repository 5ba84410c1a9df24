//! Activities beside contributions: whether questions are answered, how soon, and what became of ideas.
//!
//! * Every figure is counted from stored events alone, and its definition stands beside it.
//! * Who is credited makes no difference: an answer counts for its question even where it is held or nobody knows whose it is. What was taken back is gone.
//! * Nobody answers their own question, and nobody supports their own idea.

mod api;
mod figures;
mod ideas;
mod pages;
mod period;
mod questions;

pub use api::read_figures;
pub use figures::{Figures, Part, figures, figures_in_pages};
pub use ideas::Ideas;
pub use pages::activities_page;
pub use period::Period;
pub use questions::{Question, Questions};
