//! What a form is made of: one item from each group, or so many from each domain; and whether a bank can fill it.
//!
//! ```yaml
//! blueprint: {group_by: {id_prefix: 3}, one_from_each: group}
//! blueprint: {domains: {security: 5, people: 3}}
//! ```
//! and [`Assembly`] for weights, tags, pretest items, exposure, earlier forms and fixed forms.

mod apportion;
mod assembly;
mod drawable;
mod pools;
mod read;

pub use apportion::by_largest_remainder;
pub use assembly::{Assembly, Base, Bounds, MOST_AVOIDED, MOST_FORMS};
pub use drawable::{Drawable, GroupBy};

use crate::{
    form::{Assembled, MAX_POSITIONS, Plan},
    mistake::Mistake,
    strict::Object,
};
use pools::{by_slug, fill_domains, groups};
use read::read_base;
use serde_json::Value;
use std::collections::BTreeMap;

/// How items are drawn from a bank. A section of the form for each group or domain, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blueprint {
    /// One item from each group.
    OneFromEach(GroupBy),
    /// So many items from each domain.
    PerDomain(BTreeMap<String, u32>),
    /// With rules of its own for assembly.
    Assembled(Assembly),
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
        let known = [
            "group_by",
            "one_from_each",
            "domains",
            "weights",
            "items",
            "forms",
            "tags",
            "pretest",
            "exposure",
            "avoid",
        ];
        let object = Object::open(value, "", &known, mistakes)?;
        let base = read_base(&object, mistakes);
        let mut assembly = Assembly::plain(base.unwrap_or(Base::PerDomain(BTreeMap::new())));
        assembly.read_rest(&object, mistakes);
        let plain = Assembly::plain(assembly.base.clone()) == assembly;
        Some(match assembly.base {
            _ if !mistakes.is_empty() => return None,
            Base::OneFromEach(by) if plain => Self::OneFromEach(by),
            Base::PerDomain(domains) if plain => Self::PerDomain(domains),
            _ => Self::Assembled(assembly),
        })
    }

    /// The same blueprint as [`Self::from_value`] reads it.
    pub fn to_value(&self) -> Value {
        self.assembly().to_value()
    }

    /// The same rules in the one shape that holds them all.
    pub fn assembly(&self) -> Assembly {
        match self {
            Self::OneFromEach(by) => Assembly::plain(Base::OneFromEach(*by)),
            Self::PerDomain(domains) => Assembly::plain(Base::PerDomain(domains.clone())),
            Self::Assembled(assembly) => assembly.clone(),
        }
    }

    /// How many positions of a form count, where that does not depend on the bank: for fixed forms, of the shortest.
    pub fn positions(&self) -> Option<u32> {
        let sum = |counts: &BTreeMap<String, u32>| counts.values().copied().fold(0, u32::saturating_add);
        match self.assembly().base {
            Base::OneFromEach(_) => None,
            Base::PerDomain(domains) => Some(sum(&domains)),
            Base::Weighted { items, .. } => Some(items),
            Base::Forms(forms) => forms.values().map(Vec::len).min().and_then(|n| u32::try_from(n).ok()),
        }
    }

    /// Sorts a bank into what forms are drawn from. The order of `bank` makes no difference.
    ///
    /// # Errors
    /// Everything that cannot be met, by name, with pointers into the blueprint.
    pub fn plan(&self, bank: impl IntoIterator<Item = Drawable>) -> Result<Plan, Vec<Mistake>> {
        self.plan_in_parts(bank, &[])
    }

    /// The same with the domains (or groups) of a form in an order: those of the first part, those of the second, and so on. A domain that no part
    /// names comes last.
    ///
    /// # Errors
    /// As [`Self::plan`].
    pub fn plan_in_parts(
        &self,
        bank: impl IntoIterator<Item = Drawable>,
        parts: &[Vec<String>],
    ) -> Result<Plan, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let items = by_slug(bank, &mut mistakes);
        let assembly = self.assembly();
        if let Base::Forms(forms) = &assembly.base {
            let assembled =
                Assembled::fixed(&assembly, forms, items).map_err(|wrong| [&*mistakes, &*wrong].concat())?;
            return if mistakes.is_empty() {
                Ok(Plan { sections: vec![], assembled: Some(assembled) })
            } else {
                Err(mistakes)
            };
        }
        let (pretest, items): (Vec<Drawable>, Vec<Drawable>) = items.into_iter().partition(|item| item.pretest);
        let mut sections = match &assembly.base {
            Base::OneFromEach(GroupBy::IdPrefix(length)) => groups(items, *length, &mut mistakes),
            Base::PerDomain(domains) => fill_domains(items, domains, "/domains", &mut mistakes),
            Base::Weighted { weights, items: count } => {
                let counts = by_largest_remainder(weights, *count);
                fill_domains(items, &counts, "/weights", &mut mistakes)
            }
            Base::Forms(_) => vec![],
        };
        let part = |name: &str| parts.iter().position(|part| part.iter().any(|n| n == name)).unwrap_or(parts.len());
        sections.sort_by_key(|section| part(&section.name));
        let positions = sections.iter().map(|section| section.take).fold(assembly.pretest, u32::saturating_add);
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
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        // A blueprint of old over a bank without enemies and cases goes by the rules that it was written for.
        let new = |item: &Drawable| !item.enemies.is_empty() || item.stimulus.is_some();
        let plain = !matches!(self, Self::Assembled(_)) && parts.is_empty();
        let assembled = if plain && !sections.iter().flat_map(|section| &section.pool).any(new) {
            None
        } else {
            Some(Assembled::new(&assembly, &sections, pretest)?)
        };
        Ok(Plan { sections, assembled })
    }
}
