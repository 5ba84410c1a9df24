//! An exam as a file of a program says it (`exams/*.yaml`).
//!
//! ```yaml
//! slug: foundations-exam
//! bank: technician
//! title: {ja: 基礎試験, en: Foundations exam}                       # optional
//! description: {ja: 資料を見てよい, en: Open book}                  # optional
//! domains: [{domain: security, title: {ja: 鍵の守り, en: Keys}}]    # optional: what candidates read, in this order
//! blueprint: {group_by: {id_prefix: 3}, one_from_each: group}
//! timing: {minutes: 60, grace_seconds: 0}
//! rules: {attempts: 3, cool_down_days: 0}                          # optional: no limit, no waiting
//! scoring: {cut: 26}                                               # or cut_percent: 75, exact: "66.67", "200/3"
//! release: at_once                                                 # or held; optional: at_once
//! ```

mod fields;

use crate::{
    blueprint::{Blueprint, Drawable},
    form::Plan,
    mistake::Mistake,
    score::Cut,
    strict::{Object, read_text},
    text::Text,
};
use fields::{bank_slug, read_cut, read_domains, read_release, read_rules, read_timing, slug};
use serde_json::{Value, json};

/// An exam, read and found free of contradictions in itself; whether its bank can fill it, [`ExamSpec::plan`] tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamSpec {
    pub slug: String,
    /// The slug of the bank.
    pub bank: String,
    pub title: Option<Text>,
    /// What a member reads before starting.
    pub description: Option<Text>,
    /// What candidates read instead of the names of domains, in the order of the file; a domain that is not here shows its name.
    pub domains: Vec<(String, Text)>,
    pub blueprint: Blueprint,
    pub timing: Timing,
    pub rules: Rules,
    pub cut: Cut,
    pub release: Release,
}

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

/// When a candidate learns the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    AtOnce,
    /// When staff release it.
    Held,
}

impl Release {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Held => "held",
        }
    }
}

const FIELDS: [&str; 10] =
    ["slug", "bank", "title", "description", "domains", "blueprint", "timing", "rules", "scoring", "release"];

impl ExamSpec {
    /// # Errors
    /// All mistakes at once, with pointers into `value`.
    pub fn from_value(value: &Value) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let spec = Self::read(value, &mut mistakes);
        spec.filter(|_| mistakes.is_empty()).ok_or(mistakes)
    }

    fn read(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let object = Object::open(value, "", &FIELDS, mistakes)?;
        let slug = slug(&object, "slug", mistakes);
        let bank = bank_slug(&object, mistakes);
        let [title, description] = ["title", "description"]
            .map(|name| object.get(name).map(|text| read_text(text, &object.at(name), mistakes)));
        let domains = object.get("domains").map_or(Some(vec![]), |domains| read_domains(domains, mistakes));
        let blueprint = object.required("blueprint", mistakes).and_then(|blueprint| {
            let read = Blueprint::from_value(blueprint);
            read.map_err(|wrong| mistakes.extend(wrong.into_iter().map(|m| m.under("/blueprint")))).ok()
        });
        let timing = object.required("timing", mistakes).and_then(|timing| read_timing(timing, mistakes));
        let rules = object
            .get("rules")
            .map_or(Some(Rules { attempts: None, cool_down_days: 0 }), |rules| read_rules(rules, mistakes));
        let cut = object.required("scoring", mistakes).and_then(|scoring| read_cut(scoring, mistakes));
        let release = object.get("release").map_or(Some(Release::AtOnce), |release| read_release(release, mistakes));
        if let (Some(Cut::Points(cut)), Some(most)) = (cut, blueprint.as_ref().and_then(Blueprint::positions)) {
            reachable(cut, most, mistakes);
        }
        Some(Self {
            slug: slug?,
            bank: bank?,
            title: title.flatten(),
            description: description.flatten(),
            domains: domains?,
            blueprint: blueprint?,
            timing: timing?,
            rules: rules?,
            cut: cut?,
            release: release?,
        })
    }

    /// The title of a domain, and where it stands among those that have one.
    pub fn domain(&self, name: &str) -> Option<(usize, &Text)> {
        self.domains.iter().enumerate().find(|(_, (domain, _))| domain == name).map(|(at, (_, title))| (at, title))
    }

    /// What forms are drawn from.
    ///
    /// # Errors
    /// What the bank cannot fill, naming the group or domain, and a cut that no form can reach; pointers as in the file.
    pub fn plan(&self, bank: impl IntoIterator<Item = Drawable>) -> Result<Plan, Vec<Mistake>> {
        let plan = self.blueprint.plan(bank);
        let plan = plan.map_err(|wrong| wrong.into_iter().map(|m| m.under("/blueprint")).collect::<Vec<_>>())?;
        let mut mistakes = Vec::new();
        if let Cut::Points(cut) = self.cut {
            reachable(cut, plan.positions(), &mut mistakes);
        }
        if mistakes.is_empty() { Ok(plan) } else { Err(mistakes) }
    }

    /// The same exam as [`Self::from_value`] reads it, defaults written out.
    pub fn to_value(&self) -> Value {
        let mut value = json!({
            "slug": self.slug,
            "bank": self.bank,
            "blueprint": self.blueprint.to_value(),
            "timing": {"minutes": self.timing.minutes, "grace_seconds": self.timing.grace_seconds},
            "rules": {"attempts": self.rules.attempts, "cool_down_days": self.rules.cool_down_days},
            "scoring": match self.cut {
                Cut::Points(cut) => json!({"cut": cut}),
                Cut::Percent(percent) => json!({"cut_percent": percent.to_string()}),
            },
            "release": self.release.as_str(),
        });
        if !self.domains.is_empty() {
            let entry = |(domain, title): &(String, Text)| json!({"domain": domain, "title": title});
            value["domains"] = self.domains.iter().map(entry).collect();
        }
        for (name, text) in [("title", &self.title), ("description", &self.description)] {
            if let Some(text) = text {
                value[name] = json!(text);
            }
        }
        value
    }
}

fn reachable(cut: u32, most: u32, mistakes: &mut Vec<Mistake>) {
    if cut > most {
        mistakes.push(Mistake::new(
            "/scoring/cut",
            "cut_out_of_reach",
            format!("the cut is {cut} points, a form has {most}: nobody could pass; lower it"),
            format!("合格点は{cut}点ですが、出題は{most}問です。誰も合格できないので、下げてください"),
        ));
    }
}
