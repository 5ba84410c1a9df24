//! From the fields of a version to its form.

use std::collections::BTreeSet;

use serde_json::Value;
use waymark_assess::item::{ItemType, OptionId};

use super::values::{Texts, Values};
use super::{UNSAID, areas, choices, gaps, marked, pairs, typed};

pub fn values(item_type: ItemType, fields: &Value) -> Values {
    let mut values = Values::default();
    for name in ["id", "domain", "figure"] {
        values.set(name, said(&fields[name]));
    }
    for name in ["question", "rationale", "figure_alt"] {
        values.set_texts(name, words(&fields[name]));
    }
    for (name, between) in [("tags", "; "), ("enemies", "; "), ("refs", "\n")] {
        let list: Vec<String> = fields[name].as_array().into_iter().flatten().map(said).collect();
        values.set(name, list.join(between));
    }
    values.set("stimulus_id", said(&fields["stimulus"]["id"]));
    values.set_texts("stimulus_text", words(&fields["stimulus"]["text"]));
    let scoring = &fields["scoring"];
    values.set("scoring_rule", if scoring["rule"] == "per_part" { "per_part" } else { "all_or_nothing" });
    values.set("scoring_points", said(&scoring["points"]));
    values.set("scoring_penalty", Some(said(&scoring["penalty"])).filter(|penalty| penalty != "0").unwrap_or_default());
    match item_type {
        ItemType::SingleChoice | ItemType::MultipleChoice => choices::open(fields, &mut values),
        ItemType::TrueFalse => choices::open_truth(fields, &mut values),
        ItemType::Ordering => choices::open_order(fields, &mut values),
        ItemType::Matching => pairs::open(fields, &mut values),
        ItemType::Numeric => typed::open_number(fields, &mut values),
        ItemType::ShortText => typed::open_text(fields, &mut values),
        ItemType::InlineChoice | ItemType::Cloze | ItemType::GapMatch => gaps::open(item_type, fields, &mut values),
        ItemType::Hotspot => areas::open(fields, &mut values),
        ItemType::Essay => marked::open_essay(fields, &mut values),
        ItemType::FileUpload => marked::open_upload(fields, &mut values),
        _ => {}
    }
    values
}

/// A text, or a number as its text; empty for what is not there.
pub fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A text by language.
pub fn words(value: &Value) -> Texts {
    match value {
        Value::String(text) => Texts::from([(UNSAID.to_owned(), text.clone())]),
        Value::Object(map) => {
            map.iter().filter_map(|(tag, text)| Some((tag.clone(), text.as_str()?.to_owned()))).collect()
        }
        _ => Texts::new(),
    }
}

/// A list of texts.
pub fn texts(list: &Value) -> impl Iterator<Item = Texts> + '_ {
    list.as_array().into_iter().flatten().map(words)
}

/// The ids of a list: those that are given, then those that a file has that names none.
pub fn ids(given: &Value) -> impl Iterator<Item = String> + '_ {
    let given: Option<Vec<String>> = given.as_array().map(|ids| ids.iter().map(said).collect());
    let usual = |place: usize| OptionId::of_place(place).map(|id| id.to_string()).unwrap_or_default();
    (0..).map(move |place| {
        given.as_ref().map_or_else(|| usual(place), |ids| ids.get(place).cloned().unwrap_or_default())
    })
}

/// Places, one or a list.
pub fn flags(value: &Value) -> BTreeSet<usize> {
    let place = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    match value {
        Value::Array(list) => list.iter().filter_map(place).collect(),
        one => place(one).into_iter().collect(),
    }
}
