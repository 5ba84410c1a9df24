//! The explanation: for each node what counts, what does not and why, and what is missing.

use crate::{
    Criteria, Explained, FactId, Missing, NodeId, NodeState, Requirement, Span, Timestamp, Uncounted, Unit, Why,
    evaluate::{Judged, View, needed},
    interval::Interval,
    leaf::{Leaf, Taken},
};

/// Explains every node of a judged tree, in its order.
pub(crate) fn explain(criteria: &Criteria, tree: &[Judged<'_>], view: View) -> Vec<Explained> {
    let measures: Vec<Measure> = tree.iter().map(|judged| Measure::of(criteria, tree, judged, view)).collect();
    let mut states = vec![NodeState::NotStarted; tree.len()];
    for position in (0..tree.len()).rev() {
        let judged = &tree[position];
        let begun = match judged.leaf {
            Some(leaf) => measures[position].have > 0 || has_tried(leaf, view),
            None => judged.children.iter().any(|child| states[*child] != NodeState::NotStarted),
        };
        states[position] = match (holding(judged, view), coming(judged, view), begun) {
            (Some(_), ..) => NodeState::Met,
            (None, Some(_), _) => NodeState::Waiting,
            (None, None, true) => NodeState::InProgress,
            (None, None, false) => NodeState::NotStarted,
        };
    }
    let entry = |(judged, (measure, state)): (&Judged<'_>, (Measure, NodeState))| {
        let asked = &judged.node.requirement;
        let holding = holding(judged, view);
        Explained {
            node: judged.node.id.clone(),
            kind: asked.kind(),
            parent: judged.parent.map(|parent| tree[parent].node.id.clone()),
            children: judged.children.iter().map(|child| tree[*child].node.id.clone()).collect(),
            state,
            have: measure.have.into(),
            need: measure.need.into(),
            unit: measure.unit,
            met_at: holding.map(|interval| interval.from),
            met_until: holding.and_then(|interval| interval.to).filter(|_| !view.settled),
            facts: judged.leaf.map_or_else(Vec::new, |leaf| counted(asked, leaf, view)),
            uncounted: judged.leaf.map_or_else(Vec::new, |leaf| uncounted(asked, leaf, view)),
            missing: match state {
                NodeState::Met => None,
                _ => match coming(judged, view) {
                    Some(at) => Some(Missing::WaitUntil { at }),
                    None => missing(tree, judged, measure, view),
                },
            },
        }
    };
    tree.iter().zip(measures.into_iter().zip(states)).map(entry).collect()
}

/// The stretch during which the node is true at the moment shown.
fn holding(judged: &Judged<'_>, view: View) -> Option<Interval> {
    judged.truth.iter().find(|interval| interval.contains(view.moment)).copied()
}

/// When the node becomes true next, if time alone brings it about.
fn coming(judged: &Judged<'_>, view: View) -> Option<Timestamp> {
    judged.truth.iter().map(|interval| interval.from).find(|from| *from > view.moment)
}

/// How much there is and how much is asked.
#[derive(Clone, Copy)]
struct Measure {
    have: u32,
    need: u32,
    unit: Unit,
}

impl Measure {
    fn of(criteria: &Criteria, tree: &[Judged<'_>], judged: &Judged<'_>, view: View) -> Self {
        let asked = &judged.node.requirement;
        let need = needed(asked);
        let many = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match (asked, judged.leaf) {
            (Requirement::Tenure(span), Some(leaf)) => {
                let joined = leaf.taken.first().map(|joining| joining.happened_at);
                let have = joined.map_or(0, |joined| criteria.calendar().elapsed(joined, view.moment, *span));
                match *span {
                    Span::Days(need) => Self { have, need, unit: Unit::Days },
                    Span::Months(need) => Self { have, need, unit: Unit::Months },
                }
            }
            (Requirement::Contributions(_), Some(leaf)) => {
                Self { have: many(counted(asked, leaf, view).len()), need, unit: Unit::Facts }
            }
            (_, Some(leaf)) => Self { have: many(counted(asked, leaf, view).len()).min(1), need, unit: Unit::Facts },
            (_, None) => {
                let met = judged.children.iter().filter(|child| holding(&tree[**child], view).is_some());
                Self { have: many(met.count()), need, unit: Unit::Requirements }
            }
        }
    }
}

/// An exam that was sat and not passed has been begun.
fn has_tried(leaf: &Leaf, view: View) -> bool {
    let failed = |why: &Why| matches!(why, Why::NotPassed { .. });
    leaf.refused.iter().any(|refused| refused.happened_at <= view.moment && failed(&refused.why))
}

/// A joining counts from the day itself towards its tenure; every other fact while its stretch lasts.
fn counts(asked: &Requirement, taken: &Taken, view: View) -> bool {
    match asked {
        Requirement::Tenure(_) => taken.happened_at <= view.moment,
        _ => taken.interval().contains(view.moment),
    }
}

fn counted(asked: &Requirement, leaf: &Leaf, view: View) -> Vec<FactId> {
    leaf.taken.iter().filter(|taken| counts(asked, taken, view)).map(|taken| taken.fact).collect()
}

fn uncounted(asked: &Requirement, leaf: &Leaf, view: View) -> Vec<Uncounted> {
    let later = |happened_at: Timestamp| match () {
        () if happened_at > view.now => Some(Why::HappenedAhead { at: happened_at }),
        () if happened_at > view.moment => Some(Why::AfterMet { at: view.moment }),
        () => None,
    };
    let over = leaf.taken.iter().filter(|taken| !counts(asked, taken, view)).map(|taken| {
        let end = taken.to.unwrap_or(taken.from);
        let ended = match asked {
            Requirement::Held { .. } => Why::Ended { at: end },
            _ => Why::OutsideWindow { since: end },
        };
        (taken.happened_at, taken.fact, later(taken.happened_at).unwrap_or(ended))
    });
    let refused = leaf.refused.iter().map(|refused| {
        let later = later(refused.happened_at).filter(|_| !matches!(refused.why, Why::Voided { .. }));
        (refused.happened_at, refused.fact, later.unwrap_or_else(|| refused.why.clone()))
    });
    let mut all: Vec<(Timestamp, FactId, Why)> = over.chain(refused).collect();
    all.sort_unstable_by_key(|(happened_at, fact, _)| (*happened_at, *fact));
    all.into_iter().map(|(_, fact, why)| Uncounted { fact, why }).collect()
}

/// What to do about a node that is not true and that time alone will not make so.
fn missing(tree: &[Judged<'_>], judged: &Judged<'_>, measure: Measure, view: View) -> Option<Missing> {
    let count = measure.need.saturating_sub(measure.have);
    let unmet = || -> Vec<NodeId> {
        let unmet = judged.children.iter().map(|child| &tree[*child]).filter(|child| holding(child, view).is_none());
        unmet.map(|child| child.node.id.clone()).collect()
    };
    Some(match &judged.node.requirement {
        Requirement::All(_) => return None,
        Requirement::Any(_) => Missing::AnyOf { nodes: unmet() },
        Requirement::AtLeast(..) => Missing::SomeOf { count, nodes: unmet() },
        Requirement::Exam { slug } => Missing::TakeExam { slug: slug.clone() },
        Requirement::Contributions(asked) => Missing::Contribute { types: asked.types.clone(), count },
        Requirement::Held { track, .. } => Missing::HoldCredential { track: track.clone() },
        Requirement::Attested { role } => Missing::BeAttested { role: role.clone() },
        Requirement::Tenure(_) => Missing::Join,
    })
}
