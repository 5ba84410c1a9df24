//! What differs between two versions: field by field, word by word.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use similar::{Algorithm, ChangeTag, TextDiff};

/// Long texts that have nothing in common are told apart roughly after this.
const LONGEST_LOOK: Duration = Duration::from_millis(200);

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// From the name of a bank file's field (`question`, `answers`, …) inwards.
    pub path: Vec<Step>,
    /// The language of the text, where it has one.
    pub language: Option<String>,
    pub pieces: Vec<Piece>,
}

/// One step inwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Name(String),
    /// The place of an option and the like, counted from 0.
    Place(usize),
}

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Gone(String),
    New(String),
}

/// The fields that differ between two items as their fields, in the order of their names.
pub fn diff(old: &Value, new: &Value) -> Vec<Changed> {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    leaves(&[], old, &mut before);
    leaves(&[], new, &mut after);
    let mut places: Vec<&Place> = before.keys().chain(after.keys()).collect();
    places.sort();
    places.dedup();
    let empty = String::new();
    let changed = places.into_iter().filter_map(|place| {
        let (old, new) = (before.get(place).unwrap_or(&empty), after.get(place).unwrap_or(&empty));
        let (path, language) = place.clone();
        (old != new).then(|| Changed { path, language, pieces: pieces(old, new) })
    });
    changed.collect()
}

type Place = (Vec<Step>, Option<String>);

/// Fields that are a list of texts, each of which is told by its place.
const LISTS: [&str; 4] = ["answers", "sources", "targets", "pool"];

/// Texts by where they stand and their language; a list of short values is one text.
fn leaves(path: &[Step], value: &Value, found: &mut BTreeMap<Place, String>) {
    let inner = |step: Step| [path, std::slice::from_ref(&step)].concat();
    match value {
        Value::Object(texts) if is_by_language(texts) => {
            for (tag, text) in texts {
                found.insert((path.to_vec(), Some(tag.clone())), shown(text));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                leaves(&inner(Step::Name(name.clone())), member, found);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) || is_list_of_texts(path) => {
            for (n, entry) in list.iter().enumerate() {
                leaves(&inner(Step::Place(n)), entry, found);
            }
        }
        Value::Array(list) => {
            let words: Vec<String> = list.iter().map(shown).collect();
            found.insert((path.to_vec(), None), words.join(", "));
        }
        other => {
            found.insert((path.to_vec(), None), shown(other));
        }
    }
}

fn is_list_of_texts(path: &[Step]) -> bool {
    let ids = path.first() == Some(&Step::Name("ids".to_owned()));
    !ids && matches!(path.last(), Some(Step::Name(name)) if LISTS.contains(&name.as_str()))
}

/// Whether each name is a language tag, and each member a text.
fn is_by_language(members: &serde_json::Map<String, Value>) -> bool {
    let is_tag = |tag: &str| {
        let primary = tag.split('-').next().unwrap_or_default();
        (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase())
    };
    !members.is_empty() && members.iter().all(|(name, member)| is_tag(name) && member.is_string())
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (before, after) = (words(old), words(new));
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).timeout(LONGEST_LOOK).diff_slices(&before, &after);
    let mut pieces: Vec<Piece> = vec![];
    for change in diff.iter_all_changes() {
        let word = change.value();
        match (change.tag(), pieces.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(text)))
            | (ChangeTag::Delete, Some(Piece::Gone(text)))
            | (ChangeTag::Insert, Some(Piece::New(text))) => text.push_str(word),
            (ChangeTag::Equal, _) => pieces.push(Piece::Same(word.to_owned())),
            (ChangeTag::Delete, _) => pieces.push(Piece::Gone(word.to_owned())),
            (ChangeTag::Insert, _) => pieces.push(Piece::New(word.to_owned())),
        }
    }
    pieces
}

/// Words of alphabets and numbers; white space; every other character by itself, since Japanese puts nothing between its words.
fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_whitespace() => 0,
        c if c.is_alphanumeric() && u32::from(c) < 0x2E80 => 1,
        _ => 2,
    };
    let (mut words, mut start, mut last) = (vec![], 0, None);
    for (at, c) in text.char_indices() {
        let now = kind(c);
        if last.is_some_and(|last| last != now || now == 2) {
            words.push(&text[start..at]);
            start = at;
        }
        last = Some(now);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_told_apart_in_both_scripts() {
        assert_eq!(words("It is 28.5 MHz."), ["It", " ", "is", " ", "28", ".", "5", " ", "MHz", "."]);
        assert_eq!(words("周波数は28MHz"), ["周", "波", "数", "は", "28MHz"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn names_the_fields_and_the_words_that_differ() {
        let old = json!({"question": {"ja": "これは何？", "en": "What is this?"}, "answers": ["one", "two"], "correct": 0, "tags": ["x"]});
        let new = json!({"question": {"ja": "これは誰？", "en": "What is this?"}, "answers": ["one", "three"], "correct": 1, "domain": "d", "tags": ["x"]});
        let found = diff(&old, &new);
        let names: Vec<(Vec<Step>, Option<&str>)> =
            found.iter().map(|c| (c.path.clone(), c.language.as_deref())).collect();
        let name = |name: &str| Step::Name(name.to_owned());
        assert_eq!(
            names,
            [
                (vec![name("answers"), Step::Place(1)], None),
                (vec![name("correct")], None),
                (vec![name("domain")], None),
                (vec![name("question")], Some("ja"))
            ]
        );
        let same = |text: &str| Piece::Same(text.to_owned());
        let expected = [same("これは"), Piece::Gone("何".to_owned()), Piece::New("誰".to_owned()), same("？")];
        assert_eq!(found[3].pieces, expected);
        assert_eq!(found[2].pieces, [Piece::New("d".to_owned())]);
        assert!(diff(&old, &old).is_empty());
    }

    #[test]
    fn goes_into_gaps_and_cases() {
        let item = |word: &str| {
            json!({"gaps": {"g1": {"answers": [{"ja": "甲"}, {"ja": word}], "correct": [0]}}, "stimulus": {"id": "c", "text": word},
                "rubric": [{"text": word, "points": 2}], "ids": {"answers": ["a", "b"]}})
        };
        let found = diff(&item("乙"), &item("丙"));
        let paths: Vec<usize> = found.iter().map(|changed| changed.path.len()).collect();
        assert_eq!(paths, [4, 3, 2]);
        assert_eq!(found[0].language.as_deref(), Some("ja"));
    }
}
