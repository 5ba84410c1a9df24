//! Is it well? Health for machines, a doctor for people.

mod doctor;
mod health;

pub use doctor::{Finding, Level, examine};
pub use health::{alive, ready};
