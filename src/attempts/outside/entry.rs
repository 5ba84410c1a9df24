//! One result as it is sent: read strictly, with every mistake named.

use serde_json::{Map, Value, json};
use time::Duration;
use waymark_assess::Rational;

use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::error::Fault;

/// One result, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `mem_…`, `handle:…` or `mailto:…`; a bare address is read as the latter.
    pub candidate: String,
    /// The form, by the name that the deliverer gives it.
    pub form: Option<String>,
    pub points: Rational,
    /// The most points there are; None is as many as our exam has positions.
    pub of: Option<Rational>,
    /// `[{section, right, of}]`.
    pub sections: Vec<Value>,
    pub delivered_by: String,
    pub at: Timestamp,
    /// The deliverer's own number of the result: with it, a correction may change everything else.
    pub reference: Option<String>,
}

/// The members of a result.
pub const FIELDS: [&str; 8] = ["candidate", "form", "score", "of", "sections", "delivered_by", "at", "reference"];
const LONGEST: usize = 200;
const MOST_SECTIONS: usize = 100;
/// A clock may be so far ahead of ours.
const AHEAD: Duration = Duration::minutes(5);

struct Reading<'r> {
    object: &'r Map<String, Value>,
    at: &'r str,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn wrong(&mut self, field: &str, code: &'static str, detail: &str) {
        self.faults.push(Fault::new(format!("{}/{field}", self.at), code, detail));
    }

    fn text(&mut self, field: &str, needed: bool) -> Option<String> {
        let value = self.object.get(field).filter(|value| !value.is_null());
        match value.map(|value| value.as_str().map(str::trim)) {
            Some(Some(text)) if !text.is_empty() && text.chars().count() <= LONGEST => return Some(text.to_owned()),
            Some(Some("")) if !needed => {}
            Some(_) => self.wrong(field, "not_a_text", "a text of 1 to 200 characters"),
            None if needed => self.wrong(field, "missing", "this member is needed"),
            None => {}
        }
        None
    }

    fn points(&mut self, field: &str, needed: bool) -> Option<Rational> {
        let Some(value) = self.object.get(field).filter(|value| !value.is_null()) else {
            if needed {
                self.wrong(field, "missing", "this member is needed");
            }
            return None;
        };
        let text = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        let points = text.parse::<Rational>().ok().filter(|points| *points >= Rational::from(0));
        if points.is_none() {
            self.wrong(field, "not_points", "a number from 0: 26, \"26.5\" or \"53/2\"");
        }
        points
    }

    fn sections(&mut self) -> Vec<Value> {
        let Some(value) = self.object.get("sections").filter(|value| !value.is_null()) else { return vec![] };
        let section = |value: &Value| {
            let object = value.as_object()?;
            let known = object.keys().all(|key| ["section", "right", "of"].contains(&key.as_str()));
            let name = object.get("section")?.as_str().filter(|name| !name.is_empty() && name.len() <= LONGEST)?;
            let (right, of) = (object.get("right")?.as_u64()?, object.get("of")?.as_u64()?);
            (known && right <= of && of <= 100_000).then(|| json!({"section": name, "right": right, "of": of}))
        };
        let list = value.as_array().filter(|list| list.len() <= MOST_SECTIONS);
        let read: Option<Vec<Value>> = list.and_then(|list| list.iter().map(section).collect());
        if read.is_none() {
            self.wrong("sections", "not_sections", "a list of {section, right, of}, `right` no more than `of`");
        }
        read.unwrap_or_default()
    }
}

impl Entry {
    /// Reads one result; `at` is where it stands in the body.
    ///
    /// # Errors
    /// All mistakes.
    pub fn read(value: &Value, at: &str, now: Timestamp) -> Result<Self, Vec<Fault>> {
        let Some(object) = value.as_object() else {
            return Err(vec![Fault::new(
                at,
                "not_an_object",
                "a result is an object: {candidate, score, delivered_by, at, …}",
            )]);
        };
        let mut reading = Reading { object, at, faults: vec![] };
        for field in object.keys().filter(|key| !FIELDS.contains(&key.as_str())) {
            reading.faults.push(Fault::new(format!("{at}/{field}"), "unknown_field", "no result has this member"));
        }
        let candidate = reading.text("candidate", true);
        let form = reading.text("form", false);
        let (points, of) = (reading.points("score", true), reading.points("of", false));
        let sections = reading.sections();
        let delivered_by = reading.text("delivered_by", true);
        let reference = reading.text("reference", false);
        let when = reading.text("at", true).and_then(|text| {
            let when = parse_rfc3339(&text);
            match when {
                None => reading.wrong("at", "not_a_time", "a time like 2026-11-21T09:00:00Z"),
                Some(when) if when - now > AHEAD => reading.wrong("at", "ahead", "this time has not come yet"),
                Some(_) => {}
            }
            when
        });
        if let (Some(points), Some(of)) = (points, of)
            && (points > of || of == Rational::from(0))
        {
            reading.wrong("score", "more_than_all", "`score` is no more than `of`, which is more than 0");
        }
        match (candidate, points, delivered_by, when) {
            (Some(candidate), Some(points), Some(delivered_by), Some(at)) if reading.faults.is_empty() => {
                Ok(Self { candidate, form, points, of, sections, delivered_by, at, reference })
            }
            _ => Err(reading.faults),
        }
    }

    /// What is compared to tell a repetition from a correction, and kept.
    pub fn content(&self) -> Value {
        json!({
            "candidate": self.candidate,
            "form": self.form,
            "score": self.points.to_string(),
            "of": self.of.map(|of| of.to_string()),
            "sections": self.sections,
            "at": rfc3339(self.at),
            "reference": self.reference,
        })
    }
}
