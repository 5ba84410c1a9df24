//! The JSON Schema of `sources/*.yaml`.

use serde_json::{Value, json};

use super::schema::shape::{named, object};
use crate::contributions::{Adapter, Credit, Native};

pub(super) fn source() -> Value {
    let words = |all: &mut dyn Iterator<Item = &'static str>| json!({"enum": all.collect::<Vec<_>>()});
    let kind = json!({"type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$"});
    let credit = words(&mut Credit::words());
    let rule = object(
        &["when", "type"],
        json!({
            "when": words(&mut Native::words()),
            "type": kind,
            "credit": {"oneOf": [credit, {"type": "array", "minItems": 1, "items": credit}]},
        }),
    );
    let secret = json!({"oneOf": [
        object(&["file"], json!({"file": {"type": "string", "minLength": 1}})),
        object(&["env"], json!({"env": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"}})),
    ]});
    let mut source = named(
        "sources/*.yaml",
        &["source", "title"],
        json!({
            "source": {"type": "string", "minLength": 1},
            "slug": {"$ref": "#/$defs/slug"},
            "title": {"$ref": "#/$defs/texts"},
            "adapter": words(&mut Adapter::words()),
            "types": {"type": "array", "items": kind},
            "subjects": {"type": "array", "items": {"enum": ["member", "handle", "mailto"]}},
            "secret": secret,
            "from": {"type": "array", "items": {"type": "string"}},
            "map": {"type": "array", "minItems": 1, "items": rule},
            "weights": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 1000}},
            "quiet_days": {"type": "integer", "minimum": 1, "maximum": 365},
            "per_member_per_day": {"type": "integer", "minimum": 1, "maximum": 10000},
        }),
    );
    // Who sends CloudEvents names the types; who delivers signed names the slug and the place of the secret.
    let signed: Vec<&str> =
        Adapter::WORDS.iter().filter(|(_, adapter)| adapter.is_hook()).map(|(word, _)| *word).collect();
    source["anyOf"] = json!([
        {"required": ["types"], "properties": {"adapter": {"const": "cloudevents"}}},
        {"required": ["adapter", "slug", "secret"], "properties": {"adapter": {"enum": signed}}},
        {"required": ["adapter"], "properties": {"adapter": {"const": "feed"}}},
    ]);
    source
}
