//! Reading single fields strictly: type, range, spelling, and no unknown neighbours.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{NOT_YET, Reader};
use crate::{
    Mistake, Texts,
    mistake::{nearest, quoted, step},
};

const LONGEST_SLUG: usize = 64;
const LONGEST_TEXT: usize = 500;
const MOST_LANGUAGES: usize = 16;

impl Reader {
    pub(super) fn say(&mut self, mistake: Mistake) {
        if self.mistakes.len() < Mistake::MAX {
            self.mistakes.push(mistake);
        }
    }

    /// Says that `key` cannot stand here.
    pub(super) fn refuse<'a>(&mut self, key: &str, pointer: &str, known: impl Iterator<Item = &'a str> + Clone) {
        let place = step(pointer, key);
        if let Some((_, message)) = NOT_YET.iter().find(|(word, _)| *word == key) {
            self.say(Mistake::new(place, "not_available", *message));
            return;
        }
        let suggestion = nearest(key, known.clone());
        let expected = format!("one of {}", known.collect::<Vec<_>>().join(", "));
        let message = format!("there is no field {} here; correct or remove it", quoted(key));
        self.say(Mistake::new(place, "unknown_field", message).expecting(expected).suggesting(suggestion));
    }

    /// An object with no other fields than the known ones.
    pub(super) fn object<'v>(
        &mut self,
        value: &'v Value,
        pointer: &str,
        known: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(object) = value.as_object() else {
            let expected = format!("an object with {}", known.join(", "));
            let message = format!("this is {}, not an object", sort_of(value));
            self.say(Mistake::new(pointer, "wrong_type", message).expecting(expected));
            return None;
        };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            self.refuse(key, pointer, known.iter().copied());
        }
        Some(object)
    }

    pub(super) fn required<'v>(
        &mut self,
        object: &'v Map<String, Value>,
        pointer: &str,
        key: &'static str,
    ) -> Option<&'v Value> {
        let found = object.get(key);
        if found.is_none() {
            self.say(Mistake::new(pointer, "missing_field", format!("`{key}` is missing here; add it")));
        }
        found
    }

    pub(super) fn count(&mut self, value: &Value, pointer: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let Some(number) = value.as_number().filter(|number| number.is_i64() || number.is_u64()) else {
            let message = format!("this is {}, not a whole number", sort_of(value));
            self.say(Mistake::new(pointer, "wrong_type", message).expecting(expected));
            return None;
        };
        let count = number.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|n| range.contains(n));
        if count.is_none() {
            self.say(
                Mistake::new(pointer, "out_of_range", format!("{number} cannot be asked here")).expecting(expected),
            );
        }
        count
    }

    /// A count that may be left out; the outer option is whether it could be read.
    pub(super) fn optional_count(
        &mut self,
        object: &Map<String, Value>,
        pointer: &str,
        key: &'static str,
        range: RangeInclusive<u32>,
    ) -> Option<Option<u32>> {
        object.get(key).map_or(Some(None), |value| self.count(value, &step(pointer, key), range).map(Some))
    }

    pub(super) fn string<'v>(&mut self, value: &'v Value, pointer: &str, expected: &str) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            let message = format!("this is {}, not a text", sort_of(value));
            self.say(Mistake::new(pointer, "wrong_type", message).expecting(expected));
        }
        text
    }

    pub(super) fn slug(&mut self, value: &Value, pointer: &str) -> Option<String> {
        let expected = "1 to 64 of a-z, 0-9, - and _, beginning with a letter or digit";
        let slug = self.string(value, pointer, expected)?;
        let begins = slug.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit());
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        if begins && slug.len() <= LONGEST_SLUG && slug.bytes().all(plain) {
            return Some(slug.to_owned());
        }
        let lower = slug.to_ascii_lowercase().replace(' ', "-");
        let mended = (lower != slug && lower.len() <= LONGEST_SLUG && lower.bytes().all(plain)).then_some(lower);
        let message = format!("{} is not a slug", quoted(slug));
        self.say(Mistake::new(pointer, "bad_slug", message).expecting(expected).suggesting(mended.as_deref()));
        None
    }

    /// `{slug: …}` or any other single slug under `key`, among known fields.
    pub(super) fn slug_in(&mut self, object: &Map<String, Value>, pointer: &str, key: &'static str) -> Option<String> {
        let value = self.required(object, pointer, key)?;
        self.slug(value, &step(pointer, key))
    }

    pub(super) fn texts(&mut self, value: &Value, pointer: &str) -> Option<Texts> {
        if let Some(text) = value.as_str() {
            return Some(Texts::from([("und".into(), self.text(text, pointer)?)]));
        }
        let Some(languages) = value.as_object().filter(|all| (1..=MOST_LANGUAGES).contains(&all.len())) else {
            let message = "`text` is one text, or one by language";
            self.say(Mistake::new(pointer, "wrong_type", message).expecting("{ja: …, en: …}"));
            return None;
        };
        let mut texts = Texts::new();
        let mut complete = true;
        for (language, text) in languages {
            let place = step(pointer, language);
            if !is_language(language) {
                let message = format!("{} is not a language tag", quoted(language));
                self.say(Mistake::new(&place, "bad_language", message).expecting("a tag such as ja, en or pt-BR"));
                complete = false;
                continue;
            }
            match self.string(text, &place, "a text").and_then(|text| self.text(text, &place)) {
                Some(text) => drop(texts.insert(language.clone(), text)),
                None => complete = false,
            }
        }
        complete.then_some(texts)
    }

    fn text(&mut self, text: &str, pointer: &str) -> Option<String> {
        let length = text.chars().count();
        if text.trim().is_empty() || length > LONGEST_TEXT || text.chars().any(char::is_control) {
            let expected = format!("1 to {LONGEST_TEXT} characters on one line");
            self.say(Mistake::new(pointer, "bad_text", "this text cannot be shown").expecting(expected));
            return None;
        }
        Some(text.to_owned())
    }
}

/// The form of a BCP 47 tag (not whether it is registered): 2 to 3 letters, then parts of 1 to 8 letters or digits.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    tag.len() <= 35
        && (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
