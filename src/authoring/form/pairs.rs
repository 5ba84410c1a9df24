//! Matching: two lists, and for each source the targets that belong to it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::given::{flags, ids, texts};
use super::values::Values;
use super::writer::{Writer, marked_places, picked_places};

pub fn open(fields: &Value, values: &mut Values) {
    let pairs: BTreeSet<(u64, u64)> = fields["correct"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair[0].as_u64()?, pair[1].as_u64()?)))
        .collect();
    let sources = texts(&fields["sources"]).zip(ids(&fields["ids"]["sources"])).zip(0..);
    values.set_rows(
        "sources",
        sources.map(|((texts, id), place)| {
            let mut row = Values::default();
            row.set_texts("text", texts);
            row.set("id", id);
            // A row that was just opened is known by its place.
            let targets = pairs.iter().filter(|(source, _)| *source == place);
            row.set_all("pair", targets.map(|(_, target)| target.to_string()).collect());
            row
        }),
    );
    let fixed = flags(&fields["fixed"]);
    let targets = texts(&fields["targets"]).zip(ids(&fields["ids"]["targets"])).enumerate();
    values.set_rows(
        "targets",
        targets.map(|(place, (texts, id))| {
            let mut row = Values::default();
            row.set_texts("text", texts);
            row.set("id", id);
            row.turn("fixed", fixed.contains(&place));
            row
        }),
    );
    values.turn("several", fields["several"] == true);
}

pub fn write(w: &mut Writer<'_>) {
    let (sources, targets) = (w.list("sources"), w.list("targets"));
    w.put("sources", "sources", w.texts(&sources));
    w.put("targets", "targets", w.texts(&targets));
    let pairs: Vec<[usize; 2]> = sources
        .iter()
        .enumerate()
        .flat_map(|(source, row)| {
            picked_places(&targets, row.values.all("pair")).into_iter().map(move |target| [source, target])
        })
        .collect();
    w.put("correct", "sources", if pairs.is_empty() { Value::Null } else { json!(pairs) });
    if w.values.is_on("several") {
        w.put("several", "several", json!(true));
    }
    let fixed = marked_places(&targets, "fixed");
    if !fixed.is_empty() {
        w.put("fixed", "targets", json!(fixed));
    }
    w.put_ids("sources", &sources);
    w.put_ids("targets", &targets);
}
