//! JSON Schemas (draft 2020-12) of the program's files, for editors. What only the whole program can tell (references, feasibility) is
//! left to `waymark program validate`.

mod requirement;
pub(super) mod shape;

use serde_json::{Value, json};
use waymark_assess::item::{FileKind, Ignored, ItemType};
use waymark_assess::spec::{Outside, Sittings};

use self::shape::{named, object};
use super::source_schema::source;

/// `program.yaml`, `tracks/*.yaml`, `ladders/*.yaml`, `exams/*.yaml`, `sources/*.yaml`, banks in YAML or JSON, by the name of their kind.
pub fn schemas() -> Value {
    json!({
        "program": program(),
        "track": track(),
        "ladder": ladder(),
        "exam": exam(),
        "source": source(),
        "bank": bank(),
    })
}

/// An item of `banks/*.{yaml,json}`, of any type. Which fields go together is left to the import, which names what is wrong.
fn bank() -> Value {
    let texts = json!({"oneOf": [{"type": ["string", "integer"]}, {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}]});
    let names = json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
    let places = json!({"type": "array", "items": {"type": "integer", "minimum": 0}});
    let any = json!({});
    let item = object(
        &["id", "question"],
        json!({
            "id": {"type": ["string", "integer"]},
            "type": {"enum": ItemType::ALL.map(ItemType::as_str)},
            "question": texts,
            "answers": any,
            "correct": any,
            "correct_letter": any,
            "choose": {"type": "integer", "minimum": 1, "maximum": 26},
            "fixed": {"oneOf": [{"type": "integer", "minimum": 0}, places]},
            "refs": names,
            "domain": {"type": ["string", "integer"]},
            "tags": names,
            "rationale": texts,
            "figure": {"type": "string"},
            "figure_alt": texts,
            "sources": any,
            "targets": any,
            "several": {"type": "boolean"},
            "tolerance": {"type": ["string", "integer"]},
            "ignore": {"type": "array", "items": {"enum": Ignored::ALL.map(Ignored::as_str)}},
            "max_length": {"type": "integer", "minimum": 1},
            "text": texts,
            "gaps": {"type": "object", "minProperties": 1, "additionalProperties": object(&[], json!({
                "answers": any, "ids": names, "correct": any, "texts": any, "ignore": any, "max_length": {"type": "integer"}, "numbers": any,
                "tolerance": {"type": ["string", "integer"]},
            }))},
            "pool": any,
            "reuse": {"type": "boolean"},
            "size": places,
            "areas": {"type": "array", "items": object(&["label"], json!({"label": texts, "rectangle": places, "circle": places, "polygon": any}))},
            "rubric": {"type": "array", "items": object(&["text", "points"], json!({"text": texts, "points": {"type": "integer", "minimum": 1}}))},
            "files": {"type": "array", "items": {"enum": FileKind::ALL.map(FileKind::as_str)}},
            "max_bytes": {"type": "integer", "minimum": 1},
            "ids": {"type": "object", "additionalProperties": names},
            "scoring": {"oneOf": [{"enum": ["all_or_nothing", "per_part"]}, object(&[], json!({
                "rule": {"enum": ["all_or_nothing", "per_part"]}, "points": {"type": "integer", "minimum": 1, "maximum": 100},
                "penalty": {"type": ["string", "integer"]},
            }))]},
            "enemies": names,
            "stimulus": object(&["id", "text"], json!({"id": {"type": "string"}, "text": texts})),
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "banks/*",
        "oneOf": [
            {"type": "array", "items": {"$ref": "#/$defs/item"}},
            {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {"$ref": "#/$defs/item"}}}},
        ],
        "$defs": {"item": item},
    })
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
            "thanks": object(&[], json!({
                "per_week": {"type": "integer", "minimum": 0, "maximum": 100},
                "per_person": {"type": "integer", "minimum": 1, "maximum": 100},
                "per_person_days": {"type": "integer", "minimum": 1, "maximum": 366},
                "both_ways_days": {"type": "integer", "minimum": 0, "maximum": 366},
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
                "owner": {"type": "string"},
            })),
            "requires": {"$ref": "#/$defs/requirement"},
            "validity": object(&["months"], json!({"months": {"type": "integer", "minimum": 1, "maximum": 1200}})),
            "renewal": object(&["by"], json!({
                "by": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/requirement"}},
                "extends": {"enum": ["old_expiry"]},
                "grace_days": {"type": "integer", "minimum": 0, "maximum": 366},
                "reminders": {"type": "array", "maxItems": 10, "uniqueItems": true, "items": {"type": "integer", "minimum": 1, "maximum": 3650}},
            })),
            "level": object(&["ladder", "step"], json!({"ladder": {"$ref": "#/$defs/slug"}, "step": {"type": "integer", "minimum": 1, "maximum": 99}})),
            "template": {"type": "string"},
            "achievement_type": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
        }),
    );
    schema["$defs"]["requirement"] = requirement::node();
    schema
}

fn ladder() -> Value {
    let points = json!({"type": "integer", "minimum": 1, "maximum": 10000});
    let by_slug = json!({"type": "object", "propertyNames": {"$ref": "#/$defs/slug"}, "additionalProperties": points});
    let count = json!({"type": "integer", "minimum": 1, "maximum": 1_000_000_000});
    let mut schema = named(
        "ladders/*.yaml",
        &["slug", "title", "points"],
        json!({
            "slug": {"$ref": "#/$defs/slug"},
            "title": {"$ref": "#/$defs/texts"},
            "description": {"$ref": "#/$defs/texts"},
            "points": object(&[], json!({
                "contributions": {"type": "array", "maxItems": 200, "items": object(&["type", "points"], json!({
                    "type": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$"},
                    "sources": {"type": "array", "items": {"type": "string"}},
                    "points": points,
                }))},
                "exams": by_slug,
                "credentials": by_slug,
            })),
            "steps": {"type": "array", "minItems": 1, "maxItems": 100, "items": object(&["at", "title"], json!({
                "at": count, "title": {"$ref": "#/$defs/texts"},
            }))},
            "beyond": object(&["every", "title"], json!({"every": count, "title": {"$ref": "#/$defs/texts"}})),
        }),
    );
    schema["properties"]["points"]["minProperties"] = json!(1);
    schema["anyOf"] = json!([{"required": ["steps"]}, {"required": ["beyond"]}]);
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
            "outside": Outside::schema(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use waymark_assess::interchange::ITEM_FIELDS;

    #[test]
    fn a_bank_has_the_fields_that_the_import_reads() {
        let bank = bank();
        let mut named: Vec<&str> =
            bank["$defs"]["item"]["properties"].as_object().expect("an object").keys().map(String::as_str).collect();
        let mut read = ITEM_FIELDS.to_vec();
        named.sort_unstable();
        read.sort_unstable();
        assert_eq!(named, read);
    }
}
