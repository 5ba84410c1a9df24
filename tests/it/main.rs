//! The integration tests: the real router on a real port, on SQLite and on PostgreSQL.
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod access;
mod attempts;
mod banks;
mod bulk;
mod calendars;
mod claims;
mod contributions;
mod credentials;
mod demo_folder;
mod demo_week;
mod employer;
mod foreign_badges;
mod home;
mod hostile;
mod house;
mod kept_lists;
mod key_commands;
mod known_issuers;
mod limits;
mod members;
mod names;
mod openapi;
mod operations;
mod operator;
mod program;
mod public_pages;
mod review_replace;
mod reviews;
mod sharing;
mod sharing_documents;
mod showing;
mod store;
mod support;
mod vc_api;
mod verify_page;
