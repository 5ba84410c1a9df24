//! An item as the fields of a bank file: what forms and the API read and write, and what versions are compared by.

use serde_json::{Map, Value, json};
use waymark_assess::interchange::item_to_value;
use waymark_assess::item::{Figure, ItemContent, ItemVersion};

use crate::error::Result;

/// Families of item types of which [`shown`] says what is stored.
const OTHER_FAMILIES: [&str; 8] =
    ["matching", "ordering", "number", "short_text", "gaps", "hotspot", "essay", "upload"];

/// The fields of a version of any type, key and rationale included: [`waymark_assess::interchange::item_from_value`] reads the same version from them. A figure
/// is named by the SHA-256 of its bytes.
pub fn fields(version: &ItemVersion) -> Value {
    item_to_value(version, &Figure::sha256)
}

/// The fields of an item without its key and rationale.
pub fn shown(content: &ItemContent) -> Result<Map<String, Value>> {
    let content_type = content.item_type().as_str();
    let content: Value = serde_json::from_str(&content.to_stored())?;
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() && value != json!([]) {
            fields.insert(name.to_owned(), value);
        }
    };
    put("id", content["slug"].clone());
    put("type", json!(content_type));
    put("question", plain(&content["stem"]));
    let options = content["choice"]["options"].as_array();
    put("answers", options.into_iter().flatten().map(|option| plain(&option["text"])).collect());
    put("choose", content["choice"]["choose"].clone());
    for name in ["refs", "domain", "tags", "enemies", "stimulus"] {
        put(name, content[name].clone());
    }
    // What other families hold is shown as it is stored.
    for name in OTHER_FAMILIES {
        put(name, content[name].clone());
    }
    put("figure", content["figure"]["sha256"].clone());
    put("figure_alt", plain(&content["figure"]["alt"]));
    if !content["choice"].is_object() {
        return Ok(fields);
    }
    // Stated even where it is empty: else reading would look for options that speak of others.
    fields.insert("fixed".to_owned(), json!(places(&content, |option| option["fixed"] == true)));
    Ok(fields)
}

fn places(content: &Value, marked: impl Fn(&Value) -> bool) -> Vec<usize> {
    let options = content["choice"]["options"].as_array();
    let options = options.into_iter().flatten().enumerate();
    options.filter(|(_, option)| marked(option)).map(|(place, _)| place).collect()
}

/// A text whose language was not said is written as the text alone.
fn plain(text: &Value) -> Value {
    match text.get("und") {
        Some(plain) => plain.clone(),
        None => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use waymark_assess::interchange::item_from_value;

    use super::*;

    #[test]
    fn fields_read_back_as_the_same_version() {
        for item in [
            json!({"id": "a1", "question": "One?", "answers": ["yes", "no"], "correct": 0}),
            json!({"id": "a2", "type": "multiple_choice", "question": {"ja": "どれ？", "en": "Which?"},
                "answers": [{"ja": "甲", "en": "A"}, {"ja": "乙", "en": "B"}, {"ja": "上のすべて", "en": "All of the above"}],
                "correct": [0, 1], "choose": 2, "fixed": [], "domain": "alpha", "tags": ["x", "y"], "refs": ["Book, p. 3"],
                "rationale": {"ja": "なぜなら", "en": "Because"}}),
            json!({"id": "a3", "type": "numeric", "question": "How many?", "correct": [{"value": "3.5", "tolerance": "5%", "exclude": ["upper"]}]}),
        ] {
            let version = item_from_value(&item, &|_| None).expect("an item");
            let again = item_from_value(&fields(&version), &|_| None).expect("the same item");
            assert_eq!(again.hash(), version.hash(), "{item}");
        }
    }
}
