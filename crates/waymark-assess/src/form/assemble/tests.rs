//! Enemies apart, cases together.

use crate::{
    blueprint::{Blueprint, Drawable},
    form::{Plan, Seed},
    interchange::item_from_value,
    mistake::Mistake,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// `n` items of domain `d`; `mark` may set enemies and stimulus.
fn offer(n: u32, domain: &str, mark: impl Fn(u32, &mut Drawable)) -> Vec<Drawable> {
    let one = |i: u32| {
        let fields = json!({"id": format!("{domain}-{i:02}"), "domain": domain, "question": format!("{domain} {i}?"), "answers": ["a", "b"], "correct": 0});
        let mut item = Drawable::from(&item_from_value(&fields, &|_| None).expect("an item"));
        mark(i, &mut item);
        item
    };
    (0..n).map(one).collect()
}

fn plan(items: &[Drawable], blueprint: &Value) -> Result<Plan, Vec<Mistake>> {
    Blueprint::from_value(blueprint).expect("a blueprint").plan(items.iter().cloned())
}

#[test]
fn no_two_of_an_enemy_set_meet_also_where_the_blueprint_is_old() {
    let mut items = offer(12, "a", |i, item| item.enemies = [format!("e{}", i / 3)].into());
    // Enemies across domains, and one item in two sets.
    items.extend(offer(6, "b", |i, item| item.enemies = [format!("e{}", i % 2), "both".to_owned()].into()));
    items.extend(offer(10, "c", |_, _| ()));
    let sets: BTreeMap<String, BTreeSet<String>> = items.iter().map(|i| (i.slug.clone(), i.enemies.clone())).collect();
    let plan = plan(&items, &json!({"domains": {"a": 3, "b": 1, "c": 4}})).expect("one of b leaves three sets for a");
    assert_eq!(plan.algorithm(), 2);
    let mut met = BTreeSet::new();
    for n in 0..200 {
        let form = plan.draw(Seed([n; 32]));
        assert_eq!((form.positions().len(), form.relaxed()), (8, &[][..]));
        let mut taken = BTreeSet::new();
        for position in form.positions() {
            met.insert(position.slug.clone());
            assert!(sets[&position.slug].iter().all(|set| taken.insert(set)), "enemies in {:?}", form.positions());
        }
    }
    assert_eq!(met.len(), items.len(), "every item is drawn now and then");
}

#[test]
fn enemies_that_leave_too_few_are_named() {
    let items = offer(10, "a", |i, item| item.enemies = [format!("e{}", i / 5)].into());
    let wrong = plan(&items, &json!({"domains": {"a": 3}})).expect_err("two sets of five");
    assert_eq!((wrong[0].pointer.as_str(), wrong[0].code), ("/domains/a", "enemies_bind"));
    assert!(
        wrong[0].message.contains("has 10 items, of which only 2") && wrong[0].message.contains("`e0` (5)"),
        "{}",
        wrong[0].message
    );
    let mut items = offer(3, "a", |_, item| item.enemies = ["e".to_owned()].into());
    items.extend(offer(2, "b", |_, item| item.enemies = ["e".to_owned()].into()));
    let wrong = plan(&items, &json!({"domains": {"a": 1, "b": 1}})).expect_err("one set over both");
    assert!(wrong.iter().any(|m| m.code == "enemies_bind" && m.message.contains("`e` (5 items")), "{wrong:?}");
    let slugs = json!({"forms": {"f": ["a-00", "a-01"]}});
    assert_eq!(plan(&items, &slugs).expect_err("enemies")[0].code, "enemies_together");
}

#[test]
fn a_case_comes_as_a_whole_and_stands_together() {
    let mut items = offer(9, "a", |i, item| item.stimulus = Some(format!("case {}", i / 3)));
    items.extend(offer(4, "b", |_, _| ()));
    let plan_5 = plan(&items, &json!({"domains": {"a": 5, "b": 2}})).expect_err("three and three do not make five");
    assert_eq!(plan_5[0].code, "cases_do_not_add_up");
    let plan = plan(&items, &json!({"domains": {"a": 6, "b": 2}})).expect("two cases of three");
    for n in 0..50 {
        let form = plan.draw(Seed([n; 32]));
        let cases: Vec<u32> =
            form.positions()[..6].iter().map(|p| p.slug[2..].parse::<u32>().expect("a number") / 3).collect();
        assert!(
            cases[0] == cases[1]
                && cases[1] == cases[2]
                && cases[3] == cases[4]
                && cases[4] == cases[5]
                && cases[0] != cases[3]
        );
        let in_order = form.positions()[..6].chunks(3).all(|case| case.is_sorted_by_key(|p| &p.slug));
        assert!(in_order, "in the order of their ids");
    }
}
