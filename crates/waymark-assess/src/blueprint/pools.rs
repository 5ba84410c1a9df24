//! A bank sorted into the pools that sections are drawn from.

use super::{Drawable, GroupBy};
use crate::{
    form::PlannedSection,
    mistake::{Mistake, nearest, pointer_to},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn by_slug(bank: impl IntoIterator<Item = Drawable>, mistakes: &mut Vec<Mistake>) -> Vec<Drawable> {
    let mut items = BTreeMap::new();
    for item in bank {
        if let Some(other) = items.insert(item.slug.clone(), item) {
            mistakes.push(Mistake::new(
                "",
                "duplicate_item",
                format!("the bank offers two versions of item `{}`: offer the one in use", other.slug),
                format!("設問「{}」の版が2つあります。使う版だけにしてください", other.slug),
            ));
        }
    }
    items.into_values().collect()
}

pub(super) fn groups(items: Vec<Drawable>, length: u32, mistakes: &mut Vec<Mistake>) -> Vec<PlannedSection> {
    let mut groups: BTreeMap<String, Vec<Drawable>> = BTreeMap::new();
    for item in items {
        if let Some(prefix) = GroupBy::IdPrefix(length).group_of(&item) {
            groups.entry(prefix).or_default().push(item);
        } else {
            mistakes.push(Mistake::new(
                "/group_by/id_prefix",
                "id_too_short",
                format!("item `{}` has an id shorter than {length} characters and so no group: rename it or shorten the prefix", item.slug),
                format!("設問「{}」のidは{length}字より短く、グループが決まりません。idを変えるか、id_prefix を短くしてください", item.slug),
            ));
        }
    }
    groups.into_iter().map(|(name, pool)| PlannedSection { name, take: 1, pool }).collect()
}

pub(super) fn fill_domains(
    items: Vec<Drawable>,
    domains: &BTreeMap<String, u32>,
    pointer: &str,
    mistakes: &mut Vec<Mistake>,
) -> Vec<PlannedSection> {
    let known: BTreeSet<String> = items.iter().filter_map(|item| item.domain.clone()).collect();
    let mut pools: BTreeMap<String, Vec<Drawable>> = BTreeMap::new();
    for item in items {
        if let Some(domain) = item.domain.clone() {
            pools.entry(domain).or_default().push(item);
        }
    }
    let mut section = |(name, take): (&String, &u32)| {
        let pool = pools.remove(name).unwrap_or_default();
        if pool.len() < usize::try_from(*take).unwrap_or(usize::MAX) {
            let (has, near) = (pool.len(), nearest(name, known.iter().map(String::as_str).filter(|k| k != name)));
            let hint = near.filter(|_| has == 0).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            let hint_ja =
                near.filter(|_| has == 0).map_or(String::new(), |near| format!("。「{near}」のことでしょうか"));
            mistakes.push(Mistake::new(
                pointer_to(pointer, name),
                "too_few_items",
                format!(
                    "domain `{name}` has {has} {}, the blueprint asks for {take}{hint}",
                    if has == 1 { "item" } else { "items" }
                ),
                format!("領域「{name}」の設問は{has}問ですが、出題の決まりは{take}問を求めています{hint_ja}"),
            ));
        }
        PlannedSection { name: name.clone(), take: *take, pool }
    };
    domains.iter().map(&mut section).collect()
}
