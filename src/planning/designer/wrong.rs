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
const SAME_FIELD: [(&str, &str); 11] = [
    ("/contributions/sum", "/contributions/at_least"),
    ("/contributions/active_days", "/contributions/at_least"),
    ("/contributions/streak", "/contributions/at_least"),
    ("/window/since/award", "/window/award"),
    ("/window/since/event", "/window/event"),
    ("/score/points", "/score/value"),
    ("/score/percent", "/score/value"),
    ("/score/scaled", "/score/value"),
    ("/tenure/days", "/tenure/n"),
    ("/tenure/months", "/tenure/n"),
    ("/standing/term", "/standing"),
];

/// Where something is missing that may be said in several ways, the field that says how much.
const AMOUNTS: [(&str, &str); 3] = [("/contributions", "/at_least"), ("/tenure", "/n"), ("/score", "/value")];

/// Fields that have a sentence of their own for what is missing in them or does not apply: how their ids end, and the word of the sentence.
const OWN_WORDS: [(&str, &str); 23] = [
    ("/contributions/types", "types"),
    ("/contributions/at_least", "amount"),
    ("/window/days", "window-days"),
    ("/window/award", "window-award"),
    ("/window/event", "window-event"),
    ("/exam/slug", "exam"),
    ("/score/value", "score"),
    ("/held/track", "held"),
    ("/tenure/n", "tenure"),
    ("/attested/role", "role"),
    ("/panel/title", "given"),
    ("/at_least/n", "n"),
    ("/standing/months", "term"),
    ("/validity/months", "validity"),
    ("/renewal/by", "renewal"),
    ("/level/ladder", "ladder"),
    ("/level/step", "step"),
    ("/goal/target", "target"),
    ("/goal", "goal"),
    ("/slug", "slug"),
    ("/kind", "kind"),
    ("/title", "title"),
    ("/criteria", "criteria"),
];

/// The mistakes in their order, each with the nearest field that there is.
pub fn wrongs(w: Words, ids: &Labels, faults: &[Fault]) -> Vec<Wrong> {
    let mut told: Vec<Wrong> = vec![];
    for fault in faults {
        let field = field_of(ids, fault);
        let text = sentence(w, &field, fault);
        let named = match field.is_empty() {
            // What no field shows is named as the file names it.
            true if !fault.pointer.is_empty() => {
                w.with2("track-wrong-named", "field", fault.pointer.trim_start_matches('/'), "text", text.as_str())
            }
            true => text.clone(),
            false => named(w, ids, &field, &text),
        };
        let wrong = Wrong { named, field, text };
        if !told.contains(&wrong) {
            told.push(wrong);
        }
    }
    told
}

/// Where the fault is to be set right, as near as its document says.
fn place_of(fault: &Fault) -> String {
    let at = fault.pointer.as_str();
    // What is missing is named in the sentence and looked for below its place.
    let place = match (fault.code, name_in(fault)) {
        ("missing_field", Some(name)) => format!("{at}/{name}"),
        ("missing_field", None) => {
            let amount = AMOUNTS.into_iter().find(|(end, _)| at.ends_with(end));
            format!("{at}{}", amount.map_or("", |(_, field)| field))
        }
        ("no_validity", _) => "/validity/months".to_owned(),
        ("decided_terms", _) => "/renewal/by".to_owned(),
        // What can be ticked is right: this was typed.
        ("activity_counted" | "bad_type", _) => match at.split_once("/contributions/types/") {
            Some((node, _)) => format!("{node}/contributions/types:own"),
            None => at.to_owned(),
        },
        _ => at.to_owned(),
    };
    SAME_FIELD.into_iter().fold(place, |place, (said, field)| place.replacen(said, field, 1))
}

/// What the sentence of a fault names first.
fn name_in(fault: &Fault) -> Option<&str> {
    fault.detail.split('`').nth(1)
}

fn field_of(ids: &Labels, fault: &Fault) -> String {
    let place = place_of(fault);
    let mut at = place.as_str();
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
fn sentence(w: Words, field: &str, fault: &Fault) -> String {
    let code = match fault.code {
        "wrong_type" if fault.detail.contains("not a whole number") => "invalid-number".to_owned(),
        code => code.replace('_', "-"),
    };
    let own = OWN_WORDS.into_iter().find(|(end, _)| field.ends_with(end)).map_or("", |(_, word)| word);
    let keys = [format!("track-wrong-{code}-{own}"), format!("track-wrong-{code}")];
    match keys.iter().find(|key| w.has(key)) {
        Some(key) => w.with1(key, "name", name_in(fault).unwrap_or_default()),
        None => w.with1("track-wrong-other", "code", fault.code),
    }
}

/// The sentences that stand beside each field.
pub fn beside(wrongs: &[Wrong]) -> BTreeMap<String, Vec<String>> {
    let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for wrong in wrongs.iter().filter(|wrong| !wrong.field.is_empty()) {
        by_field.entry(wrong.field.clone()).or_default().push(wrong.text.clone());
    }
    by_field
}
