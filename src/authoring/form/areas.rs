//! Hotspots: areas over the picture, by numbers.

use serde_json::{Map, Value, json};

use super::given::{flags, ids, said, words};
use super::typed::{ascii, whole};
use super::values::Values;
use super::writer::{Writer, marked_places};

pub fn open(fields: &Value, values: &mut Values) {
    values.set("width", said(&fields["size"][0]));
    values.set("height", said(&fields["size"][1]));
    let right = flags(&fields["correct"]);
    let areas = fields["areas"].as_array().into_iter().flatten().zip(ids(&fields["ids"]["areas"])).enumerate();
    values.set_rows(
        "areas",
        areas.map(|(place, (area, id))| {
            let mut row = Values::default();
            row.set_texts("label", words(&area["label"]));
            let shape = ["rectangle", "circle", "polygon"].into_iter().find(|shape| area[shape].is_array());
            let shape = shape.unwrap_or("rectangle");
            row.set("shape", shape);
            row.set("numbers", numbers(&area[shape]));
            row.turn("right", right.contains(&place));
            row.set("id", id);
            row
        }),
    );
    values.turn("several", fields["several"] == true);
    values.set("choose", said(&fields["choose"]));
}

/// `10, 20, 30, 40`, or the corners of a polygon as `50,40 64,40 64,48`.
fn numbers(shape: &Value) -> String {
    let list = shape.as_array().into_iter().flatten();
    let corners: Vec<&Vec<Value>> = list.clone().filter_map(Value::as_array).collect();
    let joined =
        |numbers: &mut dyn Iterator<Item = &Value>, between: &str| numbers.map(said).collect::<Vec<_>>().join(between);
    if corners.is_empty() {
        return joined(&mut list.into_iter(), ", ");
    }
    corners.into_iter().map(|corner| joined(&mut corner.iter(), ",")).collect::<Vec<_>>().join(" ")
}

pub fn write(w: &mut Writer<'_>) {
    let values = w.values;
    let size = [whole(values.one("width")), whole(values.one("height"))];
    w.at("/size/1", "height");
    let said_nothing = size.iter().all(Value::is_null);
    w.put("size", "width", if said_nothing { Value::Null } else { json!(size) });
    let rows = w.list("areas");
    let mut areas = vec![];
    for (n, row) in rows.iter().enumerate() {
        let shape = match row.values.one("shape") {
            "" => "rectangle",
            shape => shape,
        };
        let mut area = Map::new();
        let label = w.words(&row.values, "label");
        if !label.is_null() {
            area.insert("label".to_owned(), label);
        }
        area.insert(shape.to_owned(), drawn(shape, row.values.one("numbers")));
        w.at(format!("/areas/{n}/label"), format!("areas.{}.label", row.key));
        w.at(format!("/areas/{n}/{shape}"), format!("areas.{}.numbers", row.key));
        areas.push(Value::Object(area));
    }
    w.put("areas", "areas", if areas.is_empty() { Value::Null } else { Value::Array(areas) });
    let right = marked_places(&rows, "right");
    w.put("correct", "areas", if right.is_empty() { Value::Null } else { json!(right) });
    if values.is_on("several") {
        w.put("several", "several", json!(true));
    }
    w.put("choose", "choose", whole(values.one("choose")));
    w.put_ids("areas", &rows);
}

/// The numbers of a shape. What is no number stays as it was typed, and reading says so.
fn drawn(shape: &str, typed: &str) -> Value {
    let typed = ascii(typed);
    let all: Vec<Value> = typed
        .split(|c: char| c.is_whitespace() || [',', ';', '、', '；'].contains(&c))
        .filter(|part| !part.is_empty())
        .map(whole)
        .collect();
    if shape == "polygon" { all.chunks(2).map(|corner| json!(corner)).collect() } else { json!(all) }
}
