//! Is it well, and whom to tell if not? Health for machines, a doctor for people, a contact for whoever finds a weakness.

pub mod backup;
mod contact;
mod doctor;
mod health;

pub use contact::security_contact;
pub use doctor::{Finding, Level, examine, nothing_to_examine};
pub use health::{alive, ready};
