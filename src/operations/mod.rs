//! Is it well, and whom to tell if not? Health for machines, a doctor for people, a contact for whoever finds a weakness.

mod audit_log;
pub mod backup;
mod contact;
mod doctor;
mod health;
mod metrics;

pub use audit_log::{AuditEntryRead, audit_page, list_audit};
pub use contact::security_contact;
pub use doctor::{Finding, Level, examine, nothing_to_examine};
pub use health::{alive, ready};
pub use metrics::metrics;
