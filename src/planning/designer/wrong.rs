//! Where a mistake is to be set right in the form, and how it is told there.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Fault;
use crate::web::i18n::Words;

/// One mistake as the page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The id of its field; empty where the form has none.
    pub field: String,
    pub text: String,
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
pub fn wrongs(w: Words, ids: &BTreeSet<String>, faults: &[Fault]) -> Vec<Wrong> {
    let mut told: Vec<Wrong> = vec![];
    for fault in faults {
        let wrong = Wrong { field: field_of(ids, fault), text: sentence(w, fault) };
        if !told.contains(&wrong) {
            told.push(wrong);
        }
    }
    told
}

fn field_of(ids: &BTreeSet<String>, fault: &Fault) -> String {
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
        if ids.contains(at) {
            return at.to_owned();
        }
        match at.rsplit_once('/') {
            Some((parent, _)) if !parent.is_empty() => at = parent,
            _ => return String::new(),
        }
    }
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
