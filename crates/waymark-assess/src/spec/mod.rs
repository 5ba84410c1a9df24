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
//! release: at_once                                                 # or held, or {on: 2027-04-01T09:00:00+09:00}; optional: at_once
//! navigation: free                                                 # or linear, locked; optional: free
//! sections:                                                        # optional: parts with clocks and breaks of their own
//!   - {name: first, title: {ja: 前半, en: First half}, domains: [security], minutes: 40, navigation: locked, break_minutes: 10}
//! sitting: {…}                                                     # optional: who may begin, when, and how it goes on; see [`Sittings`]
//! outside: {sources: [https://centre.example]}                     # optional: whose results from outside count; see [`Outside`]
//! ```
//! `scoring` may go on: `scale: {min: 100, cut: 720, max: 1000}`, `sections_from: 6` (words instead of numbers, section by section) and
//! `cuts: {a: 26, b: 25}` for fixed forms. What a `blueprint` may say, [`crate::blueprint`] tells.

mod fields;
mod outside;
mod scoring;
mod sections;
mod sitting;
mod timing;

pub use outside::Outside;
pub use scoring::{Release, Scoring};
pub use sections::{MOST_SECTIONS, SectionSpec};
pub use sitting::{Admission, Sittings};
pub use timing::{Rules, Timing};

use crate::{
    attempt::Navigation,
    blueprint::{Blueprint, Drawable},
    form::{Form, Plan},
    item::MAX_POINTS,
    mistake::Mistake,
    strict::{Object, read_text},
    text::Text,
};
use fields::{bank_slug, read_domains, slug};
use scoring::{out_of_reach, reachable, read_release, read_scoring};
use sections::{agree, read_navigation, read_sections};
use serde_json::{Value, json};
use timing::{read_rules, read_timing};

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
    pub scoring: Scoring,
    pub release: Release,
    /// How one moves where there are no sections.
    pub navigation: Navigation,
    pub sections: Vec<SectionSpec>,
    pub sitting: Sittings,
    /// Who else delivers it.
    pub outside: Outside,
}

const FIELDS: [&str; 14] = [
    "slug",
    "bank",
    "title",
    "description",
    "domains",
    "blueprint",
    "timing",
    "rules",
    "scoring",
    "release",
    "navigation",
    "sections",
    "sitting",
    "outside",
];

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
        let scoring = object
            .required("scoring", mistakes)
            .and_then(|scoring| read_scoring(scoring, blueprint.as_ref(), mistakes));
        let release = object.get("release").map_or(Some(Release::AtOnce), |release| read_release(release, mistakes));
        let navigation = object
            .get("navigation")
            .map_or(Some(Navigation::Free), |navigation| read_navigation(navigation, "/navigation", mistakes));
        let sections = object.get("sections").map_or(Some(vec![]), |sections| read_sections(sections, mistakes));
        let sitting =
            object.get("sitting").map_or(Some(Sittings::default()), |sitting| Sittings::read(sitting, mistakes));
        let outside =
            object.get("outside").map_or(Some(Outside::default()), |outside| Outside::read(outside, mistakes));
        if let (Some(scoring), Some(most)) = (&scoring, blueprint.as_ref().and_then(Blueprint::positions)) {
            reachable(scoring, most.saturating_mul(MAX_POINTS), mistakes);
        }
        if let (Some(sections), Some(blueprint), Some(timing)) = (&sections, &blueprint, timing) {
            agree(sections, blueprint, timing.minutes, mistakes);
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
            scoring: scoring?,
            release: release?,
            navigation: navigation?,
            sections: sections?,
            sitting: sitting?,
            outside: outside?,
        })
    }

    /// The title of a domain, and where it stands among those that have one.
    pub fn domain(&self, name: &str) -> Option<(usize, &Text)> {
        self.domains.iter().enumerate().find(|(_, (domain, _))| domain == name).map(|(at, (_, title))| (at, title))
    }

    /// The section in which a domain (or group) stands.
    pub fn section_of(&self, domain: &str) -> Option<&SectionSpec> {
        self.sections.iter().find(|section| section.domains.iter().any(|name| name == domain))
    }

    /// For each position of a form the name of its section; the empty name where it is in none.
    pub fn sections_of<'a>(&'a self, form: &'a Form) -> impl Iterator<Item = &'a str> {
        form.positions().iter().map(|position| self.section_of(&position.section).map_or("", |s| s.name.as_str()))
    }

    /// What forms are drawn from.
    ///
    /// # Errors
    /// What the bank cannot fill, naming the group or domain, and a cut that no form can reach; pointers as in the file.
    pub fn plan(&self, bank: impl IntoIterator<Item = Drawable>) -> Result<Plan, Vec<Mistake>> {
        let parts: Vec<Vec<String>> = self.sections.iter().map(|section| section.domains.clone()).collect();
        let plan = self.blueprint.plan_in_parts(bank, &parts);
        let plan = plan.map_err(|wrong| wrong.into_iter().map(|m| m.under("/blueprint")).collect::<Vec<_>>())?;
        let mut mistakes = Vec::new();
        if plan.forms().next().is_none() {
            reachable(&self.scoring, plan.points().1, &mut mistakes);
        }
        for (name, points) in plan.forms_worth() {
            match self.scoring.cuts.get(name) {
                Some(cut) if *cut > points => {
                    mistakes.push(out_of_reach(format!("/scoring/cuts/{name}"), *cut, points));
                }
                Some(_) => {}
                None => reachable(&self.scoring, points, &mut mistakes),
            }
        }
        let unknown = self.sections.iter().enumerate().flat_map(|(at, section)| {
            section.domains.iter().enumerate().map(move |(n, domain)| (format!("/sections/{at}/domains/{n}"), domain))
        });
        for (pointer, domain) in unknown.filter(|(_, domain)| !plan.sections().any(|(name, ..)| name == *domain)) {
            mistakes.push(Mistake::new(
                pointer,
                "unknown_domain",
                format!("forms have nothing from `{domain}`: take it out"),
                format!("出題に「{domain}」がありません。取り除いてください"),
            ));
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
            "scoring": self.scoring.to_value(),
            "release": self.release.to_value(),
        });
        if self.navigation != Navigation::Free {
            value["navigation"] = json!(self.navigation.as_str());
        }
        if !self.sections.is_empty() {
            value["sections"] = self.sections.iter().map(SectionSpec::to_value).collect();
        }
        if !self.domains.is_empty() {
            let entry = |(domain, title): &(String, Text)| json!({"domain": domain, "title": title});
            value["domains"] = self.domains.iter().map(entry).collect();
        }
        if self.sitting != Sittings::default() {
            value["sitting"] = self.sitting.to_value();
        }
        if let Some(outside) = self.outside.to_value() {
            value["outside"] = outside;
        }
        for (name, text) in [("title", &self.title), ("description", &self.description)] {
            if let Some(text) = text {
                value[name] = json!(text);
            }
        }
        value
    }
}
