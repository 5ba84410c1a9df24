//! JSON Schemas (draft 2020-12) of the program's files, for editors. What only the whole program can tell (references, feasibility) is
//! left to `waymark program validate`.

use serde_json::{Value, json};
use waymark_assess::spec::Sittings;

/// `program.yaml`, `tracks/*.yaml`, `exams/*.yaml`, `sources/*.yaml`, by the name of their kind.
pub fn schemas() -> Value {
    json!({
        "program": program(),
        "track": track(),
        "exam": exam(),
        "source": source(),
    })
}

fn named(title: &str, required: &[&str], properties: Value) -> Value {
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

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

fn program() -> Value {
    let issuer = object(
        &["name", "url"],
        json!({"name": {"$ref": "#/$defs/texts"}, "url": {"type": "string", "format": "uri"}, "email": {"type": "string"},
            "linkedin": object(&[], json!({"organization_id": {"type": ["string", "integer"], "pattern": "^[0-9]{1,20}$", "minimum": 1}}))}),
    );
    named(
        "program.yaml",
        &["issuer"],
        json!({
            "issuer": issuer,
            "time_zone": {"type": "string", "examples": ["Asia/Tokyo"]},
            "locales": {"type": "array", "items": {"enum": ["ja", "en"]}},
            "number_format": {"type": "string", "examples": ["EG-{year}-{seq:6}"]},
            "certificate": object(&[], json!({
                "dates": {"enum": ["western", "era"]},
                "honorific": {"enum": ["none", "殿", "様"]},
            })),
        }),
    )
}

fn track() -> Value {
    let mut schema = named(
        "tracks/*.yaml",
        &["slug", "kind", "title", "criteria", "requires"],
        json!({
            "slug": {"$ref": "#/$defs/slug"},
            "kind": {"enum": ["certification", "learning", "milestone", "title", "thanks"]},
            "title": {"$ref": "#/$defs/texts"},
            "description": {"$ref": "#/$defs/texts"},
            "criteria": {"$ref": "#/$defs/texts"},
            "goal": object(&["target"], json!({
                "ja": {"type": "string"}, "en": {"type": "string"}, "measure": {"enum": ["awards"]}, "target": {"type": "integer", "minimum": 1},
            })),
            "requires": {"$ref": "#/$defs/requirement"},
            "validity": object(&["months"], json!({"months": {"type": "integer", "minimum": 1, "maximum": 1200}})),
            "template": {"type": "string"},
            "achievement_type": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
        }),
    );
    let span = json!({"type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
        "properties": {"days": {"type": "integer", "minimum": 1}, "months": {"type": "integer", "minimum": 1}}});
    let children = json!({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/requirement"}});
    schema["$defs"]["requirement"] = json!({"type": "object", "additionalProperties": false, "properties": {
        "id": {"$ref": "#/$defs/slug"},
        "text": {"$ref": "#/$defs/texts"},
        "standing": {"enum": ["earned", "current", "term"]},
        "all": children,
        "any": children,
        "at_least": object(&["n", "of"], json!({"n": {"type": "integer", "minimum": 1}, "of": children})),
        "exam": object(&["slug"], json!({"slug": {"$ref": "#/$defs/slug"}})),
        "contributions": object(&["types", "at_least"], json!({
            "types": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            "at_least": {"type": "integer", "minimum": 1},
            "window": span,
            "per_day": {"type": "integer", "minimum": 1},
            "per_giver": {"type": "integer", "minimum": 1},
            "distinct": {"enum": ["object"]},
        })),
        "held": object(&["track"], json!({"track": {"$ref": "#/$defs/slug"}, "at": {"enum": ["now", "ever"]}})),
        "tenure": span,
        "attested": object(&["role"], json!({"role": {"type": "string"}})),
    }});
    schema
}

fn exam() -> Value {
    named(
        "exams/*.yaml",
        &["slug", "bank", "blueprint", "timing", "scoring"],
        json!({
            "slug": {"$ref": "#/$defs/slug"},
            "bank": {"$ref": "#/$defs/slug"},
            "title": {"$ref": "#/$defs/texts"},
            "description": {"$ref": "#/$defs/texts"},
            "domains": {"type": "array", "items": object(&["domain", "title"], json!({
                "domain": {"type": "string", "minLength": 1},
                "title": {"$ref": "#/$defs/texts"},
            }))},
            "blueprint": blueprint(),
            "timing": object(&["minutes"], json!({"minutes": {"type": "integer", "minimum": 1}, "grace_seconds": {"type": "integer", "minimum": 0}})),
            "rules": object(&[], json!({"attempts": {"type": "integer", "minimum": 1}, "cool_down_days": {"type": "integer", "minimum": 0}})),
            "scoring": object(&[], json!({
                "cut": {"type": "integer", "minimum": 1},
                "cut_percent": {"type": ["number", "string"]},
                "cuts": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
                "scale": object(&["min", "cut", "max"], json!({"min": count(), "cut": count(), "max": count()})),
                "sections_from": {"type": "integer", "minimum": 1},
            })),
            "release": {"oneOf": [
                {"enum": ["at_once", "held"]},
                object(&["on"], json!({"on": {"type": "string", "format": "date-time"}})),
            ]},
            "navigation": {"enum": ["free", "linear", "locked"]},
            "sections": {"type": "array", "minItems": 1, "maxItems": 20, "items": object(&["name", "domains"], json!({
                "name": {"type": "string"},
                "title": {"$ref": "#/$defs/texts"},
                "domains": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                "minutes": {"type": "integer", "minimum": 1, "maximum": 1440},
                "navigation": {"enum": ["free", "linear", "locked"]},
                "break_minutes": {"type": "integer", "minimum": 0, "maximum": 240},
            }))},
            "sitting": Sittings::schema(&json!({"$ref": "#/$defs/texts"}), &json!({"$ref": "#/$defs/slug"})),
        }),
    )
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

/// One way of counting, and what may stand beside it.
fn blueprint() -> Value {
    let bounds = json!({"oneOf": [count(), {"type": "object", "minProperties": 1, "additionalProperties": false,
        "properties": {"at_least": count(), "at_most": count()}}]});
    let beside = json!({
        "tags": {"type": "object", "additionalProperties": bounds},
        "pretest": {"type": "integer", "minimum": 0, "maximum": 500},
        "exposure": object(&["at_most"], json!({"at_most": {"type": "integer", "minimum": 1}})),
        "avoid": object(&["last_attempts"], json!({"last_attempts": {"type": "integer", "minimum": 1, "maximum": 20}})),
    });
    let way = |required: &[&str], own: Value, with: &[&str]| {
        let mut properties = own;
        for name in with {
            properties[*name] = beside[*name].clone();
        }
        object(required, properties)
    };
    let all = ["tags", "pretest", "exposure", "avoid"];
    let items = json!({"type": "integer", "minimum": 1, "maximum": 500});
    json!({"oneOf": [
        way(&["group_by", "one_from_each"], json!({
            "group_by": object(&["id_prefix"], json!({"id_prefix": {"type": "integer", "minimum": 1}})),
            "one_from_each": {"const": "group"},
        }), &all),
        way(&["domains"], json!({"domains": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer", "minimum": 1}}}), &all),
        way(&["weights", "items"], json!({
            "weights": {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["number", "string"]}}, "items": items,
        }), &all),
        way(&["forms"], json!({"forms": {"type": "object", "minProperties": 1, "maxProperties": 50,
            "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "string"}}}}), &["exposure", "avoid"]),
    ]})
}

fn source() -> Value {
    named(
        "sources/*.yaml",
        &["source", "title", "types"],
        json!({
            "source": {"type": "string", "minLength": 1},
            "title": {"$ref": "#/$defs/texts"},
            "types": {"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$"}},
            "subjects": {"type": "array", "items": {"enum": ["member", "handle", "mailto"]}},
        }),
    )
}
