//! An exam as the file that says it: YAML, the same bytes for the same exam.

use serde_json::{Map, Value};
use waymark_assess::ExamSpec;

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
    if all.get("rules").and_then(|rules| rules.get("attempts")).is_some_and(Value::is_null)
        && let Some(rules) = all.get_mut("rules").and_then(Value::as_object_mut)
    {
        rules.remove("attempts");
    }
    let mut text = String::new();
    let known = ORDER.iter().filter_map(|name| Some((*name, all.get(*name)?)));
    let rest =
        all.iter().filter(|(name, _)| !ORDER.contains(&name.as_str())).map(|(name, value)| (name.as_str(), value));
    for (name, value) in known.chain(rest) {
        text.push_str(name);
        text.push(':');
        match value {
            Value::Array(entries) if !entries.is_empty() => {
                for entry in entries {
                    text.push_str("\n  - ");
                    flow(entry, &mut text);
                }
            }
            other => {
                text.push(' ');
                flow(other, &mut text);
            }
        }
        text.push('\n');
    }
    text
}

/// On one line, members by name.
fn flow(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            text.push('{');
            for (n, (name, member)) in sorted(map).into_iter().enumerate() {
                text.push_str(if n > 0 { ", " } else { "" });
                scalar(name, text);
                text.push_str(": ");
                flow(member, text);
            }
            text.push('}');
        }
        Value::Array(list) => {
            text.push('[');
            for (n, entry) in list.iter().enumerate() {
                text.push_str(if n > 0 { ", " } else { "" });
                flow(entry, text);
            }
            text.push(']');
        }
        Value::String(string) => scalar(string, text),
        other => text.push_str(&other.to_string()),
    }
}

fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = map.iter().collect();
    members.sort_by(|a, b| a.0.cmp(b.0));
    members
}

/// Plain where nothing else could be meant, else in double quotes as JSON writes it, which YAML reads alike.
fn scalar(string: &str, text: &mut String) {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let plain = string.starts_with(|c: char| c.is_ascii_alphabetic())
        && string.chars().all(word)
        && !matches!(
            string.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain { text.push_str(string) } else { text.push_str(&Value::String(string.to_owned()).to_string()) }
}
