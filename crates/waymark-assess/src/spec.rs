//! An exam as a file of a program says it (`exams/*.yaml`).
//!
//! ```yaml
//! slug: foundations-exam
//! bank: technician
//! title: {ja: 基礎試験, en: Foundations exam}                       # optional
//! blueprint: {group_by: {id_prefix: 3}, one_from_each: group}
//! timing: {minutes: 60, grace_seconds: 0}
//! rules: {attempts: 3, cool_down_days: 0}                          # optional: no limit, no waiting
//! scoring: {cut: 26}                                               # or cut_percent: 75, exact: "66.67", "200/3"
//! release: at_once                                                 # or held; optional: at_once
//! ```

use crate::{
    blueprint::{Blueprint, Drawable},
    form::{MAX_POSITIONS, Plan},
    mistake::Mistake,
    rational::Rational,
    score::Cut,
    strict::{Object, not_one_of, shown, text},
    text::Text,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An exam, read and found free of contradictions in itself; whether its bank can fill it, [`ExamSpec::plan`] tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamSpec {
    pub slug: String,
    /// The slug of the bank.
    pub bank: String,
    pub title: Option<Text>,
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

const FIELDS: [&str; 8] = ["slug", "bank", "title", "blueprint", "timing", "rules", "scoring", "release"];

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
        let bank = slug_or_file(&object, mistakes);
        let title = object.get("title").map(|title| read_text(title, &object.at("title"), mistakes));
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
        let title = match title {
            None => None,
            Some(read) => Some(read?),
        };
        Some(Self {
            slug: slug?,
            bank: bank?,
            title,
            blueprint: blueprint?,
            timing: timing?,
            rules: rules?,
            cut: cut?,
            release: release?,
        })
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
        if let Some(title) = &self.title {
            value["title"] = json!(title);
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

fn slug(object: &Object<'_>, name: &str, mistakes: &mut Vec<Mistake>) -> Option<String> {
    let pointer = object.at(name);
    let value = text(object.required(name, mistakes)?, &pointer, mistakes)?;
    let fits = (1..=64).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !value.starts_with('-');
    if !fits {
        mistakes.push(Mistake::new(
            pointer,
            "not_a_slug",
            "use up to 64 of a-z, 0-9 and `-`, not beginning with `-`",
            "64字までの英小文字・数字・「-」で、「-」以外から始めてください",
        ));
    }
    fits.then(|| value.to_owned())
}

/// A bank's slug is its file's name without extension; who writes the extension too is told so.
fn slug_or_file(object: &Object<'_>, mistakes: &mut Vec<Mistake>) -> Option<String> {
    let known = ["csv", "json", "yaml", "yml", "gift", "xml", "zip"];
    let named = object.get("bank").and_then(Value::as_str).and_then(|bank| bank.rsplit_once('.'));
    if let Some((stem, _)) = named.filter(|(_, extension)| known.contains(extension)) {
        mistakes.push(Mistake::new(
            object.at("bank"),
            "not_a_slug",
            format!("name the bank without its extension: `{stem}`"),
            format!("拡張子を付けずに「{stem}」と書いてください"),
        ));
        return None;
    }
    slug(object, "bank", mistakes)
}

pub(crate) fn read_text(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<Text> {
    let read = match value {
        Value::String(text) => Text::plain(text),
        Value::Object(map) => {
            let mut texts = BTreeMap::new();
            for (tag, entry) in map {
                texts.insert(tag.clone(), text(entry, &crate::mistake::pointer_to(pointer, tag), mistakes)?.to_owned());
            }
            Text::in_languages(texts)
        }
        other => {
            mistakes.push(Mistake::new(
                pointer,
                "not_a_text",
                format!("{} stands here: write a text, or one for each language like {{ja: …, en: …}}", shown(other)),
                format!(
                    "{}が書かれています。文字列か、{{ja: …, en: …}} のように言語ごとの文字列にしてください",
                    shown(other)
                ),
            ));
            return None;
        }
    };
    read.map_err(|wrong| mistakes.push(Mistake::new(pointer, wrong.code(), wrong.to_string(), wrong.in_japanese())))
        .ok()
}

fn read_timing(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Timing> {
    let object = Object::open(value, "/timing", &["minutes", "grace_seconds"], mistakes)?;
    object.required("minutes", mistakes)?;
    let minutes = object.whole("minutes", 1..=1_440, mistakes);
    let grace_seconds =
        if object.get("grace_seconds").is_some() { object.whole("grace_seconds", 0..=300, mistakes) } else { Some(0) };
    Some(Timing { minutes: minutes?, grace_seconds: grace_seconds? })
}

fn read_rules(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Rules> {
    let object = Object::open(value, "/rules", &["attempts", "cool_down_days"], mistakes)?;
    let attempts = match object.get("attempts") {
        None => None,
        Some(_) => Some(object.whole("attempts", 1..=1_000, mistakes)?),
    };
    let cool_down_days =
        if object.get("cool_down_days").is_some() { object.whole("cool_down_days", 0..=3_650, mistakes)? } else { 0 };
    Some(Rules { attempts, cool_down_days })
}

fn read_cut(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Cut> {
    let object = Object::open(value, "/scoring", &["cut", "cut_percent"], mistakes)?;
    match (object.get("cut"), object.get("cut_percent")) {
        (Some(_), None) => object.whole("cut", 1..=MAX_POSITIONS, mistakes).map(Cut::Points),
        (None, Some(percent)) => {
            let exact = match percent {
                Value::String(text) => text.parse::<Rational>().ok(),
                // A whole number is exact as it stands; a decimal one has been through a binary fraction by now, so that
                // its shortest decimal form is read: what the author wrote, up to 15 digits.
                Value::Number(number) => number.to_string().parse().ok(),
                _ => None,
            };
            let fits = exact.filter(|exact| *exact > Rational::ZERO && *exact <= Rational::from(100));
            if fits.is_none() {
                mistakes.push(Mistake::new(
                    "/scoring/cut_percent",
                    "not_a_percentage",
                    format!("{} stands here: write more than 0 and at most 100, like 75 or \"200/3\"", shown(percent)),
                    format!(
                        "{}が書かれています。0より大きく100以下の数を、75 や \"200/3\" のように書いてください",
                        shown(percent)
                    ),
                ));
            }
            fits.map(Cut::Percent)
        }
        _ => {
            mistakes.push(Mistake::new(
                "/scoring",
                "one_cut",
                "give one of `cut` (points) and `cut_percent`",
                "合格点は cut(点数)か cut_percent(割合)のどちらか一方で書いてください",
            ));
            None
        }
    }
}

fn read_release(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Release> {
    let known = [Release::AtOnce, Release::Held];
    let found = known.into_iter().find(|release| value.as_str() == Some(release.as_str()));
    if found.is_none() {
        mistakes.push(not_one_of(value, "/release", &known.map(Release::as_str)));
    }
    found
}
