//! Reading what scored items are counted by.

use super::{Base, GroupBy, apportion::by_largest_remainder, assembly};
use crate::{
    form::MAX_POSITIONS,
    mistake::{Mistake, pointer_to},
    strict::{Object, not_one_of, whole},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What scored items are counted by: exactly one way of drawing.
pub(super) fn read_base(object: &Object<'_>, mistakes: &mut Vec<Mistake>) -> Option<Base> {
    let ways = [("forms", &[][..]), ("weights", &["items"][..]), ("domains", &[]), ("group_by", &["one_from_each"])];
    let said = |name: &str| object.get(name).is_some();
    let way = ways.iter().find(|(name, with)| said(name) || with.iter().any(|w| said(w)));
    let Some((way, with)) = way else {
        mistakes.push(Mistake::new(
            "",
            "missing",
            "the blueprint says nothing: write `domains: {name: number}`, `weights` with `items`, `group_by: {id_prefix: 3}` with `one_from_each: group`, or `forms`",
            "出題の決まりがありません。domains: {領域名: 問題数}、weights と items、group_by: {id_prefix: 3} と one_from_each: group、forms のどれかを書いてください",
        ));
        return None;
    };
    for other in ways.iter().flat_map(|(name, with)| [*name].into_iter().chain(with.iter().copied())) {
        if other != *way && !with.contains(&other) && said(other) {
            mistakes.push(Mistake::new(
                object.at(other),
                "contradiction",
                format!("`{other}` does not go with `{way}`: keep one way of drawing"),
                format!("「{other}」は「{way}」と一緒には使えません。どちらか一方にしてください"),
            ));
        }
    }
    match *way {
        "forms" => assembly::read_forms(object.get("forms")?, &object.at("forms"), mistakes).map(Base::Forms),
        "weights" => {
            object.required("items", mistakes);
            let items = object.whole("items", 1..=MAX_POSITIONS, mistakes);
            let weights = object.required("weights", mistakes)?;
            let weights = assembly::read_weights(weights, &object.at("weights"), mistakes)?;
            let base = Base::Weighted { weights, items: items? };
            nobody_goes_empty(&base, mistakes);
            Some(base)
        }
        "domains" => read_domains(object.get("domains")?, &object.at("domains"), mistakes).map(Base::PerDomain),
        _ => {
            let one_from_each = object.required("one_from_each", mistakes);
            if let Some(each) = one_from_each.filter(|each| each.as_str() != Some("group")) {
                mistakes.push(not_one_of(each, &object.at("one_from_each"), &["group"]));
            }
            let group_by = object.required("group_by", mistakes)?;
            let group_by = Object::open(group_by, &object.at("group_by"), &["id_prefix"], mistakes)?;
            group_by.required("id_prefix", mistakes)?;
            Some(Base::OneFromEach(GroupBy::IdPrefix(group_by.whole("id_prefix", 1..=32, mistakes)?)))
        }
    }
}

/// A weight that comes to no item at all is a mistake: what it stands for would never be asked.
fn nobody_goes_empty(base: &Base, mistakes: &mut Vec<Mistake>) {
    let Base::Weighted { weights, items } = base else { return };
    for (name, _) in by_largest_remainder(weights, *items).iter().filter(|(_, count)| **count == 0) {
        mistakes.push(Mistake::new(
            pointer_to("/weights", name),
            "weight_without_items",
            format!("with {items} items, the weight of `{name}` comes to none: raise it or `items`"),
            format!("{items}問では「{name}」の配分が0問になります。配分か items を増やしてください"),
        ));
    }
}

fn read_domains(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<BTreeMap<String, u32>> {
    let Some(map) = value.as_object().filter(|map| !map.is_empty()) else {
        mistakes.push(Mistake::new(
            pointer,
            "not_an_object",
            "`domains` says how many items come from each domain: write `{security: 5, people: 3}`",
            "domains には領域ごとの問題数を書きます。例: {security: 5, people: 3}",
        ));
        return None;
    };
    let read = |(name, count): (&String, &Value), mistakes: &mut Vec<Mistake>| {
        let count = whole(count, &pointer_to(pointer, name), 1..=MAX_POSITIONS, mistakes)?;
        Some((name.clone(), count))
    };
    let domains: BTreeMap<_, _> = map.iter().filter_map(|entry| read(entry, mistakes)).collect();
    let total = domains.values().copied().fold(0, u32::saturating_add);
    if total > MAX_POSITIONS {
        mistakes.push(Mistake::new(
            pointer,
            "too_many_positions",
            format!("the domains add up to {total} positions: keep to {MAX_POSITIONS}"),
            format!("領域の問題数を合わせると{total}問です。{MAX_POSITIONS}問までにしてください"),
        ));
        return None;
    }
    Some(domains)
}
