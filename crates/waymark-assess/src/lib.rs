//! Items, interchange, form assembly, the view of the candidate, and exact scoring.
//!
//! Pure: no clock, no randomness, no storage. A seed and the time come in as arguments.

mod canonical;
pub mod item;
pub mod mistake;
pub mod rational;
pub mod text;
mod withheld;

pub use mistake::Mistake;
pub use rational::Rational;
pub use text::Text;
