//! Rows of a form: domains with their counts and weights, tags, fixed forms, sections, titles of domains, what is asked for before.
//!
//! `rows:NAME` says how many rows there are; without it they are left alone. A row that says nothing is no row. Rows of a list know as `was` which entry of
//! the document they came from, so that what they do not show stays with them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::pointed::{Fields, number, open_text, put, said_text, shown};

/// Most rows that a form is believed to have.
const MOST: usize = 600;
/// Lists whose rows can be moved: what they are called, and where they stand.
pub const LISTS: [&str; 2] = ["/sections", "/domains"];

/// How many rows the form says it has.
pub fn count(fields: &Fields, name: &str) -> Option<usize> {
    fields.get(&format!("rows:{name}")).map(|n| n.parse().unwrap_or(0).min(MOST))
}

/// What was typed, trimmed; None where that is nothing.
pub fn typed<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn set_count(fields: &mut Fields, name: &str, rows: usize) {
    fields.insert(format!("rows:{name}"), rows.to_string());
}

pub fn open(document: &Value, fields: &mut Fields) {
    let blueprint = &document["blueprint"];
    let mut cells: BTreeMap<&String, [String; 2]> = BTreeMap::new();
    for (place, of) in ["domains", "weights"].into_iter().enumerate() {
        for (name, value) in blueprint[of].as_object().into_iter().flatten() {
            cells.entry(name).or_default()[place] = shown(value);
        }
    }
    set_count(fields, "cell", cells.len());
    for (row, (name, [need, weight])) in cells.into_iter().enumerate() {
        fields.insert(format!("cell/{row}/name"), name.clone());
        fields.insert(format!("cell/{row}/need"), need);
        fields.insert(format!("cell/{row}/weight"), weight);
    }
    let tags = blueprint["tags"].as_object();
    set_count(fields, "tag", tags.map_or(0, Map::len));
    for (row, (name, bounds)) in tags.into_iter().flatten().enumerate() {
        let exact = (!bounds.is_object()).then(|| shown(bounds));
        let of = |name: &str| exact.clone().unwrap_or_else(|| shown(&bounds[name]));
        fields.insert(format!("tag/{row}/name"), name.clone());
        fields.insert(format!("tag/{row}/least"), of("at_least"));
        fields.insert(format!("tag/{row}/most"), of("at_most"));
    }
    let forms = blueprint["forms"].as_object();
    set_count(fields, "form", forms.map_or(0, Map::len));
    for (row, (name, items)) in forms.into_iter().flatten().enumerate() {
        let lines: Vec<String> = items.as_array().into_iter().flatten().map(shown).collect();
        fields.insert(format!("form/{row}/name"), name.clone());
        fields.insert(format!("form/{row}/items"), lines.join("\n"));
        fields.insert(format!("form/{row}/cut"), shown(&document["scoring"]["cuts"][name]));
    }
    for of in ["exams", "credentials"] {
        let slugs = document["sitting"]["requires"][of].as_array();
        set_count(fields, of, slugs.map_or(0, Vec::len));
        for (row, slug) in slugs.into_iter().flatten().enumerate() {
            fields.insert(format!("{of}/{row}/name"), shown(slug));
            fields.insert(format!("{of}/{row}/on"), "yes".to_owned());
        }
    }
    for list in LISTS {
        let entries = document.pointer(list).and_then(Value::as_array);
        set_count(fields, list, entries.map_or(0, Vec::len));
        for (row, entry) in entries.into_iter().flatten().enumerate() {
            let at = format!("{list}/{row}");
            fields.insert(format!("{at}/was"), row.to_string());
            open_text(document, &format!("{at}/title"), fields);
            for name in ["name", "domain", "minutes", "navigation", "break_minutes"] {
                if !entry[name].is_null() {
                    fields.insert(format!("{at}/{name}"), shown(&entry[name]));
                }
            }
            for (n, domain) in entry["domains"].as_array().into_iter().flatten().enumerate() {
                fields.insert(format!("{at}/in/{n:03}"), shown(domain));
            }
        }
    }
}

/// Adds rows for names that have none yet, and puts all of them in the order of their names. A row that is only there to be chosen says nothing.
pub fn complete(fields: &mut Fields, of: &str, names: impl IntoIterator<Item = String>) {
    let rows = count(fields, of).unwrap_or(0);
    let mut by_name: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in 0..rows {
        let prefix = format!("{of}/{row}/");
        let said: BTreeMap<String, String> = fields
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?.to_owned(), value.clone())))
            .collect();
        if let Some(name) = said.get("name") {
            by_name.insert(name.clone(), said);
        }
    }
    for name in names {
        let row = || BTreeMap::from([("name".to_owned(), name.clone())]);
        by_name.entry(name.clone()).or_insert_with(row);
    }
    let prefix = format!("{of}/");
    fields.retain(|name, _| !name.starts_with(&prefix));
    set_count(fields, of, by_name.len());
    for (row, said) in by_name.into_values().enumerate() {
        fields.extend(said.into_iter().map(|(name, value)| (format!("{of}/{row}/{name}"), value)));
    }
}

/// Moves the rows of a list: `order` names for each new place the old one.
pub fn arrange(fields: &mut Fields, list: &str, order: &[usize]) {
    let prefix = format!("{list}/");
    let old: Vec<(String, String)> =
        fields.iter().filter(|(name, _)| name.starts_with(&prefix)).map(|(n, v)| (n.clone(), v.clone())).collect();
    fields.retain(|name, _| !name.starts_with(&prefix));
    for (new, from) in order.iter().enumerate() {
        let of = format!("{list}/{from}/");
        let moved = old.iter().filter_map(|(name, value)| Some((name.strip_prefix(&of)?, value)));
        fields.extend(moved.map(|(rest, value)| (format!("{list}/{new}/{rest}"), value.clone())));
    }
    set_count(fields, list, order.len());
}

pub fn said(fields: &Fields, base: &Value, document: &mut Value) {
    let way = fields.get("way").map_or("domains", String::as_str);
    if let Some(rows) = count(fields, "cell").filter(|_| matches!(way, "domains" | "weights")) {
        let field = if way == "weights" { "weight" } else { "need" };
        let pairs = (0..rows).filter_map(|row| {
            let said = typed(fields, &format!("cell/{row}/{field}")).filter(|said| *said != "0")?;
            Some((fields.get(&format!("cell/{row}/name"))?.clone(), number(said)))
        });
        put(document, &format!("/blueprint/{way}"), map(pairs));
    }
    if let Some(rows) = count(fields, "tag") {
        let pairs = (0..rows).filter_map(|row| {
            let of = |name: &str| typed(fields, &format!("tag/{row}/{name}")).map(number);
            let bounds: Map<String, Value> = [("at_least", of("least")), ("at_most", of("most"))]
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect();
            let name = fields.get(&format!("tag/{row}/name"))?.clone();
            (!bounds.is_empty()).then_some((name, Value::Object(bounds)))
        });
        put(document, "/blueprint/tags", map(pairs));
    }
    if let Some(rows) = count(fields, "form") {
        said_forms(fields, rows, way == "forms", base, document);
    }
    for of in ["exams", "credentials"] {
        let Some(rows) = count(fields, of) else { continue };
        let named = |row: usize| fields.get(&format!("{of}/{row}/name")).cloned();
        let chosen = (0..rows).filter(|row| typed(fields, &format!("{of}/{row}/on")).is_some()).filter_map(named);
        let chosen: BTreeSet<String> = chosen.collect();
        // In the order in which they stood; those that are new come last.
        let known = base["sitting"]["requires"][of].as_array().into_iter().flatten().map(shown);
        let mut slugs: Vec<String> = known.filter(|slug| chosen.contains(slug)).collect();
        let new: Vec<String> = chosen.into_iter().filter(|slug| !slugs.contains(slug)).collect();
        slugs.extend(new);
        put(document, &format!("/sitting/requires/{of}"), (!slugs.is_empty()).then(|| json!(slugs)));
    }
    for list in LISTS {
        if let Some(rows) = count(fields, list) {
            let entries: Vec<Value> = (0..rows).filter_map(|row| entry(fields, list, row, base)).collect();
            put(document, list, (!entries.is_empty()).then(|| json!(entries)));
        }
    }
}

fn map(pairs: impl Iterator<Item = (String, Value)>) -> Option<Value> {
    let map: Map<String, Value> = pairs.collect();
    (!map.is_empty()).then_some(Value::Object(map))
}

fn said_forms(fields: &Fields, rows: usize, chosen: bool, base: &Value, document: &mut Value) {
    let (mut forms, mut cuts) = (Map::new(), base["scoring"]["cuts"].as_object().cloned().unwrap_or_default());
    for name in base["blueprint"]["forms"].as_object().into_iter().flat_map(Map::keys) {
        cuts.remove(name);
    }
    for row in 0..rows {
        let of = |name: &str| typed(fields, &format!("form/{row}/{name}"));
        let items: Vec<&str> = of("items")
            .into_iter()
            .flat_map(|text| text.split([',', '、', '\n']))
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .collect();
        if items.is_empty() && of("name").is_none() && of("cut").is_none() {
            continue;
        }
        // A form has the name of its place until somebody names it.
        let name = of("name").map_or_else(|| (row + 1).to_string(), str::to_owned);
        forms.insert(name.clone(), json!(items));
        if let Some(cut) = of("cut") {
            cuts.insert(name, number(cut));
        }
    }
    if chosen {
        put(document, "/blueprint/forms", (!forms.is_empty()).then_some(Value::Object(forms)));
    } else {
        cuts.retain(|name, _| !forms.contains_key(name));
    }
    put(document, "/scoring/cuts", (!cuts.is_empty()).then_some(Value::Object(cuts)));
}

/// A row of `/sections` or `/domains`.
fn entry(fields: &Fields, list: &str, row: usize, base: &Value) -> Option<Value> {
    let at = format!("{list}/{row}");
    let was = typed(fields, &format!("{at}/was")).and_then(|was| base.pointer(&format!("{list}/{was}")));
    let prefix = format!("{at}/");
    let says = |(name, text): (&String, &String)| {
        let part = name.strip_prefix(&prefix);
        part.is_some_and(|part| part != "was" && part != "navigation") && !text.trim().is_empty()
    };
    if !fields.iter().any(says) {
        return None;
    }
    let mut entry = was.cloned().unwrap_or_else(|| json!({}));
    for (name, numeric) in
        [("name", false), ("domain", false), ("navigation", false), ("minutes", true), ("break_minutes", true)]
    {
        let Some(text) = fields.get(&format!("{at}/{name}")).map(|text| text.trim()) else { continue };
        if entry.get(name).is_some_and(|value| shown(value) == text) {
            continue;
        }
        let value = if numeric { number(text) } else { json!(text) };
        put(&mut entry, &format!("/{name}"), (!text.is_empty()).then_some(value));
    }
    let title = said_text(fields, &format!("{at}/title"), entry.get("title").unwrap_or(&Value::Null));
    put(&mut entry, "/title", title);
    if list == "/sections" {
        let prefix = format!("{at}/in/");
        let inside: Vec<&String> =
            fields.iter().filter(|(name, _)| name.starts_with(&prefix)).map(|(_, domain)| domain).collect();
        put(&mut entry, "/domains", (!inside.is_empty()).then(|| json!(inside)));
    }
    Some(entry)
}
