//! How long a candidate has, and how often a member may try.

use super::fields::whole_or;
use crate::{mistake::Mistake, strict::Object};
use serde_json::Value;

/// How long a candidate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    pub minutes: u32,
    /// How long after the deadline answers still on their way are taken.
    pub grace_seconds: u32,
}

/// How often a member may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// `None` is without limit.
    pub attempts: Option<u32>,
    /// Days of 24 hours from the end of one attempt to the start of the next.
    pub cool_down_days: u32,
}

pub(super) fn read_timing(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Timing> {
    let object = Object::open(value, "/timing", &["minutes", "grace_seconds"], mistakes)?;
    object.required("minutes", mistakes)?;
    let minutes = object.whole("minutes", 1..=1_440, mistakes);
    let grace_seconds = grace(&object, mistakes);
    Some(Timing { minutes: minutes?, grace_seconds: grace_seconds? })
}

pub(super) fn read_rules(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Rules> {
    let object = Object::open(value, "/rules", &["attempts", "cool_down_days"], mistakes)?;
    let attempts = match object.get("attempts") {
        None => None,
        Some(_) => Some(object.whole("attempts", 1..=1_000, mistakes)?),
    };
    let cool_down_days = whole_or(&object, "cool_down_days", 0..=3_650, 0, mistakes)?;
    Some(Rules { attempts, cool_down_days })
}

/// Kept beside the others so that a default is written in one place.
fn grace(object: &Object<'_>, mistakes: &mut Vec<Mistake>) -> Option<u32> {
    whole_or(object, "grace_seconds", 0..=300, 0, mistakes)
}
