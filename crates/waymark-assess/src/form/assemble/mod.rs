//! Assembling a form from rules of more kinds than counts. These rules are [`ALGORITHM`] 2 and never change; other rules get another number.
//!
//! * Words, `below` and drawing as in ALGORITHM 1, options and handles likewise; stream 0 chooses items and their order.
//! * A unit is one item, or all scored items of a domain (or group) with the same stimulus, in the order of their ids; likewise all pretest items with it.
//!   Units with one stimulus in different cells never meet, nor do units that share an enemy set.
//! * Cells are the domains (or groups) in the order of the form, and after them the pretest items. A try draws the units of every cell, in the order of their
//!   first ids, all of them; pretest units are then sorted, in the order drawn, so that each round holds one from each domain. A search takes units in that order.
//! * Rules that give way, in this order: nothing from the forms to be avoided, the oldest of them first; the cap on exposure; and at last chance: the one
//!   form that was found when the plan was made. Each step has [`TRIES`] tries of [`STEPS`] steps. What gave way is written into the form.
//! * In the form each domain's units, pretest ones among them, stand in an order drawn for them.
//! * A fixed form is drawn from those for which least has to give way.

mod binding;
mod problem;
mod search;
#[cfg(test)]
mod tests;

pub(crate) use problem::Assembled;
use search::Found;

use super::arrange::Arranger;
use super::words::Words;
use super::{Form, Plan, PlannedSection, Position, Relaxed, Seed};
use crate::blueprint::Drawable;
use search::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// The number of the rules above.
pub const ALGORITHM: u32 = 2;
/// How often each step of giving way is tried with units drawn anew.
pub const TRIES: u32 = 4;
/// How many choices a try may make.
pub const STEPS: u32 = 4_000;

/// What assembly needs to know besides the bank.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// The ids of the items of the candidate's earlier forms, the latest form first.
    pub earlier: Vec<BTreeSet<String>>,
    /// In how many forms of the exam an item stands already, by id.
    pub used: BTreeMap<String, u32>,
}

/// How much has to give way before an item may be taken: 0 is nothing.
fn tier(item: &Drawable, planned: &Assembled, circumstances: &Circumstances) -> usize {
    let avoided = avoided(planned, circumstances);
    let over = planned.exposure.is_some_and(|cap| circumstances.used.get(&item.slug).is_some_and(|used| *used >= cap));
    if over {
        return avoided.len() + 1;
    }
    // The latest form is let in last.
    avoided.iter().position(|form| form.contains(&item.slug)).map_or(0, |latest| avoided.len() - latest)
}

fn avoided<'c>(planned: &Assembled, circumstances: &'c Circumstances) -> &'c [BTreeSet<String>] {
    let most = usize::try_from(planned.avoid_last).expect("at most 20");
    &circumstances.earlier[..most.min(circumstances.earlier.len())]
}

fn relaxed(tier: usize, avoided: usize) -> Vec<Relaxed> {
    let forms = u32::try_from(tier.min(avoided)).expect("at most 20");
    let mut relaxed = vec![];
    if forms > 0 {
        relaxed.push(Relaxed::Avoided(forms));
    }
    if tier > avoided {
        relaxed.push(Relaxed::Exposure);
    }
    relaxed
}

impl Plan {
    /// Version of the rules by which this plan draws.
    pub fn algorithm(&self) -> u32 {
        if self.assembled.is_some() { ALGORITHM } else { super::draw::ALGORITHM }
    }

    /// The form that this seed gives for somebody who sits the exam for the first time: always the same one for the same bank, blueprint and seed.
    pub fn draw(&self, seed: Seed) -> Form {
        self.assemble(seed, &Circumstances::default())
    }

    /// The form that this seed gives under these circumstances. A plan of ALGORITHM 1 knows no circumstances.
    pub fn assemble(&self, seed: Seed, circumstances: &Circumstances) -> Form {
        match &self.assembled {
            None => self.draw_plain(seed),
            Some(planned) if !planned.forms.is_empty() => fixed(planned, seed, circumstances),
            Some(planned) => assembled(&self.sections, planned, seed, circumstances),
        }
    }
}

fn assembled(sections: &[PlannedSection], planned: &Assembled, seed: Seed, circumstances: &Circumstances) -> Form {
    let mut items = Words::stream(seed, 0);
    let problem = &planned.problem;
    let tiers: Vec<usize> = problem
        .units
        .iter()
        .map(|unit| unit.items.iter().map(|n| tier(&planned.items[*n].item, planned, circumstances)).max().unwrap_or(0))
        .collect();
    let steps: BTreeSet<usize> = tiers.iter().copied().chain([0]).collect();
    let avoided = avoided(planned, circumstances).len();
    for step in steps {
        for _ in 0..TRIES {
            let order = planned.order(&mut items);
            match problem.search(&order, |unit| tiers[unit] > step, STEPS) {
                Found::Solution(chosen) => {
                    return lay_out(sections, planned, seed, &mut items, &chosen, relaxed(step, avoided));
                }
                Found::Impossible => break,
                Found::GaveUp => {}
            }
        }
    }
    let mut gave = relaxed(avoided + 1, avoided);
    gave.push(Relaxed::Chance);
    lay_out(sections, planned, seed, &mut items, &planned.witness, gave)
}

impl Assembled {
    /// The units of each cell in an order drawn for them.
    fn order(&self, words: &mut Words) -> Vec<Vec<usize>> {
        let mut order: Vec<Vec<usize>> = self.problem.by_cell.clone();
        for cell in &mut order {
            let all = cell.len();
            words.draw(cell, all);
        }
        if let Some(pretest) = self.pretest_cell {
            let mut rounds = BTreeMap::<usize, u32>::new();
            let home = |unit: &Unit| self.items[unit.items[0]].home;
            let mut ranked: Vec<(u32, usize)> = vec![];
            for unit in &order[pretest] {
                let round = rounds.entry(home(&self.problem.units[*unit])).or_default();
                ranked.push((*round, *unit));
                *round += 1;
            }
            ranked.sort_by_key(|(round, _)| *round);
            order[pretest] = ranked.into_iter().map(|(_, unit)| unit).collect();
        }
        order
    }
}

fn lay_out(
    sections: &[PlannedSection],
    planned: &Assembled,
    seed: Seed,
    items: &mut Words,
    chosen: &[usize],
    relaxed: Vec<Relaxed>,
) -> Form {
    let mut sheet = Sheet::new(seed);
    let mut chosen = chosen.to_vec();
    chosen.sort_unstable();
    for (home, section) in sections.iter().enumerate() {
        let unit = |n: &usize| &planned.problem.units[*n];
        let mut here: Vec<&Unit> =
            chosen.iter().map(unit).filter(|unit| planned.items[unit.items[0]].home == home).collect();
        let all = here.len();
        items.draw(&mut here, all);
        for n in here.iter().flat_map(|unit| &unit.items) {
            let entry = &planned.items[*n];
            sheet.add(&entry.item, &section.name, entry.scored);
        }
    }
    Form { algorithm: ALGORITHM, seed, name: None, relaxed, positions: sheet.positions }
}

/// A form as it grows.
struct Sheet {
    arranger: Arranger,
    positions: Vec<Position>,
}

impl Sheet {
    fn new(seed: Seed) -> Self {
        Self { arranger: Arranger::new(seed), positions: vec![] }
    }

    fn add(&mut self, item: &Drawable, section: &str, scored: bool) {
        let number = u32::try_from(self.positions.len() + 1).expect("a form has at most 500 positions");
        self.positions.push(Position {
            number,
            item: item.hash,
            slug: item.slug.clone(),
            section: section.to_owned(),
            scored,
            presented: self.arranger.arrange(&item.arrangement),
        });
    }
}

fn fixed(planned: &Assembled, seed: Seed, circumstances: &Circumstances) -> Form {
    let tier_of = |list: &Vec<usize>| {
        list.iter().map(|n| tier(&planned.items[*n].item, planned, circumstances)).max().unwrap_or(0)
    };
    let tiers: Vec<(usize, &(String, Vec<usize>))> =
        planned.forms.iter().map(|form| (tier_of(&form.1), form)).collect();
    let least = tiers.iter().map(|(tier, _)| *tier).min().unwrap_or(0);
    let mut open: Vec<&(String, Vec<usize>)> =
        tiers.into_iter().filter(|(tier, _)| *tier == least).map(|(_, form)| form).collect();
    Words::stream(seed, 0).draw(&mut open, 1);
    let (name, list) = open[0];
    let mut sheet = Sheet::new(seed);
    for n in list {
        let entry = &planned.items[*n];
        sheet.add(&entry.item, planned.section_of(entry), entry.scored);
    }
    let relaxed = relaxed(least, avoided(planned, circumstances).len());
    Form { algorithm: ALGORITHM, seed, name: Some(name.clone()), relaxed, positions: sheet.positions }
}
