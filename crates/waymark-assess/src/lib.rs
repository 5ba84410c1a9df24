//! Items, interchange, form assembly, the view of the candidate, and exact scoring.
//!
//! Pure: no clock, no randomness, no storage. A seed and the time come in as arguments.

pub mod attempt;
pub mod blueprint;
pub mod candidate;
mod canonical;
pub mod decimal;
#[cfg(test)]
mod drawn;
pub mod form;
pub mod grade;
pub mod interchange;
pub mod item;
mod markup;
pub mod mistake;
mod normalization;
mod option_id;
pub mod rational;
pub mod response;
pub mod score;
pub mod simulation;
pub mod spec;
mod strict;
pub mod text;
mod withheld;

pub use blueprint::Blueprint;
pub use form::{Form, Seed};
pub use item::{ItemContent, ItemVersion};
pub use markup::manual;
pub use mistake::Mistake;
pub use rational::Rational;
pub use spec::ExamSpec;
pub use text::Text;
