//! What the crate promises, seen from outside.

mod archives;
mod assembly;
mod attempt_time;
mod attempts;
mod bank;
mod bundles;
#[path = "../../src/drawn.rs"]
mod drawn;
mod exchange;
mod forms;
mod hostile_files;
mod other_hands;
mod packages;
mod samples;
mod secrecy;
mod sitting_spec;
mod specs;
mod technician;
mod types;
mod written_items;
