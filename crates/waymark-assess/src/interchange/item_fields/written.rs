//! Essays and uploads with their rubric.

use super::{Family, filled, optional, read_words, typed};
use crate::{
    item::{Criterion, Essay, FileKind, Interaction, KeyKind, MAX_ESSAY, MAX_POINTS, MAX_UPLOAD, Rubric, Upload},
    mistake::{Mistake, pointer_to},
    strict::{Object, not_one_of, whole},
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Longest essay that does not say, in characters.
const USUAL_ESSAY: u32 = 5_000;
/// Largest upload that does not say.
const USUAL_UPLOAD: u32 = 5 * 1024 * 1024;

pub(super) fn essay(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let max_length = typed::max_length(object, MAX_ESSAY, wrong);
    let key = rubric(object, wrong);
    let interaction = Interaction::Essay(Essay { max_length: max_length?.unwrap_or(USUAL_ESSAY) });
    Some(Family { interaction, key: key?, kept: Vec::new() })
}

/// `files: [pdf, png]` names the kinds that may be handed in.
pub(super) fn upload(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let names = match filled(object, "files", wrong)? {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut kinds = BTreeSet::new();
    for (n, name) in names.iter().enumerate() {
        match name.as_str().and_then(FileKind::parse) {
            Some(kind) => {
                kinds.insert(kind);
            }
            None => wrong.push(not_one_of(name, &pointer_to("/files", n), &FileKind::ALL.map(FileKind::as_str))),
        }
    }
    let max_bytes = match optional(object, "max_bytes") {
        Some(value) => whole(value, "/max_bytes", 1..=MAX_UPLOAD, wrong),
        None => Some(USUAL_UPLOAD),
    };
    let key = rubric(object, wrong);
    let interaction = Interaction::Upload(Upload { kinds, max_bytes: max_bytes? });
    Some(Family { interaction, key: key?, kept: Vec::new() })
}

/// `rubric: [{text, points}]`.
fn rubric(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<KeyKind> {
    let Some(list) = filled(object, "rubric", wrong)?.as_array() else {
        wrong.push(Mistake::new(
            "/rubric",
            "not_a_list",
            "a rubric is a list of what counts and for how much: [{text: …, points: 3}]",
            "rubric には、観点と配点を [{text: …, points: 3}] のように並べて書いてください",
        ));
        return None;
    };
    let criterion = |(n, value): (usize, &Value)| {
        let line = Object::open(value, &pointer_to("/rubric", n), &["text", "points"], wrong)?;
        let text = line.required("text", wrong).and_then(|text| read_words(text, &line.at("text"), wrong));
        let points = line.required("points", wrong)?;
        Some(Criterion { text: text?, points: whole(points, &line.at("points"), 1..=MAX_POINTS, wrong)? })
    };
    let criteria: Option<Vec<Criterion>> = list.iter().enumerate().map(criterion).collect();
    Some(KeyKind::Rubric(Rubric { criteria: criteria? }))
}
