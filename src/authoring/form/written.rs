//! From the form to the fields of a bank file, remembering which field of the form each value came from, so that a mistake can be told where it was made.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use waymark_assess::Mistake;
use waymark_assess::interchange::item_from_value;
use waymark_assess::item::{ItemType, ItemVersion};

use super::values::Values;
use super::writer::{Writer, names, some};
use super::{areas, choices, gaps, marked, pairs, typed};

/// What a form comes to.
pub struct Written {
    /// The fields of a bank file.
    pub fields: Value,
    places: BTreeMap<String, String>,
    wrong: Vec<Mistake>,
}

impl Written {
    /// The version that the form describes. `picture` is the picture that it names.
    ///
    /// # Errors
    /// All mistakes, with pointers into the fields of a bank file.
    pub fn read(&self, picture: Option<&[u8]>) -> Result<ItemVersion, Vec<Mistake>> {
        let figure = self.fields["figure"].as_str();
        let read = item_from_value(&self.fields, &|name| picture.filter(|_| Some(name) == figure).map(<[u8]>::to_vec));
        match read {
            read if self.wrong.is_empty() => read,
            Ok(_) => Err(self.wrong.clone()),
            Err(more) => Err(self.wrong.iter().cloned().chain(more).collect()),
        }
    }

    /// The field of the form that a mistake speaks of; empty where none does.
    pub fn path_of(&self, mistake: &Mistake) -> &str {
        let mut pointer = mistake.pointer.as_str();
        loop {
            if let Some(path) = self.places.get(pointer) {
                return path;
            }
            match pointer.rsplit_once('/') {
                Some((shorter, _)) if !shorter.is_empty() => pointer = shorter,
                _ => return "",
            }
        }
    }
}

pub fn write(item_type: ItemType, values: &Values) -> Written {
    let mut w =
        Writer { item_type, values, fields: Map::new(), ids: Map::new(), places: BTreeMap::new(), wrong: vec![] };
    w.put("id", "id", json!(values.one("id")));
    w.put("type", "type", json!(item_type.as_str()));
    w.put("question", "question", w.words(values, "question"));
    match item_type {
        ItemType::SingleChoice | ItemType::MultipleChoice => choices::write(&mut w),
        ItemType::TrueFalse => choices::write_truth(&mut w),
        ItemType::Ordering => choices::write_order(&mut w),
        ItemType::Matching => pairs::write(&mut w),
        ItemType::Numeric => typed::write_number(&mut w),
        ItemType::ShortText => typed::write_text(&mut w),
        ItemType::InlineChoice | ItemType::Cloze | ItemType::GapMatch => gaps::write(&mut w),
        ItemType::Hotspot => areas::write(&mut w),
        ItemType::Essay => marked::write_essay(&mut w),
        ItemType::FileUpload => marked::write_upload(&mut w),
        _ => {}
    }
    filed(&mut w);
    if !w.ids.is_empty() {
        let ids = std::mem::take(&mut w.ids);
        w.fields.insert("ids".to_owned(), Value::Object(ids));
    }
    Written { fields: Value::Object(w.fields), places: w.places, wrong: w.wrong }
}

/// What any item says beside its type.
fn filed(w: &mut Writer<'_>) {
    let values = w.values;
    let points = typed::whole(values.one("scoring_points"));
    let penalty = typed::ascii(values.one("scoring_penalty"));
    let mut scoring = Map::new();
    for (name, value) in [("rule", json!(values.one("scoring_rule"))), ("points", points), ("penalty", json!(penalty))]
    {
        w.at(format!("/scoring/{name}"), format!("scoring_{name}"));
        if !value.is_null() && value != "" {
            scoring.insert(name.to_owned(), value);
        }
    }
    let says = scoring.len() > 1 || scoring.get("rule").is_some_and(|rule| rule != "all_or_nothing");
    w.put("scoring", "scoring_rule", if says { Value::Object(scoring) } else { Value::Null });
    let (id, text) = (values.one("stimulus_id"), w.words(values, "stimulus_text"));
    let mut stimulus = Map::new();
    for (name, value) in [("id", json!(id)), ("text", text)] {
        w.at(format!("/stimulus/{name}"), format!("stimulus_{name}"));
        if !value.is_null() && value != "" {
            stimulus.insert(name.to_owned(), value);
        }
    }
    let stimulus = if stimulus.is_empty() { Value::Null } else { Value::Object(stimulus) };
    w.put("stimulus", "stimulus_id", stimulus);
    w.put("domain", "domain", json!(values.one("domain")));
    w.put("tags", "tags", names(values.one("tags")));
    w.put("enemies", "enemies", names(values.one("enemies")));
    let refs = values.raw("refs").lines().map(str::trim).filter(|line| !line.is_empty());
    w.put("refs", "refs", some(refs.collect()));
    w.put("rationale", "rationale", w.words(values, "rationale"));
    w.put("figure", "figure", json!(values.one("figure")));
    w.put("figure_alt", "figure_alt", w.words(values, "figure_alt"));
}
