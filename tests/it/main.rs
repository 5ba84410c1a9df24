//! The integration tests: the real router on a real port, on SQLite and on PostgreSQL.

mod access;
mod attempts;
mod banks;
mod contributions;
mod home;
mod credentials;
mod house;
mod members;
mod store;
mod support;
