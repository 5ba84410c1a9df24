//! From a bank and a blueprint to what is searched.

use super::binding::{self, Names};
use super::search::{Found, Problem, Unit};
use crate::blueprint::{Assembly, Base, Drawable};
use crate::form::PlannedSection;
use crate::mistake::{Mistake, nearest, pointer_to};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan of ALGORITHM 2 keeps beside its sections.
#[derive(Debug, Clone)]
pub(crate) struct Assembled {
    pub items: Vec<Entry>,
    pub problem: Problem,
    /// The last cell, where pretest items are drawn.
    pub pretest_cell: Option<usize>,
    /// A choice that satisfies everything but exposure and avoidance.
    pub witness: Vec<usize>,
    /// Fixed forms: places in `items`. Where there are any, nothing is searched.
    pub forms: Vec<(String, Vec<usize>)>,
    pub exposure: Option<u32>,
    pub avoid_last: u32,
    pub pretest: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub item: Drawable,
    /// The section in which it stands.
    pub home: usize,
    pub scored: bool,
}

/// How much work the first search may do, when the exam is published.
const FIRST: u32 = 100_000;
/// Where items of a fixed form stand that have no domain.
const NO_DOMAIN: &str = "-";

impl Assembled {
    pub(super) fn section_of<'e>(&self, entry: &'e Entry) -> &'e str {
        entry.item.domain.as_deref().unwrap_or(NO_DOMAIN)
    }

    /// Domains of which fewer items than a form needs are below the cap on exposure: name, how many are, how many it needs.
    pub fn used_up(&self, sections: &[PlannedSection], used: &BTreeMap<String, u32>) -> Vec<(String, u32, u32)> {
        let Some(cap) = self.exposure else { return vec![] };
        let open = |slug: &str| used.get(slug).is_none_or(|n| *n < cap);
        let left = |home: usize| {
            let below = self.items.iter().filter(|e| e.home == home && e.scored && open(&e.item.slug)).count();
            u32::try_from(below).unwrap_or(u32::MAX)
        };
        let named = sections.iter().enumerate().map(|(home, s)| (s.name.clone(), left(home), s.take));
        named.filter(|(_, left, need)| left < need).collect()
    }

    /// # Errors
    /// What cannot be met, named.
    pub fn new(assembly: &Assembly, sections: &[PlannedSection], pretest: Vec<Drawable>) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = vec![];
        let mut items: Vec<Entry> = vec![];
        for (home, section) in sections.iter().enumerate() {
            items.extend(section.pool.iter().map(|item| Entry { item: item.clone(), home, scored: true }));
        }
        if assembly.pretest > 0 {
            for item in pretest {
                let home = sections.iter().position(|section| assembly.base.holds(&section.name, &item));
                items.extend(home.map(|home| Entry { item, home, scored: false }));
            }
        }
        let scored = sections.len();
        let mut needs: Vec<u32> = sections.iter().map(|section| section.take).collect();
        let pretest_cell = (assembly.pretest > 0).then_some(scored);
        needs.extend(pretest_cell.map(|_| assembly.pretest));
        known_tags(assembly, &items, &mut mistakes);
        let (units, sets) = units(assembly, &items, scored);
        let bounds = assembly.tags.values().map(|b| (b.at_least, b.at_most.unwrap_or(u32::MAX))).collect();
        let problem = Problem::new(needs, bounds, units, sets.len());
        let names = Names {
            assembly,
            cells: sections.iter().map(|section| section.name.as_str()).collect(),
            tags: assembly.tags.keys().map(String::as_str).collect(),
            sets,
        };
        binding::alone(&problem, &names, &mut mistakes);
        let order = problem.by_cell.clone();
        let mut witness = vec![];
        if mistakes.is_empty() {
            match problem.search(&order, |_| false, FIRST) {
                Found::Solution(chosen) => witness = chosen,
                failed => mistakes.extend(binding::together(&problem, &names, &failed)),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(Self {
            items,
            problem,
            pretest_cell,
            witness,
            forms: vec![],
            exposure: assembly.exposure,
            avoid_last: assembly.avoid_last,
            pretest: assembly.pretest,
        })
    }

    /// Fixed forms.
    ///
    /// # Errors
    /// An id that the bank does not have, and enemies in one form.
    pub fn fixed(
        assembly: &Assembly,
        forms: &BTreeMap<String, Vec<String>>,
        bank: Vec<Drawable>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = vec![];
        let items: Vec<Entry> = bank.into_iter().map(|item| Entry { scored: !item.pretest, item, home: 0 }).collect();
        let places: BTreeMap<&str, usize> = items.iter().enumerate().map(|(n, e)| (e.item.slug.as_str(), n)).collect();
        let mut lists = vec![];
        for (name, slugs) in forms {
            let at = pointer_to("/forms", name);
            let mut met: BTreeMap<&str, &str> = BTreeMap::new();
            let mut list = vec![];
            for (n, slug) in slugs.iter().enumerate() {
                let Some(place) = places.get(slug.as_str()) else {
                    let near = nearest(slug, places.keys().copied());
                    let (hint, hint_ja) = near.map_or_else(<(String, String)>::default, |near| {
                        (format!("; did you mean `{near}`?"), format!("。「{near}」のことでしょうか"))
                    });
                    mistakes.push(Mistake::new(
                        pointer_to(&at, n),
                        "unknown_item",
                        format!("the bank has no item `{slug}` that may be used{hint}"),
                        format!("出題できる設問「{slug}」が問題バンクにありません{hint_ja}"),
                    ));
                    continue;
                };
                for set in &items[*place].item.enemies {
                    if let Some(other) = met.insert(set, slug) {
                        mistakes.push(binding::enemies_in_form(&pointer_to(&at, n), set, other, slug));
                    }
                }
                list.push(*place);
            }
            if !list.iter().any(|n| items[*n].scored) {
                mistakes.push(Mistake::new(
                    at,
                    "nothing_scored",
                    format!("form `{name}` has no item that counts: add one that is in use"),
                    format!("出題セット「{name}」に採点される設問がありません。使用中の設問を加えてください"),
                ));
            }
            lists.push((name.clone(), list));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(Self {
            items,
            problem: Problem::new(vec![], vec![], vec![], 0),
            pretest_cell: None,
            witness: vec![],
            forms: lists,
            exposure: assembly.exposure,
            avoid_last: assembly.avoid_last,
            pretest: 0,
        })
    }
}

impl Base {
    /// Whether an item belongs to the section of this name.
    fn holds(&self, section: &str, item: &Drawable) -> bool {
        match self {
            Self::OneFromEach(by) => by.group_of(item).as_deref() == Some(section),
            _ => item.domain.as_deref() == Some(section),
        }
    }
}

fn known_tags(assembly: &Assembly, items: &[Entry], mistakes: &mut Vec<Mistake>) {
    let known: BTreeSet<&str> = items.iter().flat_map(|entry| entry.item.tags.iter().map(String::as_str)).collect();
    for (tag, bounds) in assembly.tags.iter().filter(|(tag, _)| !known.contains(tag.as_str())) {
        let near = nearest(tag, known.iter().copied());
        let (hint, hint_ja) = near.map_or_else(<(String, String)>::default, |near| {
            (format!("; did you mean `{near}`?"), format!("。「{near}」のことでしょうか"))
        });
        if bounds.at_least > 0 || near.is_some() {
            mistakes.push(Mistake::new(
                pointer_to("/tags", tag),
                "unknown_tag",
                format!("no item to be drawn carries the tag `{tag}`{hint}"),
                format!("タグ「{tag}」の付いた設問がありません{hint_ja}"),
            ));
        }
    }
}

/// The units in the order of their first ids, and the names of the sets of which no two units meet.
fn units(assembly: &Assembly, items: &[Entry], pretest_cell: usize) -> (Vec<Unit>, Vec<String>) {
    let cell = |entry: &Entry| if entry.scored { entry.home } else { pretest_cell };
    let mut grouped: BTreeMap<(usize, usize, String), Vec<usize>> = BTreeMap::new();
    for (n, entry) in items.iter().enumerate() {
        // A stimulus and an id may be the same word: the leading character tells them apart.
        let key = entry.item.stimulus.as_ref().map_or_else(|| format!("i{}", entry.item.slug), |s| format!("s{s}"));
        grouped.entry((cell(entry), entry.home, key)).or_default().push(n);
    }
    let mut sets: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = vec![];
    let mut set = |name: String| {
        *sets.entry(name.clone()).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        })
    };
    let mut units: Vec<Unit> = grouped
        .into_iter()
        .map(|((cell, ..), list)| {
            let mut tags: BTreeMap<usize, u32> = BTreeMap::new();
            let mut of: BTreeSet<usize> = BTreeSet::new();
            for entry in list.iter().map(|n| &items[*n]) {
                for (n, _) in assembly.tags.keys().enumerate().filter(|(_, tag)| entry.item.tags.contains(*tag)) {
                    *tags.entry(n).or_default() += u32::from(entry.scored);
                }
                of.extend(entry.item.enemies.iter().map(|name| set(name.clone())));
                of.extend(entry.item.stimulus.iter().map(|id| set(format!("stimulus {id}"))));
            }
            tags.retain(|_, count| *count > 0);
            Unit { cell, items: list, tags: tags.into_iter().collect(), sets: of.into_iter().collect() }
        })
        .collect();
    // Two items of one case that are enemies: the case can never be shown as a whole.
    units.retain(|unit| {
        let mut met = BTreeSet::new();
        unit.items.iter().flat_map(|n| &items[*n].item.enemies).all(|set| met.insert(set))
    });
    units.sort_by(|a, b| items[a.items[0]].item.slug.cmp(&items[b.items[0]].item.slug));
    (units, names)
}
