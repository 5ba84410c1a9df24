//! Hotspots: areas over the figure. Each has a text label, and the list of labels is how the item is answered by keyboard.

use super::{Figure, ItemKey, ItemOption, KeyKind, OptionId, choice::choose_differs, key::of_another_kind, options};
use crate::{mistake::Mistake, text::Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Fewest and most areas.
pub const AREAS: std::ops::RangeInclusive<usize> = 2..=20;
/// Largest width or height of the grid that areas are measured in.
pub const MAX_GRID: u32 = 10_000;
/// Most corners of a polygon.
const MAX_CORNERS: usize = 50;

/// Areas over the figure of the item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hotspot {
    /// The figure's width in the unit that areas are measured in: its pixels, as a rule.
    pub width: u32,
    pub height: u32,
    pub multiple: bool,
    pub areas: Vec<Area>,
    /// How many to choose, where the item tells the candidate. With `multiple` only.
    pub choose: Option<u32>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub id: OptionId,
    /// What the area is, without saying whether it is right.
    pub label: Text,
    pub shape: Shape,
}

/// Where an area lies, from the upper left corner of the figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    Rectangle { x: u32, y: u32, width: u32, height: u32 },
    Circle { x: u32, y: u32, radius: u32 },
    Polygon(Vec<(u32, u32)>),
}

impl Shape {
    fn fits(&self, width: u32, height: u32) -> bool {
        match self {
            Self::Rectangle { x, y, width: w, height: h } => {
                *w > 0 && *h > 0 && x.saturating_add(*w) <= width && y.saturating_add(*h) <= height
            }
            Self::Circle { x, y, radius } => {
                *radius > 0
                    && radius <= x
                    && radius <= y
                    && x.saturating_add(*radius) <= width
                    && y.saturating_add(*radius) <= height
            }
            Self::Polygon(corners) => {
                (3..=MAX_CORNERS).contains(&corners.len()) && corners.iter().all(|(x, y)| *x <= width && *y <= height)
            }
        }
    }
}

impl Hotspot {
    /// The areas by their labels, as the list that is chosen from.
    pub(crate) fn labels(&self) -> Vec<ItemOption> {
        let option = |area: &Area| ItemOption { id: area.id.clone(), text: area.label.clone(), fixed: false };
        self.areas.iter().map(option).collect()
    }

    pub(super) fn check(&self, figure: Option<&Figure>, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        let labels = self.labels();
        options::check(&labels, "/areas", AREAS, stem, mistakes);
        if figure.is_none() {
            mistakes.push(Mistake::new(
                "/figure",
                "figure_missing",
                "areas need a figure to lie on: name it in `figure`",
                "領域を置く図がありません。figure に図のファイル名を書いてください",
            ));
        }
        if !(1..=MAX_GRID).contains(&self.width) || !(1..=MAX_GRID).contains(&self.height) {
            mistakes.push(Mistake::new(
                "/size",
                "size_out_of_range",
                format!("width and height of the figure are 1 to {MAX_GRID}"),
                format!("図の幅と高さは1から{MAX_GRID}までにしてください"),
            ));
        }
        for (n, area) in self.areas.iter().enumerate().filter(|(_, area)| !area.shape.fits(self.width, self.height)) {
            mistakes.push(Mistake::new(
                format!("/areas/{n}"),
                "area_outside",
                format!("area `{}` lies outside of the figure or is empty: correct its numbers", area.id),
                format!("領域「{}」が図からはみ出しているか、大きさがありません。数値を直してください", area.id),
            ));
        }
        let KeyKind::Options(right) = key.kind() else {
            return mistakes.push(of_another_kind());
        };
        options::key(right, &labels, "/correct", mistakes);
        if !self.multiple && (right.len() > 1 || self.choose.is_some()) {
            mistakes.push(Mistake::new(
                "/correct",
                "more_than_one_key",
                "one area is to be chosen: name one right area and no `choose`, or set `several: true`",
                "選べる領域は1つです。正答を1つにして choose を消すか、several: true としてください",
            ));
        }
        mistakes.extend(choose_differs(self.choose.filter(|_| self.multiple), right.len()));
    }

    pub(super) fn value(&self) -> Value {
        let area = |area: &Area| json!({"id": area.id.as_str(), "label": area.label, "shape": area.shape});
        json!({
            "width": self.width,
            "height": self.height,
            "multiple": self.multiple,
            "choose": self.choose,
            "areas": self.areas.iter().map(area).collect::<Vec<_>>(),
        })
    }
}
