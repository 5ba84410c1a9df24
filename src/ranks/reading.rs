//! The parts of a ladder's file, each read with every mistake at once.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde_json::Value;

use super::definition::{Beyond, Contribution, NUMBER, Points, Step, Texts};
use crate::document::{Faults, Fields, is_slug};
use crate::error::Fault;

const MOST_POINTS: u32 = 10_000;
const MOST_AT: u32 = 1_000_000_000;
const MOST_STEPS: usize = 100;
const MOST_ENTRIES: usize = 200;
const LONGEST_TITLE: usize = 80;
const LONGEST_TYPE: usize = 100;

/// A name stands on a badge's width of a page and in a row of a list.
pub(super) fn short(title: &Texts, pointer: &str, faults: &mut Faults) {
    if title.values().any(|text| text.chars().count() > LONGEST_TITLE || text.contains(['\n', '\r', '\t'])) {
        let detail = format!("write a name of at most {LONGEST_TITLE} characters on one line");
        faults.push(Fault::new(pointer, "long_title", detail));
    }
}

pub(super) fn points(value: &Value, faults: &mut Faults) -> Points {
    let mut fields = Fields::of(value, "/points", faults);
    let contributions = list(&mut fields, "contributions", MOST_ENTRIES, faults);
    let contributions = contributions.iter().enumerate().map(|(n, entry)| contribution(n, entry, faults)).collect();
    let exams = by_slug(&mut fields, "exams", faults);
    let credentials = by_slug(&mut fields, "credentials", faults);
    fields.refuse_unknown(faults);
    let points = Points { contributions, exams, credentials };
    same_type(&points.contributions, faults);
    if value.is_object() && points == Points::default() && faults.is_empty() {
        faults.push(Fault::new("/points", "no_points", "say what brings points: contributions, exams or credentials"));
    }
    points
}

fn contribution(n: usize, value: &Value, faults: &mut Faults) -> Contribution {
    let mut fields = Fields::of(value, &format!("/points/contributions/{n}"), faults);
    let kind = fields.required_text("type", faults);
    let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if kind.len() > LONGEST_TYPE || !kind.bytes().all(letters) {
        let detail = "an event type is letters, digits, dots, - and _, such as change.merged";
        faults.push(Fault::new(fields.at("type"), "invalid_type", detail));
    }
    let sources = fields.list("sources", faults).unwrap_or_default();
    fields.required("points", faults);
    let points = fields.number("points", 1, MOST_POINTS, faults).unwrap_or_default();
    fields.refuse_unknown(faults);
    Contribution { r#type: kind, sources, points }
}

/// Which of two entries counts must not depend on their order.
fn same_type(all: &[Contribution], faults: &mut Faults) {
    for (n, one) in all.iter().enumerate().filter(|(_, one)| !one.r#type.is_empty()) {
        let overlaps = |other: &Contribution| {
            let both = one.sources.iter().any(|source| other.sources.contains(source));
            other.r#type == one.r#type && (both || (one.sources.is_empty() && other.sources.is_empty()))
        };
        if all[..n].iter().any(overlaps) {
            let detail = format!("`{}` from the same place stands further up already: keep one of them", one.r#type);
            faults.push(Fault::new(format!("/points/contributions/{n}/type"), "same_type", detail));
        }
    }
}

fn by_slug(fields: &mut Fields<'_>, name: &'static str, faults: &mut Faults) -> BTreeMap<String, u32> {
    let pointer = fields.at(name);
    let Some(value) = fields.value(name) else { return BTreeMap::new() };
    let Some(said) = value.as_object().filter(|map| map.len() <= MOST_ENTRIES) else {
        faults.push(Fault::new(pointer, "not_a_mapping", "write slug: points here, such as {foundations: 50}"));
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for (slug, points) in said {
        let at = format!("{pointer}/{}", slug.replace('~', "~0").replace('/', "~1"));
        if !is_slug(slug) {
            faults.push(Fault::new(&at, "invalid_slug", "a slug is 1 to 60 of a-z, 0-9 and -"));
        }
        match points.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=MOST_POINTS).contains(n)) {
            Some(points) => drop(all.insert(slug.clone(), points)),
            None => {
                let detail = format!("write a whole number from 1 to {MOST_POINTS}");
                faults.push(Fault::new(at, "invalid_number", detail));
            }
        }
    }
    all
}

pub(super) fn steps(value: &Value, faults: &mut Faults) -> Vec<Step> {
    let Some(entries) = value.as_array().filter(|list| (1..=MOST_STEPS).contains(&list.len())) else {
        let detail = format!("write 1 to {MOST_STEPS} steps here, each with `at` and `title`");
        faults.push(Fault::new("/steps", "not_a_list", detail));
        return vec![];
    };
    let mut steps: Vec<Step> = vec![];
    for (n, entry) in entries.iter().enumerate() {
        let pointer = format!("/steps/{n}");
        let mut fields = Fields::of(entry, &pointer, faults);
        fields.required("at", faults);
        let at = fields.number("at", 1, MOST_AT, faults);
        let title = fields.required_texts("title", faults);
        short(&title, &format!("{pointer}/title"), faults);
        fields.refuse_unknown(faults);
        if let (Some(at), Some(before)) = (at, steps.last().map(|step| step.at))
            && at <= before
        {
            let detail = format!("steps go up: write more than {before}");
            faults.push(Fault::new(format!("{pointer}/at"), "not_ascending", detail));
        }
        if steps.iter().any(|step| same_name(&step.title, &title)) {
            let detail = "another step has this name: a rank is known by its name";
            faults.push(Fault::new(format!("{pointer}/title"), "same_title", detail));
        }
        steps.push(Step { at: at.or(steps.last().map(|step| step.at)).unwrap_or_default(), title });
    }
    steps
}

fn same_name(one: &Texts, other: &Texts) -> bool {
    one.iter().any(|(language, text)| other.get(language) == Some(text))
}

pub(super) fn beyond(value: &Value, points: &Points, faults: &mut Faults) -> Option<Beyond> {
    let mut fields = Fields::of(value, "/beyond", faults);
    fields.required("every", faults);
    let every = fields.number("every", 1, MOST_AT, faults).and_then(NonZeroU32::new);
    let title = fields.required_texts("title", faults);
    short(&title, "/beyond/title", faults);
    fields.refuse_unknown(faults);
    if title.values().any(|text| !text.contains(NUMBER)) {
        let detail = "write {n} where the number of the step goes, such as \"Master {n}\"";
        faults.push(Fault::new("/beyond/title", "no_number", detail));
    }
    let contributions = points.contributions.iter().map(|one| one.points);
    let most = contributions.chain(points.exams.values().copied()).chain(points.credentials.values().copied()).max();
    if let (Some(every), Some(most)) = (every, most)
        && every.get() < most
    {
        let detail = format!("nothing may skip a step: write at least {most}, the most points that one thing brings");
        faults.push(Fault::new("/beyond/every", "every_too_small", detail));
    }
    Some(Beyond { every: every?, title })
}

fn list<'v>(fields: &mut Fields<'v>, name: &'static str, most: usize, faults: &mut Faults) -> &'v [Value] {
    let pointer = fields.at(name);
    match fields.value(name).map(Value::as_array) {
        None => &[],
        Some(Some(entries)) if entries.len() <= most => entries,
        Some(_) => {
            faults.push(Fault::new(pointer, "not_a_list", format!("write a list of at most {most} entries here")));
            &[]
        }
    }
}
