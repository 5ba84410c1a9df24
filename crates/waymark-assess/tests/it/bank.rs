//! Small banks made up for tests.

use serde_json::{Value, json};
use waymark_assess::{
    ItemVersion,
    interchange::{Format, Import, import, item_from_value},
};

/// An item with four options of which `correct` (counted from 0) is right.
pub fn fields(id: &str, domain: &str, correct: usize) -> Value {
    let answers: Vec<String> = (0..4).map(|n| format!("option {n} of {id}")).collect();
    json!({"id": id, "domain": domain, "question": format!("question {id}"), "answers": answers, "correct": correct})
}

pub fn item(fields: &Value) -> ItemVersion {
    item_from_value(fields, &|_| None).expect("test items are well-formed")
}

/// `count` items for each domain.
pub fn bank(domains: &[(&str, usize)]) -> Vec<ItemVersion> {
    let of = |(domain, count): &(&str, usize)| {
        (0..*count).map(|n| item(&fields(&format!("{domain}-{n}"), domain, n % 4))).collect::<Vec<_>>()
    };
    domains.iter().flat_map(of).collect()
}

/// Imports into an empty bank, without figures.
pub fn read(text: &str, format: Format) -> Import {
    import(text.as_bytes(), format, &|_| None, &|_| None)
}

/// A small PNG header, enough to be taken for a picture.
pub fn png() -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &64_u32.to_be_bytes(), &48_u32.to_be_bytes()].concat()
}
