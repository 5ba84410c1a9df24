//! Why a blueprint cannot be met: which domain, enemy set or tag binds, with what there is and what is needed.

use super::search::{Found, Problem, Unit};
use crate::blueprint::{Assembly, Base};
use crate::mistake::{Mistake, pointer_to};

/// What the parts of a problem are called in the file.
pub(super) struct Names<'a> {
    pub assembly: &'a Assembly,
    pub cells: Vec<&'a str>,
    pub tags: Vec<&'a str>,
    pub sets: Vec<String>,
}

/// How much work one question may take.
const STEPS: u32 = 20_000;
/// Enemy sets that a message names.
const NAMED: usize = 3;

/// What a single cell or a single tag cannot have, whatever the rest asks for.
pub(super) fn alone(problem: &Problem, names: &Names<'_>, mistakes: &mut Vec<Mistake>) {
    for (cell, need) in problem.needs.iter().enumerate() {
        let there: u32 = problem.by_cell[cell].iter().map(|n| problem.units[*n].size()).sum();
        if there < *need {
            mistakes.push(names.too_few(cell, there, *need));
        } else if only(problem, cell, *need, true) == Found::Impossible {
            let have = (0..*need).rev().find(|n| matches!(only(problem, cell, *n, true), Found::Solution(_)));
            let by_enemies = matches!(only(problem, cell, *need, false), Found::Solution(_));
            mistakes.push(names.held_back(problem, cell, have.unwrap_or(0), *need, by_enemies));
        }
    }
    if !mistakes.is_empty() {
        return;
    }
    for (tag, (least, most)) in problem.bounds.iter().enumerate() {
        let (mut reach, mut forced) = (0, 0);
        for (cell, need) in problem.needs.iter().enumerate().take(names.cells.len()) {
            let units = problem.by_cell[cell].iter().map(|n| &problem.units[*n]);
            let with: u32 = units.clone().flat_map(|u| &u.tags).filter(|(t, _)| *t == tag).map(|(_, n)| n).sum();
            let there: u32 = units.map(Unit::size).sum();
            reach += with.min(*need);
            forced += need.saturating_sub(there - with);
        }
        if reach < *least {
            mistakes.push(names.tag_out_of_reach(tag, reach, *least));
        }
        if forced > *most {
            mistakes.push(names.tag_forced(tag, forced, *most));
        }
    }
}

/// The search for one cell by itself, without tags, with enemies or without.
fn only(problem: &Problem, cell: usize, need: u32, enemies: bool) -> Found {
    let units: Vec<Unit> = problem.by_cell[cell]
        .iter()
        .map(|n| &problem.units[*n])
        .map(|unit| Unit {
            cell: 0,
            items: unit.items.clone(),
            tags: vec![],
            sets: if enemies { unit.sets.clone() } else { vec![] },
        })
        .collect();
    let part = Problem::new(vec![need], vec![], units, problem.by_set.len());
    part.search(&part.by_cell, |_| false, STEPS)
}

/// Each cell and tag can be met by itself, and not all of them together: which one to let go of.
pub(super) fn together(problem: &Problem, names: &Names<'_>, failed: &Found) -> Vec<Mistake> {
    let solves = |part: &Problem| matches!(part.search(&part.by_cell, |_| false, STEPS), Found::Solution(_));
    let without_tag = |tag: usize| {
        let mut bounds = problem.bounds.clone();
        bounds[tag] = (0, u32::MAX);
        Problem::new(problem.needs.clone(), bounds, problem.units.clone(), problem.by_set.len())
    };
    let mut mistakes: Vec<Mistake> = (0..problem.bounds.len())
        .filter(|tag| solves(&without_tag(*tag)))
        .map(|tag| names.tag_against_the_rest(tag, problem.bounds[tag]))
        .collect();
    let without_set = |set: usize| {
        let mut units = problem.units.clone();
        units.iter_mut().for_each(|unit| unit.sets.retain(|s| *s != set));
        Problem::new(problem.needs.clone(), problem.bounds.clone(), units, problem.by_set.len())
    };
    let several = (0..problem.by_set.len()).filter(|set| problem.by_set[*set].len() > 1).take(200);
    mistakes
        .extend(several.filter(|set| solves(&without_set(*set))).map(|set| names.set_against_the_rest(problem, set)));
    if mistakes.is_empty() {
        mistakes.push(if *failed == Found::GaveUp {
            Mistake::new(
                "",
                "not_found",
                "no form that meets all rules was found: loosen the bounds of tags, part fewer enemies, or add items",
                "すべての決まりを満たす出題が見つかりませんでした。タグの条件をゆるめるか、一緒に出さない組を減らすか、設問を加えてください",
            )
        } else {
            Mistake::new(
                "",
                "contradiction",
                "the counts, tags and enemies cannot all be met together: loosen more than one of them, or add items",
                "問題数・タグ・一緒に出さない組のすべてを同時には満たせません。二つ以上をゆるめるか、設問を加えてください",
            )
        });
    }
    mistakes
}

pub(super) fn enemies_in_form(pointer: &str, set: &str, one: &str, other: &str) -> Mistake {
    Mistake::new(
        pointer,
        "enemies_together",
        format!("items `{one}` and `{other}` are enemies (set `{set}`): keep one of them in this form"),
        format!(
            "設問「{one}」と「{other}」は一緒に出さない組「{set}」です。この出題セットではどちらか一方にしてください"
        ),
    )
}

impl Names<'_> {
    fn pointer(&self, cell: usize) -> String {
        match (&self.assembly.base, self.cells.get(cell)) {
            (_, None) => "/pretest".to_owned(),
            (Base::PerDomain(_), Some(name)) => pointer_to("/domains", name),
            (Base::Weighted { .. }, Some(name)) => pointer_to("/weights", name),
            (_, Some(_)) => "/group_by".to_owned(),
        }
    }

    /// The cell in words, in English and Japanese.
    fn cell(&self, cell: usize) -> (String, String) {
        match (&self.assembly.base, self.cells.get(cell)) {
            (_, None) => ("the pretest items".to_owned(), "試行設問".to_owned()),
            (Base::OneFromEach(_), Some(name)) => (format!("group `{name}`"), format!("グループ「{name}」")),
            (_, Some(name)) => (format!("domain `{name}`"), format!("領域「{name}」")),
        }
    }

    fn too_few(&self, cell: usize, have: u32, need: u32) -> Mistake {
        let (en, ja) = self.cell(cell);
        let items = if have == 1 { "item" } else { "items" };
        if cell == self.cells.len() {
            return Mistake::new(
                self.pointer(cell),
                "too_few_items",
                format!("the domains of this blueprint have {have} {items} in pretest, a form needs {need}"),
                format!("この出題の領域にある試行中の設問は{have}問ですが、1回の出題に{need}問が必要です"),
            );
        }
        Mistake::new(
            self.pointer(cell),
            "too_few_items",
            format!("{en} has {have} {items} that can stand in a form, the blueprint asks for {need}"),
            format!("{ja}で出題できる設問は{have}問ですが、出題の決まりは{need}問を求めています"),
        )
    }

    fn held_back(&self, problem: &Problem, cell: usize, have: u32, need: u32, by_enemies: bool) -> Mistake {
        let (en, ja) = self.cell(cell);
        let there: u32 = problem.by_cell[cell].iter().map(|n| problem.units[*n].size()).sum();
        if !by_enemies {
            return Mistake::new(
                self.pointer(cell),
                "cases_do_not_add_up",
                format!(
                    "{en}: a case comes as a whole, and its cases and items do not add up to {need}; {have} is the most below"
                ),
                format!(
                    "{ja}：事例はまとめて出すため、ちょうど{need}問になる組み合わせがありません。それ以下では{have}問までです"
                ),
            );
        }
        let mut sets: Vec<(usize, &String)> = (0..self.sets.len())
            .map(|set| {
                (problem.by_set[set].iter().filter(|n| problem.units[**n].cell == cell).count(), &self.sets[set])
            })
            .filter(|(members, _)| *members > 1)
            .collect();
        sets.sort_by(|(a, x), (b, y)| b.cmp(a).then(x.cmp(y)));
        let named: Vec<String> = sets.iter().take(NAMED).map(|(n, name)| format!("`{name}` ({n})")).collect();
        let named_ja: Vec<String> = sets.iter().take(NAMED).map(|(n, name)| format!("「{name}」({n}問)")).collect();
        Mistake::new(
            self.pointer(cell),
            "enemies_bind",
            format!(
                "{en} has {there} items, of which only {have} may stand in one form because of the enemy sets {}; the blueprint asks for {need}",
                named.join(", ")
            ),
            format!(
                "{ja}の設問は{there}問ありますが、一緒に出さない組{}のため、同じ出題に入れられるのは{have}問までです。出題の決まりは{need}問を求めています",
                named_ja.join("")
            ),
        )
    }

    fn tag_out_of_reach(&self, tag: usize, have: u32, need: u32) -> Mistake {
        let name = self.tags[tag];
        Mistake::new(
            pointer_to("/tags", name),
            "tag_out_of_reach",
            format!("a form can hold {have} items with the tag `{name}`, the blueprint asks for at least {need}"),
            format!("タグ「{name}」の設問は1回の出題に{have}問までしか入りませんが、{need}問以上が求められています"),
        )
    }

    fn tag_forced(&self, tag: usize, forced: u32, most: u32) -> Mistake {
        let name = self.tags[tag];
        Mistake::new(
            pointer_to("/tags", name),
            "tag_forced",
            format!(
                "the counts force at least {forced} items with the tag `{name}` into a form, the blueprint allows {most}"
            ),
            format!(
                "問題数の決まりから、タグ「{name}」の設問が少なくとも{forced}問入りますが、{most}問までとされています"
            ),
        )
    }

    fn tag_against_the_rest(&self, tag: usize, (least, most): (u32, u32)) -> Mistake {
        let name = self.tags[tag];
        let asked = if most == u32::MAX { format!("{least} or more") } else { format!("{least} to {most}") };
        let asked_ja = if most == u32::MAX { format!("{least}問以上") } else { format!("{least}〜{most}問") };
        Mistake::new(
            pointer_to("/tags", name),
            "tag_binds",
            format!(
                "with the other rules, no form has {asked} items with the tag `{name}`; without this rule there is one"
            ),
            format!("ほかの決まりを守ると、タグ「{name}」を{asked_ja}にはできません。この決まりがなければ出題できます"),
        )
    }

    fn set_against_the_rest(&self, problem: &Problem, set: usize) -> Mistake {
        let (name, members) = (&self.sets[set], problem.by_set[set].len());
        Mistake::new(
            "",
            "enemies_bind",
            format!(
                "the enemy set `{name}` ({members} items, one of which may stand in a form) leaves no form; without it there is one"
            ),
            format!(
                "一緒に出さない組「{name}」({members}問のうち1問だけ出せます)のために、出題が作れません。この組がなければ作れます"
            ),
        )
    }
}
