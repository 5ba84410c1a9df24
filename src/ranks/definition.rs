//! What `ladders/*.yaml` says: what brings points, and where the steps lie.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use waymark_criteria::{Ladder, Worth};

use super::reading::{beyond, points, short, steps};
use crate::document::{Faults, Fields, yaml};
use crate::error::Fault;

/// Texts by language tag, `und` where none is named.
pub type Texts = BTreeMap<String, String>;

/// What stands in the title of the steps beyond for their number.
pub(super) const NUMBER: &str = "{n}";
const FILE: [&str; 6] = ["slug", "title", "description", "points", "steps", "beyond"];

/// One ladder as a file says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderDefinition {
    pub slug: String,
    pub title: Texts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Texts>,
    pub points: Points,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Beyond>,
}

/// What brings points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributions: Vec<Contribution>,
    /// By the slug of the exam that was passed, once each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exams: BTreeMap<String, u32>,
    /// By the slug of the track whose credential was received, once each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub credentials: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    pub r#type: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    pub points: u32,
}

/// A step with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: u32,
    pub title: Texts,
}

/// The steps after the named ones, without end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beyond {
    pub every: NonZeroU32,
    pub title: Texts,
}

impl LadderDefinition {
    /// Reads one file, with every mistake at once.
    pub fn from_value(value: &Value) -> Result<Self, Faults> {
        let mut faults = vec![];
        let mut fields = Fields::of(value, "", &mut faults);
        let slug = fields.slug("slug", &mut faults);
        let title = fields.required_texts("title", &mut faults);
        short(&title, "/title", &mut faults);
        let description = fields.texts("description", &mut faults);
        let points = fields.required("points", &mut faults).map(|value| points(value, &mut faults)).unwrap_or_default();
        let steps = fields.value("steps").map(|value| steps(value, &mut faults)).unwrap_or_default();
        let beyond = fields.value("beyond").and_then(|value| beyond(value, &points, &mut faults));
        if fields.value("steps").is_none() && fields.value("beyond").is_none() && value.is_object() {
            faults.push(Fault::new("", "no_steps", "a ladder has `steps`, or `beyond` for steps without end"));
        }
        fields.refuse_unknown(&mut faults);
        let read = Self { slug, title, description, points, steps, beyond };
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// What is counted by.
    pub fn ladder(&self) -> Ladder {
        let worth =
            |one: &Contribution| Worth { r#type: one.r#type.clone(), sources: one.sources.clone(), points: one.points };
        Ladder {
            contributions: self.points.contributions.iter().map(worth).collect(),
            exams: self.points.exams.clone(),
            credentials: self.points.credentials.clone(),
            steps: self.steps.iter().map(|step| step.at).collect(),
            beyond: self.beyond.as_ref().map(|beyond| beyond.every),
        }
    }

    /// What the step of this number is called, the first one being 1; none where there is no such step.
    pub fn title_of(&self, step: u32) -> Option<Texts> {
        let place = usize::try_from(step.checked_sub(1)?).ok()?;
        if let Some(named) = self.steps.get(place) {
            return Some(named.title.clone());
        }
        let number = self.beyond_of(step)?.to_string();
        let texts = self.beyond.as_ref()?.title.iter();
        Some(texts.map(|(language, text)| (language.clone(), text.replace(NUMBER, &number))).collect())
    }

    /// The number of a step among those beyond the named ones; none for these.
    pub fn beyond_of(&self, step: u32) -> Option<u32> {
        step.checked_sub(u32::try_from(self.steps.len()).ok()?).filter(|n| *n > 0 && self.beyond.is_some())
    }

    /// The document as a person writes it: a text that names no language is the text alone.
    pub fn as_file(&self) -> Value {
        plain(serde_json::to_value(self).unwrap_or_default())
    }
}

/// A ladder as its file, the same bytes for the same ladder.
pub fn written(of: &LadderDefinition) -> String {
    let Value::Object(all) = of.as_file() else { return String::new() };
    yaml::written(&all, &FILE)
}

fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => match map.get("und") {
            Some(Value::String(text)) if map.len() == 1 => Value::String(text.clone()),
            _ => Value::Object(map.into_iter().map(|(name, value)| (name, plain(value))).collect::<Map<_, _>>()),
        },
        Value::Array(list) => Value::Array(list.into_iter().map(plain).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        json!({
            "slug": "guide", "title": {"ja": "案内", "en": "Guide"}, "description": "What: \"it\" is",
            "points": {
                "contributions": [{"type": "answer.accepted", "points": 10}, {"type": "answer.accepted", "sources": ["https://a.example"], "points": 20}],
                "exams": {"basics": 50}, "credentials": {"foundations": 100},
            },
            "steps": [{"at": 10, "title": {"ja": "新芽", "en": "Sprout"}}, {"at": 60, "title": "Tree"}],
            "beyond": {"every": 100, "title": {"ja": "森 {n}", "en": "Forest {n}"}},
        })
    }

    #[test]
    fn a_ladder_is_written_and_read_again() {
        let read = LadderDefinition::from_value(&whole()).expect("valid");
        let text = written(&read);
        let again = yaml::Document::parse(&text).map_err(|b| b.detail).expect("YAML").value;
        assert_eq!(LadderDefinition::from_value(&again).expect("valid"), read, "{text}");
        let kept: LadderDefinition = serde_json::from_str(&serde_json::to_string(&read).expect("JSON")).expect("kept");
        assert_eq!((written(&kept), again), (text, whole()));
        let name = |step| read.title_of(step).and_then(|texts| texts.get("en").or(texts.get("und")).cloned());
        assert_eq!(
            [name(0), name(1), name(2), name(3), name(12)],
            [None, Some("Sprout".into()), Some("Tree".into()), Some("Forest 1".into()), Some("Forest 10".into())]
        );
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        let mut cases: Vec<(Value, &str, &str)> = vec![];
        let mut case = |pointer: &str, said: Value, at: &'static str, code: &'static str| {
            let mut value = whole();
            let (parent, name) = pointer.rsplit_once('/').expect("a field");
            match value.pointer_mut(parent).expect("a parent") {
                Value::Array(list) => list[name.parse::<usize>().expect("a place")] = said,
                parent => parent[name] = said,
            }
            cases.push((value, at, code));
        };
        case("/slug", json!("A B"), "/slug", "invalid_slug");
        case("/title", json!("x".repeat(81)), "/title", "long_title");
        case("/points", json!({}), "/points", "no_points");
        case("/points/contributions/0/points", json!(0), "/points/contributions/0/points", "invalid_number");
        case("/points/contributions/0/type", json!("a b"), "/points/contributions/0/type", "invalid_type");
        case("/points/contributions/1/sources", json!([]), "/points/contributions/1/type", "same_type");
        case("/points/contributions/1/weight", json!(1), "/points/contributions/1/weight", "unknown_field");
        case("/points/exams", json!([]), "/points/exams", "not_a_mapping");
        case("/points/exams/basics", json!("many"), "/points/exams/basics", "invalid_number");
        case("/points/credentials", json!({"A": 1}), "/points/credentials/A", "invalid_slug");
        case("/steps", json!([]), "/steps", "not_a_list");
        case("/steps/1/at", json!(10), "/steps/1/at", "not_ascending");
        case("/steps/1/title", json!({"en": "Sprout"}), "/steps/1/title", "same_title");
        case("/beyond/title", json!("Forest"), "/beyond/title", "no_number");
        case("/beyond/every", json!(99), "/beyond/every", "every_too_small");
        for (value, at, code) in cases {
            let faults = LadderDefinition::from_value(&value).expect_err(code);
            let told: Vec<(&str, &str)> = faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
            assert_eq!(told, [(at, code)]);
        }
        let mut bare = whole();
        bare.as_object_mut().expect("an object").retain(|name, _| !["steps", "beyond"].contains(&name.as_str()));
        let faults = LadderDefinition::from_value(&bare).expect_err("no steps");
        assert_eq!(faults[0].code, "no_steps");
    }
}
