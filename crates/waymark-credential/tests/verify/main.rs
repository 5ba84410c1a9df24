//! Verification from outside: made credentials, attacks on them, and the table that server, command line and browser share.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod endorsements;
mod endorsements_of_ours;
mod foreign;
mod gate;
mod hosted;
mod hostile;
mod issued;
mod jose_suite;
mod kept;
mod made;
mod open;
#[path = "../it/reference_data.rs"]
mod reference_data;
mod signers;
mod sizes;
mod tamper;
mod vectors;
