//! Trees and facts, drawn: every requirement with every option, and facts that meet on the same moments, objects and givers.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use time::Duration;
use waymark_criteria::{
    AcceptedBy, Amount, Calendar, Criteria, Detail, Fact, MemberId, ObjectKey, PrefixedId, Timestamp,
};

use crate::given::{criteria, id, noon};

/// Six hours: coarse, so that facts, days, windows and ends often fall on one moment.
pub const STEP: Duration = Duration::hours(6);

pub fn moment(step: i32) -> Timestamp {
    noon("2028-02-20") + STEP * step
}

/// Every option of a count, drawn on its own; those that cannot stand together are left out.
fn contributions() -> impl Strategy<Value = Value> {
    let types = select(vec![json!(["a"]), json!(["b"]), json!(["a", "b"])]);
    let sources = option::weighted(0.2, select(vec![json!(["x"]), json!(["x", "y"])]));
    let measure = prop_oneof![
        4 => (1..5_u32).prop_map(|n| ("at_least", json!(n))),
        1 => (1..9_u32).prop_map(|n| ("sum", json!(n))),
        1 => (1..5_u32).prop_map(|n| ("active_days", json!(n))),
        1 => (select(vec!["days", "weeks", "months"]), 2..4_u32).prop_map(|(of, n)| ("streak", json!({of: n}))),
    ];
    let window = prop_oneof![
        4 => (1..9_u32).prop_map(|days| json!({"days": days})),
        2 => select(vec!["month", "quarter", "year"]).prop_map(|cycle| json!({"calendar": cycle})),
        2 => select(vec![json!("joining"), json!({"award": "t"}), json!({"event": "c"}), json!({"event": "a"})])
            .prop_map(|since| json!({"since": since})),
    ];
    let limit = || option::weighted(0.3, 1..3_u32);
    let distinct = option::weighted(0.4, select(vec!["object", "type", "source"]));
    let flags = (option::weighted(0.2, 1..4_u32), prop::bool::weighted(0.2), prop::bool::weighted(0.3));
    (types, sources, measure, option::of(window), (limit(), limit(), limit(), limit()), distinct, flags).prop_map(
        |(types, sources, (measure, need), window, (per_day, per_giver, per_object, reciprocal), distinct, flags)| {
            let (hold_days, peer, own) = flags;
            let streak = measure == "streak";
            let kinds = distinct.is_some_and(|distinct| distinct != "object");
            let few =
                types.as_array().map_or(1, Vec::len).min(sources.as_ref().map_or(9, |s| s.as_array().unwrap().len()));
            let need =
                if kinds && measure == "at_least" { json!(need.as_u64().unwrap().min(few as u64)) } else { need };
            let mut asked = Map::from_iter([("types".to_owned(), types), (measure.to_owned(), need)]);
            asked.extend(sources.map(|sources| ("sources".to_owned(), sources)));
            asked.extend(window.filter(|_| !streak).map(|window| ("window".to_owned(), window)));
            let distinct = distinct.filter(|_| !kinds || measure == "at_least");
            let per_object = per_object.filter(|_| distinct != Some("object"));
            asked.extend(distinct.map(|distinct| ("distinct".to_owned(), json!(distinct))));
            let limits = [
                ("per_day", per_day),
                ("per_giver", per_giver),
                ("per_object", per_object),
                ("reciprocal", reciprocal),
                ("hold_days", hold_days),
            ];
            asked.extend(limits.into_iter().filter_map(|(key, limit)| Some((key.to_owned(), json!(limit?)))));
            asked.extend(peer.then(|| ("accepted".to_owned(), json!("peer"))));
            asked.extend(own.then(|| ("own".to_owned(), json!(true))));
            json!({"contributions": asked})
        },
    )
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => contributions(),
        1 => select(vec!["a", "b"]).prop_map(|slug| json!({"exam": {"slug": slug}})),
        1 => select(vec!["now", "ever"]).prop_map(|at| json!({"held": {"track": "t", "at": at}})),
        1 => (1..20_u32).prop_map(|days| json!({"tenure": {"days": days}})),
        1 => Just(json!({"attested": {"role": "r"}})),
        1 => Just(json!({"panel": {"title": "f"}})),
    ]
}

pub fn tree() -> impl Strategy<Value = Criteria> {
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
        // The oracle knows weeks and months of one offset only.
        let turns = !tree.to_string().contains("calendar") && !tree.to_string().contains("streak");
        let fixed = Calendar::fixed(calendar.offset_minutes(moment(0)));
        criteria(&tree).with_calendar(if turns { calendar } else { fixed })
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
        8 => (
            select(vec!["a", "b", "c"]), select(vec![None, Some("x"), Some("y"), Some("z")]), 0..4_u8, 0..3_u8,
            select(vec![None, None, Some("p"), Some("q")]),
        ).prop_map(
            |(name, source, own, accepted, stranger)| Detail::Contribution {
                r#type: name.into(),
                source: source.map(Into::into),
                own: own == 0,
                accepted_by: [None, Some(AcceptedBy::Staff), Some(AcceptedBy::Member(MemberId::from_bits(1)))]
                    [usize::from(accepted)],
                stranger: stranger.map(Into::into),
            },
        ),
        2 => (select(vec!["a", "b"]), 0..3_u128)
            .prop_map(|(name, to)| Detail::Given { r#type: name.into(), to: MemberId::from_bits(to) }),
        1 => (end(), end()).prop_map(|(from, until)| Detail::Panel { title: "f".into(), from, until }),
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
pub fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (0..120_i32).prop_flat_map(|step| {
        let void = prop_oneof![5 => Just(None), 1 => Just(Some(id(1_000)))];
        let amount = select(vec![(1, 1), (1, 1), (5, 2), (0, 1), (-1, 3), (1, 1999)]);
        let late = prop_oneof![3 => Just(0), 1 => -2..30_i32];
        ((Just(step), late), detail(step), option::of(0..6_u8), option::of(0..3_u128), void, amount)
    });
    prop_oneof![vec(fact.clone(), 1..12), vec(fact, 1..=200)].prop_map(|facts| {
        let facts = facts.into_iter().enumerate();
        facts
            .map(|(number, ((step, late), detail, object, giver, voided_by, (above, below)))| Fact {
                id: id(number as u128),
                happened_at: moment(step),
                known_at: moment(step + late),
                object: object.map(|object| ObjectKey::try_from(format!("object/{object}")).unwrap()),
                giver: giver.map(MemberId::from_bits),
                amount: Amount::fraction(above, below).unwrap(),
                detail,
                voided_by,
            })
            .collect()
    })
}

pub fn now() -> impl Strategy<Value = Timestamp> {
    (-2..160_i32, select(vec![Duration::ZERO, Duration::nanoseconds(-1), Duration::minutes(7)]))
        .prop_map(|(step, off)| moment(step) + off)
}

/// The facts shuffled, with some of them repeated, among them the unvoided forms of voided ones.
pub fn disordered(facts: Vec<Fact>) -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>)> {
    let before_the_void = facts.iter().map(|fact| Fact { voided_by: None, ..fact.clone() });
    let known = facts.len();
    let all: Vec<Fact> = facts.iter().cloned().chain(before_the_void).collect();
    let repeated = prop::sample::subsequence(all.clone(), 0..=all.len())
        .prop_map(move |more| all[..known].iter().cloned().chain(more).collect::<Vec<_>>())
        .prop_shuffle();
    (Just(facts), repeated)
}
