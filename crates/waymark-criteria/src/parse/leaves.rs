//! Reading what one node asks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Place, Reader};
use crate::{
    Contributions, HeldAt, Mistake, NodeKind, Requirement, Span,
    mistake::{nearest, quoted, step},
};

/// A hundred years of days: more is a slip of the finger.
const MOST_DAYS: u32 = 36_525;
const MOST_MONTHS: u32 = 1_200;
const MOST_CONTRIBUTIONS: u32 = 1_000_000;
const MOST_TYPES: usize = 32;
const LONGEST_TYPE: usize = 128;

impl Reader {
    pub(super) fn requirement(
        &mut self,
        kind: NodeKind,
        value: &Value,
        pointer: &str,
        place: &Place,
    ) -> Option<Requirement> {
        Some(match kind {
            NodeKind::All => Requirement::All(self.children(value, pointer, place)?),
            NodeKind::Any => Requirement::Any(self.children(value, pointer, place)?),
            NodeKind::AtLeast => self.at_least(value, pointer, place)?,
            NodeKind::Exam => {
                let exam = self.object(value, pointer, &["slug"])?;
                Requirement::Exam { slug: self.slug_in(exam, pointer, "slug")? }
            }
            NodeKind::Contributions => Requirement::Contributions(self.contributions(value, pointer)?),
            NodeKind::Held => {
                let held = self.object(value, pointer, &["track", "at"])?;
                let at = held.get("at").map_or(Some(HeldAt::Now), |at| self.held_at(at, &step(pointer, "at")));
                Requirement::Held { track: self.slug_in(held, pointer, "track")?, at: at? }
            }
            NodeKind::Tenure => Requirement::Tenure(self.tenure(value, pointer)?),
            NodeKind::Attested => {
                let attested = self.object(value, pointer, &["role"])?;
                Requirement::Attested { role: self.slug_in(attested, pointer, "role")? }
            }
        })
    }

    fn contributions(&mut self, value: &Value, pointer: &str) -> Option<Contributions> {
        let known = ["types", "at_least", "window", "per_day", "per_giver", "distinct"];
        let asked = self.object(value, pointer, &known)?;
        let types = self.required(asked, pointer, "types");
        let types = types.and_then(|types| self.types(types, &step(pointer, "types")));
        let at_least = self.required(asked, pointer, "at_least");
        let at_least = at_least.and_then(|n| self.count(n, &step(pointer, "at_least"), 1..=MOST_CONTRIBUTIONS));
        let window_days = match asked.get("window") {
            None => Some(None),
            Some(window) => {
                let pointer = step(pointer, "window");
                let window = self.object(window, &pointer, &["days"]);
                let days = window.and_then(|window| self.required(window, &pointer, "days"));
                days.and_then(|days| self.count(days, &step(&pointer, "days"), 1..=MOST_DAYS)).map(Some)
            }
        };
        let per_day = self.optional_count(asked, pointer, "per_day", 1..=MOST_CONTRIBUTIONS);
        let per_giver = self.optional_count(asked, pointer, "per_giver", 1..=MOST_CONTRIBUTIONS);
        let distinct = asked.get("distinct").map_or(Some(false), |distinct| {
            if distinct.as_str() == Some("object") {
                return Some(true);
            }
            let message = "what is counted once is the object";
            self.say(Mistake::new(step(pointer, "distinct"), "unknown_word", message).expecting("object"));
            None
        });
        Some(Contributions {
            types: types?,
            at_least: at_least?,
            window_days: window_days?,
            per_day: per_day?,
            per_giver: per_giver?,
            distinct_objects: distinct?,
        })
    }

    fn types(&mut self, value: &Value, pointer: &str) -> Option<Vec<String>> {
        let listed = value.as_array().filter(|listed| (1..=MOST_TYPES).contains(&listed.len()));
        let Some(listed) = listed else {
            let message = "name the types of contribution that count";
            let expected = format!("a list of 1 to {MOST_TYPES} types, such as [change.merged]");
            self.say(Mistake::new(pointer, "wrong_type", message).expecting(expected));
            return None;
        };
        let mut seen = BTreeSet::new();
        let mut types = Vec::new();
        let expected = "1 to 128 characters without spaces, such as change.merged";
        for (index, listed) in listed.iter().enumerate() {
            let pointer = step(pointer, index);
            let Some(name) = self.string(listed, &pointer, expected) else { continue };
            if name.is_empty() || name.len() > LONGEST_TYPE || name.chars().any(|c| c.is_control() || c.is_whitespace())
            {
                let message = format!("{} is not a type of contribution", quoted(name));
                self.say(Mistake::new(pointer, "bad_type", message).expecting(expected));
            } else if seen.insert(name) {
                types.push(name.to_owned());
            } else {
                let message = format!("{} is listed already; remove one", quoted(name));
                self.say(Mistake::new(pointer, "duplicate", message));
            }
        }
        (types.len() == listed.len()).then_some(types)
    }

    fn held_at(&mut self, value: &Value, pointer: &str) -> Option<HeldAt> {
        let word = self.string(value, pointer, "now or ever")?;
        match word {
            "now" => Some(HeldAt::Now),
            "ever" => Some(HeldAt::Ever),
            _ => {
                let message = format!("{} does not say when the credential must be held", quoted(word));
                let suggestion = nearest(word, ["now", "ever"]);
                let mistake = Mistake::new(pointer, "unknown_word", message).expecting("now or ever");
                self.say(mistake.suggesting(suggestion));
                None
            }
        }
    }

    fn tenure(&mut self, value: &Value, pointer: &str) -> Option<Span> {
        let tenure = self.object(value, pointer, &["days", "months"])?;
        match (tenure.get("days"), tenure.get("months")) {
            (Some(days), None) => self.count(days, &step(pointer, "days"), 1..=MOST_DAYS).map(Span::Days),
            (None, Some(months)) => self.count(months, &step(pointer, "months"), 1..=MOST_MONTHS).map(Span::Months),
            _ => {
                let message = "say how long, either in days or in months";
                self.say(Mistake::new(pointer, "missing_field", message).expecting("{days: 365} or {months: 12}"));
                None
            }
        }
    }
}
