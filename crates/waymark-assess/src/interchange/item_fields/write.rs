//! An item as the fields of a bank file: what [`super::take`] reads, it was written from.

use crate::{
    item::{
        AcceptedNumber, AcceptedTexts, Area, GapKey, GapKind, Gaps, Ignored, Interaction, ItemOption, ItemType,
        ItemVersion, KeyKind, OptionId, Rubric, Rule, Scoring, Shape, Tolerance,
    },
    text::{NO_LANGUAGE, Text},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The fields of `version` as a bank file has them. The figure is named as `figure_name` says.
///
/// Read back by [`super::item_from_value`], they give a version of the same hash.
pub fn item_to_value(version: &ItemVersion, figure_name: &dyn Fn(&crate::item::Figure) -> String) -> Value {
    let content = version.content();
    let item_type = content.item_type();
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("id", json!(content.slug));
    put("type", json!(item_type.as_str()));
    put("question", words(&content.stem));
    for (name, value) in interaction(item_type, &content.interaction, version.key().kind()) {
        put(name, value);
    }
    if let Some(domain) = &content.domain {
        put("domain", json!(domain));
    }
    for (name, many) in [("tags", &content.tags), ("enemies", &content.enemies)] {
        if !many.is_empty() {
            put(name, json!(many));
        }
    }
    if !content.refs.is_empty() {
        put("refs", json!(content.refs));
    }
    if let Some(figure) = &content.figure {
        put("figure", json!(figure_name(figure)));
        if let Some(alt) = &figure.alt {
            put("figure_alt", words(alt));
        }
    }
    if let Some(stimulus) = &content.stimulus {
        put("stimulus", json!({"id": stimulus.id, "text": words(&stimulus.text)}));
    }
    if let Some(rationale) = version.rationale() {
        put("rationale", words(rationale.reveal()));
    }
    if let Some(scoring) = scoring(version.key().scoring()) {
        put("scoring", scoring);
    }
    Value::Object(out)
}

fn words(text: &Text) -> Value {
    match text.entries().collect::<Vec<_>>()[..] {
        [(NO_LANGUAGE, words)] => json!(words),
        _ => json!(text),
    }
}

fn texts(options: &[ItemOption]) -> Value {
    options.iter().map(|option| words(&option.text)).collect()
}

fn place(options: &[ItemOption], id: &OptionId) -> Value {
    json!(options.iter().position(|option| option.id == *id))
}

fn places<'i>(options: &[ItemOption], ids: impl IntoIterator<Item = &'i OptionId>) -> Value {
    ids.into_iter().map(|id| place(options, id)).collect()
}

/// `ids` where they are not `a`, `b`, … by place.
fn ids<'i>(list: impl IntoIterator<Item = &'i OptionId>) -> Option<Value> {
    let ids: Vec<&OptionId> = list.into_iter().collect();
    let usual = ids.iter().enumerate().all(|(n, id)| OptionId::of_place(n).as_ref() == Some(*id));
    (!usual).then(|| ids.iter().map(|id| id.as_str()).collect())
}

fn fixed(options: &[ItemOption]) -> Value {
    options.iter().enumerate().filter(|(_, option)| option.fixed).map(|(n, _)| n).collect()
}

fn scoring(scoring: Scoring) -> Option<Value> {
    let rule = match scoring.rule {
        Rule::AllOrNothing => "all_or_nothing",
        Rule::PerPart => "per_part",
    };
    (scoring != Scoring::default()).then(|| json!({"rule": rule, "points": scoring.points, "penalty": scoring.penalty}))
}

fn own_ids(lists: &[(&'static str, Vec<&OptionId>)]) -> Option<(&'static str, Value)> {
    let named = lists.iter().filter_map(|(name, list)| Some(((*name).to_owned(), ids(list.iter().copied())?)));
    let named: Map<String, Value> = named.collect();
    (!named.is_empty()).then_some(("ids", Value::Object(named)))
}

fn of(options: &[ItemOption]) -> Vec<&OptionId> {
    options.iter().map(|option| &option.id).collect()
}

fn interaction(item_type: ItemType, interaction: &Interaction, key: &KeyKind) -> Vec<(&'static str, Value)> {
    let mut out = Vec::new();
    match (interaction, key) {
        (Interaction::Choice(choice), KeyKind::Options(right)) => {
            out.push(("answers", texts(&choice.options)));
            let right = places(&choice.options, right);
            out.push(("correct", if item_type == ItemType::MultipleChoice { right } else { right[0].clone() }));
            if let Some(choose) = choice.choose {
                out.push(("choose", json!(choose)));
            }
            if !choice.true_false {
                out.push(("fixed", fixed(&choice.options)));
            }
            out.extend(own_ids(&[("answers", of(&choice.options))]));
        }
        (Interaction::Match(matching), KeyKind::Pairs(pairs)) => {
            let pair = |(source, target): &(OptionId, OptionId)| {
                json!([place(&matching.sources, source), place(&matching.targets, target)])
            };
            out.push(("sources", texts(&matching.sources)));
            out.push(("targets", texts(&matching.targets)));
            out.push(("correct", pairs.iter().map(pair).collect()));
            if matching.several {
                out.push(("several", json!(true)));
            }
            if matching.targets.iter().any(|target| target.fixed) {
                out.push(("fixed", fixed(&matching.targets)));
            }
            out.extend(own_ids(&[("sources", of(&matching.sources)), ("targets", of(&matching.targets))]));
        }
        (Interaction::Order(ordering), KeyKind::Sequence(sequence)) => {
            out.push(("answers", texts(&ordering.options)));
            out.push(("correct", places(&ordering.options, sequence)));
            if ordering.options.iter().any(|option| option.fixed) {
                out.push(("fixed", fixed(&ordering.options)));
            }
            out.extend(own_ids(&[("answers", of(&ordering.options))]));
        }
        (Interaction::Number, KeyKind::Numbers(numbers)) => out.push(("correct", all_numbers(numbers))),
        (Interaction::ShortText(text), KeyKind::Texts(key)) => {
            out.push(("correct", accepted(key)));
            out.extend(ignore(key).map(|ignore| ("ignore", ignore)));
            out.push(("max_length", json!(text.max_length)));
        }
        (Interaction::Gaps(gaps), KeyKind::Gaps(keys)) => {
            out.push(("text", words(&gaps.text)));
            let gap = |gap: &crate::item::Gap| Some((gap.id.to_string(), filling(gaps, &gap.kind, keys.get(&gap.id)?)));
            out.push(("gaps", Value::Object(gaps.gaps.iter().filter_map(gap).collect())));
            if !gaps.pool.is_empty() {
                out.push(("pool", texts(&gaps.pool)));
            }
            if gaps.reuse {
                out.push(("reuse", json!(true)));
            }
            out.extend(own_ids(&[("pool", of(&gaps.pool))]));
        }
        (Interaction::Hotspot(hotspot), KeyKind::Options(right)) => {
            out.push(("size", json!([hotspot.width, hotspot.height])));
            out.push(("areas", hotspot.areas.iter().map(area).collect()));
            let labels = hotspot.labels();
            out.push(("correct", places(&labels, right)));
            if hotspot.multiple {
                out.push(("several", json!(true)));
            }
            if let Some(choose) = hotspot.choose {
                out.push(("choose", json!(choose)));
            }
            out.extend(own_ids(&[("areas", of(&labels))]));
        }
        (Interaction::Essay(essay), KeyKind::Rubric(key)) => {
            out.push(("max_length", json!(essay.max_length)));
            out.push(("rubric", rubric(key)));
        }
        (Interaction::Upload(upload), KeyKind::Rubric(key)) => {
            out.push(("files", json!(upload.kinds)));
            out.push(("max_bytes", json!(upload.max_bytes)));
            out.push(("rubric", rubric(key)));
        }
        _ => {}
    }
    out
}

fn filling(gaps: &Gaps, kind: &GapKind, key: &GapKey) -> Value {
    match (kind, key) {
        (GapKind::Choice { options }, GapKey::Options(right)) => {
            let mut gap = json!({"answers": texts(options), "correct": places(options, right)});
            if let Some(ids) = ids(of(options)) {
                gap["ids"] = ids;
            }
            gap
        }
        (GapKind::Text { max_length }, GapKey::Texts(key)) => {
            let mut gap = json!({"texts": accepted(key), "max_length": max_length});
            if let Some(ignore) = ignore(key) {
                gap["ignore"] = ignore;
            }
            gap
        }
        (_, GapKey::Numbers(numbers)) => json!({"numbers": all_numbers(numbers)}),
        (_, GapKey::Options(right)) => json!({"correct": places(&gaps.pool, right)}),
        (_, GapKey::Texts(key)) => json!({"texts": accepted(key)}),
    }
}

fn all_numbers(numbers: &[AcceptedNumber]) -> Value {
    let edges = |lower: bool, upper: bool| {
        let excluded = [("lower", lower), ("upper", upper)].into_iter().filter(|(_, included)| !included);
        excluded.map(|(edge, _)| edge).collect::<Vec<_>>()
    };
    let number = |number: &AcceptedNumber| {
        let mut value = json!({"value": number.value.to_string()});
        let excluded = match &number.tolerance {
            Tolerance::Exact => Vec::new(),
            Tolerance::Absolute { margin, include_lower, include_upper } => {
                value["tolerance"] = json!(margin.to_string());
                edges(*include_lower, *include_upper)
            }
            Tolerance::Relative { part, include_lower, include_upper } => {
                let hundred = "100".parse().expect("a number");
                let percent =
                    part.checked_mul(&hundred).map_or_else(|| part.to_string(), |percent| percent.to_string());
                value["tolerance"] = json!(format!("{percent}%"));
                edges(*include_lower, *include_upper)
            }
        };
        if !excluded.is_empty() {
            value["exclude"] = json!(excluded);
        }
        if !number.share.is_whole() {
            value["share"] = json!(number.share.get());
        }
        value
    };
    numbers.iter().map(number).collect()
}

fn accepted(key: &AcceptedTexts) -> Value {
    let text = |text: &crate::item::AcceptedText| {
        if text.share.is_whole() { json!(text.text) } else { json!({"text": text.text, "share": text.share.get()}) }
    };
    key.texts.iter().map(text).collect()
}

fn ignore(key: &AcceptedTexts) -> Option<Value> {
    let names: BTreeSet<&str> = key.ignore.iter().map(|ignored| ignored.as_str()).collect();
    (key.ignore != Ignored::usual()).then(|| json!(names))
}

fn area(area: &Area) -> Value {
    let (name, shape) = match &area.shape {
        Shape::Rectangle { x, y, width, height } => ("rectangle", json!([x, y, width, height])),
        Shape::Circle { x, y, radius } => ("circle", json!([x, y, radius])),
        Shape::Polygon(corners) => ("polygon", json!(corners)),
    };
    json!({"label": words(&area.label), name: shape})
}

fn rubric(key: &Rubric) -> Value {
    key.criteria.iter().map(|line| json!({"text": words(&line.text), "points": line.points})).collect()
}
