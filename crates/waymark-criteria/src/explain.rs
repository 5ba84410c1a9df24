//! The explanation: for each node what counts, what does not and why, and what is missing.

use crate::{
    Amount, Anchor, Contributions, Criteria, Distinct, Explained, FactId, Measure, Missing, NodeId, NodeState,
    Requirement, Span, Timestamp, Uncounted, Unit, Why, Window,
    interval::Interval,
    judged::{Judged, View, needed},
    leaf::{Leaf, Taken},
    measure::Count,
};

/// Explains every node of a judged tree, in its order.
pub(crate) fn explain(criteria: &Criteria, tree: &[Judged<'_>], view: View) -> Vec<Explained> {
    let mut extents: Vec<Extent> = tree.iter().map(|judged| Extent::of(criteria, tree, judged, view)).collect();
    let mut states = vec![NodeState::NotStarted; tree.len()];
    for position in (0..tree.len()).rev() {
        let judged = &tree[position];
        let begun = match judged.leaf {
            Some(leaf) => extents[position].have > Amount::ZERO || has_tried(leaf, view),
            None => judged.children.iter().any(|child| states[*child] != NodeState::NotStarted),
        };
        states[position] = match (holding(judged, view), coming(judged, view), begun) {
            (Some(_), ..) => NodeState::Met,
            (None, Some(_), _) => NodeState::Waiting,
            (None, None, true) => NodeState::InProgress,
            (None, None, false) => NodeState::NotStarted,
        };
    }
    let entry = |(judged, (extent, state)): (&Judged<'_>, (&mut Extent, NodeState))| {
        let asked = &judged.node.requirement;
        let holding = holding(judged, view);
        let missing = match (state, coming(judged, view)) {
            (NodeState::Met, _) => None,
            (_, Some(at)) => Some(Missing::WaitUntil { at }),
            (_, None) => missing(tree, judged, extent, view),
        };
        Explained {
            node: judged.node.id.clone(),
            kind: asked.kind(),
            parent: judged.parent.map(|parent| tree[parent].node.id.clone()),
            children: judged.children.iter().map(|child| tree[*child].node.id.clone()).collect(),
            state,
            have: extent.have,
            need: extent.need.into(),
            unit: extent.unit,
            met_at: holding.map(|interval| interval.from),
            met_until: holding.and_then(|interval| interval.to).filter(|_| !view.settled),
            since: extent.since,
            facts: std::mem::take(&mut extent.counted),
            uncounted: judged.leaf.map_or_else(Vec::new, |leaf| uncounted(leaf, &mut extent.idle, view)),
            missing,
        }
    };
    tree.iter().zip(extents.iter_mut().zip(states)).map(entry).collect()
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
struct Extent {
    have: Amount,
    need: u32,
    unit: Unit,
    counted: Vec<FactId>,
    /// What was taken, has happened, and does not count.
    idle: Vec<(Timestamp, FactId, Why)>,
    /// Of what is missing, how much comes by itself.
    coming: Amount,
    since: Option<Timestamp>,
    /// When a streak is lost.
    lost: Option<Timestamp>,
}

impl Extent {
    fn of(criteria: &Criteria, tree: &[Judged<'_>], judged: &Judged<'_>, view: View) -> Self {
        let asked = &judged.node.requirement;
        let plain = |have: u32, unit| Self {
            have: have.into(),
            need: needed(asked),
            unit,
            counted: Vec::new(),
            idle: Vec::new(),
            coming: Amount::ZERO,
            since: None,
            lost: None,
        };
        match (asked, judged.leaf) {
            (_, None) => {
                let met = judged.children.iter().filter(|child| holding(&tree[**child], view).is_some());
                plain(many(met.count()), Unit::Requirements)
            }
            (Requirement::Contributions(asked), Some(leaf)) => {
                let Count { have, coming, counted, idle, lost } =
                    Count::at(asked, criteria.calendar(), &leaf.taken, view.moment);
                let starts = leaf.starts.iter().map(|start| start.0);
                let mut past = starts.filter(|start| asked.held(criteria.calendar(), *start) <= view.moment);
                let since = past.next_back();
                Self { have, counted, idle, coming, since, lost, ..plain(0, asked.need().1) }
            }
            (Requirement::Tenure(span), Some(leaf)) => {
                let joined = leaf.taken.first().filter(|joining| joining.happened_at <= view.moment);
                let have =
                    joined.map_or(0, |joined| criteria.calendar().elapsed(joined.happened_at, view.moment, *span));
                let (need, unit) = match *span {
                    Span::Days(need) => (need, Unit::Days),
                    Span::Months(need) => (need, Unit::Months),
                };
                Self { need, counted: joined.iter().map(|joined| joined.fact).collect(), ..plain(have, unit) }
            }
            (_, Some(leaf)) => {
                let past = || leaf.taken.iter().filter(|taken| taken.happened_at <= view.moment);
                let holds = |taken: &&Taken| taken.interval().contains(view.moment);
                let counted: Vec<FactId> = past().filter(holds).map(|taken| taken.fact).collect();
                let idle = past().filter(|taken| !holds(taken)).map(|taken| {
                    let why = match taken.to {
                        Some(to) if to <= view.moment => Why::Ended { at: to },
                        _ => Why::OnHold { until: taken.from },
                    };
                    (taken.happened_at, taken.fact, why)
                });
                let have = many(counted.len()).min(1);
                Self { idle: idle.collect(), counted, ..plain(have, Unit::Facts) }
            }
        }
    }
}

fn many(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// An exam that was sat and not passed has been begun; so has what waits to count.
fn has_tried(leaf: &Leaf, view: View) -> bool {
    let failed = |why: &Why| matches!(why, Why::NotPassed { .. } | Why::BelowScore { .. });
    leaf.refused.iter().any(|refused| refused.happened_at <= view.moment && failed(&refused.why))
        || leaf.taken.iter().any(|taken| taken.happened_at <= view.moment && view.moment < taken.from)
}

/// What happened after the moment shown is told of as such; `idle` is what had happened by then.
fn uncounted(leaf: &Leaf, idle: &mut Vec<(Timestamp, FactId, Why)>, view: View) -> Vec<Uncounted> {
    let later = |happened_at: Timestamp| match () {
        () if happened_at > view.now => Some(Why::HappenedAhead { at: happened_at }),
        () if happened_at > view.moment => Some(Why::AfterMet { at: view.moment }),
        () => None,
    };
    let mut all = std::mem::take(idle);
    let ahead = leaf.taken.iter().filter_map(|taken| Some((taken.happened_at, taken.fact, later(taken.happened_at)?)));
    all.extend(ahead);
    all.extend(leaf.refused.iter().map(|refused| {
        let later = later(refused.happened_at).filter(|_| !matches!(refused.why, Why::Voided { .. }));
        (refused.happened_at, refused.fact, later.unwrap_or_else(|| refused.why.clone()))
    }));
    all.sort_unstable_by_key(|(happened_at, fact, _)| (*happened_at, *fact));
    all.into_iter().map(|(_, fact, why)| Uncounted { fact, why }).collect()
}

/// What to do about a node that is not true and that time alone will not make so.
fn missing(tree: &[Judged<'_>], judged: &Judged<'_>, extent: &Extent, view: View) -> Option<Missing> {
    let unmet = || -> Vec<NodeId> {
        let unmet = judged.children.iter().map(|child| &tree[*child]).filter(|child| holding(child, view).is_none());
        unmet.map(|child| child.node.id.clone()).collect()
    };
    Some(match &judged.node.requirement {
        Requirement::All(_) => return None,
        Requirement::Any(_) => Missing::AnyOf { nodes: unmet() },
        Requirement::AtLeast(..) => Missing::SomeOf { count: extent.count(), nodes: unmet() },
        Requirement::Exam { slug, score } => Missing::TakeExam { slug: slug.clone(), score: *score },
        Requirement::Contributions(asked) => contribute(asked, extent),
        Requirement::Held { track, .. } => Missing::HoldCredential { track: track.clone() },
        Requirement::Attested { role } => Missing::BeAttested { role: role.clone() },
        Requirement::Panel { title } => Missing::BeGivenTitle { title: title.clone() },
        Requirement::Tenure(_) => Missing::Join,
    })
}

impl Extent {
    /// How much more it takes than there is, and than comes by itself where that is less.
    fn amount(&self) -> Amount {
        let lack = |have: Amount| Amount::from(self.need).checked_sub(have).unwrap_or(Amount::ZERO);
        let with_coming = self.have.checked_add(self.coming).map_or(Amount::ZERO, lack);
        if with_coming > Amount::ZERO { with_coming } else { lack(self.have) }
    }

    fn count(&self) -> u32 {
        u32::try_from(self.amount().numerator().max(0)).unwrap_or(u32::MAX)
    }
}

fn contribute(asked: &Contributions, extent: &Extent) -> Missing {
    let types = asked.types.clone();
    if extent.since.is_none() {
        match &asked.window {
            Some(Window::Since(Anchor::Joining)) => return Missing::Join,
            Some(Window::Since(Anchor::Award(track))) => return Missing::HoldCredential { track: track.clone() },
            Some(Window::Since(Anchor::Event(kind))) => return Missing::AwaitEvent { r#type: kind.clone() },
            Some(Window::Days(_) | Window::Calendar(_)) | None => {}
        }
    }
    let count = extent.count();
    match (asked.measure, asked.distinct) {
        (Measure::AtLeast(_), Some(of @ (Distinct::Type | Distinct::Source))) => Missing::Vary { of, types, count },
        (Measure::AtLeast(_), Some(Distinct::Object) | None) => Missing::Contribute { types, count },
        (Measure::Sum(_), _) => Missing::Gather { types, amount: extent.amount() },
        (Measure::ActiveDays(_), _) => Missing::BeActive { types, days: count },
        (Measure::Streak(cycle, _), _) => Missing::KeepUp { types, cycle, count, before: extent.lost },
    }
}
