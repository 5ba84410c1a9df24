//! Objects with the fields that they may have, and no others.

use serde_json::{Value, json};

pub(in crate::program) fn named(title: &str, required: &[&str], properties: Value) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
        "$defs": {"texts": texts(), "slug": slug()},
    })
}

fn texts() -> Value {
    json!({"oneOf": [
        {"type": "string", "minLength": 1},
        {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {"ja": {"type": "string"}, "en": {"type": "string"}}},
    ]})
}

fn slug() -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,59}$"})
}

pub(in crate::program) fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}
