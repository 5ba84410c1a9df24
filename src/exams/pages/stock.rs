//! What a bank has, as far as a blueprint can ask for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use waymark_assess::blueprint::{Base, Blueprint, Drawable};

use super::pointed::{Fields, number};
use super::rows::{count, typed};
use crate::banks;
use crate::database::Read;
use crate::error::Result;
use crate::web::i18n::Words;

/// The items of a bank that forms may be drawn from, counted.
#[derive(Default)]
pub struct Stock {
    /// Scored items by domain.
    pub domains: BTreeMap<String, usize>,
    /// Scored items by tag.
    pub tags: BTreeMap<String, usize>,
    /// Sets of items that never meet, with their members; only those that keep anything apart.
    pub sets: Vec<(String, Vec<String>)>,
    pub without_domain: usize,
    pub in_pretest: usize,
    slugs: Vec<String>,
}

/// What a form takes from a domain, a group or a list, and whether the bank has it.
pub struct Line {
    /// The row of the form, where it has one.
    pub row: Option<usize>,
    pub name: String,
    pub available: usize,
    pub needed: usize,
}

impl Line {
    pub fn short(&self) -> bool {
        self.needed > self.available
    }

    pub fn state(&self, w: &Words) -> String {
        match (self.needed, self.short()) {
            (0, _) => String::new(),
            (_, true) => w.with1("exam-short-by", "n", self.needed - self.available),
            (_, false) => w.t("exam-enough"),
        }
    }
}

impl Stock {
    pub async fn of(db: &impl Read, bank: &str) -> Result<Self> {
        let items = if bank.is_empty() { None } else { banks::drawables(db, bank).await? };
        Ok(Self::counted(&items.unwrap_or_default()))
    }

    fn counted(items: &[Drawable]) -> Self {
        let mut stock = Self::default();
        let mut sets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for item in items {
            stock.slugs.push(item.slug().to_owned());
            for set in item.enemies() {
                sets.entry(set.clone()).or_default().insert(item.slug().to_owned());
            }
            if item.is_pretest() {
                stock.in_pretest += 1;
                continue;
            }
            for tag in item.tags() {
                *stock.tags.entry(tag.clone()).or_default() += 1;
            }
            match item.domain() {
                Some(domain) => *stock.domains.entry(domain.to_owned()).or_default() += 1,
                None => stock.without_domain += 1,
            }
        }
        let apart = sets.into_iter().filter(|(_, members)| members.len() > 1);
        stock.sets = apart.map(|(set, members)| (set, members.into_iter().collect())).collect();
        stock
    }

    fn groups(&self, length: usize) -> BTreeMap<String, usize> {
        let mut groups = BTreeMap::new();
        for slug in &self.slugs {
            let prefix: String = slug.chars().take(length).collect();
            if prefix.chars().count() == length {
                *groups.entry(prefix).or_default() += 1;
            }
        }
        groups
    }

    /// What one form takes from where, as far as the fields say it already.
    pub fn lines(&self, fields: &Fields, document: &Value) -> Vec<Line> {
        match fields.get("way").map_or("domains", String::as_str) {
            "groups" => {
                let length = typed(fields, "/blueprint/group_by/id_prefix").and_then(|n| number(n).as_u64());
                let length = length.and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=32).contains(n));
                let groups = length.map(|length| self.groups(length)).unwrap_or_default();
                groups.into_iter().map(|(name, available)| Line { row: None, name, available, needed: 1 }).collect()
            }
            "forms" => self.forms(document),
            way => {
                let shares = if way == "weights" { shared_out(&document["blueprint"]) } else { BTreeMap::new() };
                let line = |row: usize| {
                    let name = fields.get(&format!("cell/{row}/name"))?.clone();
                    let typed = typed(fields, &format!("cell/{row}/need")).map(number);
                    let needed = match way {
                        "weights" => shares.get(&name).copied().map(u64::from),
                        _ => typed.and_then(|n| n.as_u64()),
                    };
                    Some(Line {
                        row: Some(row),
                        available: self.domains.get(&name).copied().unwrap_or(0),
                        needed: needed.and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
                        name,
                    })
                };
                (0..count(fields, "cell").unwrap_or(0)).filter_map(line).collect()
            }
        }
    }

    /// Of each fixed form, how many of its items the bank has.
    fn forms(&self, document: &Value) -> Vec<Line> {
        let known: BTreeSet<&str> = self.slugs.iter().map(String::as_str).collect();
        let forms = document["blueprint"]["forms"].as_object().into_iter().flatten();
        let line = |(name, items): (&String, &Value)| {
            let items: Vec<&str> = items.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let available = items.iter().filter(|item| known.contains(*item)).count();
            Line { row: None, name: name.clone(), available, needed: items.len() }
        };
        forms.map(line).collect()
    }

    /// The names of domains or groups that a section may hold.
    pub fn names(&self, fields: &Fields, document: &Value) -> Vec<String> {
        self.lines(fields, document).into_iter().map(|line| line.name).collect()
    }
}

/// Weights as numbers of items; nothing while they do not add up.
fn shared_out(blueprint: &Value) -> BTreeMap<String, u32> {
    let own = json!({"weights": blueprint["weights"], "items": blueprint["items"]});
    match Blueprint::from_value(&own).map(|read| read.assembly().base) {
        Ok(Base::Weighted { weights, items }) => waymark_assess::blueprint::by_largest_remainder(&weights, items),
        _ => BTreeMap::new(),
    }
}
