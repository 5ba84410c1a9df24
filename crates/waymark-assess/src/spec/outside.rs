//! The part `outside` of an exam file: that somebody else delivers the exam too, and whose results of it count.
//!
//! ```yaml
//! outside: {sources: [https://centre.example]}   # keys that speak for one of these may send results
//! outside: {sources: any}                        # every key of role source may, said aloud
//! ```
//! Without it every key of role source may, too: that is what the API promises such a key. An exam whose results are worth something names who delivers it: a
//! result from outside ends in a credential like one of our own, and whoever tells what a forum's members do need not be believed about who passed.

use super::fields::not_a_list;
use crate::{
    mistake::Mistake,
    strict::{Object, text},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whose results from outside are taken. Staff are never asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outside {
    /// The exam does not say: every source's.
    #[default]
    Unsaid,
    /// Every source's, and the exam says so.
    Anywhere,
    /// These sources', by the name that they have in the program.
    Sources(BTreeSet<String>),
}

const AT: &str = "/outside";
/// Most sources that one exam names.
const MOST: usize = 50;
const LONGEST: usize = 500;

impl Outside {
    /// Whether a key that speaks for this source may send results.
    pub fn admits(&self, source: &str) -> bool {
        match self {
            Self::Unsaid | Self::Anywhere => true,
            Self::Sources(named) => named.contains(source),
        }
    }

    /// The sources that are named.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let named = match self {
            Self::Sources(named) => Some(named),
            _ => None,
        };
        named.into_iter().flatten().map(String::as_str)
    }

    pub(super) fn read(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let object = Object::open(value, AT, &["sources"], mistakes)?;
        let at = object.at("sources");
        let list = match object.required("sources", mistakes)? {
            Value::String(word) if word == "any" => return Some(Self::Anywhere),
            Value::Array(list) if (1..=MOST).contains(&list.len()) => list,
            _ => {
                mistakes.push(not_a_list(
                    &at,
                    "write a list of 1 to 50 sources, as in `[https://centre.example]`, or `any`",
                    "[https://centre.example] のように1件から50件までの一覧にするか、any と書いてください",
                ));
                return None;
            }
        };
        let before = mistakes.len();
        let mut named = BTreeSet::new();
        for (n, entry) in list.iter().enumerate() {
            let at = format!("{at}/{n}");
            let Some(source) = text(entry, &at, mistakes) else { continue };
            if source.is_empty() || source.len() > LONGEST || source.trim() != source {
                mistakes.push(Mistake::new(
                    at,
                    "not_a_source",
                    "write the source as `sources/*.yaml` and its key have it",
                    "sources/*.yaml やキーと同じ綴りで書いてください",
                ));
            } else {
                named.insert(source.to_owned());
            }
        }
        (mistakes.len() == before).then_some(Self::Sources(named))
    }

    /// As [`Self::read`] reads it; None for an exam that says nothing of it.
    pub(super) fn to_value(&self) -> Option<Value> {
        match self {
            Self::Unsaid => None,
            Self::Anywhere => Some(json!({"sources": "any"})),
            Self::Sources(named) => Some(json!({ "sources": named })),
        }
    }

    /// JSON Schema of this part.
    pub fn schema() -> Value {
        let named = json!({"type": "array", "minItems": 1, "maxItems": MOST, "items": {"type": "string", "minLength": 1, "maxLength": LONGEST}});
        json!({"type": "object", "additionalProperties": false, "required": ["sources"], "properties": {"sources": {"oneOf": [{"const": "any"}, named]}}})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &Value) -> Result<Outside, Vec<Mistake>> {
        let mut mistakes = vec![];
        let read = Outside::read(value, &mut mistakes);
        read.filter(|_| mistakes.is_empty()).ok_or(mistakes)
    }

    #[test]
    fn only_those_who_are_named_are_admitted() {
        assert!(
            Outside::default().admits("https://centre.example"),
            "an exam that names nobody takes what any source sends"
        );
        let any = json!({"sources": "any"});
        let some = json!({"sources": ["https://centre.example", "https://lab.example"]});
        for value in [&any, &some] {
            let outside = read(value).expect("fits");
            assert_eq!(outside.to_value().as_ref(), Some(value), "written as it was read");
            assert!(outside.admits("https://centre.example"));
        }
        let named = read(&some).expect("fits");
        assert!(
            !named.admits("https://other.example") && !named.admits("https://centre.example/") && !named.admits("")
        );
        assert_eq!(named.named().count(), 2);
    }

    #[test]
    fn what_is_neither_a_list_nor_any_is_told() {
        for (value, pointer, code) in [
            (json!({}), "/outside/sources", "missing"),
            (json!({"sources": []}), "/outside/sources", "not_a_list"),
            (json!({"sources": "all"}), "/outside/sources", "not_a_list"),
            (json!({"sources": ["a", 7]}), "/outside/sources/1", "not_a_text"),
            (json!({"sources": [" https://centre.example"]}), "/outside/sources/0", "not_a_source"),
            (json!({"sources": "any", "more": 1}), "/outside/more", "unknown_field"),
            (json!(true), "/outside", "not_an_object"),
        ] {
            let mistakes = read(&value).expect_err("refused");
            assert_eq!((mistakes[0].pointer.as_str(), mistakes[0].code), (pointer, code), "{value}");
        }
    }
}
