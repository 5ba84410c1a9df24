//! Writing a document as YAML for people to read and keep under version control: the same bytes for the same document. Short values stand on one line,
//! long ones a member or an entry a line.

use serde_json::{Map, Value};

/// Longer values are broken up, where they can be.
const WIDE: usize = 110;

/// The members in `order`, then whatever else there is by name. Reading it gives the same document again.
pub fn written(document: &Map<String, Value>, order: &[&str]) -> String {
    let known = order.iter().filter_map(|name| Some((*name, document.get(*name)?)));
    let rest = sorted(document).filter(|(name, _)| !order.contains(name));
    let mut text = String::new();
    known.chain(rest).for_each(|(name, value)| member(name, value, 0, &mut text));
    text
}

fn member(name: &str, value: &Value, indent: usize, text: &mut String) {
    text.push_str(&" ".repeat(indent));
    text.push_str(&scalar(name));
    text.push(':');
    let line = flow(value);
    match value {
        Value::Array(list) if !list.is_empty() && (is_long(&line, indent) || list.iter().any(Value::is_object)) => {
            text.push('\n');
            list.iter().for_each(|value| entry(value, indent + 2, text));
        }
        Value::Object(map) if !map.is_empty() && (is_long(&line, indent) || holds_entries(map)) => {
            text.push('\n');
            sorted(map).for_each(|(name, value)| member(name, value, indent + 2, text));
        }
        _ => {
            text.push(' ');
            text.push_str(&line);
            text.push('\n');
        }
    }
}

fn entry(value: &Value, indent: usize, text: &mut String) {
    let line = flow(value);
    let mut inner = String::new();
    match value {
        Value::Object(map) if !map.is_empty() && is_long(&line, indent) => {
            sorted(map).for_each(|(name, value)| member(name, value, indent + 2, &mut inner));
        }
        _ => inner = format!("{}{line}\n", " ".repeat(indent + 2)),
    }
    text.push_str(&" ".repeat(indent));
    text.push_str("- ");
    text.push_str(inner.trim_start_matches(' '));
}

fn is_long(line: &str, indent: usize) -> bool {
    indent + line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() > WIDE
}

/// A list of mappings, such as the requirements of `all`, stands entry by entry however short it is.
fn holds_entries(map: &Map<String, Value>) -> bool {
    map.values().any(|value| value.as_array().is_some_and(|list| list.iter().any(Value::is_object)))
}

/// On one line, members by name; a slug or an id before all others.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let members: Vec<String> = sorted(map).map(|(name, v)| format!("{}: {}", scalar(name), flow(v))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(string) => scalar(string),
        other => other.to_string(),
    }
}

fn sorted(map: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mut members: Vec<(&str, &Value)> = map.iter().map(|(name, value)| (name.as_str(), value)).collect();
    members.sort_by_key(|(name, _)| (!matches!(*name, "id" | "slug"), *name));
    members.into_iter()
}

/// Plain where nothing else could be meant, else in double quotes as JSON writes it, which YAML reads alike.
fn scalar(string: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let plain = string.starts_with(|c: char| c.is_ascii_alphabetic())
        && string.chars().all(word)
        && !matches!(
            string.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain { string.to_owned() } else { Value::String(string.to_owned()).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_is_the_callers_and_what_could_be_misread_is_quoted() {
        let document = json!({
            "title": {"ja": "基礎", "en": "Foundations: the track"}, "slug": "foundations", "tags": ["no", "12", "a b"], "months": 36,
            "requires": {"all": [{"exam": {"slug": "e"}, "id": "exam"}]}, "nothing": [],
        });
        assert_eq!(
            written(document.as_object().expect("a mapping"), &["slug", "title"]),
            "slug: foundations\ntitle: {en: \"Foundations: the track\", ja: \"基礎\"}\nmonths: 36\nnothing: []\nrequires:\n  all:\n    \
             - {id: exam, exam: {slug: e}}\ntags: [\"no\", \"12\", \"a b\"]\n"
        );
    }

    #[test]
    fn long_values_are_broken_up() {
        let long = "x".repeat(60);
        let document =
            json!({"a": {"en": long, "ja": long}, "b": [{"id": "q", "text": {"en": long, "ja": "y"}}], "c": long});
        let text = written(document.as_object().expect("a mapping"), &[]);
        assert_eq!(
            text,
            format!("a:\n  en: {long}\n  ja: {long}\nb:\n  - {{id: q, text: {{en: {long}, ja: \"y\"}}}}\nc: {long}\n")
        );
    }
}
