//! What a form is made of: one item from each group, or so many from each domain; and whether a bank can fill it.
//!
//! ```yaml
//! blueprint: {group_by: {id_prefix: 3}, one_from_each: group}
//! blueprint: {domains: {security: 5, people: 3}}
//! ```

use crate::{
    form::{MAX_POSITIONS, Plan, PlannedSection, arrange::Arrangement},
    item::{ItemContent, ItemVersion, VersionHash},
    mistake::{Mistake, nearest, pointer_to},
    strict::{Object, not_one_of, whole},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How items are drawn from a bank. A section of the form for each group or domain, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blueprint {
    /// One item from each group.
    OneFromEach(GroupBy),
    /// So many items from each domain.
    PerDomain(BTreeMap<String, u32>),
}

/// What puts items into one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupBy {
    /// The first so many characters of the id.
    IdPrefix(u32),
}

/// What assembly needs to know of an item version: not its key, not its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawable {
    pub(crate) hash: VersionHash,
    pub(crate) slug: String,
    pub(crate) domain: Option<String>,
    pub(crate) arrangement: Arrangement,
    pub(crate) enemies: BTreeSet<String>,
    /// Id of the stimulus it shares with others.
    pub(crate) stimulus: Option<String>,
    pub(crate) pretest: bool,
    pub(crate) exposure: u64,
}

impl Drawable {
    pub fn new(hash: VersionHash, content: &ItemContent) -> Self {
        Self {
            hash,
            slug: content.slug.clone(),
            domain: content.domain.clone(),
            arrangement: Arrangement::from(&content.interaction),
            enemies: content.enemies.clone(),
            stimulus: content.stimulus.as_ref().map(|stimulus| stimulus.id.clone()),
            pretest: false,
            exposure: 0,
        }
    }

    /// The same item, drawn without being scored.
    #[must_use]
    pub fn as_pretest(self) -> Self {
        Self { pretest: true, ..self }
    }

    /// The same item, which so many forms have held already.
    #[must_use]
    pub fn used(self, times: u64) -> Self {
        Self { exposure: times, ..self }
    }

    pub fn slug(&self) -> &str {
        &self.slug
    }

    pub fn enemies(&self) -> &BTreeSet<String> {
        &self.enemies
    }

    pub fn stimulus(&self) -> Option<&str> {
        self.stimulus.as_deref()
    }

    pub fn is_pretest(&self) -> bool {
        self.pretest
    }

    pub fn exposure(&self) -> u64 {
        self.exposure
    }
}

impl From<&ItemVersion> for Drawable {
    fn from(version: &ItemVersion) -> Self {
        Self::new(version.hash(), version.content())
    }
}

impl Blueprint {
    /// Reads a blueprint as files and forms write it.
    ///
    /// # Errors
    /// All mistakes at once; pointers count from `value`.
    pub fn from_value(value: &Value) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let blueprint = Self::read(value, &mut mistakes);
        blueprint.filter(|_| mistakes.is_empty()).ok_or(mistakes)
    }

    fn read(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let object = Object::open(value, "", &["group_by", "one_from_each", "domains"], mistakes)?;
        if let Some(domains) = object.get("domains") {
            for other in ["group_by", "one_from_each"].into_iter().filter(|name| object.get(name).is_some()) {
                mistakes.push(Mistake::new(
                    object.at(other),
                    "contradiction",
                    format!("`{other}` does not go with `domains`: keep one way of drawing"),
                    format!("「{other}」は「domains」と一緒には使えません。どちらか一方にしてください"),
                ));
            }
            return read_domains(domains, &object.at("domains"), mistakes).map(Self::PerDomain);
        }
        if object.get("group_by").is_none() && object.get("one_from_each").is_none() {
            mistakes.push(Mistake::new(
                "",
                "missing",
                "the blueprint says nothing: write `domains: {name: number}`, or `group_by: {id_prefix: 3}` with `one_from_each: group`",
                "出題の決まりがありません。domains: {領域名: 問題数} か、group_by: {id_prefix: 3} と one_from_each: group を書いてください",
            ));
            return None;
        }
        let one_from_each = object.required("one_from_each", mistakes);
        if let Some(each) = one_from_each.filter(|each| each.as_str() != Some("group")) {
            mistakes.push(not_one_of(each, &object.at("one_from_each"), &["group"]));
        }
        let group_by = object.required("group_by", mistakes)?;
        let group_by = Object::open(group_by, &object.at("group_by"), &["id_prefix"], mistakes)?;
        group_by.required("id_prefix", mistakes)?;
        Some(Self::OneFromEach(GroupBy::IdPrefix(group_by.whole("id_prefix", 1..=32, mistakes)?)))
    }

    /// The same blueprint as [`Self::from_value`] reads it.
    pub fn to_value(&self) -> Value {
        match self {
            Self::OneFromEach(GroupBy::IdPrefix(n)) => json!({"group_by": {"id_prefix": n}, "one_from_each": "group"}),
            Self::PerDomain(domains) => json!({"domains": domains}),
        }
    }

    /// How many positions a form has, where that does not depend on the bank.
    pub fn positions(&self) -> Option<u32> {
        match self {
            Self::OneFromEach(_) => None,
            Self::PerDomain(domains) => Some(domains.values().copied().fold(0, u32::saturating_add)),
        }
    }

    /// Sorts a bank into what forms are drawn from. The order of `bank` makes no difference.
    ///
    /// # Errors
    /// Every group or domain that cannot be filled, by name, with pointers into the blueprint.
    pub fn plan(&self, bank: impl IntoIterator<Item = Drawable>) -> Result<Plan, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let items = by_slug(bank, &mut mistakes);
        let sections = match self {
            Self::OneFromEach(GroupBy::IdPrefix(length)) => groups(items, *length, &mut mistakes),
            Self::PerDomain(domains) => fill_domains(items, domains, &mut mistakes),
        };
        let positions = sections.iter().map(|section| section.take).fold(0, u32::saturating_add);
        if mistakes.is_empty() && positions == 0 {
            mistakes.push(Mistake::new(
                "",
                "empty_bank",
                "the bank has no item to draw: import items first",
                "問題バンクに出題できる設問がありません。先に設問を取り込んでください",
            ));
        }
        if positions > MAX_POSITIONS {
            mistakes.push(Mistake::new(
                "",
                "too_many_positions",
                format!("a form would have {positions} positions: keep to {MAX_POSITIONS}; with `id_prefix`, try a shorter prefix"),
                format!("1回の出題が{positions}問になります。{MAX_POSITIONS}問までにしてください。id_prefix なら短くしてみてください"),
            ));
        }
        if mistakes.is_empty() { Ok(Plan { sections }) } else { Err(mistakes) }
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

fn by_slug(bank: impl IntoIterator<Item = Drawable>, mistakes: &mut Vec<Mistake>) -> Vec<Drawable> {
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

fn groups(items: Vec<Drawable>, length: u32, mistakes: &mut Vec<Mistake>) -> Vec<PlannedSection> {
    let mut groups: BTreeMap<String, Vec<Drawable>> = BTreeMap::new();
    for item in items {
        let prefix: String = item.slug.chars().take(usize::try_from(length).unwrap_or(usize::MAX)).collect();
        if prefix.chars().count() == usize::try_from(length).unwrap_or(usize::MAX) {
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

fn fill_domains(
    items: Vec<Drawable>,
    domains: &BTreeMap<String, u32>,
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
                pointer_to("/domains", name),
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
