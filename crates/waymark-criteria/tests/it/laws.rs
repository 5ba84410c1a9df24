//! Laws that hold for every tree and any facts. `PROPTEST_CASES` sets how many are tried.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;
use time::Duration;
use waymark_criteria::{
    Addition, Amount, Criteria, Decision, Detail, Fact, NodeKind, NodeState, Outcome, Requirement, Tally, decide,
};

use crate::{
    drawn::{STEP, disordered, facts, now, tree},
    given::criteria,
    oracle,
};

/// A tenure's bar grows from day to day; everything else stands still between wake-ups.
fn apart_from_tenure(mut decision: Decision) -> Decision {
    for node in decision.nodes.iter_mut().filter(|node| node.kind == NodeKind::Tenure) {
        node.have = Amount::ZERO;
    }
    decision
}

/// Whether a leaf counts such facts; those that only say how others are counted are not told of.
fn tells_of(tree: &Criteria, detail: &Detail) -> bool {
    tree.nodes().into_iter().any(|node| match (&node.requirement, detail) {
        (Requirement::Contributions(asked), Detail::Contribution { r#type, source, .. }) => {
            let listed = source.as_ref().is_some_and(|source| asked.sources.contains(source));
            asked.types.contains(r#type) && (asked.sources.is_empty() || listed)
        }
        (Requirement::Contributions(_), _) | (_, Detail::Contribution { .. } | Detail::Given { .. }) => false,
        (Requirement::Exam { slug: asked, .. }, Detail::Exam { slug, .. }) => asked == slug,
        (Requirement::Held { track: asked, .. }, Detail::Credential { track, .. }) => asked == track,
        (Requirement::Attested { role: asked }, Detail::Attestation { role }) => asked == role,
        (Requirement::Panel { title: asked }, Detail::Panel { title, .. }) => asked == title,
        (Requirement::Tenure(_), Detail::Membership {}) => true,
        _ => false,
    })
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
        facts = oracle::in_order(&facts).into_iter().cloned().collect();
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
            prop_assert_eq!(told.contains(&fact.id), tells_of(&tree, &fact.detail), "{:?}", fact);
            prop_assert!(reads.touched_by(&fact.detail) || !told.contains(&fact.id), "{:?}", fact);
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
        "title",
        "sum",
        "streak",
        "weeks",
        "active_days",
        "sources",
        "calendar",
        "month",
        "since",
        "joining",
        "event",
        "hold_days",
        "accepted",
        "peer",
        "own",
        "reciprocal",
        "score",
        "percent",
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
