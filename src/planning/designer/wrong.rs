//! Where a mistake is to be set right in the form, and how it is told there.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::web::i18n::Words;

/// The fields that there are by their id, and what each is called: nothing where it has no name of its own.
pub type Labels = BTreeMap<String, String>;

/// One mistake as the page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The id of its field; empty where the form has none.
    pub field: String,
    pub text: String,
    /// The same with the name of the field before it, for where the field is not at hand.
    pub named: String,
}

/// Of a requirement, what is said in one of several ways has one field.
const SAME_FIELD: [(&str, &str); 5] = [
    ("/contributions/sum", "/contributions/at_least"),
    ("/contributions/active_days", "/contributions/at_least"),
    ("/contributions/streak", "/contributions/at_least"),
    ("/tenure/days", "/tenure/n"),
    ("/tenure/months", "/tenure/n"),
];

/// The mistakes in their order, each with the nearest field that there is.
pub fn wrongs(w: Words, ids: &Labels, faults: &[Fault]) -> Vec<Wrong> {
    let mut told: Vec<Wrong> = vec![];
    for fault in faults {
        let (field, text) = (field_of(ids, fault), sentence(w, fault));
        let wrong = Wrong { named: named(w, ids, &field, &text), field, text };
        if !told.contains(&wrong) {
            told.push(wrong);
        }
    }
    told
}

fn field_of(ids: &Labels, fault: &Fault) -> String {
    // What is missing is named in the sentence and looked for below its place.
    let missing = fault.detail.split('`').nth(1).filter(|_| fault.code == "missing_field");
    let mut pointer = match missing {
        Some(name) => format!("{}/{name}", fault.pointer),
        None => fault.pointer.clone(),
    };
    for (said, field) in SAME_FIELD {
        if let Some(at) = pointer.find(said) {
            pointer.replace_range(at..at + said.len(), field);
        }
    }
    let mut at = pointer.as_str();
    loop {
        if ids.contains_key(at) {
            return at.to_owned();
        }
        match at.rsplit_once('/') {
            Some((parent, _)) if !parent.is_empty() => at = parent,
            _ => return String::new(),
        }
    }
}

/// The sentence after the name of its field and, in a list of requirements, of the requirement.
fn named(w: Words, ids: &Labels, field: &str, text: &str) -> String {
    let label = |id: &str| ids.get(id).filter(|label| !label.is_empty());
    let above = field.match_indices('/').rev().map(|(end, _)| &field[..end]);
    let within = std::iter::once(field).chain(above).find_map(|at| {
        let place: usize = at.rsplit('/').next()?.parse().ok()?;
        Some((place + 1, label(at)?, at == field))
    });
    let of = match (within, label(field)) {
        (Some((n, node, false)), Some(own)) => {
            w.with("track-wrong-within", &[("n", &n), ("node", &node.as_str()), ("field", &own.as_str())])
        }
        (Some((n, node, _)), _) => w.with2("track-wrong-node", "n", n, "node", node.as_str()),
        (None, Some(own)) => own.clone(),
        (None, None) => return text.to_owned(),
    };
    w.with2("track-wrong-named", "field", of.as_str(), "text", text)
}

/// In the language of the reader. The sentences of the definition speak of its file, in English; those are for the file.
fn sentence(w: Words, fault: &Fault) -> String {
    let key = format!("track-wrong-{}", fault.code.replace('_', "-"));
    if w.has(&key) {
        return w.t(&key);
    }
    w.with1("track-wrong-other", "code", fault.code)
}

/// The sentences that stand beside each field.
pub fn beside(wrongs: &[Wrong]) -> BTreeMap<String, Vec<String>> {
    let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for wrong in wrongs.iter().filter(|wrong| !wrong.field.is_empty()) {
        by_field.entry(wrong.field.clone()).or_default().push(wrong.text.clone());
    }
    by_field
}
