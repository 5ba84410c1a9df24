//! A second, naive reading of what the criteria mean: truth at one moment, straight from the words of the docs, without
//! stretches of time. Slow and independent, so that the two can disagree.

use time::Duration;
use waymark_criteria::{
    Calendar, Contributions, Criteria, Detail, Fact, HeldAt, Node, Outcome, Requirement, Span, Standing, Timestamp,
};

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
        Standing::Term { .. } => panic!("the oracle does not read terms"),
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
        Requirement::Exam { slug: asked } => {
            past(&|detail| matches!(detail, Detail::Exam { slug, passed: true, .. } if slug == asked))
        }
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
        Requirement::Contributions(asked) => {
            let admitted = admitted(asked, criteria.calendar(), facts);
            let holds = |fact: &&&Fact| fact.happened_at <= moment && !has_left(asked, fact, moment);
            admitted.iter().filter(holds).count() >= asked.at_least as usize
        }
    }
}

fn admitted<'a>(asked: &Contributions, calendar: &Calendar, facts: &'a [Fact]) -> Vec<&'a Fact> {
    let day = |fact: &Fact| {
        let offset = i64::from(calendar.offset_minutes(fact.happened_at)) * 60;
        (fact.happened_at.unix_timestamp() + offset).div_euclid(86_400)
    };
    let mut ordered: Vec<&Fact> = facts.iter().filter(|fact| fact.voided_by.is_none()).collect();
    ordered.sort_by_key(|fact| (fact.happened_at, fact.id));
    let mut admitted: Vec<&Fact> = Vec::new();
    for fact in ordered {
        if !matches!(&fact.detail, Detail::Contribution { r#type, .. } if asked.types.contains(r#type)) {
            continue;
        }
        let same_object = |other: &&&Fact| other.object == fact.object;
        if asked.distinct_objects && fact.object.is_some() && admitted.iter().any(|other| same_object(&other)) {
            continue;
        }
        let of_day = admitted.iter().filter(|other| day(other) == day(fact)).count();
        let of_giver = admitted
            .iter()
            .filter(|other| fact.giver.is_some() && other.giver == fact.giver)
            .filter(|other| !has_left(asked, other, fact.happened_at))
            .count();
        let full = |limit: Option<u32>, count: usize| limit.is_some_and(|limit| count >= limit as usize);
        if !full(asked.per_day, of_day) && !full(asked.per_giver, of_giver) {
            admitted.push(fact);
        }
    }
    admitted
}

fn has_left(asked: &Contributions, fact: &Fact, moment: Timestamp) -> bool {
    asked.window_days.is_some_and(|days| fact.happened_at + Duration::days(days.into()) <= moment)
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
        if let Detail::Credential { valid_until, ended_at, .. } = &fact.detail {
            moments.extend(valid_until.iter().chain(ended_at));
        }
        for node in criteria.nodes() {
            match &node.requirement {
                Requirement::Tenure(span) if is_joining(fact) => moments.push(fact.happened_at + length(*span)),
                Requirement::Contributions(Contributions { window_days: Some(days), .. }) => {
                    moments.push(fact.happened_at + Duration::days((*days).into()));
                }
                _ => {}
            }
        }
    }
    moments.sort_unstable();
    moments.dedup();
    moments
}
