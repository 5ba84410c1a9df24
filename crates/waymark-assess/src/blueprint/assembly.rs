//! What a blueprint may ask for beyond counts from domains or groups. Its forms follow ALGORITHM 2.
//!
//! ```yaml
//! blueprint:
//!   weights: {security: 60, people: 40}     # percent that add up to 100; or `domains`, or `group_by` with `one_from_each`
//!   items: 20                               # scored items, with `weights`
//!   tags: {calculation: {at_least: 3, at_most: 8}, recall: 5}
//!   pretest: 3                              # unscored items in each form, not marked as such
//!   exposure: {at_most: 200}                # an item stands in at most so many forms of this exam
//!   avoid: {last_attempts: 2}               # nothing from the candidate's last two forms
//! blueprint:
//!   forms: {a: [T1A01, T1A02], b: [T1B01, T1B02]}    # fixed forms, in this order
//! ```

use super::{GroupBy, apportion::WHOLE};
use crate::{
    form::MAX_POSITIONS,
    mistake::{Mistake, pointer_to},
    strict::{Object, shown, text, whole},
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most earlier forms that a blueprint may have avoided.
pub const MOST_AVOIDED: u32 = 20;
/// Most fixed forms of an exam.
pub const MOST_FORMS: usize = 50;

/// A blueprint with rules of its own for assembly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    pub base: Base,
    /// How many of the scored items of a form carry a tag.
    pub tags: BTreeMap<String, Bounds>,
    /// Unscored items in each form.
    pub pretest: u32,
    /// In how many forms of the exam an item may stand.
    pub exposure: Option<u32>,
    /// From how many of the candidate's last forms nothing is drawn.
    pub avoid_last: u32,
}

/// What the scored items of a form are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base {
    /// One item from each group.
    OneFromEach(GroupBy),
    /// So many items from each domain.
    PerDomain(BTreeMap<String, u32>),
    /// So many items, shared out to the domains by weight: hundredths of a percent.
    Weighted { weights: BTreeMap<String, u32>, items: u32 },
    /// Fixed forms by name: ids of items in their order.
    Forms(BTreeMap<String, Vec<String>>),
}

/// From `at_least` to `at_most` items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub at_least: u32,
    /// `None` is without limit.
    pub at_most: Option<u32>,
}

impl Assembly {
    pub(super) fn plain(base: Base) -> Self {
        Self { base, tags: BTreeMap::new(), pretest: 0, exposure: None, avoid_last: 0 }
    }

    pub(super) fn to_value(&self) -> Value {
        let mut value = match &self.base {
            Base::OneFromEach(GroupBy::IdPrefix(n)) => json!({"group_by": {"id_prefix": n}, "one_from_each": "group"}),
            Base::PerDomain(domains) => json!({"domains": domains}),
            Base::Weighted { weights, items } => {
                let written: Map<String, Value> = weights.iter().map(|(name, w)| (name.clone(), percent(*w))).collect();
                json!({"weights": written, "items": items})
            }
            Base::Forms(forms) => json!({"forms": forms}),
        };
        if !self.tags.is_empty() {
            let bounds = |bounds: &Bounds| match bounds.at_most {
                Some(most) if most == bounds.at_least => json!(most),
                Some(most) => json!({"at_least": bounds.at_least, "at_most": most}),
                None => json!({"at_least": bounds.at_least}),
            };
            value["tags"] = self.tags.iter().map(|(tag, b)| (tag.clone(), bounds(b))).collect::<Map<_, _>>().into();
        }
        if self.pretest > 0 {
            value["pretest"] = json!(self.pretest);
        }
        if let Some(most) = self.exposure {
            value["exposure"] = json!({"at_most": most});
        }
        if self.avoid_last > 0 {
            value["avoid"] = json!({"last_attempts": self.avoid_last});
        }
        value
    }

    /// Reads what stands beside the base; members that are not there stay as they are.
    pub(super) fn read_rest(&mut self, object: &Object<'_>, mistakes: &mut Vec<Mistake>) {
        if let Some(tags) = object.get("tags") {
            self.tags = read_tags(tags, &object.at("tags"), mistakes);
        }
        if object.get("pretest").is_some() {
            self.pretest = object.whole("pretest", 0..=MAX_POSITIONS, mistakes).unwrap_or_default();
        }
        if let Some(exposure) = object.get("exposure")
            && let Some(inner) = Object::open(exposure, &object.at("exposure"), &["at_most"], mistakes)
        {
            inner.required("at_most", mistakes);
            self.exposure = inner.whole("at_most", 1..=1_000_000, mistakes);
        }
        if let Some(avoid) = object.get("avoid")
            && let Some(inner) = Object::open(avoid, &object.at("avoid"), &["last_attempts"], mistakes)
        {
            inner.required("last_attempts", mistakes);
            self.avoid_last = inner.whole("last_attempts", 1..=MOST_AVOIDED, mistakes).unwrap_or_default();
        }
        if matches!(self.base, Base::Forms(_)) {
            for name in ["tags", "pretest"].into_iter().filter(|name| object.get(name).is_some()) {
                mistakes.push(Mistake::new(
                    object.at(name),
                    "contradiction",
                    format!("`{name}` does not go with `forms`: a fixed form says itself what stands in it"),
                    format!("「{name}」は「forms」と一緒には使えません。固定の出題セットでは、並べた設問がすべてです"),
                ));
            }
        }
    }
}

/// `60` or `12.5`, as a number where it is a whole one.
fn percent(hundredths: u32) -> Value {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => json!(whole),
        (whole, part) if part % 10 == 0 => json!(format!("{whole}.{}", part / 10)),
        (whole, part) => json!(format!("{whole}.{part:02}")),
    }
}

pub(super) fn read_weights(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<BTreeMap<String, u32>> {
    let Some(map) = value.as_object().filter(|map| !map.is_empty()) else {
        mistakes.push(Mistake::new(
            pointer,
            "not_an_object",
            "`weights` says how much of a form each domain makes up, in percent: write `{security: 60, people: 40}`",
            "weights には領域ごとの配分を%で書きます。例: {security: 60, people: 40}",
        ));
        return None;
    };
    let before = mistakes.len();
    let weights: BTreeMap<String, u32> = map
        .iter()
        .filter_map(|(name, share)| {
            let read = hundredths(share);
            if read.is_none() {
                mistakes.push(Mistake::new(
                    pointer_to(pointer, name),
                    "not_a_percentage",
                    format!(
                        "{} stands here: write more than 0 and at most 100, with at most two decimals",
                        shown(share)
                    ),
                    format!(
                        "{}が書かれています。0より大きく100以下の数を、小数第2位までで書いてください",
                        shown(share)
                    ),
                ));
            }
            Some((name.clone(), read?))
        })
        .collect();
    let total: u32 = weights.values().copied().fold(0, u32::saturating_add);
    if before == mistakes.len() && total != WHOLE {
        let is = percent(total).to_string().replace('"', "");
        mistakes.push(Mistake::new(
            pointer,
            "weights_not_100",
            format!("the weights add up to {is} %: make it 100"),
            format!("配分を合わせると{is}%です。100%にしてください"),
        ));
    }
    (before == mistakes.len()).then_some(weights)
}

fn hundredths(value: &Value) -> Option<u32> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > 3 || part.len() > 2 {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    let all = whole.parse::<u32>().ok()? * 100 + part;
    (1..=WHOLE).contains(&all).then_some(all)
}

fn read_tags(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> BTreeMap<String, Bounds> {
    let Some(map) = value.as_object() else {
        mistakes.push(Mistake::new(
            pointer,
            "not_an_object",
            "`tags` says how many items of a form carry a tag: write `{calculation: {at_least: 3, at_most: 8}, recall: 5}`",
            "tags には、そのタグの付いた設問の数を書きます。例: {calculation: {at_least: 3, at_most: 8}, recall: 5}",
        ));
        return BTreeMap::new();
    };
    map.iter().filter_map(|(tag, b)| Some((tag.clone(), bounds(b, &pointer_to(pointer, tag), mistakes)?))).collect()
}

fn bounds(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<Bounds> {
    if !value.is_object() {
        let exact = whole(value, pointer, 0..=MAX_POSITIONS, mistakes)?;
        return Some(Bounds { at_least: exact, at_most: Some(exact) });
    }
    let object = Object::open(value, pointer, &["at_least", "at_most"], mistakes)?;
    let read = |name: &str, mistakes: &mut Vec<Mistake>| {
        object.get(name).map(|_| object.whole(name, 0..=MAX_POSITIONS, mistakes))
    };
    let (least, most) = (read("at_least", mistakes), read("at_most", mistakes));
    if least.is_none() && most.is_none() {
        mistakes.push(Mistake::new(
            pointer,
            "missing",
            "say `at_least`, `at_most` or both",
            "at_least(以上)か at_most(以下)、または両方を書いてください",
        ));
        return None;
    }
    let (at_least, at_most) = (least.unwrap_or(Some(0))?, most.map_or(Some(None), |m| m.map(Some))?);
    if at_most.is_some_and(|most| most < at_least) {
        mistakes.push(Mistake::new(
            pointer,
            "contradiction",
            "`at_most` is less than `at_least`: no number fits",
            "at_most が at_least より小さいので、どんな数も当てはまりません",
        ));
        return None;
    }
    Some(Bounds { at_least, at_most })
}

pub(super) fn read_forms(
    value: &Value,
    pointer: &str,
    mistakes: &mut Vec<Mistake>,
) -> Option<BTreeMap<String, Vec<String>>> {
    let fits = |name: &String| (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let Some(map) = value.as_object().filter(|m| !m.is_empty() && m.len() <= MOST_FORMS && m.keys().all(fits)) else {
        mistakes.push(Mistake::new(
            pointer,
            "not_an_object",
            format!(
                "`forms` lists items under the names of 1 to {MOST_FORMS} forms: write `{{a: [T1, T2], b: [T3, T4]}}`"
            ),
            format!(
                "forms には、1から{MOST_FORMS}までの出題セットを名前ごとに書きます。例: {{a: [T1, T2], b: [T3, T4]}}"
            ),
        ));
        return None;
    };
    let before = mistakes.len();
    let mut forms = BTreeMap::new();
    for (name, list) in map {
        let at = pointer_to(pointer, name);
        let most = usize::try_from(MAX_POSITIONS).expect("usize holds 32 bits on every platform served");
        let Some(list) = list.as_array().filter(|list| (1..=most).contains(&list.len())) else {
            mistakes.push(Mistake::new(
                at,
                "not_a_list",
                format!("write a list of 1 to {MAX_POSITIONS} ids of items"),
                format!("設問のidを1から{MAX_POSITIONS}まで並べてください"),
            ));
            continue;
        };
        let mut slugs: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for (n, slug) in list.iter().enumerate() {
            let Some(slug) = text(slug, &pointer_to(&at, n), mistakes) else { continue };
            if seen.insert(slug) {
                slugs.push(slug.to_owned());
            } else {
                mistakes.push(Mistake::new(
                    pointer_to(&at, n),
                    "repeated",
                    format!("item `{slug}` stands in this form already: keep it once"),
                    format!("設問「{slug}」はこの出題セットにもうあります。一つにしてください"),
                ));
            }
        }
        forms.insert(name.clone(), slugs);
    }
    (before == mistakes.len()).then_some(forms)
}
