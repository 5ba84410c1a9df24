//! An item between two formats: what the readers of QTI, Moodle XML, GIFT and Aiken come to, and what their writers start
//! from. It becomes the fields of a bank file, so that every format passes the same checks.

mod answered;
mod kind;

pub(in crate::interchange) use kind::{Answer, Area, Fill, Gap, Kind, Pool, Range, Words};

use super::{About, Entries, Entry, losses};
use crate::mistake::Mistake;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// One item, its texts in Markdown and in one language.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::interchange) struct Draft {
    pub file: Option<String>,
    pub line: usize,
    /// The id that the file gives, if any; else one is made from `name` or the question.
    pub id: Option<String>,
    pub name: String,
    pub language: Option<String>,
    pub stem: String,
    pub kind: Kind,
    pub domain: Option<String>,
    pub tags: Vec<String>,
    pub refs: Vec<String>,
    pub rationale: Option<String>,
    /// Under which name [`Entries::pictures`] holds it, and what it shows.
    pub picture: Option<(String, String)>,
    pub losses: Vec<Mistake>,
}

/// What a reader makes of one item of its file.
pub(in crate::interchange) type Read = Result<Draft, Unread>;

/// Why an item was not read, and what it is called.
#[derive(Debug, Clone, Default)]
pub(in crate::interchange) struct Unread {
    pub file: Option<String>,
    pub line: usize,
    pub name: Option<String>,
    pub mistakes: Vec<Mistake>,
}

/// The entries of a file from what its reader found; ids are made where the file has none.
pub(in crate::interchange) fn entries(read: Vec<Read>, pictures: BTreeMap<String, Vec<u8>>) -> Entries {
    let mut taken = BTreeSet::new();
    let explicit = read.iter().flatten().filter_map(|draft| draft.id.clone()).collect::<BTreeSet<_>>();
    let mut out = Entries { pictures, ..Entries::default() };
    for item in read {
        out.entries.push(match item {
            Ok(draft) => {
                let id = draft.id.clone().unwrap_or_else(|| id_for(&draft, &mut taken, &explicit));
                entry(draft, id)
            }
            Err(unread) => {
                let mut mistakes = unread.mistakes.into_iter();
                let first = mistakes.next().unwrap_or_else(losses::unknown_kind);
                let about =
                    About { file: unread.file, name: unread.name, more: mistakes.collect(), ..About::default() };
                Entry { line: unread.line, fields: Err(first), about }
            }
        });
    }
    out
}

fn entry(draft: Draft, id: String) -> Entry {
    let (answered, fields) = match answered::of(&draft).transpose() {
        Ok(answered) => (answered, Ok(draft.fields(&id))),
        Err(mistake) => (None, Err(mistake)),
    };
    let per_part = matches!(draft.kind, Kind::Choice { multiple: true, per_part: true, .. });
    let about = About { file: draft.file, name: Some(id), losses: draft.losses, more: Vec::new(), answered, per_part };
    Entry { line: draft.line, fields, about }
}

/// From its name; where another item of the file has that name too, a piece of the hash of its question tells them apart.
fn id_for(draft: &Draft, taken: &mut BTreeSet<String>, explicit: &BTreeSet<String>) -> String {
    let hash = crate::canonical::hex(&Sha256::digest(format!("{}\0{:?}", draft.stem, option_texts(&draft.kind))));
    let name = as_id(&draft.name);
    let name = if name.is_empty() { format!("q-{}", &hash[..10]) } else { name };
    let free = |id: &String| !explicit.contains(id);
    if free(&name) && taken.insert(name.clone()) {
        return name;
    }
    let longer = format!("{}-{}", name.chars().take(50).collect::<String>(), &hash[..8]);
    if free(&longer) && taken.insert(longer.clone()) {
        return longer;
    }
    // The same question with another answer; with the same answer, too, it is one item twice.
    let key = crate::canonical::hex(&Sha256::digest(key_text(&draft.kind)));
    format!("{}-{}-{}", name.chars().take(40).collect::<String>(), &hash[..8], &key[..8])
}

/// The answers of kinds that have no options to tell them apart.
fn key_text(kind: &Kind) -> String {
    match kind {
        Kind::TrueFalse(truth) => truth.to_string(),
        Kind::Number(ranges) => {
            ranges.iter().map(|range| format!("{}±{}={};", range.value, range.tolerance, range.share)).collect()
        }
        Kind::Words(words) => words.accepted.iter().map(|(text, share)| format!("{text}={share};")).collect(),
        _ => String::new(),
    }
}

fn option_texts(kind: &Kind) -> Vec<&str> {
    match kind {
        Kind::Choice { answers, .. } => answers.iter().map(|answer| answer.text.as_str()).collect(),
        Kind::Order { options, .. } => options.iter().map(String::as_str).collect(),
        Kind::Match { sources, .. } => sources.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether an item can have this id.
pub(in crate::interchange) fn is_id(id: &str) -> bool {
    id.chars().count() <= crate::item::MAX_SLUG
        && id.starts_with(char::is_alphanumeric)
        && id.chars().all(|c| c.is_alphanumeric() || "._:-".contains(c))
}

/// Letters, digits and `._:-` of a name, other signs as `-`; up to 60 characters.
pub(in crate::interchange) fn as_id(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        if out.chars().count() >= 60 {
            break;
        }
        if c.is_alphanumeric() || (!out.is_empty() && "._:".contains(c)) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches(['-', '.', '_', ':']).to_owned()
}

impl Draft {
    fn text(&self, text: &str) -> Value {
        match &self.language {
            Some(tag) if crate::text::is_language_tag(tag) => json!({ tag: text }),
            _ => json!(text),
        }
    }

    fn texts<'t>(&self, texts: impl IntoIterator<Item = &'t String>) -> Value {
        texts.into_iter().map(|text| self.text(text)).collect()
    }

    /// The fields of a bank file.
    fn fields(&self, id: &str) -> Value {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("id", json!(id));
        put("question", self.text(&answered::stem(self)));
        if let Some(domain) = &self.domain {
            put("domain", json!(as_id(domain)));
        }
        let tags: BTreeSet<String> = self.tags.iter().map(|tag| as_id(tag)).filter(|tag| !tag.is_empty()).collect();
        if !tags.is_empty() {
            put("tags", json!(tags));
        }
        if !self.refs.is_empty() {
            put("refs", json!(self.refs));
        }
        if let Some(rationale) = self.rationale.as_deref().filter(|text| !text.trim().is_empty()) {
            put("rationale", self.text(rationale));
        }
        if let Some((name, alt)) = &self.picture {
            put("figure", json!(name));
            if !alt.is_empty() {
                put("figure_alt", self.text(alt));
            }
        }
        for (name, value) in self.answer_fields() {
            fields.insert(name.to_owned(), value);
        }
        Value::Object(fields)
    }

    fn answer_fields(&self) -> Vec<(&'static str, Value)> {
        match &self.kind {
            Kind::Choice { multiple, answers, choose, stated, per_part: _ } => {
                let places = |wanted: fn(&Answer) -> bool| {
                    answers.iter().enumerate().filter(move |(_, a)| wanted(a)).map(|(n, _)| n).collect::<Vec<_>>()
                };
                let right = places(|answer| answer.right);
                let mut fields = vec![
                    ("type", json!(if *multiple { "multiple_choice" } else { "single_choice" })),
                    ("answers", self.texts(answers.iter().map(|answer| &answer.text))),
                    ("correct", if *multiple || right.len() != 1 { json!(right) } else { json!(right[0]) }),
                ];
                fields.extend(choose.map(|choose| ("choose", json!(choose))));
                if *stated {
                    fields.push(("fixed", json!(places(|answer| answer.fixed))));
                }
                fields
            }
            // What stands here is replaced by interaction and key: these kinds have no fields of their own.
            _ => vec![("answers", [self.text("a"), self.text("b")].into()), ("correct", json!(0))],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids() {
        assert_eq!(as_id("What's 2 + 2?"), "What-s-2-2");
        assert_eq!(as_id(" 第1問: 安全 "), "第1問:-安全");
        assert_eq!(as_id("../../etc/passwd"), "etc-passwd");
        assert_eq!(as_id("…"), "");
        assert!(is_id(&as_id(&"長い名前".repeat(100))));
    }

    #[test]
    fn two_items_of_one_name_keep_apart_whatever_is_added_later() {
        let draft =
            |name: &str, stem: &str| -> Read { Ok(Draft { name: name.into(), stem: stem.into(), ..Draft::default() }) };
        let ids = |read: Vec<Read>| -> Vec<String> {
            entries(read, BTreeMap::new()).entries.into_iter().filter_map(|e| e.about.name).collect()
        };
        let two = ids(vec![draft("Q", "one"), draft("Q", "two")]);
        assert_eq!(two[0], "Q");
        assert!(two[1].starts_with("Q-") && two[1].len() == 10);
        let asked = |truth: bool| -> Read {
            Ok(Draft { name: "Q".into(), stem: "one".into(), kind: Kind::TrueFalse(truth), ..Draft::default() })
        };
        let same = ids(vec![asked(true), asked(true), asked(true), asked(false), asked(true)]);
        assert!(same[..4].iter().collect::<BTreeSet<_>>().len() == 4 && same[4] == same[2], "{same:?}");
        let three = ids(vec![draft("Q", "one"), draft("", "zero"), draft("Q", "two")]);
        assert_eq!((&three[0], &three[2]), (&two[0], &two[1]));
        assert!(three[1].starts_with("q-"));
    }
}
