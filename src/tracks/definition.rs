//! What `tracks/*.yaml` says about a track.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use waymark_credential::model::vocabulary::ACHIEVEMENT_TYPES;
use waymark_criteria::{Criteria, Standing};

use super::renewal::{Level, Renewal};
use crate::document::{Faults, Fields};
use crate::error::Fault;

/// What a badge of thanks says it is, whatever its file says: no reader may take it for proof of a skill.
pub const THANKS_TYPE: &str = "ext:Thanks";

/// What sort of path it is; pages name it (certification, learning badge, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Certification,
    Learning,
    Milestone,
    Title,
    Thanks,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certification => "certification",
            Self::Learning => "learning",
            Self::Milestone => "milestone",
            Self::Title => "title",
            Self::Thanks => "thanks",
        }
    }

    /// The achievement type that tells others best what it is.
    pub fn usual_type(self) -> &'static str {
        match self {
            Self::Certification => "Certification",
            Self::Learning | Self::Milestone => "Badge",
            Self::Title => "Award",
            Self::Thanks => THANKS_TYPE,
        }
    }
}

const KINDS: &[(&str, Kind)] = &[
    ("certification", Kind::Certification),
    ("learning", Kind::Learning),
    ("milestone", Kind::Milestone),
    ("title", Kind::Title),
    ("thanks", Kind::Thanks),
];

/// How long a credential holds, counted from the day it was earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    pub months: u32,
}

/// What the track is for, and how one sees whether it works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    pub text: BTreeMap<String, String>,
    pub measure: String,
    pub target: u32,
    /// Who answers for it: a person or a group, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// One version of a track, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackDefinition {
    pub slug: String,
    pub kind: Kind,
    pub title: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub description: BTreeMap<String, String>,
    /// What it takes, in words.
    pub criteria: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// The requirement tree, in the form that `waymark-criteria` reads and writes.
    pub requires: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Validity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Renewal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// A built-in template's name, or a file of the program's `badges/`.
    pub template: String,
    pub achievement_type: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl TrackDefinition {
    /// Reads one track file, with every mistake at once.
    pub fn from_value(value: &Value) -> Result<Self, Faults> {
        let mut faults = vec![];
        let mut fields = Fields::of(value, "", &mut faults);
        let slug = fields.slug("slug", &mut faults);
        let kind = match fields.required("kind", &mut faults) {
            Some(_) => fields.word("kind", KINDS, &mut faults),
            None => None,
        };
        let title = fields.required_texts("title", &mut faults);
        let description = fields.texts("description", &mut faults).unwrap_or_default();
        let criteria = fields.required_texts("criteria", &mut faults);
        let goal = fields.value("goal").map(|goal| read_goal(goal, &mut faults));
        let requires = match fields.required("requires", &mut faults) {
            Some(tree) => match Criteria::from_value(tree) {
                // A title is held for the terms that people decide on, unless its file says otherwise.
                Ok(criteria) if is_title(kind, &slug, &criteria) && tree.get("standing").is_none() => {
                    criteria.with_decided_terms().to_value()
                }
                Ok(criteria) => criteria.to_value(),
                Err(mistakes) => {
                    faults.extend(
                        mistakes.into_iter().map(|m| Fault::new(format!("/requires{}", m.pointer), m.code, m.message)),
                    );
                    Value::Null
                }
            },
            None => Value::Null,
        };
        let validity = fields.value("validity").and_then(|validity| {
            let mut inner = Fields::of(validity, "/validity", &mut faults);
            let months = inner.number("months", 1, 1200, &mut faults);
            if months.is_none() && validity.get("months").is_none() && validity.is_object() {
                faults.push(Fault::new("/validity", "missing_field", "`months` is missing"));
            }
            inner.refuse_unknown(&mut faults);
            months.map(|months| Validity { months })
        });
        let renewal = fields.value("renewal").and_then(|renewal| Renewal::read(renewal, &mut faults));
        if fields.value("renewal").is_some() && fields.value("validity").is_none() {
            let detail = "what never ends needs no renewal: say `validity: {months: …}`, or leave `renewal` out";
            faults.push(Fault::new("/renewal", "no_validity", detail));
        }
        if fields.value("renewal").is_some() && requires["standing"] == json!("decided") {
            let detail = "the people who decide on a title decide on its next term too: leave `renewal` out";
            faults.push(Fault::new("/renewal", "decided_terms", detail));
        }
        let level = fields.value("level").and_then(|level| Level::read(level, &mut faults));
        let template = fields.text("template", &mut faults).unwrap_or_else(|| "hexagon".to_owned());
        let achievement_type = fields.text("achievement_type", &mut faults).unwrap_or_else(|| "Achievement".to_owned());
        if !ACHIEVEMENT_TYPES.contains(&achievement_type.as_str()) && !achievement_type.starts_with("ext:") {
            faults.push(Fault::new(
                "/achievement_type",
                "unknown_word",
                "use an Open Badges achievement type such as Certification or Badge, or an own one that begins with `ext:`",
            ));
        }
        let tags = fields.list("tags", &mut faults).unwrap_or_default();
        fields.refuse_unknown(&mut faults);
        match (faults.is_empty(), kind) {
            (true, Some(kind)) => Ok(Self {
                slug,
                kind,
                title,
                description,
                criteria,
                goal,
                requires,
                validity,
                renewal,
                level,
                template,
                achievement_type,
                tags,
            }),
            _ => Err(faults),
        }
    }

    /// The definition as its file says it, to be read again by [`from_value`](Self::from_value).
    pub fn as_file(&self) -> Value {
        let mut all = json!(self);
        for text in ["title", "description", "criteria"] {
            if let Some(plain) =
                all[text].as_object().filter(|map| map.len() == 1).and_then(|map| map.get("und")).cloned()
            {
                all[text] = plain;
            }
        }
        if let Some(goal) = &self.goal {
            let mut said = json!(goal.text);
            said["measure"] = json!(goal.measure);
            said["target"] = json!(goal.target);
            if let Some(owner) = &goal.owner {
                said["owner"] = json!(owner);
            }
            all["goal"] = said;
        }
        if let Some(renewal) = &self.renewal {
            all["renewal"] = renewal.as_file();
        }
        all
    }

    /// Whether it is held for the terms that two people decide on: what the room of titles is for.
    pub fn is_decided_title(&self) -> bool {
        let requires = self.requirements();
        is_title(Some(self.kind), &self.slug, &requires) && requires.standing() == Standing::Decided
    }

    /// Whether it is called a title although nobody is asked to decide on it: it could never be given under its name.
    pub fn is_undecided_title(&self) -> bool {
        self.kind == Kind::Title && self.requirements().panel() != Some(self.slug.as_str())
    }

    /// The requirement tree as written. To count by it, take that of the version: it has the calendar.
    pub fn requirements(&self) -> Criteria {
        Criteria::from_value(&self.requires).expect("a definition holds only a tree that was read")
    }
}

/// Whether people decide on the track itself, under its own name.
fn is_title(kind: Option<Kind>, slug: &str, requires: &Criteria) -> bool {
    kind == Some(Kind::Title) && requires.panel() == Some(slug)
}

fn read_goal(value: &Value, faults: &mut Faults) -> Goal {
    let Value::Object(map) = value else {
        faults.push(Fault::new(
            "/goal",
            "not_a_mapping",
            "write the goal as {ja: …, en: …, measure: awards, target: 30}",
        ));
        return Goal { text: BTreeMap::new(), measure: String::new(), target: 0, owner: None };
    };
    let mut fields = Fields::of(value, "/goal", faults);
    let mut text = BTreeMap::new();
    for language in ["ja", "en"] {
        if let Some(said) = fields.text(language, faults) {
            text.insert(language.to_owned(), said);
        }
    }
    if text.is_empty() {
        faults.push(Fault::new("/goal", "missing_field", "say the goal in at least one language: {ja: …, en: …}"));
    }
    let measure = fields.word("measure", &[("awards", "awards")], faults).unwrap_or("awards").to_owned();
    let target = fields.number("target", 1, 10_000_000, faults).unwrap_or_default();
    if !map.contains_key("target") {
        faults.push(Fault::new("/goal", "missing_field", "`target` is missing"));
    }
    let owner = fields.text("owner", faults);
    fields.refuse_unknown(faults);
    Goal { text, measure, target, owner }
}
