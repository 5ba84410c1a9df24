//! Bytes from outside → a JSON value, or a refusal that says where: no duplicate keys, no lone surrogates, nothing after the
//! document, numbers that mean the same to every reader, at most [`DEPTH_LIMIT`] deep.
//!
//! JSON readers differ on exactly these points (RFC 8259 §4, §6, §8.2), and a signature over one reading says nothing about the other.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// Deepest nesting of arrays and objects.
pub const DEPTH_LIMIT: usize = 32;

/// What is wrong with the bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrictJsonError {
    #[error("{size} bytes are more than the {limit} allowed here")]
    TooLarge { size: usize, limit: usize },
    #[error("not JSON at byte {offset}: {detail}")]
    Syntax { offset: usize, detail: String },
    #[error("at {pointer}: {problem}")]
    Refused { pointer: String, problem: Problem },
}

/// Valid JSON that is read differently by different readers, or costs too much.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("the name {0:?} stands twice in one object")]
    DuplicateName(String),
    #[error("nested deeper than 32 levels")]
    TooDeep,
    #[error("a number beyond ±(2^53 − 1) is read differently by different readers: write it as a string")]
    InexactNumber,
}

/// Reads `bytes`, at most `limit` of them.
pub fn parse(bytes: &[u8], limit: usize) -> Result<Value, StrictJsonError> {
    if bytes.len() > limit {
        return Err(StrictJsonError::TooLarge { size: bytes.len(), limit });
    }
    let refusal = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    // Our own limit is lower than serde_json's 128, which stays on as a second net.
    let root = Strict { refusal: &refusal, place: &Place::Root, depth: 0 };
    let read = root.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|error| match refusal.take() {
        Some(refused) => refused,
        None => {
            StrictJsonError::Syntax { offset: offset(bytes, error.line(), error.column()), detail: describe(&error) }
        }
    })
}

/// `serde_json` counts columns in bytes from 1; the byte it means is the last one it read.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(line - 2).map_or(bytes.len(), |(at, _)| at + 1),
    };
    (start + column.saturating_sub(1)).min(bytes.len())
}

fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(detail, _)| detail.to_owned())
}

/// The way from the root to a value, on the stack; written out only for an error.
enum Place<'a> {
    Root,
    Member(&'a Place<'a>, &'a str),
    Element(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Root => Ok(()),
            Place::Member(up, name) => write!(f, "{up}/{}", name.replace('~', "~0").replace('/', "~1")),
            Place::Element(up, at) => write!(f, "{up}/{at}"),
        }
    }
}

struct Strict<'a> {
    refusal: &'a RefCell<Option<StrictJsonError>>,
    place: &'a Place<'a>,
    depth: usize,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(&self, problem: Problem) -> E {
        let pointer = match self.place.to_string() {
            root if root.is_empty() => "the top".to_owned(),
            pointer => pointer,
        };
        *self.refusal.borrow_mut() = Some(StrictJsonError::Refused { pointer, problem });
        E::custom("refused")
    }

    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        if self.depth < DEPTH_LIMIT { Ok(self.depth + 1) } else { Err(self.refuse(Problem::TooDeep)) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// 2^53 − 1: the last whole number that a double and a 64-bit integer agree on (RFC 7493 §2.2).
const EXACT: u64 = (1 << 53) - 1;

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if value <= EXACT { Ok(Value::from(value)) } else { Err(self.refuse(Problem::InexactNumber)) }
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() <= EXACT { Ok(Value::from(value)) } else { Err(self.refuse(Problem::InexactNumber)) }
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // `1.0e400` never arrives here: serde_json refuses what is not finite.
        let inexact = value.abs() > EXACT as f64;
        match Number::from_f64(value) {
            Some(number) if !inexact => Ok(Value::Number(number)),
            _ => Err(self.refuse(Problem::InexactNumber)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut elements = Vec::new();
        loop {
            let place = Place::Element(self.place, elements.len());
            let seed = Strict { refusal: self.refusal, place: &place, depth };
            match seq.next_element_seed(seed)? {
                Some(element) => elements.push(element),
                None => return Ok(Value::Array(elements)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let place = Place::Member(self.place, &name);
            let value = map.next_value_seed(Strict { refusal: self.refusal, place: &place, depth })?;
            if members.contains_key(&name) {
                return Err(self.refuse(Problem::DuplicateName(name)));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text.as_bytes(), 4096).unwrap_err().to_string()
    }

    #[test]
    fn reads_what_serde_json_reads() {
        let text = br#" {"a":[1,-2,0.5,true,null,"\u00e9\ud83d\ude00"],"b":{"c":{}}} "#;
        assert_eq!(parse(text, 4096).unwrap(), serde_json::from_slice::<Value>(text).unwrap());
        assert_eq!(parse(b"9007199254740991", 99).unwrap(), Value::from(9_007_199_254_740_991_u64));
    }

    #[test]
    fn duplicate_names_at_every_level_even_when_escaped() {
        assert_eq!(refused(r#"{"a":1,"a":1}"#), r#"at the top: the name "a" stands twice in one object"#);
        assert_eq!(refused(r#"{"x":[{},{"a":1,"\u0061":2}]}"#), r#"at /x/1: the name "a" stands twice in one object"#);
        assert_eq!(refused(r#"{"a/b~":{"c":1,"c":2}}"#), r#"at /a~1b~0: the name "c" stands twice in one object"#);
    }

    #[test]
    fn depth_stops_at_the_limit() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nested(DEPTH_LIMIT).as_bytes(), 4096).is_ok());
        assert!(refused(&nested(DEPTH_LIMIT + 1)).ends_with("nested deeper than 32 levels"));
        assert!(refused(&"[".repeat(2000)).ends_with("nested deeper than 32 levels"));
        assert!(refused(&r#"{"a":"#.repeat(400)).contains("nested deeper"));
    }

    #[test]
    fn numbers_that_readers_disagree_on() {
        for text in ["9007199254740992", "-9007199254740992", "1e300", "123456789012345678901234567890"] {
            assert!(refused(text).contains("beyond"), "{text}");
        }
        for text in ["1e400", "NaN", "01", "+1", ".5", "0x1", "-"] {
            assert!(refused(text).starts_with("not JSON"), "{text}");
        }
    }

    #[test]
    fn syntax_errors_name_the_byte() {
        assert_eq!(refused("{\n \"a\": tru }"), "not JSON at byte 11: expected ident");
        for text in [
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            "\"\u{1}\"",
            "{} x",
            "{},",
            "",
            "{\"a\":1,}",
            "[1,]",
            "{'a':1}",
            "\u{feff}{}",
        ] {
            assert!(refused(text).starts_with("not JSON at byte"), "{text:?}: {}", refused(text));
        }
        assert!(parse(b"\"\xff\"", 99).is_err(), "bytes that are not UTF-8");
    }

    #[test]
    fn size_is_checked_first() {
        assert_eq!(parse(b"[1]", 2), Err(StrictJsonError::TooLarge { size: 3, limit: 2 }));
    }
}
