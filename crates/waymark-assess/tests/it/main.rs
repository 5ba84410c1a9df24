//! What the crate promises, seen from outside.

mod attempts;
mod bank;
mod forms;
mod hostile_files;
mod samples;
mod secrecy;
mod specs;
mod technician;
mod types;
