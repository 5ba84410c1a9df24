//! The integration tests: the real router on a real port, on SQLite and on PostgreSQL.

mod access;
mod attempts;
mod banks;
mod contributions;
mod credentials;
mod demo_week;
mod home;
mod house;
mod members;
mod program;
mod store;
mod support;
