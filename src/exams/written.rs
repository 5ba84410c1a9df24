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
    let Value::Object(mut all) = spec.to_value() else { return String::new() };
    if let Some(rules) = all.get_mut("rules").and_then(Value::as_object_mut) {
        rules.retain(|name, value| name != "attempts" || !value.is_null());
    }
    yaml::written(&all, &ORDER)
}
