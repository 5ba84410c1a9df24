//! What `program.yaml` says about thanks between members: `thanks: {per_week: 5, per_person: 2, per_person_days: 30, both_ways_days: 7}`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{Faults, Fields};

/// How often members may thank each other. What is not said stands as in the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ThanksRules {
    /// Thanks that one member may give from Monday to Sunday; 0: members give none.
    pub per_week: u32,
    /// Thanks to one and the same person within `per_person_days`.
    pub per_person: u32,
    pub per_person_days: u32,
    /// Once two people have thanked each other, neither thanks the other again for so many days; 0: this limits nobody.
    pub both_ways_days: u32,
}

impl Default for ThanksRules {
    fn default() -> Self {
        Self { per_week: 5, per_person: 2, per_person_days: 30, both_ways_days: 7 }
    }
}

impl ThanksRules {
    pub(super) fn read(value: &Value, faults: &mut Faults) -> Self {
        let usual = Self::default();
        let mut fields = Fields::of(value, "/thanks", faults);
        let rules = Self {
            per_week: fields.number("per_week", 0, 100, faults).unwrap_or(usual.per_week),
            per_person: fields.number("per_person", 1, 100, faults).unwrap_or(usual.per_person),
            per_person_days: fields.number("per_person_days", 1, 366, faults).unwrap_or(usual.per_person_days),
            both_ways_days: fields.number("both_ways_days", 0, 366, faults).unwrap_or(usual.both_ways_days),
        };
        fields.refuse_unknown(faults);
        rules
    }

    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
