//! What the crate promises, seen from outside.

mod assembly;
mod attempt_time;
mod attempts;
mod bank;
mod exchange;
mod forms;
mod hostile_files;
mod packages;
mod samples;
mod secrecy;
mod sitting_spec;
mod specs;
mod technician;
mod types;
mod written_items;
