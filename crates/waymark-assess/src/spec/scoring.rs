//! What passes, and what a candidate is told of it: cut, cuts of fixed forms, scale, table of sections, and when.

use super::fields::{not_a_list, read_cut};
use crate::{
    blueprint::{Base, Blueprint},
    form::{Form, MAX_POSITIONS},
    grade::Scale,
    item::MAX_POINTS,
    mistake::{Mistake, nearest, pointer_to},
    score::Cut,
    strict::{Object, not_one_of, shown, whole},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::{UtcDateTime as Timestamp, format_description::well_known::Rfc3339};

/// How points become a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    pub cut: Cut,
    /// Cuts in points of fixed forms that have their own.
    pub cuts: BTreeMap<String, u32>,
    pub scale: Option<Scale>,
    /// The table of sections says in words how each went, for sections of at least so many scored items; None gives right answers by section.
    pub sections_from: Option<u32>,
}

/// When a candidate learns the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    AtOnce,
    /// When staff release it.
    Held,
    /// At this moment, and for whoever closes later at once.
    On(Timestamp),
}

impl Release {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Held => "held",
            Self::On(_) => "on",
        }
    }

    pub(super) fn to_value(self) -> Value {
        match self {
            Self::On(at) => json!({"on": at.format(&Rfc3339).expect("every time of ours can be written")}),
            other => json!(other.as_str()),
        }
    }
}

impl Scoring {
    /// What passes on this form.
    pub fn cut_of(&self, form: &Form) -> Cut {
        form.name().and_then(|name| self.cuts.get(name)).map_or(self.cut, |points| Cut::Points(*points))
    }

    pub(super) fn to_value(&self) -> Value {
        let mut value = match self.cut {
            Cut::Points(cut) => json!({"cut": cut}),
            Cut::Percent(percent) => json!({"cut_percent": percent.to_string()}),
        };
        if !self.cuts.is_empty() {
            value["cuts"] = json!(self.cuts);
        }
        if let Some(scale) = self.scale {
            value["scale"] = json!({"min": scale.min, "cut": scale.cut, "max": scale.max});
        }
        if let Some(from) = self.sections_from {
            value["sections_from"] = json!(from);
        }
        value
    }
}

pub(super) fn read_scoring(
    value: &Value,
    blueprint: Option<&Blueprint>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Scoring> {
    let known = ["cut", "cut_percent", "cuts", "scale", "sections_from"];
    let object = Object::open(value, "/scoring", &known, mistakes)?;
    let cut = read_cut(&object, mistakes);
    let cuts = object.get("cuts").map_or(Some(BTreeMap::new()), |cuts| read_cuts(cuts, blueprint, mistakes));
    let scale = object.get("scale").map(|scale| read_scale(scale, mistakes));
    let sections_from = object.get("sections_from").map(|_| object.whole("sections_from", 1..=MAX_POSITIONS, mistakes));
    Some(Scoring {
        cut: cut?,
        cuts: cuts?,
        scale: scale.map_or(Some(None), |scale| scale.map(Some))?,
        sections_from: sections_from.map_or(Some(None), |from| from.map(Some))?,
    })
}

fn read_cuts(
    value: &Value,
    blueprint: Option<&Blueprint>,
    mistakes: &mut Vec<Mistake>,
) -> Option<BTreeMap<String, u32>> {
    let forms = match blueprint.map(|blueprint| blueprint.assembly().base) {
        Some(Base::Forms(forms)) => forms,
        Some(_) => {
            mistakes.push(Mistake::new(
                "/scoring/cuts",
                "contradiction",
                "`cuts` are for the fixed forms of a blueprint with `forms`: use `cut` or `cut_percent`",
                "cuts は、blueprint に forms(固定の出題セット)を書いたときだけ使えます。cut か cut_percent を使ってください",
            ));
            return None;
        }
        None => return Some(BTreeMap::new()),
    };
    let Some(map) = value.as_object() else {
        mistakes.push(not_a_list(
            "/scoring/cuts",
            "write points under the names of forms: `{a: 26, b: 25}`",
            "出題セットの名前ごとに点数を書いてください。例: {a: 26, b: 25}",
        ));
        return None;
    };
    let mut cuts = BTreeMap::new();
    for (name, points) in map {
        let pointer = pointer_to("/scoring/cuts", name);
        let Some(list) = forms.get(name) else {
            let near = nearest(name, forms.keys().map(String::as_str));
            let (hint, hint_ja) = near.map_or_else(<(String, String)>::default, |near| {
                (format!("; did you mean `{near}`?"), format!("。「{near}」のことでしょうか"))
            });
            mistakes.push(Mistake::new(
                pointer,
                "unknown_form",
                format!("there is no form `{name}`{hint}"),
                format!("出題セット「{name}」がありません{hint_ja}"),
            ));
            continue;
        };
        // What they are worth is known when the bank is: here, all that they may be worth.
        let most = u32::try_from(list.len()).unwrap_or(MAX_POSITIONS).saturating_mul(MAX_POINTS);
        if let Some(points) = whole(points, &pointer, 1..=most, mistakes) {
            cuts.insert(name.clone(), points);
        }
    }
    Some(cuts)
}

fn read_scale(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Scale> {
    let object = Object::open(value, "/scoring/scale", &["min", "cut", "max"], mistakes)?;
    let [min, cut, max] = ["min", "cut", "max"].map(|name| {
        object.required(name, mistakes)?;
        object.whole(name, 0..=100_000, mistakes)
    });
    let scale = Scale { min: min?, cut: cut?, max: max? };
    let fits = scale.min < scale.cut && scale.cut < scale.max;
    if !fits {
        mistakes.push(Mistake::new(
            "/scoring/scale",
            "scale_out_of_order",
            "the cut of the scale lies between its ends: write `{min: 100, cut: 720, max: 1000}`",
            "尺度の合格点は、最低点と最高点の間に置いてください。例: {min: 100, cut: 720, max: 1000}",
        ));
    }
    fits.then_some(scale)
}

pub(super) fn read_release(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Release> {
    if value.is_object() {
        let object = Object::open(value, "/release", &["on"], mistakes)?;
        let on = object.required("on", mistakes)?;
        let at = on.as_str().and_then(|text| time::OffsetDateTime::parse(text, &Rfc3339).ok());
        if at.is_none() {
            mistakes.push(Mistake::new(
                "/release/on",
                "not_a_time",
                format!("{} stands here: write a time with its offset, like 2027-04-01T09:00:00+09:00", shown(on)),
                format!(
                    "{}が書かれています。2027-04-01T09:00:00+09:00 のように、時差を付けた時刻にしてください",
                    shown(on)
                ),
            ));
        }
        return at.map(|at| Release::On(Timestamp::from(at)));
    }
    let known = [Release::AtOnce, Release::Held];
    let found = known.into_iter().find(|release| value.as_str() == Some(release.as_str()));
    if found.is_none() {
        mistakes.push(not_one_of(value, "/release", &known.map(Release::as_str)));
    }
    found
}

/// A cut in points that no form can reach.
pub(super) fn reachable(scoring: &Scoring, most: u32, mistakes: &mut Vec<Mistake>) {
    if let Cut::Points(cut) = scoring.cut
        && cut > most
    {
        mistakes.push(out_of_reach("/scoring/cut".to_owned(), cut, most));
    }
}

pub(super) fn out_of_reach(pointer: String, cut: u32, most: u32) -> Mistake {
    Mistake::new(
        pointer,
        "cut_out_of_reach",
        format!("the cut is {cut} points, a form is worth at most {most}: nobody could pass; lower it"),
        format!("合格点は{cut}点ですが、1回の出題は満点でも{most}点です。誰も合格できないので、下げてください"),
    )
}
