//! A second, naive reading of what the criteria mean: truth at one moment, straight from the words of the docs, without
//! stretches of time. Slow and independent, so that the two can disagree.

mod count;

use count::Count;
pub use count::in_order;
use time::Duration;
use waymark_criteria::{Criteria, Detail, Fact, HeldAt, Node, Outcome, Requirement, Span, Standing, Timestamp};

/// The outcome at `now`, found by trying every moment at which anything can change. Months and terms are not read.
pub fn outcome(criteria: &Criteria, facts: &[Fact], now: Timestamp) -> Outcome {
    let mut moments: Vec<Timestamp> = changes(criteria, facts).into_iter().filter(|moment| *moment <= now).collect();
    moments.sort_unstable();
    let is_true = |moment: &Timestamp| truth(criteria.root(), criteria, facts, *moment);
    let met = |at| Outcome::Met { at, term: 1 };
    match criteria.standing() {
        Standing::Earned => moments.iter().find(|moment| is_true(moment)).map_or(Outcome::NotYet, |at| met(*at)),
        Standing::Current => {
            let held = moments.iter().rev().take_while(|moment| is_true(moment));
            held.last().map_or(Outcome::NotYet, |at| met(*at))
        }
        Standing::Term { .. } | Standing::Decided => panic!("the oracle does not read terms"),
    }
}

/// Whether a node is true at a moment.
pub fn truth(node: &Node, criteria: &Criteria, facts: &[Fact], moment: Timestamp) -> bool {
    let met = |children: &[Node]| children.iter().filter(|child| truth(child, criteria, facts, moment)).count();
    let past = |wanted: &dyn Fn(&Detail) -> bool| {
        facts.iter().any(|fact| fact.voided_by.is_none() && fact.happened_at <= moment && wanted(&fact.detail))
    };
    match &node.requirement {
        Requirement::All(children) => met(children) == children.len(),
        Requirement::Any(children) => met(children) >= 1,
        Requirement::AtLeast(n, children) => met(children) >= *n as usize,
        Requirement::Exam { slug: asked, score: None } => {
            past(&|detail| matches!(detail, Detail::Exam { slug, passed: true, .. } if slug == asked))
        }
        Requirement::Exam { .. } => panic!("the oracle does not read scores"),
        Requirement::Panel { title: asked } => facts.iter().any(|fact| match &fact.detail {
            Detail::Panel { title, from, until } if title == asked && fact.voided_by.is_none() => {
                fact.happened_at <= moment
                    && from.is_none_or(|from| from <= moment)
                    && until.is_none_or(|until| moment < until)
            }
            _ => false,
        }),
        Requirement::Attested { role: asked } => {
            past(&|detail| matches!(detail, Detail::Attestation { role } if role == asked))
        }
        Requirement::Held { track: asked, at } => past(&|detail| match detail {
            Detail::Credential { track, valid_until, ended_at, .. } if track == asked => {
                let over = |end: &Option<Timestamp>| end.is_some_and(|end| end <= moment);
                *at == HeldAt::Ever || !(over(valid_until) || over(ended_at))
            }
            _ => false,
        }),
        Requirement::Tenure(span) => {
            let joinings = facts.iter().filter(|fact| fact.voided_by.is_none() && is_joining(fact));
            joinings.map(|fact| fact.happened_at).min().is_some_and(|joined| joined + length(*span) <= moment)
        }
        Requirement::Contributions(asked) => Count::of(asked, criteria.calendar(), facts).is_enough(moment),
    }
}

fn is_joining(fact: &Fact) -> bool {
    matches!(fact.detail, Detail::Membership {})
}

fn length(span: Span) -> Duration {
    match span {
        Span::Days(days) => Duration::days(days.into()),
        Span::Months(_) => panic!("the oracle does not read months"),
    }
}

/// Every moment at which any node may change.
fn changes(criteria: &Criteria, facts: &[Fact]) -> Vec<Timestamp> {
    let mut moments = Vec::new();
    for fact in facts {
        moments.push(fact.happened_at);
        match &fact.detail {
            Detail::Credential { valid_until, ended_at, .. } => moments.extend(valid_until.iter().chain(ended_at)),
            Detail::Panel { from, until, .. } => moments.extend(from.iter().chain(until)),
            _ => {}
        }
        for node in criteria.nodes() {
            match &node.requirement {
                Requirement::Tenure(span) if is_joining(fact) => moments.push(fact.happened_at + length(*span)),
                Requirement::Contributions(asked) => moments.extend(count::changes(asked, criteria.calendar(), fact)),
                _ => {}
            }
        }
    }
    moments.sort_unstable();
    moments.dedup();
    moments
}
