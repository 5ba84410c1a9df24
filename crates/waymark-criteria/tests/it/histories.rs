//! A history may become known in any order, more than once, and be taken back in part: what is reached, and when, stays the same.
//! 500 histories; `WAYMARK_LONG=1` takes 10 000.

use proptest::{prelude::*, sample::select};
use serde_json::json;
use waymark_criteria::{Addition, Criteria, Fact, Outcome, Tally, Timestamp, decide};

use crate::{
    drawn::{STEP, facts, moment, tree},
    given::{criteria, id},
};

/// One history of 1 to 200 facts as the ledger learned of it.
#[derive(Debug, Clone)]
struct Ledger {
    /// In the order in which they became known; their ids follow it. A void comes as the fact again, taken back.
    entries: Vec<Fact>,
}

/// The facts become known in a drawn order; each gets its id from its place. What is void is known unvoided first, and its void
/// comes at some later time; some entries come twice.
fn known(facts: Vec<Fact>) -> impl Strategy<Value = Ledger> {
    let many = facts.len();
    let order = Just((0..many).collect::<Vec<usize>>()).prop_shuffle();
    let again = proptest::collection::vec(any::<prop::sample::Index>(), 0..=many / 3);
    let late = proptest::collection::vec(any::<prop::sample::Index>(), many);
    (order, again, late).prop_map(move |(order, again, late)| {
        let numbered =
            order.iter().zip(0_u128..).map(|(place, number)| Fact { id: id(number), ..facts[*place].clone() });
        let final_forms: Vec<Fact> = numbered.collect();
        let mut entries: Vec<Fact> = final_forms.iter().map(|fact| Fact { voided_by: None, ..fact.clone() }).collect();
        for (fact, late) in final_forms.iter().zip(&late).filter(|(fact, _)| fact.voided_by.is_some()) {
            let after = entries.iter().position(|entry| entry.id == fact.id).unwrap_or(0) + 1;
            let place = after + late.index(entries.len() - after + 1);
            entries.insert(place, fact.clone());
        }
        for again in again {
            let entry = entries[again.index(entries.len())].clone();
            entries.push(entry);
        }
        Ledger { entries }
    })
}

/// What a member has reached by `now`, read off a tally that counted onwards and was replayed only where it asked for it.
fn reached(tree: &Criteria, ledger: &Ledger, now: Timestamp) -> (Outcome, Vec<Timestamp>) {
    let mut tally = Tally::new(tree);
    for known in 1..=ledger.entries.len() {
        if tally.add(&ledger.entries[known - 1]) == Addition::MustReplay {
            tally = Tally::replay(tree, &ledger.entries[..known]);
        }
    }
    assert_eq!(tally.decision(now), decide(tree, &ledger.entries, now), "counting onwards equals replay");
    (tally.decision(now).outcome, tally.terms(now))
}

fn with_standing() -> impl Strategy<Value = Criteria> {
    let standing = select(vec![json!("earned"), json!("current"), json!({"term": {"months": 1}})]);
    (tree(), standing).prop_map(|(tree, standing)| {
        let mut value = tree.to_value();
        value["standing"] = standing;
        criteria(&value)
    })
}

fn histories() -> ProptestConfig {
    let long = std::env::var_os("WAYMARK_LONG").is_some();
    ProptestConfig { cases: if long { 10_000 } else { 500 }, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(histories())]

    #[test]
    fn what_is_reached_and_when_does_not_depend_on_how_it_became_known(
        (one, other) in facts().prop_flat_map(|facts| (known(facts.clone()), known(facts))),
        tree in with_standing(),
        steps in proptest::collection::vec(0..200_i32, 3),
    ) {
        for now in steps.into_iter().map(|step| moment(0) + STEP * step) {
            prop_assert_eq!(reached(&tree, &one, now), reached(&tree, &other, now));
        }
    }
}
