//! Points and steps: what counts, and that counting onwards never differs from counting anew.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::json;
use waymark_criteria::{Climb, Climbed, Crossing, Fact, Ladder, Timestamp, Worth};

use crate::{
    drawn::moment,
    given::{exam, fact, merged, noon, of, voided},
};

fn worth(kind: &str, sources: &[&str], points: u32) -> Worth {
    Worth { r#type: kind.into(), sources: sources.iter().map(|source| (*source).to_owned()).collect(), points }
}

fn ladder() -> Ladder {
    Ladder {
        contributions: vec![worth("change.merged", &[], 3), worth("change.merged", &["x"], 5), worth("b", &["y"], 2)],
        exams: BTreeMap::from([("a".to_owned(), 7)]),
        credentials: BTreeMap::from([("t".to_owned(), 9)]),
        steps: vec![4, 10],
        beyond: NonZeroU32::new(10),
    }
}

fn held(number: u128, at: Timestamp) -> Fact {
    fact(number, at, json!({"kind": "credential", "track": "t", "ended_at": "2026-06-01T00:00:00Z"}))
}

fn points(facts: &[Fact]) -> u64 {
    Climb::replay(&ladder(), facts).0.points()
}

#[test]
fn each_sort_of_fact_brings_what_the_ladder_says() {
    let day = noon("2026-05-01");
    assert_eq!(points(&[merged(1, day)]), 3, "from anywhere");
    assert_eq!(points(&[of("change.merged", "x", merged(1, day))]), 5, "from a source that is named");
    assert_eq!(points(&[of("change.merged", "z", merged(1, day))]), 3);
    assert_eq!(points(&[of("b", "y", merged(1, day))]), 2);
    assert_eq!(points(&[of("b", "x", merged(1, day))]), 0, "not from other sources");
    assert_eq!(points(&[exam(1, day, false)]), 0, "an exam that was not passed");
    assert_eq!(points(&[exam(1, day, true), exam(2, day, true)]), 7, "an exam counts once");
    assert_eq!(points(&[held(1, day), held(2, noon("2026-05-02"))]), 9, "so does a track, and its end takes nothing");
    assert_eq!(points(&[fact(1, day, json!({"kind": "membership"}))]), 0);
    let own = json!({"kind": "contribution", "type": "change.merged", "own": true});
    assert_eq!(points(&[fact(1, day, own)]), 0, "what was done to an object of one's own");
    assert_eq!(points(&[merged(1, day), merged(1, day)]), 3, "the same fact twice");
    assert_eq!(points(&[voided(9, merged(1, day)), merged(2, day)]), 3, "what was taken back");
}

#[test]
fn steps_are_dated_by_the_fact_that_reached_them_and_go_on_without_end() {
    let facts: Vec<Fact> = (1..=12).map(|day| merged(day, noon(&format!("2026-05-{day:02}")))).collect();
    let (climb, crossings) = Climb::replay(&ladder(), &facts);
    assert_eq!(climb.points(), 36);
    let dated: Vec<(u32, Timestamp)> = crossings.iter().map(|c| (c.step, c.at)).collect();
    let on = |step, day: u32| (step, noon(&format!("2026-05-{day:02}")));
    assert_eq!(dated, [on(1, 2), on(2, 4), on(3, 7), on(4, 10)]);
    let ladder = ladder();
    let lies: Vec<Option<u64>> = (0..=4).map(|step| ladder.points_of(step)).collect();
    assert_eq!(lies, [None, Some(4), Some(10), Some(20), Some(30)]);
    assert_eq!(Ladder { beyond: None, ..ladder.clone() }.points_of(3), None);
    assert_eq!(Ladder { beyond: None, ..ladder }.step_at(u64::MAX), 2);
}

/// The same by adding up alone: what stands at each moment, without any order of counting.
fn oracle(ladder: &Ladder, facts: &[Fact]) -> (u64, Vec<Crossing>) {
    let mut firsts: BTreeMap<String, (Timestamp, u64)> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.voided_by.is_none()) {
        let (worth, _) = Climb::replay(ladder, [fact]);
        let told = serde_json::to_value(&fact.detail).unwrap();
        let name = match told["kind"].as_str() {
            Some("exam") if told["passed"] == true => "exam".to_owned(),
            Some("credential") => "track".to_owned(),
            _ => fact.id.to_string(),
        };
        let one = (fact.happened_at, worth.points());
        let known = firsts.entry(name).or_insert(one);
        *known = (*known).min(one);
    }
    let sum_until = |at: Timestamp| firsts.values().filter(|one| one.0 <= at).map(|one| one.1).sum::<u64>();
    let mut moments: Vec<Timestamp> = firsts.values().filter(|one| one.1 > 0).map(|one| one.0).collect();
    moments.sort();
    moments.dedup();
    let (mut crossings, mut next) = (vec![], 1);
    for at in moments {
        while ladder.points_of(next).is_some_and(|needed| needed <= sum_until(at)) {
            crossings.push(Crossing { step: next, at });
            next += 1;
        }
    }
    (firsts.values().map(|one| one.1).sum(), crossings)
}

fn drawn_fact() -> impl Strategy<Value = Fact> {
    let kinds = select(vec![
        json!({"kind": "contribution", "type": "change.merged"}),
        json!({"kind": "contribution", "type": "change.merged", "source": "x"}),
        json!({"kind": "contribution", "type": "change.merged", "own": true}),
        json!({"kind": "contribution", "type": "b", "source": "y"}),
        json!({"kind": "exam", "slug": "a", "passed": true}),
        json!({"kind": "exam", "slug": "a", "passed": false}),
        json!({"kind": "credential", "track": "t"}),
        json!({"kind": "membership"}),
    ]);
    (0..20_i32, kinds).prop_map(|(step, kind)| fact(0, moment(step), kind))
}

proptest! {
    /// Facts come in any order, come twice, and are taken back, before or after they were heard of.
    #[test]
    fn counting_onwards_equals_counting_anew(
        drawn in vec(drawn_fact(), 1..40),
        heard in vec((any::<prop::sample::Index>(), prop::bool::weighted(0.25)), 1..80),
        beyond in 0..12_u32, named in 0..3_usize,
    ) {
        let mut ladder = Ladder { beyond: NonZeroU32::new(beyond), ..ladder() };
        ladder.steps.truncate(named);
        let mut ledger: Vec<Fact> = vec![];
        let all: Vec<Fact> = (1..).zip(drawn).map(|(n, one)| Fact { id: crate::given::id(n), ..one }).collect();
        let (mut climb, mut reached) = (Climb::default(), vec![]);
        for (which, take_back) in heard {
            let one = which.get(&all);
            let place = ledger.iter().position(|known| known.id == one.id);
            let at = place.unwrap_or_else(|| { ledger.push(one.clone()); ledger.len() - 1 });
            if take_back {
                ledger[at].voided_by = Some(crate::given::id(900));
            }
            let before = climb.clone();
            match climb.add(&ladder, &ledger[at]) {
                Climbed::Counted(crossings) => reached.extend(crossings),
                Climbed::MustReplay => {
                    prop_assert_eq!(&climb, &before, "what must be replayed is as it was");
                    (climb, reached) = Climb::replay(&ladder, &ledger);
                }
            }
            let (again, crossings) = Climb::replay(&ladder, &ledger);
            prop_assert_eq!(&climb, &again);
            prop_assert_eq!(&reached, &crossings);
            let (sum, dated) = oracle(&ladder, &ledger);
            prop_assert_eq!(climb.points(), sum);
            prop_assert_eq!(&reached, &dated);
            let kept: Climb = serde_json::from_str(&serde_json::to_string(&climb).unwrap()).unwrap();
            prop_assert_eq!(kept, climb.clone());
        }
    }
}
