//! Hotspots: areas over the figure, in its pixels.

use super::{Family, Given as _, answers, filled, flag, marked, optional, read_words};
use crate::{
    item::{Area, Hotspot, Interaction, KeyKind, MAX_GRID, OptionId, Shape},
    mistake::{Mistake, pointer_to},
    strict::{Object, whole},
};
use serde_json::Value;

/// `size: [width, height]`, and `areas` with a `label` and a `rectangle`, a `circle` or a `polygon`.
pub(super) fn hotspot(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let size = filled(object, "size", wrong).and_then(|value| numbers(value, "/size", wrong));
    let multiple = flag(object, "several", wrong);
    let choose = optional(object, "choose").map(|value| whole(value, "/choose", 1..=26, wrong));
    let areas = filled(object, "areas", wrong).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let ids = answers::ids(object, "areas", areas.len(), wrong)?;
    let read = |((n, value), id): ((usize, &Value), OptionId)| {
        let (label, shape) = area(value, &pointer_to("/areas", n), wrong)?;
        Some(Area { id, label, shape })
    };
    let areas: Option<Vec<Area>> = areas.iter().enumerate().zip(ids.clone()).map(read).collect();
    let places = marked::places(filled(object, "correct", wrong)?, "/correct", wrong)?;
    let right = places.iter().map(|place| ids.get(*place).cloned()).collect::<Option<_>>();
    if right.is_none() {
        wrong.push(marked::beyond("/correct", ids.len()));
    }
    let size = size?;
    let [width, height] = *size else {
        wrong.push(not_a_shape("/size"));
        return None;
    };
    let hotspot = Hotspot { width, height, multiple: multiple?, areas: areas?, choose: choose.given()? };
    Some(Family { interaction: Interaction::Hotspot(hotspot), key: KeyKind::Options(right?), kept: Vec::new() })
}

fn area(value: &Value, at: &str, wrong: &mut Vec<Mistake>) -> Option<(crate::Text, Shape)> {
    let object = Object::open(value, at, &["label", "rectangle", "circle", "polygon"], wrong)?;
    let label = object.required("label", wrong).and_then(|label| read_words(label, &object.at("label"), wrong));
    let shapes = ["rectangle", "circle", "polygon"].into_iter().filter_map(|name| Some((name, object.get(name)?)));
    let shape = match shapes.collect::<Vec<_>>()[..] {
        [("rectangle", value)] => match numbers(value, &object.at("rectangle"), wrong)?[..] {
            [x, y, width, height] => Some(Shape::Rectangle { x, y, width, height }),
            _ => None,
        },
        [("circle", value)] => match numbers(value, &object.at("circle"), wrong)?[..] {
            [x, y, radius] => Some(Shape::Circle { x, y, radius }),
            _ => None,
        },
        [("polygon", Value::Array(corners))] => {
            let corner =
                |(n, corner): (usize, &Value)| match numbers(corner, &pointer_to(&object.at("polygon"), n), wrong)?[..]
                {
                    [x, y] => Some((x, y)),
                    _ => None,
                };
            corners.iter().enumerate().map(corner).collect::<Option<_>>().map(Shape::Polygon)
        }
        _ => None,
    };
    if shape.is_none() {
        wrong.push(not_a_shape(at));
    }
    Some((label?, shape?))
}

fn numbers(value: &Value, at: &str, wrong: &mut Vec<Mistake>) -> Option<Vec<u32>> {
    let Some(list) = value.as_array() else {
        wrong.push(not_a_shape(at));
        return None;
    };
    let read = |(n, number): (usize, &Value)| whole(number, &pointer_to(at, n), 0..=MAX_GRID, wrong);
    list.iter().enumerate().map(read).collect()
}

fn not_a_shape(at: &str) -> Mistake {
    Mistake::new(
        at,
        "not_a_shape",
        "write size: [width, height], and one of rectangle: [x, y, width, height], circle: [x, y, radius], polygon: [[x, y], …]",
        "size: [幅, 高さ] と、rectangle: [x, y, 幅, 高さ]、circle: [x, y, 半径]、polygon: [[x, y], …] のどれか1つを書いてください",
    )
}
