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
    /// The name of a bank file's field: `question`, `answers`, …
    pub field: String,
    /// The place of an option and the like, counted from 0.
    pub place: Option<usize>,
    /// The language of the text, where it has one.
    pub language: Option<String>,
    pub pieces: Vec<Piece>,
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
    let (old, new) = (leaves(old), leaves(new));
    let mut places: Vec<&Place> = old.keys().chain(new.keys()).collect();
    places.sort();
    places.dedup();
    let empty = String::new();
    let changed = places.into_iter().filter_map(|place| {
        let (before, after) = (old.get(place).unwrap_or(&empty), new.get(place).unwrap_or(&empty));
        let (field, number, language) = place.clone();
        (before != after).then(|| Changed { field, place: number, language, pieces: pieces(before, after) })
    });
    changed.collect()
}

type Place = (String, Option<usize>, Option<String>);

/// Texts by field, place and language; a list of short values is one text.
fn leaves(item: &Value) -> BTreeMap<Place, String> {
    let mut found = BTreeMap::new();
    for (field, value) in item.as_object().into_iter().flatten() {
        match value {
            Value::Array(list) if list.iter().any(Value::is_object) || field == "answers" => {
                for (n, entry) in list.iter().enumerate() {
                    texts(field, Some(n), entry, &mut found);
                }
            }
            Value::Array(list) => {
                let words: Vec<String> = list.iter().map(shown).collect();
                found.insert((field.clone(), None, None), words.join(", "));
            }
            other => texts(field, None, other, &mut found),
        }
    }
    found
}

fn texts(field: &str, place: Option<usize>, value: &Value, found: &mut BTreeMap<Place, String>) {
    match value {
        Value::Object(languages) => {
            for (tag, text) in languages {
                found.insert((field.to_owned(), place, Some(tag.clone())), shown(text));
            }
        }
        other => {
            found.insert((field.to_owned(), place, None), shown(other));
        }
    }
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
        let names: Vec<(&str, Option<usize>, Option<&str>)> =
            found.iter().map(|c| (c.field.as_str(), c.place, c.language.as_deref())).collect();
        assert_eq!(
            names,
            [
                ("answers", Some(1), None),
                ("correct", None, None),
                ("domain", None, None),
                ("question", None, Some("ja"))
            ]
        );
        let same = |text: &str| Piece::Same(text.to_owned());
        let expected = [same("これは"), Piece::Gone("何".to_owned()), Piece::New("誰".to_owned()), same("？")];
        assert_eq!(found[3].pieces, expected);
        assert_eq!(found[2].pieces, [Piece::New("d".to_owned())]);
        assert!(diff(&old, &old).is_empty());
    }
}
