//! The requirement tree of a track file.

use serde_json::{Value, json};

use super::shape::object;

/// One node of a requirement tree: one thing asked, with the names of its options.
pub(super) fn node() -> Value {
    let span = json!({"type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
        "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 36525}, "months": {"type": "integer", "minimum": 1, "maximum": 1200}}});
    let children = json!({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/requirement"}});
    let kinds = ["all", "any", "at_least", "exam", "contributions", "held", "tenure", "attested", "panel"];
    json!({"type": "object", "additionalProperties": false, "properties": {
        "id": {"$ref": "#/$defs/slug"},
        "text": {"$ref": "#/$defs/texts"},
        "standing": {"oneOf": [
            {"enum": ["earned", "current", "decided"]},
            object(&["term"], json!({"term": object(&["months"], json!({"months": {"type": "integer", "minimum": 1, "maximum": 1200}}))})),
        ]},
        "all": children,
        "any": children,
        "at_least": object(&["n", "of"], json!({"n": {"type": "integer", "minimum": 1}, "of": children})),
        "exam": object(&["slug"], json!({"slug": {"$ref": "#/$defs/slug"}, "score": one_of(json!({
            "points": {"type": "integer", "minimum": 1}, "percent": {"type": "integer", "minimum": 1, "maximum": 100},
            "scaled": {"type": "integer", "minimum": 1},
        }))})),
        "contributions": contributions(),
        "held": object(&["track"], json!({"track": {"$ref": "#/$defs/slug"}, "at": {"enum": ["now", "ever"]}})),
        "tenure": span,
        "attested": object(&["role"], json!({"role": {"$ref": "#/$defs/slug"}})),
        "panel": object(&["title"], json!({"title": {"$ref": "#/$defs/slug"}})),
    }, "oneOf": kinds.map(|kind| json!({"required": [kind]}))})
}

fn contributions() -> Value {
    let many = json!({"type": "integer", "minimum": 1, "maximum": 1_000_000});
    let names = json!({"type": "array", "minItems": 1, "maxItems": 32, "uniqueItems": true, "items": {"type": "string", "minLength": 1}});
    let steps = json!({"type": "integer", "minimum": 2, "maximum": 3660});
    let mut asked = object(
        &["types"],
        json!({
            "types": names,
            "sources": names,
            "at_least": many,
            "sum": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000},
            "active_days": {"type": "integer", "minimum": 1, "maximum": 36525},
            "streak": one_of(json!({"days": steps, "weeks": steps, "months": steps})),
            "distinct": {"enum": ["object", "type", "source"]},
            "window": one_of(json!({
                "days": {"type": "integer", "minimum": 1, "maximum": 36525},
                "calendar": {"enum": ["month", "quarter", "year"]},
                "since": {"oneOf": [
                    {"const": "joining"},
                    one_of(json!({"award": {"$ref": "#/$defs/slug"}, "event": {"type": "string", "minLength": 1, "maxLength": 128}})),
                ]},
            })),
            "per_day": many,
            "per_giver": many,
            "per_object": many,
            "hold_days": {"type": "integer", "minimum": 1, "maximum": 366},
            "accepted": {"const": "peer"},
            "own": {"type": "boolean"},
            "reciprocal": many,
        }),
    );
    asked["oneOf"] = json!(["at_least", "sum", "active_days", "streak"].map(|measure| json!({"required": [measure]})));
    asked
}

/// An object with exactly one of these fields.
fn one_of(properties: Value) -> Value {
    json!({"type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1, "properties": properties})
}
