//! From the fields of a version to its form.

use serde_json::Value;
use waymark_assess::item::ItemType;

use super::given::{said, words};
use super::values::Values;
use super::{areas, choices, gaps, marked, pairs, typed};

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
