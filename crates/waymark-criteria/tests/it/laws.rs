//! Laws that hold for every tree and any facts. `PROPTEST_CASES` sets how many are tried.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use time::Duration;
use waymark_criteria::{
    Addition, Amount, Calendar, Criteria, Decision, Detail, Fact, MemberId, NodeKind, NodeState, ObjectKey, Outcome,
    PrefixedId, Tally, Timestamp, decide,
};

use crate::{
    given::{criteria, id, noon},
    oracle,
};

/// Six hours: coarse, so that facts, days, windows and ends often fall on one moment.
const STEP: Duration = Duration::hours(6);

fn moment(step: i32) -> Timestamp {
    noon("2028-02-20") + STEP * step
}

fn leaf() -> impl Strategy<Value = Value> {
    let types = select(vec![json!(["a"]), json!(["b"]), json!(["a", "b"])]);
    let limit = || option::of(1..3_u32);
    let contributions = (types, 1..5_u32, option::of(1..9_u32), limit(), limit(), any::<bool>()).prop_map(
        |(types, at_least, window, per_day, per_giver, distinct)| {
            let mut asked = Map::from_iter([("types".to_owned(), types), ("at_least".to_owned(), json!(at_least))]);
            asked.extend(window.map(|days| ("window".to_owned(), json!({"days": days}))));
            asked.extend(per_day.map(|limit| ("per_day".to_owned(), json!(limit))));
            asked.extend(per_giver.map(|limit| ("per_giver".to_owned(), json!(limit))));
            asked.extend(distinct.then(|| ("distinct".to_owned(), json!("object"))));
            json!({"contributions": asked})
        },
    );
    prop_oneof![
        4 => contributions,
        1 => select(vec!["a", "b"]).prop_map(|slug| json!({"exam": {"slug": slug}})),
        1 => select(vec!["now", "ever"]).prop_map(|at| json!({"held": {"track": "t", "at": at}})),
        1 => (1..20_u32).prop_map(|days| json!({"tenure": {"days": days}})),
        1 => Just(json!({"attested": {"role": "r"}})),
    ]
}

fn tree() -> impl Strategy<Value = Criteria> {
    let group = |inner: BoxedStrategy<Value>| {
        (vec(inner, 1..4), 0..3_u8, any::<prop::sample::Index>()).prop_map(|(of, sort, n)| match sort {
            0 => json!({"all": of}),
            1 => json!({"any": of}),
            _ => json!({"at_least": {"n": n.index(of.len()) + 1, "of": of}}),
        })
    };
    let tree = leaf().prop_recursive(3, 12, 3, move |inner| group(inner.boxed()));
    (tree, any::<bool>(), calendar()).prop_map(|(mut tree, current, calendar)| {
        name_leaves(&mut tree, &mut 0);
        if current {
            tree["standing"] = json!("current");
        }
        criteria(&tree).with_calendar(calendar)
    })
}

/// One offset, or one that goes forth and back within the days that the facts are of, even across a midnight.
fn calendar() -> impl Strategy<Value = Calendar> {
    let turn = || select(vec![-720_i16, -300, 0, 60, 120, 540, 780]);
    (turn(), vec((1..60_i32, turn()), 0..3)).prop_map(|(first, turns)| {
        let turns = turns.iter().scan(0, |step, (later, minutes)| {
            *step += later;
            Some((moment(*step) + Duration::minutes(1), *minutes))
        });
        Calendar::new(first, turns).expect("ascending")
    })
}

fn name_leaves(node: &mut Value, next: &mut u32) {
    let children = ["all", "any"].into_iter().find(|group| node.get(group).is_some());
    let children = match children {
        Some(group) => &mut node[group],
        None if node.get("at_least").is_some() => &mut node["at_least"]["of"],
        None => {
            node["id"] = json!(format!("leaf{next}"));
            *next += 1;
            return;
        }
    };
    for child in children.as_array_mut().into_iter().flatten() {
        name_leaves(child, next);
    }
}

fn detail(happened: i32) -> impl Strategy<Value = Detail> {
    let end = move || option::of(-3..40_i32).prop_map(move |after| after.map(|after| moment(happened + after)));
    prop_oneof![
        6 => select(vec!["a", "b", "c"]).prop_map(|name| Detail::Contribution { r#type: name.into(), source: None }),
        1 => (select(vec!["a", "b"]), any::<bool>())
            .prop_map(|(slug, passed)| Detail::Exam { slug: slug.into(), passed, score: None, delivered_by: None }),
        1 => (end(), end()).prop_map(|(valid_until, ended_at)| Detail::Credential {
            track: "t".into(), credential: None, valid_until, ended_at,
        }),
        1 => select(vec!["r", "s"]).prop_map(|role| Detail::Attestation { role: role.into() }),
        1 => Just(Detail::Membership {}),
    ]
}

/// 1 to 200 facts with ids of their own, in any order of moments, some voided.
fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (0..120_i32).prop_flat_map(|step| {
        let void = prop_oneof![5 => Just(None), 1 => Just(Some(id(1_000)))];
        (Just(step), detail(step), option::of(0..6_u8), option::of(0..3_u128), void)
    });
    prop_oneof![vec(fact.clone(), 1..12), vec(fact, 1..=200)].prop_map(|facts| {
        let facts = facts.into_iter().enumerate();
        facts
            .map(|(number, (step, detail, object, giver, voided_by))| Fact {
                id: id(number as u128),
                happened_at: moment(step),
                known_at: moment(step),
                object: object.map(|object| ObjectKey::try_from(format!("object/{object}")).unwrap()),
                giver: giver.map(MemberId::from_bits),
                amount: Amount::ONE,
                detail,
                voided_by,
            })
            .collect()
    })
}

fn now() -> impl Strategy<Value = Timestamp> {
    (-2..160_i32, select(vec![Duration::ZERO, Duration::nanoseconds(-1), Duration::minutes(7)]))
        .prop_map(|(step, off)| moment(step) + off)
}

/// The facts shuffled, with some of them repeated, among them the unvoided forms of voided ones.
fn disordered(facts: Vec<Fact>) -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>)> {
    let before_the_void = facts.iter().map(|fact| Fact { voided_by: None, ..fact.clone() });
    let known = facts.len();
    let all: Vec<Fact> = facts.iter().cloned().chain(before_the_void).collect();
    let repeated = prop::sample::subsequence(all.clone(), 0..=all.len())
        .prop_map(move |more| all[..known].iter().cloned().chain(more).collect::<Vec<_>>())
        .prop_shuffle();
    (Just(facts), repeated)
}

/// A tenure's bar grows from day to day; everything else stands still between wake-ups.
fn apart_from_tenure(mut decision: Decision) -> Decision {
    for node in decision.nodes.iter_mut().filter(|node| node.kind == NodeKind::Tenure) {
        node.have = Amount::ZERO;
    }
    decision
}

/// For laws that decide many times over in one case.
fn fewer_cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases / 4, ..usual }
}

proptest! {
    #![proptest_config(fewer_cases())]

    #[test]
    fn counting_onwards_equals_replay_at_every_step(
        (_, again) in facts().prop_flat_map(disordered), tree in tree(), now in now(),
    ) {
        let mut tally = Tally::new(&tree);
        for known in 1..=again.len() {
            let before = (known % 16 == 0).then(|| tally.clone());
            if tally.add(&again[known - 1]) == Addition::MustReplay {
                if let Some(before) = &before {
                    prop_assert_eq!(&tally, before, "a refused addition leaves the tally as it was");
                }
                tally = Tally::replay(&tree, &again[..known]);
            }
            if before.is_some() || known == again.len() {
                prop_assert_eq!(tally.decision(now), decide(&tree, &again[..known], now));
            }
        }
        let stored = serde_json::to_string(&tally).unwrap();
        prop_assert_eq!(serde_json::from_str::<Tally>(&stored).unwrap(), tally);
    }
}

proptest! {
    #[test]
    fn deciding_agrees_with_the_plain_reading(tree in tree(), facts in facts(), now in now()) {
        let decision = decide(&tree, &facts, now);
        prop_assert_eq!(decision.outcome, oracle::outcome(&tree, &facts, now));
        let shown = match (decision.outcome, tree.standing()) {
            (Outcome::Met { at, .. }, waymark_criteria::Standing::Earned) => at,
            _ => now,
        };
        for (node, explained) in tree.nodes().into_iter().zip(&decision.nodes) {
            let holds = oracle::truth(node, &tree, &facts, shown);
            prop_assert_eq!(explained.state == NodeState::Met, holds, "{}", node.id);
            prop_assert_eq!(explained.met_at.is_some(), holds);
            prop_assert_eq!(holds, explained.have >= explained.need, "{} {:?}", node.id, explained);
        }
    }

    #[test]
    fn order_and_repetition_change_nothing(
        (facts, again) in facts().prop_flat_map(disordered), tree in tree(), now in now(),
    ) {
        prop_assert_eq!(decide(&tree, &again, now), decide(&tree, &facts, now));
    }

    #[test]
    fn in_order_nothing_must_be_replayed(mut facts in facts(), tree in tree(), now in now()) {
        facts.sort_by_key(|fact| (fact.happened_at, fact.id));
        let mut tally = Tally::new(&tree);
        for fact in &facts {
            prop_assert_eq!(tally.add(fact), Addition::Added);
            prop_assert_eq!(tally.add(fact), Addition::Added);
        }
        prop_assert_eq!(tally.decision(now), decide(&tree, &facts, now));
    }

    #[test]
    fn nothing_changes_before_the_wake_up(
        tree in tree(), facts in facts(), now in now(), steps in vec(1..200_i32, 8),
    ) {
        let tally = Tally::replay(&tree, &facts);
        let decision = apart_from_tenure(tally.decision(now));
        let last = decision.wake_at.map(|wake_at| wake_at - Duration::nanoseconds(1));
        let between = steps.into_iter().map(|step| now + STEP * step).filter(|at| last.is_none_or(|last| *at <= last));
        for at in between.chain(last) {
            prop_assert_eq!(&apart_from_tenure(tally.decision(at)), &decision, "at {}", at);
        }
    }

    #[test]
    fn what_is_earned_stays(tree in tree(), facts in facts(), now in now(), later in 0..100_i32) {
        let earned = tree.standing() == waymark_criteria::Standing::Earned;
        let decision = decide(&tree, &facts, now);
        if earned && decision.is_met() {
            prop_assert_eq!(decide(&tree, &facts, now + STEP * later).outcome, decision.outcome);
        }
    }

    #[test]
    fn what_was_earned_is_shown_as_it_was(tree in tree(), facts in facts(), now in now()) {
        let earned = tree.standing() == waymark_criteria::Standing::Earned;
        let decision = decide(&tree, &facts, now);
        if let (true, Some(at)) = (earned, decision.decided_at()) {
            let by_then: Vec<Fact> = facts.into_iter().filter(|fact| fact.happened_at <= at).collect();
            let as_it_was = |decision: Decision| {
                let mut nodes = decision.nodes;
                for node in &mut nodes {
                    node.uncounted.retain(|one| by_then.iter().any(|fact| fact.id == one.fact));
                }
                nodes
            };
            prop_assert_eq!(as_it_was(decide(&tree, &by_then, at)), as_it_was(decision));
        }
    }

    #[test]
    fn every_fact_read_is_told_of_once_a_leaf(tree in tree(), facts in facts(), now in now()) {
        let decision = decide(&tree, &facts, now);
        let reads = tree.reads();
        for node in decision.nodes.iter().filter(|node| node.children.is_empty()) {
            let told = node.facts.iter().chain(node.uncounted.iter().map(|one| &one.fact));
            let mut told: Vec<_> = told.copied().collect();
            told.sort_unstable();
            let before = told.len();
            told.dedup();
            prop_assert_eq!(told.len(), before);
            prop_assert!(told.iter().all(|told| facts.iter().any(|fact| fact.id == *told)));
        }
        let told: Vec<_> = decision.nodes.iter()
            .flat_map(|node| node.facts.iter().copied().chain(node.uncounted.iter().map(|one| one.fact)))
            .collect();
        for fact in &facts {
            prop_assert_eq!(told.contains(&fact.id), reads.touched_by(&fact.detail), "{:?}", fact);
        }
    }

    #[test]
    fn trees_and_decisions_survive_writing(tree in tree(), facts in facts(), now in now()) {
        prop_assert_eq!(&criteria(&tree.to_value()), &tree);
        let decision = decide(&tree, &facts, now);
        let written = serde_json::to_value(&decision).unwrap();
        prop_assert_eq!(serde_json::from_value::<Decision>(written).unwrap(), decision);
    }

    #[test]
    fn any_json_is_read_or_refused_with_reasons(value in any_json()) {
        match Criteria::from_value(&value) {
            Ok(read) => prop_assert_eq!(criteria(&read.to_value()), read),
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!(!mistake.message.is_empty());
                    let place = mistake.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                    prop_assert!(value.pointer(place).is_some(), "no such place: {}", mistake.pointer);
                }
            }
        }
    }
}

/// JSON made of the words that the reader knows, in wrong places.
fn any_json() -> impl Strategy<Value = Value> {
    let words = vec![
        "all",
        "any",
        "at_least",
        "n",
        "of",
        "exam",
        "slug",
        "contributions",
        "types",
        "window",
        "days",
        "per_day",
        "distinct",
        "object",
        "held",
        "track",
        "at",
        "now",
        "tenure",
        "months",
        "attested",
        "role",
        "id",
        "text",
        "en",
        "standing",
        "term",
        "panel",
        "a/b~c",
        "",
    ];
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..9_i64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(words.clone()).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    plain.prop_recursive(6, 64, 5, move |inner| {
        let fields = vec((select(words.clone()), inner.clone()), 0..5);
        prop_oneof![
            vec(inner, 0..5).prop_map(Value::from),
            fields.prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Value>()),
        ]
    })
}
