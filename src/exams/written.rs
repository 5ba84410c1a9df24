//! An exam as the file that says it: YAML, the same bytes for the same exam.

use serde_json::Value;
use waymark_assess::ExamSpec;

use crate::document::yaml;

/// In this order; whatever else there is follows by name.
const ORDER: [&str; 12] = [
    "slug",
    "bank",
    "title",
    "description",
    "blueprint",
    "sections",
    "navigation",
    "timing",
    "rules",
    "scoring",
    "release",
    "domains",
];

/// The file; reading it gives the same exam, and writing that gives the same bytes.
pub fn written(spec: &ExamSpec) -> String {
    as_file(spec.to_value())
}

/// A document that may be no exam yet, in the same hand.
pub fn as_file(document: Value) -> String {
    let Value::Object(mut all) = document else { return String::new() };
    if all.get("rules").and_then(|rules| rules.get("attempts")).is_some_and(Value::is_null)
        && let Some(rules) = all.get_mut("rules").and_then(Value::as_object_mut)
    {
        rules.remove("attempts");
    }
    yaml::written(&all, &ORDER)
}
