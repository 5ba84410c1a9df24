//! Counting again from the start, beside a bare loop over the same facts: `cargo bench -p waymark-criteria --bench replay`.
//!
//! * 1,000,000 facts of 20,000 members, counted for 50 requirements with every option there is, on as many threads as there are
//!   processors, two at most. Each member's facts are made, counted and let go, so that memory does not grow with their number.
//! * Onwards: the same facts one at a time, with a decision after each of a member's, for one requirement.
//!
//! `WAYMARK_BENCH_SIZE=small` takes a hundredth of the members. Exit code 1 when the replay took more than a minute, or memory grew
//! with the members.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints figures")]

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use waymark_criteria::{
    AcceptedBy, Addition, Amount, Criteria, Detail, Fact, FactId, MemberId, ObjectKey, PrefixedId, Tally, Timestamp,
    decide,
};

const FACTS_OF_ONE: u64 = 50;
const MEMBERS: u64 = 20_000;
const REQUIREMENTS: usize = 50;
const TYPES: [&str; 5] = ["change.merged", "answer.accepted", "talk.given", "review.published", "thanks.given"];
const TARGET: Duration = Duration::from_secs(60);
/// How much more memory a hundred times the members may take.
const SLACK_KIB: u64 = 32 * 1024;

fn main() -> ExitCode {
    let small = std::env::var("WAYMARK_BENCH_SIZE").is_ok_and(|size| size == "small");
    let members = if small { MEMBERS / 100 } else { MEMBERS };
    let trees: Vec<Criteria> = (0..REQUIREMENTS).map(requirement).collect();
    let now = moment(400 * 24 * 60);

    let few = replay(&trees, MEMBERS / 100, now);
    let before = peak_kib();
    let all = replay(&trees, members, now);
    let after = peak_kib();
    let bare = bare_loop(members, trees.len());
    let onwards = onwards(&trees[0], members, now);

    println!("facts {} · requirements {} · members {members}", members * FACTS_OF_ONE, trees.len());
    println!("replay        {:>10.2?}   {} met", all.took, all.met);
    println!("bare loop     {:>10.2?}   replay is {:.1} × as long", bare, all.took.as_secs_f64() / bare.as_secs_f64());
    println!(
        "onwards       {:>10.2?}   {:.2} µs for each fact and its decision",
        onwards,
        onwards.as_secs_f64() * 1e6 / (members * FACTS_OF_ONE) as f64
    );
    println!("a hundredth   {:>10.2?}   {} met", few.took, few.met);
    match (before, after) {
        (Some(before), Some(after)) => println!("memory, peak  {before} KiB after a hundredth, {after} KiB after all"),
        _ => println!("memory, peak  not told by this system"),
    }
    let grew = before.zip(after).is_some_and(|(before, after)| after > before + SLACK_KIB);
    if all.took > TARGET || grew { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

struct Replayed {
    took: Duration,
    met: u64,
}

fn threads() -> u64 {
    thread::available_parallelism().map_or(1, |n| n.get().min(2)) as u64
}

fn replay(trees: &[Criteria], members: u64, now: Timestamp) -> Replayed {
    let began = Instant::now();
    let threads = threads();
    let met = thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                scope.spawn(move || {
                    let own = (0..members).filter(|member| member % threads == part);
                    own.map(|member| {
                        let facts = facts_of(member);
                        trees.iter().filter(|tree| decide(tree, &facts, now).is_met()).count() as u64
                    })
                    .sum::<u64>()
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().expect("no thread fails")).sum()
    });
    Replayed { took: began.elapsed(), met }
}

/// The same facts made and looked at as often, on one thread for each of two, without counting.
fn bare_loop(members: u64, requirements: usize) -> Duration {
    let began = Instant::now();
    let threads = threads();
    let seen: u64 = thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                scope.spawn(move || {
                    let mut seen = 0_u64;
                    for member in (0..members).filter(|member| member % threads == part) {
                        let facts = facts_of(member);
                        for round in 0..requirements {
                            let kind = TYPES[round % TYPES.len()];
                            let of_kind =
                                |fact: &&Fact| matches!(&fact.detail, Detail::Contribution { r#type, .. } if r#type == kind);
                            seen += std::hint::black_box(facts.iter().filter(of_kind).count()) as u64;
                        }
                    }
                    seen
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().expect("no thread fails")).sum()
    });
    std::hint::black_box(seen);
    began.elapsed()
}

fn onwards(tree: &Criteria, members: u64, now: Timestamp) -> Duration {
    let began = Instant::now();
    for member in 0..members {
        let facts = facts_of(member);
        let mut tally = Tally::new(tree);
        for (known, fact) in facts.iter().enumerate() {
            if tally.add(fact) == Addition::MustReplay {
                tally = Tally::replay(tree, &facts[..=known]);
            }
            std::hint::black_box(tally.decision(now).is_met());
        }
    }
    began.elapsed()
}

/// Fifty trees that use every option.
fn requirement(n: usize) -> Criteria {
    let kind = TYPES[n % TYPES.len()];
    let other = TYPES[(n + 1) % TYPES.len()];
    let mut asked = match n / 5 % 5 {
        0 => json!({"types": [kind, other], "at_least": 3 + n % 7, "distinct": "object", "window": {"days": 365}}),
        1 => json!({"types": [kind], "sum": 20 + n, "per_day": 2, "hold_days": 7}),
        2 => json!({"types": [kind, other], "active_days": 5 + n % 5, "window": {"calendar": "quarter"}}),
        3 => json!({"types": TYPES, "streak": {"weeks": 3 + n % 3}, "accepted": "peer"}),
        _ => json!({"types": TYPES, "at_least": 3, "distinct": "type", "window": {"since": "joining"}}),
    };
    if n % 2 == 1 {
        asked["per_giver"] = json!(3);
        asked["reciprocal"] = json!(2);
    }
    let tree: Value = json!({"all": [
        {"id": "give", "contributions": asked},
        {"id": "since", "tenure": {"months": n % 12 + 1}},
    ]});
    Criteria::from_value(&tree).expect("a tree of ours").with_day_offset_minutes(540)
}

fn moment(minutes: i64) -> Timestamp {
    let begin = Timestamp::from_unix_timestamp(1_767_225_600).expect("2026-01-01");
    begin.saturating_add(time::Duration::minutes(minutes))
}

/// A year of one member: a joining, contributions in the order in which they became known, some taken back, some given.
fn facts_of(member: u64) -> Vec<Fact> {
    let mut state = member.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    (0..FACTS_OF_ONE)
        .map(|n| {
            let happened_at = moment(i64::try_from(draw(365 * 24 * 60)).unwrap_or_default());
            let kind = TYPES[usize::try_from(draw(5)).unwrap_or_default()];
            let detail = match n {
                0 => Detail::Membership {},
                _ if draw(10) == 0 => Detail::Given { r#type: kind.into(), to: MemberId::from_bits(draw(20).into()) },
                _ => Detail::Contribution {
                    r#type: kind.into(),
                    source: Some("https://community.example".into()),
                    own: draw(20) == 0,
                    accepted_by: (draw(3) > 0).then_some(AcceptedBy::Staff),
                    stranger: None,
                },
            };
            let object = ObjectKey::try_from(format!("https://community.example/t/{}", draw(200)));
            Fact {
                id: FactId::from_bits(u128::from(member * FACTS_OF_ONE + n)),
                happened_at: if n == 0 { moment(0) } else { happened_at },
                known_at: happened_at,
                object: object.ok(),
                giver: (draw(2) == 0).then(|| MemberId::from_bits(draw(20).into())),
                amount: Amount::from(u32::try_from(draw(5)).unwrap_or_default()),
                detail,
                voided_by: (draw(25) == 0).then(|| FactId::from_bits(u128::MAX)),
            }
        })
        .collect()
}

/// The most memory this process ever held.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
