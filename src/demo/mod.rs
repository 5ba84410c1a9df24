//! The demo: a program about keeping open infrastructure alive, and twelve people in different states. Loaded once, into an empty installation, by playing
//! each person's past with the clock standing at its own moments, through the same doors as everything else.

mod cast;
mod load;

pub use load::{Doors, load, open_doors, recorded};
