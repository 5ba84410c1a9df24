//! Where a mistake stands on the form, and what it is called there.

use std::collections::BTreeMap;

use waymark_assess::Mistake;

use super::fields::{PLAIN, TEXTS};
use super::pointed::{Fields, token};
use super::rows::count;
use crate::web::i18n::{Locale, Words};

/// Rows that are found by their names: where the document has them, and the field of the row.
const NAMED: [(&str, &str, &str); 5] = [
    ("/blueprint/domains/", "cell", "need"),
    ("/blueprint/weights/", "cell", "weight"),
    ("/blueprint/tags/", "tag", "least"),
    ("/blueprint/forms/", "form", "items"),
    ("/scoring/cuts/", "form", "cut"),
];

/// Fields that stand for a place of the document under another name or without a value of their own.
const PLACES: [(&str, &str); 19] = [
    ("/blueprint", "way"),
    ("/blueprint/domains", "way"),
    ("/blueprint/weights", "way"),
    ("/blueprint/forms", "way"),
    ("/blueprint/items", "/blueprint/items"),
    ("/blueprint/group_by", "/blueprint/group_by/id_prefix"),
    ("/blueprint/group_by/id_prefix", "/blueprint/group_by/id_prefix"),
    ("/scoring", "/scoring/cut"),
    ("/scoring/cut", "/scoring/cut"),
    ("/scoring/cut_percent", "/scoring/cut_percent"),
    ("/scoring/scale", "/scoring/scale/min"),
    ("/timing", "/timing/minutes"),
    ("/release", "/release"),
    ("/release/on", "/release/on"),
    ("/sections", "/sections"),
    ("/domains", "/domains"),
    ("/outside", "/outside/sources"),
    ("/sitting/requires/exams", "/sitting/requires"),
    ("/sitting/requires/credentials", "/sitting/requires"),
];

/// The id of the field in which a mistake is to be set right; None where no field holds it.
pub fn field_of(fields: &Fields, pointer: &str) -> Option<String> {
    let mut at = pointer;
    loop {
        if let Some(found) = exactly(fields, at) {
            return Some(found);
        }
        at = at.rsplit_once('/').map(|(parent, _)| parent).filter(|parent| !parent.is_empty())?;
    }
}

fn exactly(fields: &Fields, at: &str) -> Option<String> {
    if let Some((_, id)) = PLACES.iter().find(|(place, _)| *place == at) {
        return Some((*id).to_owned());
    }
    if PLAIN.iter().any(|(name, _)| *name == at) || TEXTS.contains(&at) {
        return Some(at.to_owned());
    }
    for (prefix, rows, field) in NAMED {
        let Some(name) = at.strip_prefix(prefix) else { continue };
        let same = |row: &usize| fields.get(&format!("{rows}/{row}/name")).is_some_and(|n| token(n) == name);
        let row = (0..count(fields, rows).unwrap_or(0)).find(same)?;
        return Some(format!("{rows}/{row}/{field}"));
    }
    let (list, rest) = ["/sections", "/domains"].into_iter().find_map(|l| Some((l, at.strip_prefix(l)?)))?;
    let (row, field) = rest.strip_prefix('/')?.split_once('/')?;
    let known = ["name", "domain", "title", "domains", "minutes", "navigation", "break_minutes"];
    let there = row.parse::<usize>().is_ok_and(|row| row < count(fields, list).unwrap_or(0));
    (there && known.contains(&field)).then(|| at.to_owned())
}

/// `examf-timing-minutes` for `/timing/minutes`.
pub fn key(pointer: &str) -> String {
    let plain: Vec<&str> =
        pointer.split('/').filter(|part| !part.is_empty() && part.parse::<usize>().is_err()).collect();
    format!("examf-{}", plain.join("-").replace('_', "-"))
}

/// What people call the field.
pub fn label(w: Words, fields: &Fields, id: &str) -> String {
    let parts: Vec<&str> = id.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        [rows @ ("cell" | "tag" | "form"), row, _] => {
            let name = fields.get(&format!("{rows}/{row}/name")).map_or("", String::as_str);
            w.with1(&format!("examf-row-{rows}"), "name", name)
        }
        [list @ ("sections" | "domains"), row, _] => {
            let place = row.parse::<usize>().map_or(0, |row| row + 1);
            w.with2(&format!("examf-row-{list}"), "place", place, "field", w.t(&key(id)))
        }
        _ => w.t(&key(id)),
    }
}

/// What is wrong, in the words of the form: a sentence that would speak of the file's syntax has one of its own here.
fn sentence(w: Words, mistake: &Mistake) -> String {
    let own = match (mistake.code, mistake.pointer.as_str()) {
        ("missing", "/blueprint")
        | ("not_an_object", "/blueprint/domains" | "/blueprint/weights" | "/blueprint/forms") => {
            "exam-wrong-no-blueprint"
        }
        ("missing" | "one_cut", _) => "exam-wrong-missing",
        ("some_minutes", _) => "exam-wrong-some-minutes",
        ("untimed_exam", _) => "exam-wrong-untimed",
        ("scale_out_of_order", _) => "exam-wrong-scale",
        ("not_a_time", _) => "exam-wrong-time",
        ("contradiction", "/sections") => "exam-wrong-sections-forms",
        _ => return quoted(mistake.message_in(w.lang()), w.locale),
    };
    w.t(own)
}

/// What stands between backquotes in a sentence about a file stands in the quotation marks of the language on a page.
fn quoted(text: &str, locale: Locale) -> String {
    let marks = match locale {
        Locale::Ja => ["「", "」"],
        Locale::En => ["“", "”"],
    };
    let parts = text.split('`').enumerate();
    parts.map(|(n, part)| if n == 0 { part.to_owned() } else { format!("{}{part}", marks[(n + 1) % 2]) }).collect()
}

/// One mistake as the page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The id of its field; empty where the form has none.
    pub field: String,
    /// The name of the field.
    pub name: String,
    pub text: String,
}

/// The mistakes in their order, each with its field.
pub fn wrongs(w: Words, fields: &Fields, mistakes: &[Mistake]) -> Vec<Wrong> {
    let mut told: Vec<Wrong> = vec![];
    for mistake in mistakes {
        let field = field_of(fields, &mistake.pointer).unwrap_or_default();
        let name = if field.is_empty() { mistake.pointer.clone() } else { label(w, fields, &field) };
        let wrong = Wrong { field, name, text: sentence(w, mistake) };
        if !told.contains(&wrong) {
            told.push(wrong);
        }
    }
    told
}

/// The sentences that stand beside each field.
pub fn beside(wrongs: &[Wrong]) -> BTreeMap<String, Vec<String>> {
    let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for wrong in wrongs.iter().filter(|wrong| !wrong.field.is_empty()) {
        by_field.entry(wrong.field.clone()).or_default().push(wrong.text.clone());
    }
    by_field
}
